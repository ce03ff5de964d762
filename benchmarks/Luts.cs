using System.Globalization;
using System.Text.RegularExpressions;
using Hls4Net.Core.Netlists;
using Hls4Net.Transforms.Arithmetic;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Benchmarks;

/// <summary>
/// What Yosys makes of the Verilog of constant matrices (<see cref="ConstantMatrices"/>): a model of one product, inputs signed integers
/// of 8 bits, goes all the way from ONNX to combinational Verilog and through <c>synth_xilinx -family xcup -flatten -noiopad</c>, without
/// <c>-abc9</c>. Yosys has no three-operand adders; with them, what the compiler estimates. Matrices of the benchmark's own whose inputs are
/// natural numbers of one to three bits show what tables save.
/// </summary>
internal static partial class Luts
{
    private const string Prefix = "matrix";

    /// <summary>Sizes, bits of the weights and zeros in per cent, and bits of the inputs.</summary>
    private static readonly (int Inputs, int Outputs, int Bits, int Zeros, int InputBits)[] FewBits =
        [(32, 16, 6, 0, 1), (32, 16, 2, 25, 1), (32, 16, 6, 0, 2), (32, 16, 6, 50, 2), (64, 32, 4, 50, 2), (32, 16, 6, 0, 3)];

    public static IReadOnlyList<Figure> Measure(BenchmarkOptions options)
    {
        var yosys = new Synthesis();
        var rows = ConstantMatrices.Of(options.Matrices).SelectMany(m => Rows(yosys, m.Name, m.Matrix, options.Effort));
        return [.. rows, .. options.Matrices is null ? FewBits.SelectMany(m => TableRows(yosys, m, options.Effort)) : []];
    }

    /// <summary>With tables where they are cheaper, and with adders alone.</summary>
    private static IEnumerable<Figure> TableRows(Synthesis yosys, (int Inputs, int Outputs, int Bits, int Zeros, int InputBits) made, Effort effort)
    {
        var design = ConstantMatrices.ToDesign(ConstantMatrices.Random(made.Inputs, made.Outputs, made.Bits, made.Zeros, 1), made.InputBits, isSigned: false);
        var options = new HardwareOptions(Prefix, Combinational: true) { Multiplier = new SearchSharing(effort) };
        var name = $"{made.Inputs}x{made.Outputs}, {made.Bits} bits, {made.Zeros} % zero, inputs of {made.InputBits} bits";
        var tables = HardwareBuilder.Build(design, options);
        var (withTables, adders) = (Count(yosys, tables), Count(yosys, HardwareBuilder.Build(design, options with { InputTables = false })));
        yield return new($"{name}: LUTs with tables", withTables, "");
        yield return new($"{name}: LUTs with adders alone", adders, "");
        yield return new($"{name}: bits of tables", tables.Total.RomBits, "");
        yield return new($"{name}: LUTs with tables over adders alone", withTables / (double)adders, "");
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
