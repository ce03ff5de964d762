using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Netlists;
using Hls4Net.Operators.Onnx;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Benchmarks;

/// <summary>The same fully connected network with one reuse factor after the other, at 200 MHz: multipliers fall as the interval rises.</summary>
internal static class ReuseFactors
{
    private static readonly int[] Widths = [64, 32, 32, 16];

    public static IReadOnlyList<Figure> Measure()
    {
        var designs = new[] { 1, 2, 4, 8, 16, 32, 64 }.Select(r => (Factor: r, Hardware: Build(RandomNetworks.Dense(Widths), new ImportOptions(), Score.None, r))).ToList();
        return
        [
            .. Column("II", "cycles", h => h.InitiationInterval),
            .. Column("multipliers", "", h => h.Total.Multipliers),
            .. Column("weights in tables", "bits", h => h.Total.RomBits),
            .. Column("adders", "bits", h => h.Total.AdderBits),
            .. Column("registers", "bits", h => h.Total.RegisterBits),
            .. Column("latency", "cycles", h => h.Latency),
        ];

        IEnumerable<Figure> Column(string name, string unit, Func<HardwareDesign, double> value) =>
            designs.Select(d => new Figure(string.Create(CultureInfo.InvariantCulture, $"{name}, R = {d.Factor}"), value(d.Hardware), unit));
    }

    /// <summary>A network at 200 MHz with a reuse factor and weights of eight bits.</summary>
    public static HardwareDesign Build(byte[] model, ImportOptions options, Score score, int factor)
    {
        var diagnostics = new DiagnosticBag();
        var graph = OnnxImporter.Import(model, "network", null, options, diagnostics);
        var configuration = Configuration.Default with { ReuseFactor = factor, WeightBits = 8, ReusePlace = "--reuse" };
        var compiled = Pipelines.ToDesign(graph, score, configuration, null, diagnostics)
            ?? throw new BenchmarkFailedException(string.Join('\n', diagnostics.Items));
        return HardwareBuilder.Build(compiled.Design, new("network", 200));
    }
}
