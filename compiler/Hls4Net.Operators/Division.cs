using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>
/// ONNX Div. By a constant a multiplication by the reciprocals, to 160 bits; by a computed value a division. Integers are divided
/// truncating toward zero.
/// </summary>
internal static class Division
{
    public static void Import(OnnxNode node)
    {
        var (x, by) = (node.Input(0, "dividend"), node.Input(1, "divisor"));
        if (by.Constant is not { } divisor)
        {
            DivideComputed(node, x, by);
            return;
        }
        if (divisor.Values.Any(v => v.IsZero))
            throw new ImportException(Messages.ConstantArithmetic(node.Where, "The divisor holds a zero."));
        if (ElementTypes.IsInteger(x.Type) && x.Constant is { } dividend)
        {
            DivideIntegers(node, x, dividend, divisor);
            return;
        }
        if (ElementTypes.IsInteger(x.Type))
        {
            DivideComputed(node, x, by);
            return;
        }
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
        OperatorCase.Of("Div", "by a computed value", 13).Input(1, 3).Input(1, 3),
        OperatorCase.Of("Div", "of a constant", 14).Constant([2, 1], [1, -2.5]).Input(1, 3),
        OperatorCase.Of("Div", "computed integers").Input([1, 4], DataType.Int32).Input([1, 4], DataType.Int32).WithOutputs(1, DataType.Int32),
        OperatorCase.Of("Div", "integers by a constant", 14).Input([1, 6], DataType.Int8).Constant([], [-7], DataType.Int8).WithOutputs(1, DataType.Int8),
    ];

    private static void DivideComputed(OnnxNode node, Operand x, Operand by)
    {
        // The one quotient that leaves its type, of the most negative integer by −1, wraps around.
        if (ElementTypes.IntegerType(x.Type) is { } type)
            node.Output(new Quantize(new(type, Rounding.TrnZero, Overflow.Wrap)), node.Emit("exact", Quotient.OfIntegers, x, by));
        else
            node.Output(new Quotient(), x, by);
    }

    private static void DivideIntegers(OnnxNode node, Operand x, ConstantTensor dividend, ConstantTensor divisor)
    {
        if ((divisor.Values.Count != 1 && divisor.Shape != dividend.Shape) || divisor.Values.Any(v => v.Exponent < 0))
            throw node.Refuse($"integers of shape {dividend.Shape} are divided by {divisor.Shape}");
        var quotients = dividend.Values.Select((v, k) => new Dyadic(v.ToRaw(0) / divisor.Values[divisor.Values.Count == 1 ? 0 : k].ToRaw(0), 0)).ToSeq();
        node.Output(ConstantTensor.Of(dividend.Shape, quotients), x.Type);
    }
}
