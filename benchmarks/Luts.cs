using System.Globalization;
using System.Text.RegularExpressions;
using Hls4Net.Core.Netlists;
using Hls4Net.Emission;
using Hls4Net.Transforms.Arithmetic;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Benchmarks;

/// <summary>
/// What Yosys makes of the Verilog of constant matrices (<see cref="ConstantMatrices"/>): a model of one product, inputs signed integers
/// of 8 bits, goes all the way from ONNX to combinational Verilog and through <c>synth_xilinx -family xcup -flatten -noiopad</c>, without
/// <c>-abc9</c>.
/// </summary>
internal static partial class Luts
{
    private const string Prefix = "matrix";

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(30);

    public static IReadOnlyList<Figure> Measure(BenchmarkOptions options)
    {
        var yosys = ExternalTool.Find(KnownTool.Yosys) ?? throw new BenchmarkFailedException($"yosys is missing: {KnownTool.Yosys.InstallCommand}.");
        return [.. ConstantMatrices.Of(options.Matrices).SelectMany(m => Rows(yosys, m.Name, m.Matrix, options.Effort))];
    }

    private static IEnumerable<Figure> Rows(ExternalTool yosys, string name, long[][] matrix, Effort effort)
    {
        var hardware = HardwareBuilder.Build(ConstantMatrices.ToDesign(matrix), new(Prefix, Combinational: true) { Multiplier = new SearchSharing(effort) });
        var luts = Count(yosys, hardware);
        yield return new($"{name}: LUTs", luts, "");
        yield return new($"{name}: adders", hardware.Total.Adders, "");
        yield return new($"{name}: adder bits", hardware.Total.AdderBits, "");
        yield return new($"{name}: LUTs for each adder bit", luts / (double)hardware.Total.AdderBits, "");
    }

    /// <summary>Cells LUT1 to LUT6; a LUT6_2, of which a design instantiates none by itself, counts as one.</summary>
    private static int Count(ExternalTool yosys, HardwareDesign hardware)
    {
        var folder = Directory.CreateTempSubdirectory("hls4net-benchmark-");
        try
        {
            foreach (var file in VerilogEmitter.Emit(hardware).Where(f => f.Path.EndsWith(".v", StringComparison.Ordinal)))
                File.WriteAllText(Path.Combine(folder.FullName, Path.GetFileName(file.Path)), file.Text);
            var sources = string.Join(' ', hardware.Netlist.Modules.Select(m => $"{m.Name}.v"));
            var result = yosys.RunToSuccess(
                ["-p", $"read_verilog {sources}; synth_xilinx -family xcup -flatten -noiopad -top {hardware.Netlist.Top.Name}; stat"],
                new ToolOptions { WorkingDirectory = folder.FullName, Timeout = Timeout });
            var last = result.Output.LastIndexOf("Number of cells", StringComparison.Ordinal);
            return LutCount().Matches(result.Output[Math.Max(0, last)..]).Sum(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"^\s+LUT[1-6](?:_2)?\s+(\d+)\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex LutCount();
}
