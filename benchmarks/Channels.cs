using System.Globalization;
using System.Text.Json;

namespace Hls4Net.Benchmarks;

/// <summary>
/// The delay lines of the streamed example networks: as deep as computed, as full as they are deep, and no fuller. The cycle model runs events one right
/// behind the other, which is the burst that fills a line: once as it is, where right results show that no word is needed for longer than its line
/// holds it, and once for each channel with its oldest words spoilt, where a wrong result shows that they are needed. A channel that is never full fails
/// the benchmark, and so does a difference.
/// </summary>
internal static class Channels
{
    /// <summary>The second event comes while the last words of the first one wait.</summary>
    private const int DefaultEvents = 2;

    /// <summary>A compilation may take this long, which is longer than its depths do, or the depths are not there in seconds.</summary>
    private const double MostSeconds = 60;

    private sealed record Entry(string Name, string Model, string Events, params string[] Options);

    private static readonly Entry[] All =
    [
        new("deep-set, R = 4", "deep-set", "deep-set", "--reuse", "4"),
        new("adc2021-cnn-encoder, R = 8", "adc2021-cnn-encoder", "adc2021-cnn", "--reuse", "8"),
        new("adc2021-cnn, R = 8", "adc2021-cnn", "adc2021-cnn", "--reuse", "8"),
        new("digits, unfolded", "digits", "digits"),
        new("digits, two pixels, R = 8", "digits", "digits", "--reuse", "8", "--pixels", "2"),
        new("digits, II of 12544", "digits", "digits", "--target-ii", "12544"),
        new("keyword-spotting, R = 16", "keyword-spotting", "keyword-spotting", "--reuse", "16"),
        new("resnet8, R = 4", "resnet8", "resnet8", "--reuse", "4"),
    ];

    /// <summary>Measures all of them, or those with <c>--model</c> in their name.</summary>
    public static IReadOnlyList<Figure> Measure(BenchmarkOptions options)
    {
        var chosen = All.Where(e => options.Model is null || e.Name.Contains(options.Model, StringComparison.Ordinal)).ToList();
        if (chosen.Count == 0)
            throw new BenchmarkFailedException($"no network is called '{options.Model}'; there are {string.Join("; ", All.Select(e => e.Name))}.");
        return [.. chosen.SelectMany(e => Row(e, options.Events ?? DefaultEvents))];
    }

    private static Figure[] Row(Entry entry, int events)
    {
        Console.Error.Write($"{entry.Name}\n");
        var folder = Directory.CreateTempSubdirectory("hls4net-channels-");
        try
        {
            var (output, examples) = (Path.Combine(folder.FullName, "out"), Path.Combine(Checkout.Root, "examples", "networks"));
            var input = Path.Combine(examples, $"{entry.Events}.npy");
            var (compiling, _) = Tool.Run(["compile", Path.Combine(examples, $"{entry.Model}.onnx"), "-o", output, "--emit", "verilog", "--calibrate", input, "--io", "stream", .. entry.Options]);
            if (compiling > MostSeconds)
                throw new BenchmarkFailedException(string.Create(CultureInfo.InvariantCulture, $"{entry.Name} takes {compiling:F0} s of CPU to compile."));
            // A difference is exit code 3, which fails the benchmark.
            var (simulating, _, said) = Tool.RunWithOutput(["simulate", output, "--input", input, "--events", events.ToString(CultureInfo.InvariantCulture),
                "--output", Path.Combine(folder.FullName, "simulated"), "--channels", "--json"]);
            using var summary = JsonDocument.Parse(said);
            var channels = summary.RootElement.GetProperty("channels").EnumerateArray().Select(c => (Depth: c.GetProperty("depth").GetInt32(), Bits: c.GetProperty("bits").GetInt64(),
                IsFull: c.GetProperty("reached").ValueKind == JsonValueKind.Number, Name: $"{c.GetProperty("producer").GetString()} to {c.GetProperty("consumer").GetString()}")).ToList();
            if (channels.FirstOrDefault(c => !c.IsFull) is { Name: { } never })
                throw new BenchmarkFailedException($"{entry.Name}: the channel from {never} was never full.");
            return
            [
                new($"{entry.Name}: channels", channels.Count, ""),
                new($"{entry.Name}: as full as computed", channels.Count(c => c.IsFull), ""),
                new($"{entry.Name}: deepest", channels.Count == 0 ? 0 : channels.Max(c => c.Depth), "words"),
                new($"{entry.Name}: all", channels.Sum(c => c.Bits), "bits"),
                new($"{entry.Name}: events equal in the cycle model", events, ""),
                new($"{entry.Name}: compile, depths included", compiling, "s of CPU"),
                new($"{entry.Name}: simulate", simulating, "s of CPU"),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
