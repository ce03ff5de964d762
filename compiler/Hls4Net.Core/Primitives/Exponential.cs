using System.Numerics;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Primitives;

/// <summary>Enclosures of the exponential and of what is made of it.</summary>
internal static class Exponential
{
    /// <summary>
    /// Beyond 2^±this, the exponential is larger than every type or smaller than every type's resolution, whatever its exact amount.
    /// </summary>
    public const int Horizon = 1 << 15;

    /// <summary>The exponent that stands for what is beyond the horizon.</summary>
    public const int Farthest = 2 * Horizon;

    private const int ConstantBits = 320;

    private static readonly Enclosure StoredLogarithmOf2 = SeriesOfAtanh(BigInteger.One, 3, ConstantBits).Scale(1);

    /// <summary>e^a.</summary>
    public static Enclosure Exp(Enclosure a, int bits) => a.IsExact ? Exp(a.Low, bits) : new(Exp(a.Low, bits).Low, Exp(a.High, bits).High);

    /// <summary>The natural logarithm of a positive number.</summary>
    public static Enclosure Log(Enclosure a, int bits) => a.IsExact ? Log(a.Low, bits) : new(Log(a.Low, bits).Low, Log(a.High, bits).High);

    /// <summary>log(1 + a) of a number that is not negative: y − y²/2 &lt; log(1 + y) &lt; y.</summary>
    public static Enclosure LogOfOnePlus(Enclosure a, int bits) =>
        a.Magnitude < -bits - 4 ? new(a.Low.Scale(-1), a.High) : Log((1 + a).Trim(bits + 8), bits + 4);

    /// <summary>1 / (1 + e^(−a)): the smaller of the two values of ±a is computed, the other is what it lacks to 1.</summary>
    public static Enclosure Sigmoid(Enclosure a, int bits)
    {
        if (a.Low.Sign > 0)
            return 1 - Sigmoid(-a, bits);
        var power = Exp(a, bits + 8);
        return Enclosure.Divide(power, 1 + power, bits + 4);
    }

    private static Enclosure Exp(Dyadic x, int bits)
    {
        if (x.IsZero)
            return Dyadic.One;
        // e = 2^1.4426…, so that e^x lies between 2^(1.4x) and 2^(1.5x).
        if (x.Magnitude > 20)
            return x.Sign > 0 ? new(new(1, Horizon), new(1, Farthest)) : new(new(1, -Farthest), new(1, -Horizon));
        var (lesser, greater) = x.Sign > 0 ? (14, 15) : (15, 14);
        var low = Math.Clamp(Floor(x * lesser) / 10 - 1, -Farthest, Horizon);
        var high = Math.Clamp(Floor(x * greater) / 10 + 2, -Horizon, Farthest);
        return bits <= 0 || low >= Horizon || high <= Math.Max(-Horizon, -bits - 8) ? new(new(1, low), new(1, high)) : ByPowerSeries(x, bits, high);
    }

    /// <summary>e^x, less than 2^<paramref name="exponent"/>, by halving the argument, a Taylor series in integers, and squaring back.</summary>
    private static Enclosure ByPowerSeries(Dyadic x, int bits, int exponent)
    {
        var halvings = Math.Max(0, x.Magnitude + 9);
        var working = bits + halvings + Math.Max(0, exponent) + 32;
        var reduced = ToFixed(x.Scale(-halvings), working);
        var sum = BigInteger.One << working;
        var term = sum;
        for (var n = 1; !term.IsZero && term != BigInteger.MinusOne; n++)
        {
            term = (term * reduced >> working) / n;
            sum += term;
        }
        for (var i = 0; i < halvings; i++)
            sum = sum * sum >> working;
        // Each truncation errs by less than a unit; the series has fewer than `working` terms, and squaring doubles the relative error.
        var error = BigInteger.Max(BigInteger.One, sum >> working) + 1;
        var slack = error * working << (halvings + 3);
        // The exponential is positive, which decides the sign of what is rounded away.
        var low = sum > slack ? new Dyadic(sum - slack, -working) : new Dyadic(1, -Farthest);
        return new(low, new Dyadic(sum + slack, -working));
    }

    /// <summary>log(m · 2^k) = k · log 2 + 2 · atanh((m − 1) / (m + 1)) with m near 1.</summary>
    private static Enclosure Log(Dyadic x, int bits)
    {
        if (x == Dyadic.One)
            return Dyadic.Zero;
        var k = x.Magnitude;
        if (bits <= 0)
            return new(k >= 0 ? new Dyadic(k * 11, -4) : k, k >= 0 ? k + 1 : new Dyadic((k + 1) * 11, -4));
        var m = x.Scale(-k);
        if (m > new Dyadic(3, -1))
            (m, k) = (m.Scale(-1), k + 1);
        var working = bits + 40;
        var z = Enclosure.Divide(m - Dyadic.One, m + Dyadic.One, working);
        var series = SeriesOfAtanh(ToFixed(z.Low, working), 0, working).Scale(1);
        if (k == 0)
            return series;
        return LogarithmOf2(working) * k + series;
    }

    /// <summary>log 2 = 2 · atanh(1/3).</summary>
    private static Enclosure LogarithmOf2(int bits) => bits < ConstantBits ? StoredLogarithmOf2 : SeriesOfAtanh(BigInteger.One, 3, bits).Scale(1);

    /// <summary>
    /// z + z³/3 + z⁵/5 + …, for z = 1/<paramref name="divisor"/>, or with divisor 0 for the integer z · 2^−working, |z| ≤ 1/3, that itself
    /// errs by less than two units.
    /// </summary>
    private static Enclosure SeriesOfAtanh(BigInteger z, int divisor, int working)
    {
        var power = divisor == 0 ? z : (BigInteger.One << working) / divisor;
        var square = divisor == 0 ? z * z >> working : BigInteger.Zero;
        var sum = BigInteger.Zero;
        var terms = 0;
        for (; !power.IsZero && power != BigInteger.MinusOne; terms++)
        {
            sum += power / (2 * terms + 1);
            power = divisor == 0 ? power * square >> working : power / (divisor * divisor);
        }
        // A term errs by what its power lost in all steps, which shrinks with it, and by its own truncation.
        var slack = 4 * terms + 16;
        return new(new Dyadic(sum - slack, -working), new Dyadic(sum + slack, -working));
    }

    private static int Floor(Dyadic x) => (int)(x.Exponent >= 0 ? x.Mantissa << x.Exponent : x.Mantissa >> -x.Exponent);

    /// <summary>The integer below x · 2^fraction.</summary>
    internal static BigInteger ToFixed(Dyadic x, int fraction)
    {
        var shift = x.Exponent + fraction;
        return shift >= 0 ? x.Mantissa << shift : x.Mantissa >> -shift;
    }
}
