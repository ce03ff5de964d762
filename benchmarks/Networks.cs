using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Benchmarks;

/// <summary>
/// The networks of examples/networks from ONNX to cells: compiled for 200 MHz, held against the emulator in Verilator bit for bit, and through
/// Yosys's <c>synth_xilinx -family xcup -noiopad</c>, each module on its own and counted as often as it
/// is used, so that no run takes longer than the largest layer does. Yosys 0.23 knows nothing of timing beyond its tables and packs less than a vendor's tool does.
/// </summary>
internal static partial class Networks
{
    private const double Megahertz = 200;
    private const int DefaultEvents = 10;

    private const string Synthesis = "synth_xilinx -family xcup -noiopad";

    private static readonly TimeSpan Timeout = TimeSpan.FromHours(2);

    /// <summary>A way to build a network.</summary>
    /// <param name="Name">What it is called in the table.</param>
    /// <param name="Model">The file, without its ending.</param>
    /// <param name="Events">The events for its types.</param>
    private sealed record Entry(string Name, string Model, string Events, params string[] Options);

    /// <summary>What Yosys made, and what that took.</summary>
    private sealed record Synthesised(CellCounts Cells, double CpuSeconds, double Megabytes);

    private static readonly Entry[] All =
    [
        new("deep-set, stream, R = 4", "deep-set", "deep-set", "--io", "stream", "--reuse", "4"),
        new("digits, stream, II of 12544", "digits", "digits", "--io", "stream", "--target-ii", "12544"),
        new("sound-autoencoder, II of 1024", "sound-autoencoder", "sound-autoencoder", "--target-ii", "1024"),
        new("adc2021-cnn-encoder, II of 25 ns", "adc2021-cnn-encoder", "adc2021-cnn", "--target-ii", "5"),
        new("adc2021-cnn, II of 32", "adc2021-cnn", "adc2021-cnn", "--target-ii", "32"),
        new("keyword-spotting, stream, II of 32000", "keyword-spotting", "keyword-spotting", "--io", "stream", "--target-ii", "32000", "--precision", "fixed<16,8>"),
        new("resnet8, stream, II of 65536", "resnet8", "resnet8", "--io", "stream", "--target-ii", "65536", "--precision", "fixed<16,8>"),
    ];

    /// <summary>Builds all of them, or those with <c>--model</c> in their name; with <c>--cache</c> what Yosys said of the same text before is not asked again.</summary>
    public static IReadOnlyList<Figure> Measure(BenchmarkOptions options)
    {
        var chosen = All.Where(e => options.Model is null || e.Name.Contains(options.Model, StringComparison.Ordinal)).ToList();
        if (chosen.Count == 0)
            throw new BenchmarkFailedException($"no network is called '{options.Model}'; there are {string.Join("; ", All.Select(e => e.Name))}.");
        return [.. chosen.SelectMany(e => Row(e, options.Events ?? DefaultEvents, options.Cache))];
    }

    /// <summary>Networks with this in their name as the compiler describes them and as Yosys builds them, without hierarchy.</summary>
    public static IEnumerable<(string Name, JsonElement Manifest, CellCounts Cells)> Compiled(string name)
    {
        foreach (var entry in All.Where(e => e.Name.Contains(name, StringComparison.Ordinal)))
        {
            var folder = Directory.CreateTempSubdirectory("hls4net-networks-");
            try
            {
                var output = Path.Combine(folder.FullName, "out");
                Tool.Run(CompileArguments(entry, output));
                using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "hls4net.json")));
                yield return (entry.Name, manifest.RootElement.Clone(), Flatten(Path.Combine(output, "verilog")));
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    private static string[] CompileArguments(Entry entry, string output) =>
    [
        "compile", Example($"{entry.Model}.onnx"), "-o", output, "--prefix", "network", "--calibrate", Example($"{entry.Events}.npy"),
        "--clock", string.Create(CultureInfo.InvariantCulture, $"{Megahertz}MHz"), "--emit", "verilog", .. entry.Options,
    ];

    private static Figure[] Row(Entry entry, int events, string? cache)
    {
        Console.Error.Write($"{entry.Name}\n");
        var folder = Directory.CreateTempSubdirectory("hls4net-networks-");
        try
        {
            var output = Path.Combine(folder.FullName, "out");
            var compiled = Tool.RunApart(CompileArguments(entry, output));
            using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "hls4net.json")));
            var hardware = manifest.RootElement.GetProperty("hardware");
            var (latency, interval) = (hardware.GetProperty("latencyCycles").GetInt32(), hardware.GetProperty("initiationInterval").GetInt32());
            var (cells, cpu, memory) = ByModule(Path.Combine(output, "verilog"), cache);
            // A difference is exit code 3, which fails the benchmark.
            var (verifying, _) = Tool.Run(["verify", output, "--with", "verilator", "--vectors", events.ToString(CultureInfo.InvariantCulture)]);
            return
            [
                new($"{entry.Name}: LUT", cells.Luts, ""),
                new($"{entry.Name}: LUT as memory", cells.MemoryLuts, ""),
                new($"{entry.Name}: FF", cells.FlipFlops, ""),
                new($"{entry.Name}: DSP", cells.Dsps, ""),
                new($"{entry.Name}: BRAM of 36 kbit", cells.HalfBrams / 2.0, ""),
                new($"{entry.Name}: II", interval, "cycles"),
                new($"{entry.Name}: II", interval * 1000 / Megahertz, "ns"),
                new($"{entry.Name}: latency", latency, "cycles"),
                new($"{entry.Name}: latency", latency * 1000 / Megahertz, "ns"),
                new($"{entry.Name}: compile", compiled.Cpu, "s of CPU"),
                new($"{entry.Name}: compile", compiled.Memory, "MB"),
                new($"{entry.Name}: events equal in Verilator", events, ""),
                new($"{entry.Name}: verify", verifying, "s of CPU"),
                new($"{entry.Name}: Yosys", cpu, "s of CPU"),
                new($"{entry.Name}: Yosys", memory, "MB"),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A design without its hierarchy.</summary>
    private static CellCounts Flatten(string folder)
    {
        var files = File.ReadAllLines(Path.Combine(folder, "network.f"));
        return new(Ask(folder, $"read_verilog {string.Join(' ', files)}; {Synthesis} -flatten -top network", null).Text);
    }

    /// <summary>Each module on its own, and the sums of what they are used for.</summary>
    /// <param name="cache">Folder of what Yosys said before about the same text; null for none.</param>
    private static Synthesised ByModule(string folder, string? cache)
    {
        var modules = File.ReadAllLines(Path.Combine(folder, "network.f")).Select(f => Path.GetFileNameWithoutExtension(f)!).ToList();
        var (own, cpu, memory) = (new Dictionary<string, string>(StringComparer.Ordinal), 0.0, 0.0);
        foreach (var module in modules)
        {
            var text = File.ReadAllText(Path.Combine(folder, $"{module}.v"));
            var used = modules.Where(m => m != module && Regex.IsMatch(text, $@"^\s*{Regex.Escape(m)} \w+ \($", RegexOptions.Multiline)).ToList();
            var boxes = used.Count == 0 ? "" : $"blackbox {string.Join(' ', used)}; ";
            var (found, seconds, megabytes) = Ask(folder, $"read_verilog {string.Concat(used.Append(module).Select(m => $"{m}.v "))}; {boxes}{Synthesis} -top {module}", cache is null ? null : Path.Combine(cache, Key(boxes + text)));
            own[module] = found;
            (cpu, memory) = (cpu + seconds, Math.Max(memory, megabytes));
        }
        return new(Sum("network"), cpu, memory);

        CellCounts Sum(string module) =>
            own.Keys.Select(m => (Module: m, Uses: Regex.Match(own[module], $@"^\s+{Regex.Escape(m)}\s+(\d+)\s*$", RegexOptions.Multiline))).Where(m => m.Uses.Success)
                .Aggregate(new CellCounts(own[module]), (sum, m) => sum.Plus(Sum(m.Module), long.Parse(m.Uses.Groups[1].Value, CultureInfo.InvariantCulture)));
    }

    private static string Key(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Synthesis + text)));

    /// <summary>The cells of a design as Yosys lists them, and what that took.</summary>
    /// <param name="kept">What it said before, and where it is to be kept; null for nowhere.</param>
    private static (string Text, double CpuSeconds, double Megabytes) Ask(string folder, string script, string? kept)
    {
        string said;
        if (kept is not null && File.Exists(kept))
        {
            said = File.ReadAllText(kept);
        }
        else
        {
            var yosys = ExternalTool.Find(KnownTool.Yosys) ?? throw new BenchmarkFailedException($"yosys is missing: {KnownTool.Yosys.InstallCommand}.");
            yosys.RunToSuccess(["-q", "-l", "yosys.log", "-p", $"{script}; tee -q -o cells.txt stat"], new ToolOptions { WorkingDirectory = folder, Timeout = Timeout });
            said = File.ReadAllText(Path.Combine(folder, "cells.txt")) + File.ReadLines(Path.Combine(folder, "yosys.log")).Last(l => l.Contains("CPU: user", StringComparison.Ordinal)) + "\n";
            if (kept is not null)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
                File.WriteAllText(kept, said);
            }
        }
        var took = Took().Match(said);
        return (said[Math.Max(0, said.LastIndexOf("Number of cells", StringComparison.Ordinal))..took.Index], Number("user") + Number("system"), Number("memory"));

        double Number(string group) => double.Parse(took.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    private static string Example(string file) => Path.Combine(Checkout.Root, "examples", "networks", file);

    [GeneratedRegex(@"CPU: user (?<user>[\d.]+)s system (?<system>[\d.]+)s, MEM: (?<memory>[\d.]+) MB", RegexOptions.CultureInvariant)]
    private static partial Regex Took();
}
