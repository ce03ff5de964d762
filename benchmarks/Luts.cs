using System.Globalization;
using System.Text.RegularExpressions;
using Hls4Net.Core.Netlists;
using Hls4Net.Transforms.Arithmetic;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Benchmarks;

/// <summary>
/// What Yosys makes of the Verilog of constant matrices (<see cref="ConstantMatrices"/>): a model of one product, inputs signed integers
/// of 8 bits, goes all the way from ONNX to combinational Verilog and through <c>synth_xilinx -family xcup -flatten -noiopad</c>, without
/// <c>-abc9</c>. Yosys has no three-operand adders; with them, what the compiler estimates.
/// </summary>
internal static partial class Luts
{
    private const string Prefix = "matrix";

    public static IReadOnlyList<Figure> Measure(BenchmarkOptions options)
    {
        var yosys = new Synthesis();
        return [.. ConstantMatrices.Of(options.Matrices).SelectMany(m => Rows(yosys, m.Name, m.Matrix, options.Effort))];
    }

    private static IEnumerable<Figure> Rows(Synthesis yosys, string name, long[][] matrix, Effort effort)
    {
        var design = ConstantMatrices.ToDesign(matrix);
        var options = new HardwareOptions(Prefix, Combinational: true) { Multiplier = new SearchSharing(effort) };
        var hardware = HardwareBuilder.Build(design, options);
        var three = HardwareBuilder.Build(design, options with { AdderOperands = 3 });
        var luts = Count(yosys, hardware);
        yield return new($"{name}: LUTs", luts, "");
        yield return new($"{name}: adders", hardware.Total.Adders, "");
        yield return new($"{name}: adder bits", hardware.Total.AdderBits, "");
        yield return new($"{name}: LUTs for each adder bit", luts / (double)hardware.Total.AdderBits, "");
        yield return new($"{name}: three-operand: adders", three.Total.Adders, "");
        yield return new($"{name}: three-operand: estimated LUTs", three.Total.AdderLuts, "");
    }

    /// <summary>Cells LUT1 to LUT6; a LUT6_2, of which a design instantiates none by itself, counts as one.</summary>
    private static int Count(Synthesis yosys, HardwareDesign hardware)
    {
        var output = yosys.Run(hardware, $"synth_xilinx -family xcup -flatten -noiopad -top {hardware.Netlist.Top.Name}; stat");
        var last = output.LastIndexOf("Number of cells", StringComparison.Ordinal);
        return LutCount().Matches(output[Math.Max(0, last)..]).Sum(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^\s+LUT[1-6](?:_2)?\s+(\d+)\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex LutCount();
}
