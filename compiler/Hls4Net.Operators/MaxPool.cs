using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>The largest element of each window; padding does not take part.</summary>
public sealed record MaxPool(Windows Windows) : Operator
{
    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var x = inputs[0]!.Value;
        if (Windows.AnyEmpty(x))
            throw new ShapeException($"a window of {Windows.Kernel} lies on padding alone");
        return [[x[0], x[1], .. Windows.Positions(x)]];
    }

    public override void Define(Definition definition)
    {
        var x = definition.Input(0);
        definition.Output(0, [x.Shape[0], x.Shape[1], .. Windows.Positions(x.Shape)], (b, i) => b.Max(Windows.Kernel,
            (t, k) => t.At(x, [i[0], i[1], .. Windows.Coordinates(i.AsSpan(2), k)]),
            k => Windows.Guards(x.Shape, Windows.Coordinates(i.AsSpan(2), k))));
    }

    internal static void Import(OnnxNode node)
    {
        if (ChannelsLast.TryImport(node, ChannelsLast.ImportMaxPool))
            return;
        var isColumnMajor = node.Opset >= 8 && node.Attributes.Flag("storage_order", otherwise: false);
        var x = node.Input(0, "input");
        var windows = Windows.Read(node, x.Shape, null, hasCeiling: node.Opset >= 10, hasDilations: node.Opset >= 10);
        node.Output(new MaxPool(windows), x);
        if (node.Wants(1))
            MaxPoolIndices.Output(node, x, windows, isColumnMajor);
    }

    internal static IEnumerable<OperatorCase> Cases() =>
    [
        .. ChannelsLast.MaxPoolCases(),
        Case("sequence", 7, 1, 2, 6).With("kernel_shape", new long[] { 3 }),
        Case("strides", 12, 1, 2, 6, 6).With("kernel_shape", new long[] { 2, 2 }).With("strides", new long[] { 2, 2 }),
        Case("pads and dilations", 12, 1, 1, 7, 7).With("kernel_shape", new long[] { 2, 3 }).With("pads", new long[] { 1, 2, 0, 1 }).With("dilations", new long[] { 2, 2 }),
        Case("rounded up", 13, 1, 1, 6, 5).With("kernel_shape", new long[] { 3, 2 }).With("strides", new long[] { 2, 2 }).With("ceil_mode", 1),
        Case("same upper", 13, 1, 1, 5, 4).With("kernel_shape", new long[] { 3, 2 }).With("strides", new long[] { 2, 1 }).With("auto_pad", "SAME_UPPER"),
        Case("indices", 12, 1, 2, 5, 4).With("kernel_shape", new long[] { 3, 2 }).With("strides", new long[] { 2, 2 }).With("pads", new long[] { 1, 0, 1, 0 }).AndOutput(DataType.Int64),
        Case("indices by columns", 12, 1, 2, 4, 5).With("kernel_shape", new long[] { 2, 2 }).With("storage_order", 1).AndOutput(DataType.Int64),
        Case("same lower", 13, 1, 1, 5, 4).With("kernel_shape", new long[] { 2, 2 }).With("auto_pad", "SAME_LOWER"),
    ];

    private static OperatorCase Case(string name, int opset, params int[] x) => OperatorCase.Of("MaxPool", name, opset).Input(x);
}
