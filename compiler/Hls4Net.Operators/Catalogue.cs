using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>Every ONNX operator that can be imported, one line each.</summary>
public static class Catalogue
{
    private const int Last = OnnxImporter.NewestOpset;

    private static readonly string[] Standard = [""];

    /// <summary>The domains under which exporters of quantised models have written their operators.</summary>
    private static readonly string[] Qonnx = ["qonnx.custom_op.general", "onnx.brevitas", "finn.custom_op.general", "brevitas", ""];

    private static readonly string[] Sampling =
        ["RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial", "Bernoulli"];

    private static readonly string[] WithSubgraph = ["If", "Loop", "Scan", "SequenceMap"];

    /// <summary>All operators, by name.</summary>
    public static IReadOnlyList<CatalogueEntry> Entries { get; } =
    [
        new("Add", 7, Last, Addition.Import, Addition.Cases, "", Standard),
        new("BatchNormalization", 7, Last, ScaleShift.Import, ScaleShift.Cases, "inference, constant parameters", Standard),
        new("Cast", 7, Last, Cast.Import, Cast.Cases, "between floats, to floats, and truncating to integers", Standard),
        new("Constant", 7, Last, Constant.Import, Constant.Cases, "numbers only", Standard),
        new("Dropout", 7, Last, Dropout.Import, Dropout.Cases, "inference; no mask", Standard),
        new("Flatten", 7, Last, Flatten.Import, Flatten.Cases, "", Standard),
        new("Gemm", 7, Last, Dense.ImportGemm, Dense.GemmCases, "", Standard),
        new("Identity", 7, Last, Identity.Import, Identity.Cases, "", Standard),
        new("IntQuant", 1, Last, Quant.Import, Quant.IntQuantCases, "as Quant", Qonnx),
        new("MatMul", 7, Last, Dense.ImportMatMul, Dense.MatMulCases, "", Standard),
        new("Mul", 7, Last, Multiplication.Import, Multiplication.Cases, "", Standard),
        new("Quant", 1, Last, Quant.Import, Quant.QuantCases, "on computed values, scales are powers of two", Qonnx),
        new("Relu", 7, Last, Rectify.Import, Rectify.Cases, "", Standard),
        new("Reshape", 7, Last, Reshape.Import, Reshape.Cases, "constant shape", Standard),
        new("Squeeze", 7, Last, Squeeze.Import, Squeeze.Cases, "constant axes", Standard),
        new("Sub", 7, Last, Subtraction.Import, Subtraction.Cases, "", Standard),
        new("Transpose", 7, Last, Transpose.Import, Transpose.Cases, "", Standard),
        new("Unsqueeze", 7, Last, Unsqueeze.Import, Unsqueeze.Cases, "constant axes", Standard),
    ];

    private static readonly ILookup<string, CatalogueEntry> ByName = Entries.ToLookup(e => e.Name, StringComparer.Ordinal);

    /// <summary>The operator of a node.</summary>
    /// <exception cref="ImportException">There is none, or not in this operator set.</exception>
    internal static CatalogueEntry Find(FlatNode node, int opset, Origin origin)
    {
        var (type, where) = (node.Proto.OpType, Messages.At(origin));
        if (ByName[type].FirstOrDefault(e => e.Domains.Contains(node.Domain)) is { } entry)
        {
            return opset >= entry.FirstOpset && opset <= entry.LastOpset
                ? entry
                : throw new ImportException(Messages.OperatorOpset(where, type, opset, $"{entry.FirstOpset} to {entry.LastOpset}"));
        }
        if (node.Domain.Length == 0 && Sampling.Contains(type))
            throw new ImportException(Messages.Sampling(where, type));
        if (node.Domain.Length == 0 && (WithSubgraph.Contains(type) || node.Proto.Attribute.Any(a => a.G is not null || a.Graphs.Count > 0)))
            throw new ImportException(Messages.Subgraph(where, type));
        throw new ImportException(Messages.UnsupportedOperator(where, type, node.Domain, Entries.Select(e => e.Name)));
    }
}
