using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Primitives;

/// <summary>The activation functions of neural networks.</summary>
internal static class ActivationFunctions
{
    public static IEnumerable<KeyValuePair<string, FunctionDefinition>> All =>
    [
        new("sigmoid", FunctionDefinition.Of(Reals.Sigmoid, (x, bits) => x.IsZero ? new Dyadic(1, -1) : Exponential.Sigmoid(x, bits))
            .Folded(Folding.Complement)),
        new("softplus", FunctionDefinition.Of(Reals.Softplus, Softplus).Folded(Folding.Ramp)),
        new("softsign", FunctionDefinition.Of(x => x / (1 + Math.Abs(x)), (x, bits) => Enclosure.Divide(x, Dyadic.One + (x.Sign < 0 ? -x : x), bits + 4))
            .Folded(Folding.Odd)),
        new("erf", FunctionDefinition.Of(Reals.Erf, Erf).Folded(Folding.Odd)),
        new("gelu", FunctionDefinition.Of(Reals.Gelu, Gelu, -0.7517915246935646).Folded(Folding.Ramp)),
        new("gelu_tanh", FunctionDefinition.Of(Reals.GeluTanh, GeluTanh, -0.7524614220710163).Folded(Folding.Ramp)),
        new("mish", FunctionDefinition.Of(Reals.Mish, Mish, -1.1924312145154954)),
        // x · sigmoid(alpha · x)
        new("swish", new((x, p) => x * Reals.Sigmoid(p[0] * x), (x, p, bits) => Swish(x, p[0] * x, bits))
        {
            Parameters = 1,
            Turns = (p, _, _) => [-1.2784645427610741 / p[0]],
            Folding = p => p[0].Sign > 0 ? Folding.Ramp : Folding.None,
        }),
        // x above 0, alpha · (e^x − 1) below
        new("elu", new((x, p) => x > 0 ? x : p[0] * Reals.ExpMinus1(x), (x, p, bits) => x.Sign >= 0 ? x : Below(x, p[0], bits))
        {
            Parameters = 1,
            Turns = (_, _, _) => [0],
            Folding = _ => Folding.Rectifier,
        }),
        // gamma · x above 0, gamma · alpha · (e^x − 1) below; parameters alpha and gamma
        new("selu", new((x, p) => p[1] * (x > 0 ? x : p[0] * Reals.ExpMinus1(x)), (x, p, bits) => x.Sign >= 0 ? p[1] * x : Below(x, p[0] * p[1], bits))
        {
            Parameters = 2,
            Turns = (_, _, _) => [0],
        }),
        // x above 0, alpha · (e^(x / alpha) − 1) below
        new("celu", new((x, p) => x > 0 ? x : p[0] * Reals.ExpMinus1(x / p[0]), (x, p, bits) => x.Sign >= 0 ? x : Celu(x, p[0], bits))
        {
            Parameters = 1,
            Turns = (_, _, _) => [0],
            Folding = _ => Folding.Rectifier,
        }),
    ];

    private static Enclosure Softplus(Dyadic x, int bits)
    {
        var (size, above) = x.Sign < 0 ? (-x, Dyadic.Zero) : (x, x);
        return above + Exponential.LogOfOnePlus(Exponential.Exp(-size, bits + 16), bits + 4);
    }

    private static Enclosure Erf(Dyadic x, int bits) =>
        x.Sign <= 0 ? (x.IsZero ? x : -Erf(-x, bits)) : 1 - Circular.ErrorComplement(x, bits + 4);

    /// <summary>For negative x it is −|x| · erfc(|x| / √2) / 2, and gelu(x) = x + gelu(−x).</summary>
    private static Enclosure Gelu(Dyadic x, int bits)
    {
        if (x.Sign >= 0)
            return x.IsZero ? x : x + Gelu(-x, bits);
        var working = bits + Math.Max(0, x.Magnitude) + 8;
        var root = Enclosure.SquareRoot(new Dyadic(1, -1), working + Math.Max(0, x.Magnitude) + 16);
        return (x * Circular.ErrorComplement(-x * root, working)).Scale(-1);
    }

    /// <summary>x · sigmoid(2u) with u = √(2/π) · (x + 0.044715 · x³).</summary>
    private static Enclosure GeluTanh(Dyadic x, int bits)
    {
        if (x.IsZero)
            return x;
        var working = bits + 4 * Math.Max(0, x.Magnitude) + 16;
        var cubic = Enclosure.Divide(new Dyadic(44715, 0) * x * x * x, 1_000_000, working);
        var factor = Enclosure.SquareRoot(Enclosure.Divide(8, Circular.Pi(working + 8), working + 8), working);
        return Swish(x, factor * (x + cubic), bits);
    }

    /// <summary>x · sigmoid(argument), where both have the same sign, or the opposite one for a negative slope.</summary>
    private static Enclosure Swish(Dyadic x, Enclosure argument, int bits)
    {
        if (x.IsZero)
            return x;
        if (argument.IsExact && argument.Low.IsZero)
            return x.Scale(-1);
        return x * Exponential.Sigmoid(argument.Trim(bits + 32), bits + Math.Max(0, x.Magnitude) + 4);
    }

    /// <summary>With n = e^x (e^x + 2) it is x · n / (n + 2), for positive x written as x − 2x / (n + 2).</summary>
    private static Enclosure Mish(Dyadic x, int bits)
    {
        if (x.IsZero)
            return x;
        var working = bits + Math.Max(0, x.Magnitude) + 12;
        if (x.Sign < 0)
        {
            var small = Exponential.Exp(x, working);
            var n = small * (small + 2);
            return x * Enclosure.Divide(n, n + 2, working);
        }
        // 2 / (n + 2) = 2d² / (1 + 2d + 2d²) with d = e^(−x).
        var d = Exponential.Exp(-x, working);
        var twice = (d * d).Scale(1);
        return x - x * Enclosure.Divide(twice, 1 + d.Scale(1) + twice, working);
    }

    /// <summary>factor · (e^x − 1) of a negative x.</summary>
    private static Enclosure Below(Dyadic x, Dyadic factor, int bits) => factor * (Exponential.Exp(x, bits + Extra(factor)) - 1);

    private static Enclosure Celu(Dyadic x, Dyadic alpha, int bits)
    {
        var working = bits + Extra(alpha) + 16;
        return alpha * (Exponential.Exp(Enclosure.Divide(x, alpha, working), working) - 1);
    }

    private static int Extra(Dyadic factor) => factor.IsZero ? 0 : Math.Max(0, factor.Magnitude + 1);
}
