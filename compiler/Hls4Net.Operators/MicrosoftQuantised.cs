using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.LinearQuantisation;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>
/// Operators of ONNX Runtime's own domain on quantised tensors: QLinearAdd, QLinearMul and QLinearGlobalAveragePool compute on the numbers that
/// the integers stand for and quantise the result.
/// </summary>
internal static class MicrosoftQuantised
{
    private const string Domain = "com.microsoft";

    public static void ImportAdd(OnnxNode node) => Combine(node, new Addition());

    public static void ImportMul(OnnxNode node) => Combine(node, new Multiplication());

    public static void ImportGlobalAveragePool(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var isLast = node.Attributes.Flag("channels_last", otherwise: false);
        if (x.Rank < 3)
            throw node.Refuse($"a tensor of shape {x.Shape} has no spatial dimensions");
        var axes = Enumerable.Range(isLast ? 1 : 2, x.Rank - 2).ToSeq();
        var count = axes.Aggregate(1, (p, a) => p * x.Shape[a]);
        var sum = node.Emit("sum", DataType.Int32, new ReduceSum(axes, true), Centred(node, "x", x, ZeroPoint(node, 2, "zero point", All(x))));
        var (scale, result) = (Scale(node, 1, "scale", All(x)), Scale(node, 3, "scale of the result", All(x)));
        var zero = ZeroPoint(node, 4, "zero point of the result", All(x));
        // sum · scale / (count · result), rounded.
        UniformQuantize.Output(node, x.Type, CodeOf(node, x.Type), 0, sum,
            UniformQuantize.Parameters.ZeroLast(scale, Constants.Map(result, s => s * count), zero));
    }

    public static IEnumerable<OperatorCase> AddCases() => CasesOf("QLinearAdd");

    public static IEnumerable<OperatorCase> MulCases() => CasesOf("QLinearMul");

    public static IEnumerable<OperatorCase> GlobalAveragePoolCases() =>
    [
        Average("channels first", [1, 2, 3, 3]).With("channels_last", 0),
        Average("channels last", [1, 3, 3, 2]).With("channels_last", 1),
    ];

    private static OperatorCase Average(string name, int[] shape) => OperatorCase.Of("QLinearGlobalAveragePool", name, 1, Domain).Input(shape, DataType.Uint8)
        .Constant([], [0.0371]).Constant([], [7], DataType.Uint8).Constant([], [0.0293]).Constant([], [3], DataType.Uint8).WithOutputs(1, DataType.Uint8);

    private static OperatorCase[] CasesOf(string type) =>
    [
        OperatorCase.Of(type, "two inputs", 1, Domain).Input([1, 8], DataType.Uint8).Constant([], [0.0371]).Constant([], [7], DataType.Uint8)
            .Input([1, 8], DataType.Uint8).Constant([], [0.0119]).Constant([], [100], DataType.Uint8).Constant([], [0.0513]).Constant([], [30], DataType.Uint8)
            .WithOutputs(1, DataType.Uint8),
        OperatorCase.Of(type, "signed, broadcast", 1, Domain).Input([1, 2, 4], DataType.Int8).Constant([], [0.0371]).Constant([], [-7], DataType.Int8)
            .Input([4], DataType.Int8).Constant([], [0.0119]).Constant([], [10], DataType.Int8).Constant([], [0.0513]).Constant([], [3], DataType.Int8)
            .WithOutputs(1, DataType.Int8),
    ];

    private static void Combine(OnnxNode node, Operator op)
    {
        var (a, b) = (Real(node, "a", 0), Real(node, "b", 3));
        var result = node.Emit("result", DataType.Float, op, a, b);
        var type = node.Input(0, "first input").Type;
        var (scale, zero) = (Scale(node, 6, "scale of the result", All(result)), ZeroPoint(node, 7, "zero point of the result", All(result)));
        UniformQuantize.Output(node, type, CodeOf(node, type), 0, result, UniformQuantize.Parameters.ZeroLast(Constants.Scalar(Dyadic.One), scale, zero));
    }

    /// <summary>The numbers that an input's integers stand for.</summary>
    private static Operand Real(OnnxNode node, string name, int position)
    {
        var x = node.Input(position, "input");
        var centred = Centred(node, name, x, ZeroPoint(node, position + 2, "zero point", All(x)));
        return node.Emit($"{name}.real", DataType.Float, new Multiplication(), centred,
            node.Constant($"{name}.scale", Numbers.WithExactType(Scale(node, position + 1, "scale", All(x)))));
    }

    private static Layout All(Operand x) => new(x.Shape, -1, 0);
}
