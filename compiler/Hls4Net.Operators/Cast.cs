using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>
/// ONNX Cast. Values are exact here, so a cast to a float changes nothing, even to a narrower one; a cast to an integer truncates toward
/// zero and saturates.
/// </summary>
internal static class Cast
{
    public static void Import(OnnxNode node)
    {
        node.Attributes.Ignore("saturate"); // For 8-bit floats only.
        var x = node.Input(0, "input");
        var to = (DataType)node.Attributes.Int("to");
        Write(node, x, ElementTypes.IsSupported(to) ? to : throw node.Attributes.Value("to", ElementTypes.NameOf(to), "it must be a float, integer or bool"));
    }

    /// <summary>ONNX CastLike: to the element type of another tensor, whose elements do not matter.</summary>
    public static void ImportLike(OnnxNode node)
    {
        node.Attributes.Ignore("saturate");
        Write(node, node.Input(0, "input"), node.Input(1, "target").Type);
    }

    private static void Write(OnnxNode node, Operand x, DataType to)
    {
        if (to is DataType.Float16 or DataType.Bfloat16 && x.Type != to && ElementTypes.IsFloat(x.Type) && x.Constant is null)
            node.Warn(Messages.InexactCast(node.Where, $"The cast to {ElementTypes.NameOf(to)} does not round the value."));
        if (to == DataType.Bool && x.Type != DataType.Bool)
            ToBool(node, x);
        else if (ElementTypes.IntegerType(to) is { } type && !(ElementTypes.IntegerType(x.Type) is { } from && type.Contains(from)))
            node.Output(0, to, new Quantize(new(type, Rounding.TrnZero, ElementTypes.IsFloat(x.Type) ? Overflow.Sat : Overflow.Wrap)), x);
        else
            node.Output(0, to, new Reshape(x.Shape), x);
    }

    public static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Cast", "to the same", 9).Input(1, 4).With("to", (int)DataType.Float),
        OperatorCase.Of("Cast", "integer to float").Input([1, 4], DataType.Int8).With("to", (int)DataType.Float),
        OperatorCase.Of("Cast", "truncating").Input(1, 9).With("to", (int)DataType.Int32).WithOutputs(1, DataType.Int32),
        OperatorCase.Of("Cast", "wrapping").Input([1, 4], DataType.Int32).With("to", (int)DataType.Int8).WithOutputs(1, DataType.Int8),
        OperatorCase.Of("Cast", "to bool").Input(1, 40).With("to", (int)DataType.Bool).WithOutputs(1, DataType.Bool),
        OperatorCase.Of("Cast", "widening", 19).Input([1, 4], DataType.Uint8).With("to", (int)DataType.Int16).WithOutputs(1, DataType.Int16),
    ];

    public static IEnumerable<OperatorCase> LikeCases() =>
        [OperatorCase.Of("CastLike", "truncating", 15).Input(1, 9).Constant([1], [0], DataType.Int32).WithOutputs(1, DataType.Int32)];

    /// <summary>Whether a number is not zero.</summary>
    private static void ToBool(OnnxNode node, Operand x)
    {
        var zero = node.Constant("zero", Numbers.WithExactType(ConstantTensor.Of([], [Dyadic.Zero])), x.Type);
        var isZero = node.Emit("zero", DataType.Bool, new Relation(Comparison.Equal), x, zero);
        node.Output(0, DataType.Bool, new Relation(Comparison.Equal), isZero, zero);
    }
}
