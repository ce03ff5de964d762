using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Primitives;

/// <summary>Exponentials, logarithms and hyperbolic functions.</summary>
internal static class ExponentialFunctions
{
    public static IEnumerable<KeyValuePair<string, FunctionDefinition>> All =>
    [
        new("exp", FunctionDefinition.Of(Math.Exp, (x, bits) => Exponential.Exp(x, bits))),
        new("exp_minus_x_minus_1", FunctionDefinition.Of(Reals.ExpMinusXMinus1, (x, bits) => Exponential.Exp(x, bits) - x - 1, 0)),
        new("exp_minus_half", FunctionDefinition.Of(x => Math.Exp(-x / 2), (x, bits) => Exponential.Exp((-x).Scale(-1), bits))),
        new("log", FunctionDefinition.Of(Math.Log, (x, bits) => Exponential.Log(x, bits)) with
        {
            Domain = _ => new(Dyadic.Zero, null, (Dyadic.Zero, -1)),
        }),
        new("sinh", FunctionDefinition.Of(Math.Sinh, Sinh).Folded(Folding.Odd)),
        new("cosh", FunctionDefinition.Of(Math.Cosh, (x, bits) => (Exponential.Exp(x, bits + 2) + Exponential.Exp(-x, bits + 2)).Scale(-1), 0)
            .Folded(Folding.Even)),
        new("tanh", FunctionDefinition.Of(Math.Tanh, Tanh).Folded(Folding.Odd)),
        new("asinh", FunctionDefinition.Of(Math.Asinh, Asinh).Folded(Folding.Odd)),
        new("acosh", FunctionDefinition.Of(Math.Acosh, Acosh) with { Domain = _ => new(Dyadic.One, null) }),
        new("atanh", FunctionDefinition.Of(Math.Atanh, Atanh).Folded(Folding.Odd) with
        {
            Domain = _ => new(-1, Dyadic.One, (-1, -1), (Dyadic.One, 1)),
        }),
    ];

    private static Enclosure Sinh(Dyadic x, int bits) => (Exponential.Exp(x, bits + 2) - Exponential.Exp(-x, bits + 2)).Scale(-1);

    /// <summary>For positive x it is 1 − 2 / (e^(2x) + 1), which is 1 less a number whose sign is known however small it is.</summary>
    internal static Enclosure Tanh(Dyadic x, int bits) =>
        x.IsZero ? x
        : x.Sign < 0 ? -Tanh(-x, bits)
        : 1 - Exponential.Sigmoid(-x.Scale(1), bits + 4).Scale(1);

    private static Enclosure Asinh(Dyadic x, int bits)
    {
        if (x.Sign <= 0)
            return x.IsZero ? x : -Asinh(-x, bits);
        var working = bits + 8;
        return Exponential.Log(x + Enclosure.SquareRoot(x * x + Dyadic.One, working), working);
    }

    private static Enclosure Acosh(Dyadic x, int bits)
    {
        var working = bits + 8;
        // Near 1 the root is small and known to as many bits; the logarithm's argument never falls below 1.
        return Exponential.Log(x + Enclosure.SquareRoot(x * x - Dyadic.One, working), working);
    }

    private static Enclosure Atanh(Dyadic x, int bits) =>
        x.IsZero ? x : Exponential.Log(Enclosure.Divide(Dyadic.One + x, Dyadic.One - x, bits + 8 + x.MagnitudeOfInverse()), bits + 4).Scale(-1);

    /// <summary>How many bits a quotient near zero needs more, so that its logarithm is known.</summary>
    private static int MagnitudeOfInverse(this Dyadic x) => Math.Max(0, -(Dyadic.One - (x.Sign < 0 ? -x : x)).Magnitude) + 4;
}
