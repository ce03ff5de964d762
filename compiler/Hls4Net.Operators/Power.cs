using Hls4Net.Core.Kernels;
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

    internal static void Import(OnnxNode node)
    {
        var x = node.Input(0, "base");
        var exponents = Numbers.Integers(node.Constant(1, "exponent").Values);
        if (exponents is not [var exponent and >= 1 and <= LargestExponent, ..] || exponents.Any(e => e != exponent)
            || Broadcasting.Shape(x.Shape, node.Input(1, "exponent").Shape) != x.Shape)
            throw node.RefuseValue("exponent", $"it must be one whole number from 1 to {LargestExponent}");
        node.Arithmetic(new Power((int)exponent), x);
    }

    internal static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Pow", "square", 7).Input(1, 6).Constant([], [2]),
        OperatorCase.Of("Pow", "cube").Input(1, 6).Constant([1], [3]),
        OperatorCase.Of("Pow", "fifth", 15).Input(1, 6).Constant([], [5]),
        OperatorCase.Of("Pow", "first").Input(1, 6).Constant([], [1]),
    ];
}
