using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Operators.Onnx;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Benchmarks;

/// <summary>
/// Constant matrices to measure with. A file has the line <c>inputs outputs bits sparsity seed</c> and then a line of integers for each
/// input.
/// </summary>
internal static class ConstantMatrices
{
    /// <summary>Sizes, bits and zeros in per cent of the matrices that are made where no folder is given.</summary>
    private static readonly (int Inputs, int Outputs, int Bits, int Zeros)[] Made =
        [(8, 8, 8, 0), (16, 16, 6, 0), (16, 16, 8, 0), (16, 16, 8, 50), (32, 5, 8, 0), (16, 64, 6, 50), (57, 32, 8, 50), (64, 32, 6, 0)];

    /// <summary>The matrices of a folder, or those that are made where none is given; a row for each input.</summary>
    public static IEnumerable<(string Name, long[][] Matrix)> Of(string? folder)
    {
        if (folder is null)
            return Made.Select(m => ($"{m.Inputs}x{m.Outputs}, {m.Bits} bits, {m.Zeros} % zero", Random(m.Inputs, m.Outputs, m.Bits, m.Zeros, 1)));
        if (!Directory.Exists(folder))
            throw new BenchmarkFailedException($"There is no folder '{folder}'.");
        return Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(f => (Path.GetFileNameWithoutExtension(f), Read(f)));
    }

    /// <summary>A model of the product of the matrix with integers, on its way from ONNX to hardware.</summary>
    /// <param name="bits">Of the integers.</param>
    public static Design ToDesign(long[][] matrix, int bits = 8, bool isSigned = true)
    {
        var (inputs, outputs) = (matrix.Length, matrix[0].Length);
        var model = new OnnxModelBuilder().Import("qonnx.custom_op.general", 1).Input("x", [1, inputs])
            .Constant("scale", [], [1]).Constant("zero", [], [0]).Constant("bits", [], [bits])
            .Constant("w", [inputs, outputs], [.. matrix.SelectMany(r => r).Select(v => (double)v)])
            .Node("qonnx.custom_op.general", "Quant", ["x", "scale", "zero", "bits"], ["q"], [("signed", isSigned ? 1 : 0), ("narrow", 0), ("rounding_mode", "ROUND")])
            .Node("MatMul", ["q", "w"], ["y"]).Output("y").ToBytes();
        var diagnostics = new DiagnosticBag();
        var graph = OnnxImporter.Import(model, "matrix", null, new ImportOptions(), diagnostics);
        var compiled = Pipelines.ToDesign(graph, Score.None, Configuration.Default, null, diagnostics);
        diagnostics.ThrowIfErrors();
        return compiled!.Design;
    }

    private static long[][] Read(string file)
    {
        try
        {
            var lines = File.ReadAllLines(file).Where(l => l.Trim().Length > 0).Select(l =>
                l.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(w => long.Parse(w, CultureInfo.InvariantCulture)).ToArray()).ToArray();
            if (lines.Length > 1 && lines[0].Length >= 2 && lines.Length == lines[0][0] + 1 && lines.Skip(1).All(l => l.Length == lines[0][1]))
                return lines[1..];
        }
        catch (FormatException)
        {
            // Reported below, with the format.
        }
        throw new BenchmarkFailedException($"'{file}' is not a matrix: 'inputs outputs bits sparsity seed', then a line of integers for each input.");
    }

    /// <summary>The same numbers in every run.</summary>
    public static long[][] Random(int inputs, int outputs, int bits, int zeros, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, inputs).Select(_ => Enumerable.Range(0, outputs)
            .Select(_ => random.Next(100) < zeros ? 0 : random.NextInt64(-(1L << bits - 1), 1L << bits - 1)).ToArray())];
    }
}
