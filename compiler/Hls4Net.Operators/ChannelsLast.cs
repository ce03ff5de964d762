using Hls4Net.Core.Text;
using Hls4Net.Operators.Hls;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>
/// The operators of QONNX's domain of channels last: as in the standard, over tensors [N, spatial…, C]; filters are [M, kernel…, C / groups].
/// They become the standard operators between rearrangements, which cost nothing.
/// </summary>
public static class ChannelsLast
{
    /// <summary>The domain.</summary>
    public const string Domain = "qonnx.custom_op.channels_last";

    /// <summary>Imports a node if it is of this domain.</summary>
    /// <returns>False for a node of the standard domain.</returns>
    internal static bool TryImport(OnnxNode node, Action<OnnxNode> import)
    {
        if (node.Domain == Domain)
            import(node);
        return node.Domain == Domain;
    }

    internal static void ImportConv(OnnxNode node)
    {
        var x = First(node, node.Input(0, "input"));
        var w = First(node, node.Input(1, "filter"), "filter");
        if (w.Rank != x.Rank)
            throw node.Refuse($"a filter of shape {w.Shape} over a tensor of shape {x.Shape}");
        var windows = Windows.Read(node, x.Shape, w.Shape.Skip(2).ToSeq(), hasCeiling: false, hasDilations: true);
        var groups = (int)Math.Clamp(node.Attributes.Int("group", 1), 0, int.MaxValue);
        Last(node, node.Emit("convolution", new Convolution(windows, groups), x, w, node.Optional(2, "bias")));
    }

    internal static void ImportMaxPool(OnnxNode node)
    {
        node.Attributes.Ignore("storage_order");
        var x = First(node, node.Input(0, "input"));
        Last(node, node.Emit("largest", new MaxPool(Windows.Read(node, x.Shape, null, hasCeiling: true, hasDilations: true)), x));
    }

    internal static void ImportAveragePool(OnnxNode node)
    {
        var x = First(node, node.Input(0, "input"));
        var windows = Windows.Read(node, x.Shape, null, hasCeiling: true, hasDilations: false);
        if (!node.HlsLayers)
        {
            Last(node, AveragePool.Emit(node, x, windows));
            return;
        }
        var (pool, counts) = HlsImports.Pool(node, x, windows);
        Last(node, node.Emit("mean", pool, x, counts));
    }

    internal static void ImportGlobalAveragePool(OnnxNode node)
    {
        var x = node.Input(0, "input");
        if (node.HlsLayers)
            node.Output(new HlsMean(Spatial(node, x), KeepDimensions: true), x);
        else
            ReduceSum.WriteMean(node, x, Spatial(node, x), keep: true);
    }

    internal static void ImportGlobalMaxPool(OnnxNode node)
    {
        var x = node.Input(0, "input");
        node.Output(new ReduceExtremum(Spatial(node, x), true, true), x);
    }

    internal static IEnumerable<OperatorCase> ConvCases() =>
    [
        Case("Conv", "image", 1, 5, 4, 2).Constant(3, 3, 2, 2).Constant(3).With("strides", new long[] { 2, 1 }).With("pads", new long[] { 1, 0, 2, 1 })
            .With("kernel_shape", new long[] { 3, 2 }).With("dilations", new long[] { 1, 2 }),
        Case("Conv", "depthwise", 1, 4, 4, 3).Constant(3, 3, 3, 1).With("group", 3).With("auto_pad", "SAME_UPPER"),
        Case("Conv", "sequence", 1, 6, 2).Constant(3, 3, 2),
    ];

    internal static IEnumerable<OperatorCase> MaxPoolCases() =>
    [
        Case("MaxPool", "image", 1, 6, 5, 2).With("kernel_shape", new long[] { 3, 2 }).With("strides", new long[] { 2, 2 }).With("ceil_mode", 1),
        Case("MaxPool", "pads", 1, 6, 6, 1).With("kernel_shape", new long[] { 2, 3 }).With("pads", new long[] { 1, 2, 0, 1 }).With("dilations", new long[] { 2, 1 }),
        Case("MaxPool", "same", 1, 5, 2).With("kernel_shape", new long[] { 3 }).With("auto_pad", "SAME_UPPER"),
    ];

    internal static IEnumerable<OperatorCase> AveragePoolCases() =>
    [
        Case("AveragePool", "image", 1, 6, 5, 2).With("kernel_shape", new long[] { 3, 2 }).With("strides", new long[] { 2, 2 }).With("ceil_mode", 1),
        Case("AveragePool", "pads", 1, 5, 5, 1).With("kernel_shape", new long[] { 3, 3 }).With("pads", new long[] { 1, 0, 1, 2 }).With("count_include_pad", 1),
        Case("AveragePool", "same", 1, 5, 2).With("kernel_shape", new long[] { 2 }).With("auto_pad", "SAME_LOWER"),
    ];

    internal static IEnumerable<OperatorCase> BatchNormalizationCases() =>
        [Case("BatchNormalization", "image", 1, 2, 2, 3).Constant(3).Constant(3).Constant(3).Constant([3], [0.5, 1.25, 3]).With("epsilon", 0.125f)];

    internal static IEnumerable<OperatorCase> GlobalAveragePoolCases() => [Case("GlobalAveragePool", "image", 1, 2, 4, 3)];

    internal static IEnumerable<OperatorCase> GlobalMaxPoolCases() => [Case("GlobalMaxPool", "image", 1, 2, 4, 3)];

    /// <summary>The order of dimensions that brings the last to the second place.</summary>
    public static Seq<int> ToFirst(int rank) => [0, rank - 1, .. Enumerable.Range(1, rank - 2)];

    /// <summary>The order of dimensions that brings the second to the last place.</summary>
    public static Seq<int> ToLast(int rank) => [0, .. Enumerable.Range(2, rank - 2), 1];

    private static Operand First(OnnxNode node, Operand x, string suffix = "first") =>
        x.Rank >= 3 ? node.Emit(suffix, new Transpose(ToFirst(x.Rank)), x) : throw node.Refuse($"a tensor of shape {x.Shape} has no spatial dimensions");

    private static void Last(OnnxNode node, Operand y) => node.Output(new Transpose(ToLast(y.Rank)), y);

    private static Seq<int> Spatial(OnnxNode node, Operand x) =>
        x.Rank >= 3 ? Enumerable.Range(1, x.Rank - 2).ToSeq() : throw node.Refuse($"a tensor of shape {x.Shape} has no spatial dimensions");

    private static OperatorCase Case(string type, string name, params int[] x) => OperatorCase.Of(type, $"channels last, {name}", 13, Domain).Input(x);
}
