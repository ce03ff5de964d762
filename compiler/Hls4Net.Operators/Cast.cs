using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
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
        if (!ElementTypes.IsSupported(to))
            throw node.Attributes.Value("to", ElementTypes.NameOf(to), "it must be a float, integer or bool");
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
        OperatorCase.Of("Cast", "widening", 19).Input([1, 4], DataType.Uint8).With("to", (int)DataType.Int16).WithOutputs(1, DataType.Int16),
    ];

    /// <summary>Whether a number is not zero, which is supported for constants.</summary>
    private static void ToBool(OnnxNode node, Operand x)
    {
        if (x.Constant is not { } constant)
            throw new ImportException(Messages.InexactCast(node.Where, $"A computed {ElementTypes.NameOf(x.Type)} cannot be cast to bool; compare it with zero instead."));
        node.Output(ConstantTensor.Of(constant.Shape, constant.Values.Select(v => v.IsZero ? Dyadic.Zero : Dyadic.One).ToSeq()), DataType.Bool);
    }
}
