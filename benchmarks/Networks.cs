using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Benchmarks;

/// <summary>
/// The networks of examples/networks from ONNX to cells: compiled for 200 MHz, held against the emulator in Verilator bit for bit, and through
/// Yosys's <c>synth_xilinx -family xcup -flatten -noiopad</c>. Yosys 0.23 knows nothing of timing beyond its tables and packs less than a
/// vendor's tool does.
/// </summary>
internal static partial class Networks
{
    private const double Megahertz = 200;
    private const int DefaultEvents = 1000;

    private static readonly TimeSpan Timeout = TimeSpan.FromHours(2);

    /// <summary>A way to build a network.</summary>
    /// <param name="Name">What it is called in the table.</param>
    /// <param name="Model">The file, without its ending.</param>
    /// <param name="Events">The events for its types.</param>
    private sealed record Entry(string Name, string Model, string Events, params string[] Options);

    private static readonly Entry[] All =
    [
        new("deep-set, parallel", "deep-set", "deep-set"),
        new("deep-set, R = 4", "deep-set", "deep-set", "--reuse", "4"),
        new("adc2021-cnn-encoder, parallel", "adc2021-cnn-encoder", "adc2021-cnn"),
        new("adc2021-cnn-encoder, stream, R = 8", "adc2021-cnn-encoder", "adc2021-cnn", "--io", "stream", "--reuse", "8"),
        new("digits, stream, R = 8", "digits", "digits", "--io", "stream", "--reuse", "8"),
        new("keyword-spotting, stream, R = 4", "keyword-spotting", "keyword-spotting", "--io", "stream", "--reuse", "4"),
        new("adc2021-cnn, stream, R = 8", "adc2021-cnn", "adc2021-cnn", "--io", "stream", "--reuse", "8"),
        new("sound-autoencoder, R = 64", "sound-autoencoder", "sound-autoencoder", "--reuse", "64"),
        new("resnet8, stream, R = 16", "resnet8", "resnet8", "--io", "stream", "--reuse", "16"),
    ];

    /// <summary>Builds all of them, or those with <c>--model</c> in their name.</summary>
    public static IReadOnlyList<Figure> Measure(BenchmarkOptions options)
    {
        var chosen = All.Where(e => options.Model is null || e.Name.Contains(options.Model, StringComparison.Ordinal)).ToList();
        if (chosen.Count == 0)
            throw new BenchmarkFailedException($"no network is called '{options.Model}'; there are {string.Join("; ", All.Select(e => e.Name))}.");
        var yosys = ExternalTool.Find(KnownTool.Yosys) ?? throw new BenchmarkFailedException($"yosys is missing: {KnownTool.Yosys.InstallCommand}.");
        return [.. chosen.SelectMany(e => Rows(yosys, e, options.Events ?? DefaultEvents))];
    }

    /// <summary>Networks with this in their name as the compiler describes them and as Yosys builds them.</summary>
    public static IEnumerable<(string Name, JsonElement Manifest, CellCounts Cells)> Compiled(string name)
    {
        var yosys = ExternalTool.Find(KnownTool.Yosys) ?? throw new BenchmarkFailedException($"yosys is missing: {KnownTool.Yosys.InstallCommand}.");
        foreach (var entry in All.Where(e => e.Name.Contains(name, StringComparison.Ordinal)))
        {
            var folder = Directory.CreateTempSubdirectory("hls4net-networks-");
            try
            {
                var output = Path.Combine(folder.FullName, "out");
                Tool.Run(["compile", Example($"{entry.Model}.onnx"), "-o", output, "--prefix", "network", "--calibrate", Example($"{entry.Events}.npy"),
                    "--clock", string.Create(CultureInfo.InvariantCulture, $"{Megahertz}MHz"), "--emit", "verilog", .. entry.Options]);
                using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "hls4net.json")));
                yield return (entry.Name, manifest.RootElement.Clone(), new CellCounts(Synthesise(yosys, Path.Combine(output, "verilog"))));
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    private static IEnumerable<Figure> Rows(ExternalTool yosys, Entry entry, int events)
    {
        Console.Error.Write($"{entry.Name}\n");
        var folder = Directory.CreateTempSubdirectory("hls4net-networks-");
        try
        {
            var output = Path.Combine(folder.FullName, "out");
            var (cpu, wall) = Tool.Run(["compile", Example($"{entry.Model}.onnx"), "-o", output, "--prefix", "network", "--calibrate", Example($"{entry.Events}.npy"),
                "--clock", string.Create(CultureInfo.InvariantCulture, $"{Megahertz}MHz"), "--emit", "verilog", .. entry.Options]);
            using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "hls4net.json")));
            var hardware = manifest.RootElement.GetProperty("hardware");
            var (latency, interval) = (hardware.GetProperty("latencyCycles").GetInt32(), hardware.GetProperty("initiationInterval").GetInt32());
            // A difference is exit code 3, which fails the benchmark.
            var (_, verified) = Tool.Run(["verify", output, "--with", "verilator", "--vectors", events.ToString(CultureInfo.InvariantCulture)]);
            var cells = Synthesise(yosys, Path.Combine(output, "verilog"));
            return
            [
                new($"{entry.Name}: LUT", Count(cells, "LUT[1-6](?:_2)?"), ""),
                new($"{entry.Name}: LUT as memory", Count(cells, "(?:SRL16E|SRLC32E|RAM[0-9]+[A-Z][0-9A-Z]*)"), ""),
                new($"{entry.Name}: FF", Count(cells, "FD[RSCP]E(?:_1)?"), ""),
                new($"{entry.Name}: DSP", Count(cells, "DSP48E[12]"), ""),
                new($"{entry.Name}: BRAM of 18 kbit", Count(cells, "RAMB18E[12]") + 2 * Count(cells, "RAMB36E[12]"), ""),
                new($"{entry.Name}: II", interval, "cycles"),
                new($"{entry.Name}: II", interval * 1000 / Megahertz, "ns"),
                new($"{entry.Name}: latency", latency, "cycles"),
                new($"{entry.Name}: latency", latency * 1000 / Megahertz, "ns"),
                new($"{entry.Name}: compile", wall, "s"),
                new($"{entry.Name}: compile", cpu, "s of CPU"),
                new($"{entry.Name}: events equal in Verilator", events, ""),
                new($"{entry.Name}: verify", verified, "s"),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Synthesise(ExternalTool yosys, string folder)
    {
        var sources = string.Join(' ', File.ReadAllLines(Path.Combine(folder, "network.f")));
        var output = yosys.RunToSuccess(["-p", $"read_verilog {sources}; synth_xilinx -family xcup -flatten -noiopad -top network; stat"],
            new ToolOptions { WorkingDirectory = folder, Timeout = Timeout }).Output;
        return output[Math.Max(0, output.LastIndexOf("Number of cells", StringComparison.Ordinal))..];
    }

    private static long Count(string statistics, string cell) =>
        CellCount().Matches(statistics).Where(m => Regex.IsMatch(m.Groups["cell"].Value, $"^{cell}$")).Sum(m => long.Parse(m.Groups["count"].Value, CultureInfo.InvariantCulture));

    private static string Example(string file) => Path.Combine(Checkout.Root, "examples", "networks", file);

    [GeneratedRegex(@"^\s+(?<cell>[A-Z][A-Z0-9_]*)\s+(?<count>\d+)\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex CellCount();
}
