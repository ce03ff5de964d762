using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>x to the power of a positive whole number; exact.</summary>
/// <param name="Exponent">From 1 to <see cref="LargestExponent"/>.</param>
public sealed record Power(int Exponent) : ElementwiseUnary
{
    /// <summary>Beyond this a table is the better circuit.</summary>
    public const int LargestExponent = 8;

    public override bool Multiplies => true;

    protected override Term Map(BlockBuilder block, Term element)
    {
        // Squares of what was squared: x⁵ = (x²)² · x.
        var (power, square, rest) = ((Term?)null, element, Exponent);
        while (true)
        {
            if (rest % 2 == 1)
                power = power is { } p ? p * square : square;
            rest /= 2;
            if (rest == 0)
                return power ?? square;
            square *= square;
        }
    }

    /// <summary>
    /// ONNX Pow: a product where the exponent is a small whole number; with any other constant exponent or a constant base, a function of one
    /// operand.
    /// </summary>
    internal static void Import(OnnxNode node)
    {
        var (x, exponent) = (node.Input(0, "base"), node.Input(1, "exponent"));
        if (exponent.Constant is { } constant)
            ImportConstantExponent(node, x, exponent, constant);
        else
            ImportConstantBase(node, exponent);
    }

    private static void ImportConstantExponent(OnnxNode node, Operand x, Operand exponent, ConstantTensor constant)
    {
        if (Common(constant) is not { } power || Broadcasting.Shape(x.Shape, exponent.Shape) != x.Shape)
            throw node.RefuseValue("exponent", "it must be one number for all elements");
        if (power.Exponent >= 0 && power >= Dyadic.One && power <= LargestExponent)
            node.Arithmetic(new Power((int)power.ToRaw(0)), x);
        else if (power == new Dyadic(1, -1))
            Apply.Output(node, x, "sqrt");
        else if (power == new Dyadic(-1, 0))
            Apply.Output(node, x, "reciprocal");
        else if (power == new Dyadic(-1, -1))
            Apply.Output(node, x, "reciprocal_sqrt");
        else
            Apply.Output(node, x, "pow", power);
    }

    private static void ImportConstantBase(OnnxNode node, Operand exponent)
    {
        var constant = node.Input(0, "base").Constant
            ?? throw new ImportException(Messages.InputMustBeConstant(node.Where, "exponent or the base", exponent.Name));
        if (Common(constant) is not { Sign: > 0 } number || Broadcasting.Shape(constant.Shape, exponent.Shape) != exponent.Shape)
            throw node.RefuseValue("base", "under a computed exponent it must be one positive number for all elements");
        Apply.Output(node, exponent, "power_of", number);
    }

    /// <summary>The number that all elements of a constant are.</summary>
    private static Dyadic? Common(ConstantTensor constant) =>
        constant.Values.Count > 0 && constant.Values.All(v => v == constant.Values[0]) ? constant.Values[0] : null;

    internal static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Pow", "square", 7).Input(1, 6).Constant([], [2]),
        OperatorCase.Of("Pow", "cube").Input(1, 6).Constant([1], [3]),
        OperatorCase.Of("Pow", "fifth", 15).Input(1, 6).Constant([], [5]),
        OperatorCase.Of("Pow", "first").Input(1, 6).Constant([], [1]),
        OperatorCase.Of("Pow", "zeroth").Input(1, 6).Constant([], [0]),
        OperatorCase.Of("Pow", "ninth").Input(1, 6).Constant([], [9]),
        OperatorCase.Of("Pow", "root").Input(1, 12).Constant([], [0.5]),
        OperatorCase.Of("Pow", "reciprocal root").Input(1, 12).Constant([1], [-0.5]),
        OperatorCase.Of("Pow", "reciprocal cube").Input(1, 12).Constant([], [-3]),
        OperatorCase.Of("Pow", "fraction").Input(1, 12).Constant([], [1.7]),
        OperatorCase.Of("Pow", "of two").Constant([], [2]).Input(1, 12),
        OperatorCase.Of("Pow", "of a fraction").Constant([1], [0.3]).Input(1, 2, 3),
    ];
}
