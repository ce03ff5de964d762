using System.Numerics;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Primitives;

/// <summary>Roots, reciprocals and powers, which are exact wherever their value is a dyadic number.</summary>
internal static class AlgebraicFunctions
{
    /// <summary>Exact powers with more bits than this are beyond every type.</summary>
    private const int LongestPower = 1 << 16;

    private const int LongestLogarithm = 8192;

    public static IEnumerable<KeyValuePair<string, FunctionDefinition>> All =>
    [
        new("sqrt", FunctionDefinition.Of(Math.Sqrt, (x, bits) => Enclosure.SquareRoot(x, bits)) with { Domain = _ => Domain.NotNegative }),
        new("reciprocal", FunctionDefinition.Of(x => 1 / x, (x, bits) => Enclosure.Divide(Dyadic.One, x, bits)) with
        {
            Domain = _ => new(null, null, (Dyadic.Zero, 1)),
            HasPole = (_, from, to) => from < 0 && to > 0,
            Folding = _ => Folding.Odd,
        }),
        new("reciprocal_sqrt", FunctionDefinition.Of(x => 1 / Math.Sqrt(x), ReciprocalRoot) with
        {
            Domain = _ => new(Dyadic.Zero, null, (Dyadic.Zero, 1)),
        }),
        // x to the power of the parameter
        new("pow", new((x, p) => Math.Pow(x, p[0]), (x, p, bits) => Power(x, p[0], bits))
        {
            Parameters = 1,
            Turns = (_, _, _) => [0],
            HasPole = (p, from, to) => p[0] < 0 && from < 0 && to > 0,
            Domain = p => DomainOfPower(p[0]),
            Folding = p => !IsWhole(p[0]) ? Folding.None : p[0].IsZero || p[0].Exponent > 0 ? Folding.Even : Folding.Odd,
        }),
        // the parameter, which is positive, to the power of x
        new("power_of", new((x, p) => Math.Pow(p[0], x), (x, p, bits) => PowerOf(p[0], x, bits)) { Parameters = 1 }),
    ];

    private static bool IsWhole(Dyadic exponent) => exponent.IsZero || exponent.Exponent >= 0;

    private static Domain DomainOfPower(Dyadic exponent)
    {
        (Dyadic, int)[] poles = exponent.Sign < 0 ? [(Dyadic.Zero, 1)] : [];
        return new(IsWhole(exponent) ? null : Dyadic.Zero, null, poles);
    }

    private static Enclosure ReciprocalRoot(Dyadic x, int bits)
    {
        // The root of a tiny number has a large reciprocal.
        var working = bits + 16 + 3 * Math.Abs(x.Magnitude);
        return Enclosure.Divide(Dyadic.One, Enclosure.SquareRoot(x, working), bits + 8);
    }

    /// <summary>base^x, base positive: (2^k · m)^x.</summary>
    private static Enclosure PowerOf(Dyadic number, Dyadic x, int bits) => number.Sign > 0 ? Power(number, x, bits) : Dyadic.Zero;

    private static Enclosure Power(Dyadic x, Dyadic exponent, int bits)
    {
        if (exponent.IsZero || x == Dyadic.One)
            return Dyadic.One;
        if (x.IsZero)
            return x;
        if (x.Sign < 0)
        {
            var positive = Power(-x, exponent, bits);
            return exponent.Exponent == 0 ? -positive : positive;
        }
        if (ExactPower(x, exponent, bits) is { } exact)
            return exact;
        var rough = exponent * Exponential.Log(x, 32);
        // Larger than every type: the exact amount does not count.
        if (rough.Low > LongestLogarithm)
            return Exponential.Exp(rough, 0);
        // e^(p · log x); the product must be known to as many more bits as the power and the exponent are long.
        var growth = rough.High.Sign <= 0 ? 0 : (int)BigInteger.Min(2 * Exponential.ToFixed(rough.High, 0), 3 * LongestLogarithm);
        var working = bits + growth + Math.Max(0, exponent.Magnitude) + 16;
        return Exponential.Exp((exponent * Exponential.Log(x, working)).Trim(working), bits);
    }

    /// <summary>
    /// With the exponent n · 2^−k and n odd, the power is rational only if the k-th square root is; then it is that root's n-th power.
    /// </summary>
    private static Enclosure? ExactPower(Dyadic x, Dyadic exponent, int bits)
    {
        var root = x;
        for (var k = exponent.Exponent; k < 0; k++)
        {
            if (RootOf(root) is not { } next)
                return null;
            root = next;
        }
        var whole = BigInteger.Abs(exponent.Mantissa) << Math.Max(0, exponent.Exponent);
        if (whole > int.MaxValue / 2 || whole * (root.Mantissa.GetBitLength() - (root.Mantissa.IsOne ? 1 : 0)) > LongestPower
            || whole * Math.Abs(root.Exponent) > LongestPower)
            return null;
        var power = new Dyadic(BigInteger.Pow(root.Mantissa, (int)whole), root.Exponent * (int)whole);
        return exponent.Sign > 0 ? power : Enclosure.Divide(Dyadic.One, power, bits + 4);
    }

    private static Dyadic? RootOf(Dyadic x)
    {
        if (x.Exponent % 2 != 0)
            return null;
        var root = Dyadic.IntegerRoot(x.Mantissa);
        return root * root == x.Mantissa ? new Dyadic(root, x.Exponent / 2) : null;
    }
}
