using System.Numerics;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Primitives;

/// <summary>Enclosures of the trigonometric functions, of their inverses, and of the error function.</summary>
internal static class Circular
{
    private const int ConstantBits = 320;

    private static readonly Enclosure StoredPi = Machin(ConstantBits);

    /// <summary>The sine of x.</summary>
    public static Enclosure Sin(Dyadic x, int bits) => x.IsZero ? x : Quadrant(x, 0, bits);

    /// <summary>The cosine of x.</summary>
    public static Enclosure Cos(Dyadic x, int bits) => x.IsZero ? Dyadic.One : Quadrant(x, 1, bits);

    /// <summary>The angle between −π/2 and π/2 whose tangent is a.</summary>
    public static Enclosure Atan(Enclosure a, int bits) => a.IsExact ? Atan(a.Low, bits) : new(Atan(a.Low, bits).Low, Atan(a.High, bits).High);

    /// <summary>π.</summary>
    public static Enclosure Pi(int bits) => bits < ConstantBits - 8 ? StoredPi : Machin(bits + 16);

    /// <summary>
    /// 1 − erf(a) for a that is not negative. Far out it lies between e^(−a²)/(4a) and e^(−a²) (Abramowitz and Stegun 7.1.13); elsewhere
    /// erf is a series of positive terms.
    /// </summary>
    public static Enclosure ErrorComplement(Enclosure a, int bits)
    {
        if (a.Low.IsZero && a.IsExact)
            return Dyadic.One;
        var square = (a * a).Trim(bits + 16);
        if (square.Magnitude > 40 || square.Low > new Dyadic(bits + 8, 0))
        {
            var power = Exponential.Exp(-square, bits);
            var least = Enclosure.Divide(power.Low, a.High.Scale(2), 0).Low;
            return new(least.Scale(-1), power.High);
        }
        return 1 - (a.IsExact ? ErrorSeries(a.Low, bits + 4) : new(ErrorSeries(a.Low, bits + 4).Low, ErrorSeries(a.High, bits + 4).High));
    }

    /// <summary>erf(x) = 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (1 · 3 · … · (2n+1)) (Abramowitz and Stegun 7.1.6), for x that is not negative.</summary>
    private static Enclosure ErrorSeries(Dyadic x, int bits)
    {
        if (x.IsZero)
            return Dyadic.Zero;
        var square = x * x;
        // The sum is at most e^(x²) · √π/2.
        var growth = square.Magnitude < 0 ? 2 : 2 * (int)Exponential.ToFixed(square, 0) + 4;
        var working = bits + growth + 32;
        var factor = Exponential.ToFixed(square.Scale(1), working);
        var term = Exponential.ToFixed(x, working);
        var sum = BigInteger.Zero;
        var terms = 0;
        for (; !term.IsZero; terms++)
        {
            sum += term;
            term = (term * factor >> working) / (2 * terms + 3);
        }
        // What a term lost is multiplied on by what multiplies the term: the losses grow to at most the sum that begins with one unit.
        var slack = new Dyadic((BigInteger)(3 * terms + 16) << growth, -working);
        var series = new Enclosure(new Dyadic(sum, -working) - slack, new Dyadic(sum, -working) + slack);
        var scale = Enclosure.Divide(2, Enclosure.SquareRoot(Pi(working), working), working);
        return (series * Exponential.Exp(-square, bits + growth + 16) * scale).Trim(bits + 8);
    }

    /// <summary>The sine of x + <paramref name="quarters"/> · π/2, from x less a whole number of quarter turns.</summary>
    private static Enclosure Quadrant(Dyadic x, int quarters, int bits)
    {
        var working = Math.Max(bits, 8) + Math.Max(0, x.Magnitude) + 24;
        var quarter = Pi(working + 16).Scale(-1);
        var turns = Casting.Round(Enclosure.Divide(x, quarter, 8).Low.Mantissa, -Enclosure.Divide(x, quarter, 8).Low.Exponent, Rounding.Rnd);
        var rest = (x - new Enclosure(new Dyadic(turns, 0), new Dyadic(turns, 0)) * quarter).Trim(working);
        // Low and High differ by less than 2^(24 − working); a sine changes by no more than its angle.
        var middle = Exponential.ToFixed(rest.Low, working);
        var spread = new Dyadic(1, -working) + rest.High - rest.Low;
        var index = (int)((turns + quarters) & 3);
        var value = Series(middle, working, isCosine: (index & 1) == 1);
        var result = index >= 2 ? -value : value;
        return new(result.Low - spread, result.High + spread);
    }

    /// <summary>The Taylor series of sine or cosine at an angle of at most about 1.</summary>
    private static Enclosure Series(BigInteger angle, int working, bool isCosine)
    {
        var square = angle * angle >> working;
        var term = isCosine ? BigInteger.One << working : angle;
        var sum = BigInteger.Zero;
        var n = isCosine ? 0 : 1;
        for (; !term.IsZero && term != BigInteger.MinusOne; n += 2)
        {
            sum += term;
            term = -((term * square >> working) / ((n + 1) * (n + 2)));
        }
        var slack = 4 * n + 16;
        return new(new Dyadic(sum - slack, -working), new Dyadic(sum + slack, -working));
    }

    private static Enclosure Atan(Dyadic x, int bits)
    {
        if (x.IsZero)
            return x;
        if (x.Sign < 0)
            return -Atan(-x, bits);
        if (x > Dyadic.One)
            return Pi(bits + 8).Scale(-1) - Atan(Enclosure.Divide(Dyadic.One, x, bits + 8), bits + 4);
        // tan(α/2) = t / (1 + √(1 + t²)): three halvings bring t below 1/7.
        var working = Math.Max(bits, 8) + 40;
        var t = (Enclosure)x;
        for (var i = 0; i < 3; i++)
            t = Enclosure.Divide(t, 1 + Enclosure.SquareRoot((1 + t * t).Trim(working + 8), working + 8), working + 8);
        var series = AtanSeries(Exponential.ToFixed(t.Low, working), working);
        var spread = new Dyadic(1, -working) + t.High - t.Low;
        return new Enclosure(series.Low, series.High + spread).Scale(3);
    }

    private static Enclosure AtanSeries(BigInteger z, int working)
    {
        var (power, square, sum, terms) = (z, z * z >> working, BigInteger.Zero, 0);
        for (; !power.IsZero; terms++)
        {
            sum += terms % 2 == 0 ? power / (2 * terms + 1) : -(power / (2 * terms + 1));
            power = power * square >> working;
        }
        var slack = 4 * terms + 16;
        return new(new Dyadic(sum - slack, -working), new Dyadic(sum + slack, -working));
    }

    /// <summary>π = 16 · atan(1/5) − 4 · atan(1/239).</summary>
    private static Enclosure Machin(int working)
    {
        var (fifth, small) = (AtanOfInverse(5, working), AtanOfInverse(239, working));
        return fifth.Scale(4) - small.Scale(2);
    }

    private static Enclosure AtanOfInverse(int divisor, int working)
    {
        var (power, sum, terms) = ((BigInteger.One << working) / divisor, BigInteger.Zero, 0);
        for (; !power.IsZero; terms++)
        {
            sum += terms % 2 == 0 ? power / (2 * terms + 1) : -(power / (2 * terms + 1));
            power /= divisor * divisor;
        }
        var slack = 4 * terms + 16;
        return new(new Dyadic(sum - slack, -working), new Dyadic(sum + slack, -working));
    }
}
