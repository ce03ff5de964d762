using System.Numerics;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Primitives;

/// <summary>
/// Two numbers between which an unknown real number lies; equal where it is known exactly. Sums and products are exact; what must round
/// rounds outward, to about 2^−bits, but never to fewer than <see cref="LeastDigits"/> significant bits: so the sign of a number is not
/// lost, however small it is.
/// </summary>
internal readonly record struct Enclosure(Dyadic Low, Dyadic High)
{
    private const int LeastDigits = 16;

    public static implicit operator Enclosure(Dyadic value) => new(value, value);

    public static implicit operator Enclosure(int value) => new(value, value);

    public bool IsExact => Low == High;

    /// <summary>Exponent of the leading bit of the larger end; small for zero.</summary>
    public int Magnitude => Math.Max(MagnitudeOf(Low), MagnitudeOf(High));

    public static Enclosure operator +(Enclosure a, Enclosure b) => new(a.Low + b.Low, a.High + b.High);

    public static Enclosure operator -(Enclosure a) => new(-a.High, -a.Low);

    public static Enclosure operator -(Enclosure a, Enclosure b) => a + -b;

    public static Enclosure operator *(Enclosure a, Enclosure b)
    {
        if (a.IsExact && b.IsExact)
            return a.Low * b.Low;
        if (a.Low.Sign >= 0 && b.Low.Sign >= 0)
            return new(a.Low * b.Low, a.High * b.High);
        Dyadic[] corners = [a.Low * b.Low, a.Low * b.High, a.High * b.Low, a.High * b.High];
        return new(corners.Min(), corners.Max());
    }

    public Enclosure Scale(int power) => new(Low.Scale(power), High.Scale(power));

    /// <summary>Rounded outward to 2^−bits.</summary>
    public Enclosure Trim(int bits) => new(Round(Low, bits, up: false), Round(High, bits, up: true));

    /// <summary>The quotient by a divisor that cannot be zero; exact if it is a dyadic number.</summary>
    public static Enclosure Divide(Enclosure a, Enclosure b, int bits)
    {
        if (b.High.Sign < 0)
            return Divide(-a, -b, bits);
        // A divisor that is not known to differ from zero: nothing is known of the quotient yet.
        if (b.Low.Sign <= 0)
            return new(new(-1, Exponential.Farthest), new(1, Exponential.Farthest));
        return new(Quotient(a.Low, a.Low.Sign >= 0 ? b.High : b.Low, bits, up: false), Quotient(a.High, a.High.Sign >= 0 ? b.Low : b.High, bits, up: true));
    }

    /// <summary>The root of a number that is not negative; exact if it is a dyadic number.</summary>
    public static Enclosure SquareRoot(Enclosure a, int bits) => new(Root(a.Low, bits, up: false), Root(a.High, bits, up: true));

    private static int MagnitudeOf(Dyadic x) => x.IsZero ? -Exponential.Farthest : x.Magnitude;

    private static int Digits(int magnitude, int bits) => Math.Max(LeastDigits, bits + magnitude + 4);

    private static Dyadic Round(Dyadic x, int bits, bool up)
    {
        if (x.IsZero)
            return x;
        var drop = x.Magnitude + 1 - Digits(x.Magnitude, bits) - x.Exponent;
        return drop <= 0 ? x : new Dyadic(up ? -(-x.Mantissa >> drop) : x.Mantissa >> drop, x.Exponent + drop);
    }

    private static Dyadic Quotient(Dyadic a, Dyadic b, int bits, bool up)
    {
        if (a.IsZero)
            return a;
        if ((a.Mantissa % b.Mantissa).IsZero)
            return new(a.Mantissa / b.Mantissa, a.Exponent - b.Exponent);
        var digits = Digits(a.Magnitude - b.Magnitude, bits);
        var shift = Math.Max(0, digits - (int)BigInteger.Abs(a.Mantissa).GetBitLength() + (int)b.Mantissa.GetBitLength());
        // BigInteger divides toward zero.
        var quotient = (a.Mantissa << shift) / b.Mantissa;
        if (up == a.Sign > 0)
            quotient += a.Sign;
        return new(quotient, a.Exponent - b.Exponent - shift);
    }

    private static Dyadic Root(Dyadic a, int bits, bool up)
    {
        if (a.IsZero)
            return a;
        var digits = Digits(a.Magnitude / 2, bits);
        var shift = Math.Max(0, 2 * digits - (int)a.Mantissa.GetBitLength());
        shift += (a.Exponent - shift) & 1;
        var radicand = a.Mantissa << shift;
        var root = Dyadic.IntegerRoot(radicand);
        if (up && root * root != radicand)
            root += 1;
        return new(root, (a.Exponent - shift) / 2);
    }
}
