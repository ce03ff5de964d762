using System.Globalization;
using System.Numerics;

namespace Hls4Net.Core.Numbers;

/// <summary>The numbers n · 2^−Fraction with Low ≤ n ≤ High: what a value can be.</summary>
public readonly record struct Interval(BigInteger Low, BigInteger High, int Fraction)
{
    public static Interval Of(Dyadic value)
    {
        var fraction = Math.Max(0, -value.Exponent);
        var raw = value.ToRaw(fraction);
        return new(raw, raw, fraction);
    }

    /// <summary>The interval from <paramref name="low"/> to <paramref name="high"/> on the grid of 2^−fraction.</summary>
    public static Interval Between(Dyadic low, Dyadic high, int fraction) => new(low.ToRaw(fraction), high.ToRaw(fraction), fraction);

    public Dyadic Minimum => new(Low, -Fraction);

    public Dyadic Maximum => new(High, -Fraction);

    /// <summary>The largest magnitude.</summary>
    public Dyadic Largest => new(BigInteger.Max(BigInteger.Abs(Low), BigInteger.Abs(High)), -Fraction);

    /// <summary>The smallest type with this interval's resolution that holds all of it: signed only if needed, at least one bit.</summary>
    public FixedType Type
    {
        get
        {
            var signed = Low.Sign < 0;
            var bits = Math.Max(BitsOf(Low), BitsOf(High)) + (signed ? 1 : 0);
            var width = Math.Max(1, bits);
            return new(signed, width, width - Fraction);
        }
    }

    public static Interval operator +(Interval a, Interval b)
    {
        var (x, y) = Align(a, b);
        return new(x.Low + y.Low, x.High + y.High, x.Fraction);
    }

    public static Interval operator -(Interval a, Interval b)
    {
        var (x, y) = Align(a, b);
        return new(x.Low - y.High, x.High - y.Low, x.Fraction);
    }

    public static Interval operator *(Interval a, Interval b)
    {
        var p = a.Low * b.Low;
        var q = a.Low * b.High;
        var r = a.High * b.Low;
        var s = a.High * b.High;
        return new(BigInteger.Min(BigInteger.Min(p, q), BigInteger.Min(r, s)), BigInteger.Max(BigInteger.Max(p, q), BigInteger.Max(r, s)),
            a.Fraction + b.Fraction);
    }

    /// <summary>The smallest interval that holds both, on the finer grid.</summary>
    public Interval Union(Interval other)
    {
        var (x, y) = Align(this, other);
        return new(BigInteger.Min(x.Low, y.Low), BigInteger.Max(x.High, y.High), x.Fraction);
    }

    /// <summary>The same numbers on a finer grid.</summary>
    public Interval WithFraction(int fraction) =>
        fraction == Fraction ? this
        : fraction > Fraction ? new(Low << (fraction - Fraction), High << (fraction - Fraction), fraction)
        : throw new ArgumentOutOfRangeException(nameof(fraction), fraction, $"The interval {this} needs {Fraction} fraction bits.");

    public bool Contains(Dyadic value) => value >= Minimum && value <= Maximum;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"[{Minimum.ToDouble()}, {Maximum.ToDouble()}]/2^-{Fraction}");

    internal static (Interval A, Interval B) Align(Interval a, Interval b)
    {
        var fraction = Math.Max(a.Fraction, b.Fraction);
        return (a.WithFraction(fraction), b.WithFraction(fraction));
    }

    private static int BitsOf(BigInteger raw) => (int)(raw.Sign < 0 ? -(raw + 1) : raw).GetBitLength();
}
