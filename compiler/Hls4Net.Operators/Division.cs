using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>
/// ONNX Div by a constant: a multiplication by the reciprocals, to 160 bits. Constant integers are divided truncating, as shape
/// arithmetic does.
/// </summary>
internal static class Division
{
    public static void Import(OnnxNode node)
    {
        var (x, divisor) = (node.Input(0, "dividend"), node.Constant(1, "divisor"));
        if (divisor.Values.Any(v => v.IsZero))
            throw new ImportException(Messages.ConstantArithmetic(node.Where, "The divisor holds a zero."));
        if (ElementTypes.IsInteger(x.Type) && x.Constant is { } dividend)
        {
            DivideIntegers(node, x, dividend, divisor);
            return;
        }
        node.RequireFloat(x);
        var reciprocals = ConstantTensor.Of(divisor.Shape, divisor.Values.Select(v => Dyadic.One / v).ToSeq());
        var isExact = divisor.Values.All(v => Numbers.IsPowerOfTwo(v) || Numbers.IsPowerOfTwo(-v));
        node.Output(new Multiplication(), x, node.Constant("reciprocal", isExact ? Numbers.WithExactType(reciprocals) : reciprocals));
    }

    public static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Div", "by a constant", 7).Input(1, 2, 3).Constant([3], [0.75, -2, 3]),
        OperatorCase.Of("Div", "by a power of two").Input(1, 3).Constant([], [-0.25]),
        OperatorCase.Of("Div", "integers", 14).Constant([3], [7, -7, 9], DataType.Int64).Integers(2)
            .WithOutputs(1, DataType.Int64),
    ];

    private static void DivideIntegers(OnnxNode node, Operand x, ConstantTensor dividend, ConstantTensor divisor)
    {
        if ((divisor.Values.Count != 1 && divisor.Shape != dividend.Shape) || divisor.Values.Any(v => v.Exponent < 0))
            throw node.Refuse($"integers of shape {dividend.Shape} are divided by {divisor.Shape}");
        var quotients = dividend.Values.Select((v, k) => new Dyadic(v.ToRaw(0) / divisor.Values[divisor.Values.Count == 1 ? 0 : k].ToRaw(0), 0)).ToSeq();
        node.Output(ConstantTensor.Of(dividend.Shape, quotients), x.Type);
    }
}
