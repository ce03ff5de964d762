using System.Globalization;
using System.Text.RegularExpressions;
using Hls4Net.Transforms.Arithmetic;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Benchmarks;

/// <summary>
/// Delays by the table of the 7 series beside those that Yosys finds with the speed files of that family (<c>sta</c> behind
/// <c>synth_xilinx -family xc7</c>), for products with random matrices. Yosys knows no routing, so that the order is what is compared.
/// </summary>
internal static partial class Timing
{
    private static readonly (int Inputs, int Outputs, int Bits, int Zeros)[] Networks =
    [
        (1, 4, 3, 0), (1, 4, 8, 0), (1, 6, 12, 0), (2, 2, 2, 0), (2, 4, 6, 0), (3, 3, 4, 50), (4, 4, 2, 0), (4, 4, 8, 0), (4, 2, 12, 0), (6, 4, 3, 30),
        (8, 4, 4, 75), (8, 4, 6, 0), (8, 8, 8, 50), (12, 4, 2, 0), (12, 4, 8, 0), (16, 4, 4, 50), (16, 8, 6, 0), (24, 4, 6, 50), (32, 4, 4, 0), (48, 2, 6, 0),
    ];

    public static IReadOnlyList<Figure> Measure(BenchmarkOptions options)
    {
        var yosys = new Synthesis();
        var figures = new List<Figure>();
        var (estimates, found) = (new List<double>(), new List<double>());
        foreach (var (inputs, outputs, bits, zeros) in Networks)
        {
            var design = ConstantMatrices.ToDesign(ConstantMatrices.Random(inputs, outputs, bits, zeros, 1));
            var hardware = HardwareBuilder.Build(design, new("matrix", Part: "xc7a100t", Combinational: true) { Multiplier = new SearchSharing(options.Effort) });
            var output = yosys.Run(hardware, "synth_xilinx -family xc7 -flatten -noiopad -top matrix; read_verilog -overwrite -lib -specify +/xilinx/cells_sim.v; sta");
            estimates.Add(hardware.Timing.Longest);
            found.Add(double.Parse(Arrival().Match(output).Groups[1].Value, CultureInfo.InvariantCulture) / 1000);
            var name = $"{inputs}x{outputs}, {bits} bits, {zeros} % zero";
            figures.Add(new($"{name}: by the delay table", estimates[^1], "ns"));
            figures.Add(new($"{name}: by Yosys, without routing", found[^1], "ns"));
        }
        figures.Add(new("rank correlation", Correlation(Ranks(estimates), Ranks(found)), ""));
        return figures;
    }

    /// <summary>Places in ascending order, the mean of them for equal numbers.</summary>
    private static double[] Ranks(List<double> values) =>
        [.. values.Select(v => values.Count(w => w < v) + (values.Count(w => w == v) - 1) / 2.0)];

    /// <summary>Pearson's coefficient; of ranks it is Spearman's.</summary>
    private static double Correlation(double[] a, double[] b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        var covariance = a.Zip(b).Sum(p => (p.First - meanA) * (p.Second - meanB));
        return covariance / Math.Sqrt(a.Sum(x => (x - meanA) * (x - meanA)) * b.Sum(y => (y - meanB) * (y - meanB)));
    }

    [GeneratedRegex(@"Latest arrival time in '.*' is (\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex Arrival();
}
