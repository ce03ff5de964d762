using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>
/// code((x · factor + shift) / divisor) · 2^Scale: the integers of a quantiser, whose ratio of scales is any rational number. Inputs: x, and
/// the constants factor, shift and divisor, which broadcast to x; the divisor is positive. A fifth input, whole numbers, is added between
/// rounding and saturation, which decides what is even in a tie. In a typed graph it is a <see cref="Requantize"/>, which needs no division
/// and gives the same integers.
/// </summary>
/// <param name="Code">Rounding and range of the integers.</param>
/// <param name="Scale">Where the result has its binary point.</param>
public sealed record UniformQuantize(QuantCode Code, int Scale = 0) : ElementwiseQuantiser
{
    /// <summary>
    /// Bits of the quotient right of the point, truncated toward zero. For any x on a grid that is coarser by the size of the divisor, no
    /// quotient is moved to or over a tie or an integer that it does not equal.
    /// </summary>
    public const int Fraction = 320;

    private protected override Term Map(BlockBuilder block, Term element, Func<int, Term?> parameter)
    {
        var quotient = (element * parameter(1)!.Value + parameter(2)!.Value).Divide(parameter(3)!.Value, Fraction);
        return Code.Apply(block, quotient, parameter(4)).Shift(Scale);
    }

    /// <summary>Writes code(x · factor / divisor + zero) as an inner value, or folds it if x is constant.</summary>
    /// <param name="type">The result's element type.</param>
    internal static Operand Emit(OnnxNode node, string suffix, Onnx.Proto.TensorProto.Types.DataType type, QuantCode code, int scale, Operand x,
        Parameters parameters) =>
        x.Constant is { } constant
            ? node.Constant(suffix, parameters.Fold(constant, code, scale), type)
            : node.Emit(suffix, type, new UniformQuantize(code, scale), [x, .. parameters.Operands(node)]);

    /// <summary>The same as the node's output.</summary>
    internal static void Output(OnnxNode node, Onnx.Proto.TensorProto.Types.DataType type, QuantCode code, int scale, Operand x, Parameters parameters)
    {
        if (x.Constant is { } constant)
            node.Output(parameters.Fold(constant, code, scale), type);
        else
            node.Output(0, type, new UniformQuantize(code, scale), [x, .. parameters.Operands(node)]);
    }

    /// <summary>The constants of a quantiser: (x · factor + shift) / divisor is rounded; then whole numbers are added if Zero is given.</summary>
    internal sealed record Parameters(ConstantTensor Factor, ConstantTensor Shift, ConstantTensor Divisor, ConstantTensor? Zero)
    {
        /// <summary>x / scale + zero, rounded: a quantiser of QONNX.</summary>
        public static Parameters ZeroFirst(ConstantTensor scale, ConstantTensor zero) =>
            new(Constants.Scalar(Dyadic.One), Constants.Combine(scale, zero, (s, z) => s * z), scale, null);

        /// <summary>x · factor / scale, rounded, and then zero: a quantiser of ONNX.</summary>
        public static Parameters ZeroLast(ConstantTensor factor, ConstantTensor scale, ConstantTensor zero) =>
            new(factor, Constants.Scalar(Dyadic.Zero), scale, zero.Values.All(z => z.IsZero) ? null : zero);

        public Operand[] Operands(OnnxNode node)
        {
            var operands = new[] { Operand("factor", Factor), Operand("shift", Shift), Operand("divisor", Divisor) };
            return Zero is null ? operands : [.. operands, Operand("zero", Zero)];

            Operand Operand(string name, ConstantTensor constant) => node.Constant(name, Numbers.WithExactType(constant));
        }

        /// <summary>The integers for constants: rational arithmetic, so that a tie is one exactly where the quotient is one.</summary>
        /// <exception cref="ShapeException">A parameter does not broadcast to x.</exception>
        public ConstantTensor Fold(ConstantTensor x, QuantCode code, int scale)
        {
            var zero = Zero ?? Constants.Scalar(Dyadic.Zero);
            if (new[] { Factor, Shift, Divisor, zero }.Any(p => Broadcasting.Shape(x.Shape, p.Shape) != x.Shape))
                throw new ShapeException($"a parameter does not broadcast to {x.Shape}");
            var numerator = Constants.Combine(Constants.Combine(x, Factor, (a, b) => a * b), Shift, (a, b) => a + b);
            var values = new Dyadic[x.Values.Count];
            for (var k = 0; k < values.Length; k++)
            {
                var quotient = (Rational)numerator.Values[k] / At(Divisor, k);
                values[k] = (Zero is null ? code.Apply(quotient) : code.Apply(quotient, At(zero, k))).Scale(scale);
            }
            return Numbers.WithExactType(ConstantTensor.Of(x.Shape, Seq.Own(values)));

            Dyadic At(ConstantTensor tensor, int k) => tensor.Values[Broadcasting.Element(k, x.Shape, tensor.Shape)];
        }
    }
}
