using System.Globalization;
using System.Text.Json;

namespace Hls4Net.Benchmarks;

/// <summary>
/// The example networks behind AXI4-Stream in Verilator: every event has to come out once, in order, with the emulator's bits, whatever pauses
/// sender and receiver make and whatever malformed packets come between. A network that hangs, loses an event or changes a bit fails the benchmark.
/// </summary>
internal static class BackPressure
{
    /// <summary>Patterns where nobody says how many.</summary>
    public const int DefaultPatterns = 10_000;

    /// <summary>A network as a packet stream.</summary>
    /// <param name="Share">Patterns of 10,000: fewer where an event takes more cycles and gates, so that none takes much longer than the others.</param>
    /// <param name="Options">Chosen so that a simulation is small: what is tested is the flow, and the bits are tested elsewhere.</param>
    private sealed record Entry(string Name, string Model, string Events, int Share, params string[] Options);

    private static readonly Entry[] All =
    [
        new("adc2021-vae", "adc2021-vae/encoder", "adc2021-vae/calibration", 3000, "--outputs", "mu", "--score", "mu2", "--bus-width", "128"),
        new("deep-set", "networks/deep-set", "networks/deep-set", 2000, "--reuse", "4", "--bus-width", "64"),
        new("deep-set, stream", "networks/deep-set", "networks/deep-set", 1500, "--io", "stream", "--reuse", "4", "--bus-width", "40"),
        new("adc2021-cnn-encoder, stream", "networks/adc2021-cnn-encoder", "networks/adc2021-cnn", 1500, "--io", "stream", "--reuse", "8", "--bus-width", "24"),
        new("adc2021-cnn, stream", "networks/adc2021-cnn", "networks/adc2021-cnn", 1350, "--io", "stream", "--reuse", "8", "--bus-width", "64"),
        new("digits, stream", "networks/digits", "networks/digits", 500, "--io", "stream", "--reuse", "8", "--pixels", "2", "--bus-width", "32"),
        new("sound-autoencoder", "networks/sound-autoencoder", "networks/sound-autoencoder", 100, "--reuse", "64", "--bus-width", "512"),
        new("keyword-spotting, stream", "networks/keyword-spotting", "networks/keyword-spotting", 40, "--io", "stream", "--reuse", "16", "--bus-width", "8"),
        new("resnet8, stream", "networks/resnet8", "networks/resnet8", 10, "--io", "stream", "--reuse", "16", "--bus-width", "64"),
    ];

    /// <summary>Runs all of them, or those with <c>--model</c> in their name, each with its share of <c>--patterns</c>.</summary>
    public static IReadOnlyList<Figure> Measure(BenchmarkOptions options)
    {
        var chosen = All.Where(e => options.Model is null || e.Name.Contains(options.Model, StringComparison.Ordinal)).ToList();
        if (chosen.Count == 0)
            throw new BenchmarkFailedException($"no network is called '{options.Model}'; there are {string.Join("; ", All.Select(e => e.Name))}.");
        var figures = new List<Figure>();
        var (patterns, events, beats, seconds) = (0L, 0L, 0L, 0.0);
        foreach (var entry in chosen)
        {
            Console.Error.Write($"{entry.Name}\n");
            var run = Run(entry, Math.Max(5, (int)((long)(options.Patterns ?? DefaultPatterns) * entry.Share / DefaultPatterns)));
            figures.AddRange(
            [
                new($"{entry.Name}: patterns", run.Patterns, ""),
                new($"{entry.Name}: events", run.Events, ""),
                new($"{entry.Name}: malformed packets", run.Malformed, ""),
                new($"{entry.Name}: beats", run.Beats, ""),
                new($"{entry.Name}: cycles", run.Cycles, ""),
                new($"{entry.Name}: II", run.Interval, "cycles"),
                .. run.Room is { } room ? [new Figure($"{entry.Name}: room for results", room, "records"), new($"{entry.Name}: most results that waited", run.Waiting, "records")] : Array.Empty<Figure>(),
                new($"{entry.Name}: compile and verify", run.Seconds, "s"),
            ]);
            (patterns, events, beats, seconds) = (patterns + run.Patterns, events + run.Events, beats + run.Beats, seconds + run.Seconds);
        }
        figures.AddRange([new("all: patterns", patterns, ""), new("all: events, all of them whole and in order", events, ""), new("all: beats", beats, ""), new("all: time", seconds, "s")]);
        return figures;
    }

    private static (int Patterns, int Events, int Malformed, long Beats, long Cycles, int Interval, int Waiting, int? Room, double Seconds) Run(Entry entry, int patterns)
    {
        var folder = Directory.CreateTempSubdirectory("hls4net-back-pressure-");
        try
        {
            var output = Path.Combine(folder.FullName, "out");
            var examples = Path.Combine(Checkout.Root, "examples");
            var (_, compiled, _) = Tool.RunWithOutput(["compile", Path.Combine(examples, $"{entry.Model}.onnx"), "-o", output, "--prefix", "network", "--emit", "verilog",
                "--calibrate", Path.Combine(examples, $"{entry.Events}.npy"), "--top", "axi-stream", .. entry.Options]);
            using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "hls4net.json")));
            // A difference is exit code 3, which fails the benchmark.
            var (_, verified, said) = Tool.RunWithOutput(["verify", output, "--with", "axi-stream", "--vectors", "500", "--patterns", patterns.ToString(CultureInfo.InvariantCulture), "--json"]);
            using var summary = JsonDocument.Parse(said);
            var check = summary.RootElement.GetProperty("checks")[0];
            var packets = check.GetProperty("packets");
            return (packets.GetProperty("patterns").GetInt32(), check.GetProperty("events").GetInt32(), packets.GetProperty("malformed").GetInt32(), packets.GetProperty("beats").GetInt64(),
                packets.GetProperty("cycles").GetInt64(), manifest.RootElement.GetProperty("hardware").GetProperty("initiationInterval").GetInt32(),
                packets.GetProperty("waiting").GetInt32(), packets.TryGetProperty("room", out var room) && room.ValueKind == JsonValueKind.Number ? room.GetInt32() : null, compiled + verified);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
