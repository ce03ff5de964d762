using System.Globalization;
using System.Text.Json;

namespace Hls4Net.Benchmarks;

/// <summary>The four scores of an autoencoder, each behind the example's network: toy events through Verilator and g++ against the emulator.</summary>
internal static class ScoreHeads
{
    private const int DefaultEvents = 100_000;
    private const int TruncatedBits = 4;

    private static readonly (string Name, string Model, string Outputs, string Configuration)[] Heads =
    [
        ("mu2", "encoder.onnx", "mu", "score: { head: mu2 }\n"),
        ("kl", "encoder.onnx", "mu,logvar", "score: { head: kl }\n"),
        ("rz", "encoder.onnx", "mu,logvar", "score: { head: rz }\n"),
        ("masked mse", "autoencoder.onnx", "reconstruction", "score: { head: mse, mask: pt, thresholds: 3 }\n"),
        ("masked mae", "autoencoder.onnx", "reconstruction", "score: { head: mae, mask: pt }\n"),
        ("mu2, each term truncated", "encoder.onnx", "mu", $"score: {{ head: mu2 }}\nlayers: {{ score: {{ term: 'ufixed<{14 + TruncatedBits},14,TRN,SAT>' }} }}\n"),
    ];

    public static IReadOnlyList<Figure> Measure(BenchmarkOptions options)
    {
        var events = (options.Events ?? DefaultEvents).ToString(CultureInfo.InvariantCulture);
        var folder = Directory.CreateTempSubdirectory("hls4net-benchmark-");
        try
        {
            var toys = Path.Combine(folder.FullName, "events.h5");
            Tool.Run(["events", "--generate", "background", "--events", events, "--ghosts", "0.05", "--seed", "11", "-o", toys]);
            return [.. Heads.Where(h => options.Model is null || h.Name.Contains(options.Model, StringComparison.Ordinal)).SelectMany(h => Measure(folder.FullName, toys, h.Name, h.Model, h.Outputs, h.Configuration))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<Figure> Measure(string folder, string toys, string name, string model, string outputs, string configuration)
    {
        var (file, output) = (Path.Combine(folder, "score.yaml"), Path.Combine(folder, "out"));
        File.WriteAllText(file, configuration);
        Tool.Run(["compile", Tool.Example(model), "-o", output, "--outputs", outputs, "-c", file, "--calibrate", Tool.Example("calibration.npy"), "--clock", "200MHz", "--effort", "quick"]);
        var (cpu, _, text) = Tool.RunWithOutput(["verify", output, "--with", "verilator,g++", "--input", toys, "--json"]);
        using var document = JsonDocument.Parse(text);
        foreach (var check in document.RootElement.GetProperty("checks").EnumerateArray())
        {
            var tool = check.GetProperty("name").GetString();
            yield return new($"{name}: events through {tool}", check.GetProperty("events").GetInt32(), "");
            yield return new($"{name}: of these differ", check.GetProperty("different").GetInt32(), "");
        }
        yield return new($"{name}: CPU time of verify", cpu, "s");
    }
}
