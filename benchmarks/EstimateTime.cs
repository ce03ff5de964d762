using Hls4Net.Core.Netlists;
using Hls4Net.Operators.Onnx;
using Hls4Net.Transforms.Estimation;
using Hls4Net.Transforms.Passes;

namespace Hls4Net.Benchmarks;

/// <summary>CPU time of an estimate in a warm process, without what compiles the design: the median of some runs.</summary>
internal static class EstimateTime
{
    private const int Runs = 9;

    /// <summary>Of 101,200 weights.</summary>
    private static readonly int[] Widths = [16, 220, 220, 220, 5];

    public static IReadOnlyList<Figure> Measure()
    {
        var example = File.ReadAllBytes(Path.Combine(Checkout.Root, "examples", "adc2021-vae", "encoder.onnx"));
        return
        [
            Row("example, unrolled", ReuseFactors.Build(example, new ImportOptions { Outputs = ["mu"] }, Score.Mu2, 1), Runs),
            Row("101,200 weights, reuse 20", ReuseFactors.Build(RandomNetworks.Dense(Widths), new(), Score.None, 20), 3),
            Row("101,200 weights, unrolled", ReuseFactors.Build(RandomNetworks.Dense(Widths), new(), Score.None, 1), 3),
        ];
    }

    private static Figure Row(string name, HardwareDesign hardware, int runs)
    {
        ResourceEstimator.Of(hardware);
        var seconds = new double[runs];
        for (var k = 0; k < runs; k++)
        {
            var before = Environment.CpuUsage.TotalTime;
            ResourceEstimator.Of(hardware);
            seconds[k] = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        }
        return new($"{name}: CPU", 1000 * seconds.Order().ElementAt(runs / 2), "ms");
    }
}
