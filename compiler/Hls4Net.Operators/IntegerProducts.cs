using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.LinearQuantisation;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>
/// ONNX products of quantised tensors: ConvInteger and MatMulInteger give the int32 sum of (a − a₀)(b − b₀), QLinearConv and QLinearMatMul the
/// integers of the quantiser behind it. The sums are of integers and exact; the ratio of scales is a rational number.
/// </summary>
internal static class IntegerProducts
{
    public static void ImportMatMulInteger(OnnxNode node)
    {
        var (a, b) = (node.Input(0, "matrix A"), node.Input(1, "matrix B"));
        var left = Centred(node, "a", a, ZeroPoint(node, 2, "zero point of A", Rows(a)));
        var right = Centred(node, "b", b, ZeroPoint(node, 3, "zero point of B", Columns(b)));
        RequireMatrices(node, a, b);
        Sum(node, MatrixOf(right), a.Shape[^1], left, right);
    }

    public static void ImportConvInteger(OnnxNode node)
    {
        var (x, w) = (node.Input(0, "input"), node.Input(1, "filter"));
        var left = Centred(node, "x", x, ZeroPoint(node, 2, "zero point of the input", All(x)));
        var right = Centred(node, "w", w, ZeroPoint(node, 3, "zero point of the filter", Channels(w, 0)));
        Sum(node, ConvolutionOf(node, x, w), w.Shape.Skip(1).Aggregate(1, (p, e) => p * e), left, right);
    }

    public static void ImportQLinearMatMul(OnnxNode node)
    {
        var (a, b) = (node.Input(0, "matrix A"), node.Input(3, "matrix B"));
        RequireMatrices(node, a, b);
        var left = Centred(node, "a", a, ZeroPoint(node, 2, "zero point of A", Rows(a)));
        var right = Centred(node, "b", b, ZeroPoint(node, 5, "zero point of B", Columns(b)));
        var factor = Constants.Combine(Scale(node, 1, "scale of A", Rows(a)), Scale(node, 4, "scale of B", Columns(b)), (s, t) => s * t);
        Quantise(node, node.Emit("sum", DataType.Int32, MatrixOf(right), left, right), factor, 6);
    }

    public static void ImportQLinearConv(OnnxNode node)
    {
        var (x, w) = (node.Input(0, "input"), node.Input(3, "filter"));
        var left = Centred(node, "x", x, ZeroPoint(node, 2, "zero point of the input", All(x)));
        var right = Centred(node, "w", w, ZeroPoint(node, 5, "zero point of the filter", Channels(w, 0)));
        var scale = Scale(node, 4, "scale of the filter", Channels(w, 0));
        var factor = Constants.Combine(Scale(node, 1, "scale of the input", All(x)), Constants.Along(scale, x.Rank, 1), (s, t) => s * t);
        var bias = node.Optional(8, "bias") is null ? null : node.Constant("bias", Numbers.WithExactType(node.Constant(8, "bias")), DataType.Int32);
        Quantise(node, node.Emit("sum", DataType.Int32, ConvolutionOf(node, x, w), left, right, bias), factor, 6);
    }

    public static IEnumerable<OperatorCase> MatMulIntegerCases() =>
    [
        Case("MatMulInteger", "plain", 10, DataType.Int32).Input([1, 4], DataType.Uint8).Constant([4, 3], Codes(12), DataType.Int8),
        Case("MatMulInteger", "zero points", 10, DataType.Int32).Input([2, 4], DataType.Uint8).Constant([4, 3], Codes(12), DataType.Int8)
            .Constant([], [100], DataType.Uint8).Constant([], [-3], DataType.Int8),
        Case("MatMulInteger", "zero points by row and column", 10, DataType.Int32).Input([2, 4], DataType.Int8).Constant([4, 3], Codes(12), DataType.Int8)
            .Constant([2], [5, -9], DataType.Int8).Constant([3], [1, -3, 0], DataType.Int8).WithoutReference(),
        Case("MatMulInteger", "two inputs", 10, DataType.Int32).Input([1, 2, 4], DataType.Uint8).Input([4, 3], DataType.Uint8).Constant([], [7], DataType.Uint8),
    ];

    public static IEnumerable<OperatorCase> ConvIntegerCases() =>
    [
        Case("ConvInteger", "plain", 10, DataType.Int32).Input([1, 2, 4, 4], DataType.Uint8).Constant([3, 2, 2, 2], Codes(24), DataType.Uint8),
        Case("ConvInteger", "all attributes", 10, DataType.Int32).Input([1, 4, 7], DataType.Uint8).Constant([2, 2, 2], Codes(8), DataType.Uint8)
            .Constant([], [9], DataType.Uint8).Constant([], [5], DataType.Uint8).With("group", 2).With("strides", new long[] { 2 })
            .With("pads", new long[] { 1, 2 }).With("dilations", new long[] { 2 }).With("kernel_shape", new long[] { 2 }),
        Case("ConvInteger", "zero points by channel", 10, DataType.Int32).Input([1, 1, 5], DataType.Uint8).Constant([2, 1, 3], Codes(6), DataType.Uint8)
            .Constant([], [2], DataType.Uint8).Constant([2], [5, 130], DataType.Uint8).With("auto_pad", "SAME_UPPER").WithoutReference(),
    ];

    public static IEnumerable<OperatorCase> QLinearMatMulCases() =>
    [
        Case("QLinearMatMul", "plain", 10, DataType.Uint8).Input([2, 4], DataType.Uint8).Constant([], [0.0123]).Constant([], [100], DataType.Uint8)
            .Constant([4, 3], Codes(12), DataType.Uint8).Constant([], [0.0371]).Constant([], [120], DataType.Uint8).Constant([], [0.0911]).Constant([], [118], DataType.Uint8),
        Case("QLinearMatMul", "columns", 10, DataType.Int8).Input([2, 4], DataType.Int8).Constant([], [0.0123]).Constant([], [-5], DataType.Int8)
            .Constant([4, 3], Codes(12), DataType.Int8).Constant([3], [0.0371, 0.0022, 0.0109]).Constant([3], [0, 0, 0], DataType.Int8)
            .Constant([], [0.0911]).Constant([], [7], DataType.Int8),
        Case("QLinearMatMul", "rows", 10, DataType.Int8).Input([2, 4], DataType.Int8).Constant([2], [0.0123, 0.5]).Constant([2], [-5, 3], DataType.Int8)
            .Constant([4, 3], Codes(12), DataType.Int8).Constant([], [0.0371]).Constant([], [0], DataType.Int8)
            .Constant([], [0.0911]).Constant([], [7], DataType.Int8).WithoutReference(),
    ];

    public static IEnumerable<OperatorCase> QLinearConvCases() =>
    [
        QLinearConv("plain", [1, 2, 4, 4], [3, 2, 2, 2], [0.0371]),
        QLinearConv("channels and a bias", [1, 2, 4, 4], [3, 2, 2, 2], [0.0371, 0.0022, 0.0109]).Constant([3], [1000, -700, 12345], DataType.Int32),
        QLinearConv("all attributes", [1, 4, 7], [2, 2, 2], [0.0371]).With("group", 2).With("strides", new long[] { 2 })
            .With("pads", new long[] { 1, 2 }).With("dilations", new long[] { 2 }).With("kernel_shape", new long[] { 2 }),
        QLinearConv("same", [1, 1, 5], [2, 1, 4], [0.0371]).With("auto_pad", "SAME_LOWER"),
    ];

    private static OperatorCase QLinearConv(string name, int[] x, int[] w, double[] scales) => Case("QLinearConv", name, 10, DataType.Uint8)
        .Input(x, DataType.Uint8).Constant([], [0.0123]).Constant([], [100], DataType.Uint8)
        .Constant(w, Codes(w.Aggregate(1, (a, b) => a * b)), DataType.Int8).Constant(scales.Length == 1 ? [] : [scales.Length], scales)
        .Constant(scales.Length == 1 ? [] : [scales.Length], new double[scales.Length], DataType.Int8)
        .Constant([], [0.0911]).Constant([], [118], DataType.Uint8);

    private static OperatorCase Case(string type, string name, int opset, DataType output) => OperatorCase.Of(type, name, opset).WithOutputs(1, output);

    /// <summary>Integers that look random and fit every 8-bit type.</summary>
    private static double[] Codes(int count) => [.. Enumerable.Range(0, count).Select(k => (double)(k * 37 % 101))];

    private static Operator MatrixOf(Operand right) => right.Constant is not null && right.Rank == 2 ? new Dense() : new MatrixProduct();

    private static Convolution ConvolutionOf(OnnxNode node, Operand x, Operand w)
    {
        if (w.Rank != x.Rank)
            throw node.Refuse($"a filter of shape {w.Shape} over a tensor of shape {x.Shape}");
        var windows = Windows.Read(node, x.Shape, w.Shape.Skip(2).ToSeq(), hasCeiling: false, hasDilations: true);
        return new(windows, (int)Math.Clamp(node.Attributes.Int("group", 1), 0, int.MaxValue));
    }

    private static void RequireMatrices(OnnxNode node, Operand a, Operand b)
    {
        if (a.Rank < 2 || b.Rank < 2)
            throw node.Refuse($"{node.Operator} takes matrices, and got {a.Shape} by {b.Shape}");
    }

    /// <summary>The int32 sum; where enough products could exceed 32 bits, it wraps around as ONNX integers do.</summary>
    private static void Sum(OnnxNode node, Operator product, int terms, Operand left, Operand right)
    {
        // Differences of 8-bit integers are at most 255.
        if (terms < int.MaxValue / (255 * 255))
            node.Output(0, DataType.Int32, product, left, right);
        else
            node.Output(0, DataType.Int32, new Quantize(new(new FixedType(true, 32, 32), Rounding.Trn, Overflow.Wrap)),
                node.Emit("exact", DataType.Int32, product, left, right));
    }

    /// <summary>The quantiser behind the sum: its scale and zero point are two inputs.</summary>
    private static void Quantise(OnnxNode node, Operand sum, ConstantTensor factor, int position)
    {
        var type = node.Input(position + 1, "zero point of the result").Type;
        var (scale, zero) = (Scale(node, position, "scale of the result", All(sum)), ZeroPoint(node, position + 1, "zero point of the result", All(sum)));
        UniformQuantize.Output(node, type, CodeOf(node, type), 0, sum,
            UniformQuantize.Parameters.ZeroLast(factor, scale, zero));
    }

    private static Layout All(Operand x) => new(x.Shape, -1, 0);

    private static Layout Channels(Operand w, int axis) => Layout.Along(w.Shape, axis);

    private static Layout Rows(Operand a) => a.Rank < 2 ? All(a) : Layout.Along(a.Shape, a.Rank - 2);

    private static Layout Columns(Operand b) => b.Rank < 2 ? All(b) : Layout.Along(b.Shape, b.Rank - 1);
}
