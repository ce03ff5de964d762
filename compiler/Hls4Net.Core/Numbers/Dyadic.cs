using System.Globalization;
using System.Numerics;

namespace Hls4Net.Core.Numbers;

/// <summary>
/// An exact number Mantissa · 2^Exponent. Every float32, float64 and fixed-point number is one, and sums and products stay exact.
/// Two equal numbers have equal fields: the mantissa is odd, or zero with exponent 0.
/// </summary>
public readonly struct Dyadic : IEquatable<Dyadic>, IComparable<Dyadic>
{
    /// <summary>Bits of a quotient or root when it is not exact: 2^−160 relative, far below any type's resolution.</summary>
    private const int Precision = 160;

    public Dyadic(BigInteger mantissa, int exponent)
    {
        if (mantissa.IsZero)
        {
            Mantissa = BigInteger.Zero;
            Exponent = 0;
            return;
        }
        var zeros = mantissa.IsEven ? TrailingZeros(mantissa) : 0;
        Mantissa = mantissa >> zeros;
        Exponent = exponent + zeros;
    }

    public BigInteger Mantissa { get; }

    public int Exponent { get; }

    public static Dyadic Zero => default;

    public static Dyadic One { get; } = new(1, 0);

    public int Sign => Mantissa.Sign;

    public bool IsZero => Mantissa.IsZero;

    /// <summary>The exponent of the leading bit: 2^Magnitude ≤ |x| &lt; 2^(Magnitude+1); undefined for zero.</summary>
    public int Magnitude => Exponent + (int)BigInteger.Abs(Mantissa).GetBitLength() - 1;

    public static implicit operator Dyadic(int value) => new(value, 0);

    public static Dyadic operator +(Dyadic a, Dyadic b)
    {
        var exponent = Math.Min(a.Exponent, b.Exponent);
        return a.IsZero ? b : b.IsZero ? a : new((a.Mantissa << (a.Exponent - exponent)) + (b.Mantissa << (b.Exponent - exponent)), exponent);
    }

    public static Dyadic operator -(Dyadic a) => new(-a.Mantissa, a.Exponent);

    public static Dyadic operator -(Dyadic a, Dyadic b) => a + -b;

    public static Dyadic operator *(Dyadic a, Dyadic b) => new(a.Mantissa * b.Mantissa, a.Exponent + b.Exponent);

    /// <summary>The quotient, exact if it is dyadic with at most 160 more bits, else rounded to 160 significant bits toward zero.</summary>
    public static Dyadic operator /(Dyadic a, Dyadic b)
    {
        var shift = Precision + Math.Max(0, (int)BigInteger.Abs(b.Mantissa).GetBitLength());
        return new((a.Mantissa << shift) / b.Mantissa, a.Exponent - b.Exponent - shift);
    }

    public static bool operator ==(Dyadic a, Dyadic b) => a.Equals(b);

    public static bool operator !=(Dyadic a, Dyadic b) => !a.Equals(b);

    public static bool operator <(Dyadic a, Dyadic b) => a.CompareTo(b) < 0;

    public static bool operator >(Dyadic a, Dyadic b) => a.CompareTo(b) > 0;

    public static bool operator <=(Dyadic a, Dyadic b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Dyadic a, Dyadic b) => a.CompareTo(b) >= 0;

    /// <summary>x · 2^power.</summary>
    public Dyadic Scale(int power) => new(Mantissa, IsZero ? 0 : Exponent + power);

    /// <summary>The square root rounded down to at least 160 significant bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public Dyadic Sqrt()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Sign);
        var shift = 2 * Precision + (Exponent & 1);
        return new(IntegerRoot(Mantissa << shift), (Exponent - shift) / 2);
    }

    /// <summary>The exact value of a finite float64.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN or infinite.</exception>
    public static Dyadic FromDouble(double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentOutOfRangeException(nameof(value), value, "NaN and infinity are not numbers of a fixed-point design.");
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var fraction = bits & 0xFFFFFFFFFFFFFL;
        var mantissa = exponent == 0 ? fraction : fraction | (1L << 52);
        return new(value < 0 ? -mantissa : mantissa, Math.Max(exponent, 1) - 1075);
    }

    /// <summary>
    /// The nearest float64 (a tie to even, beyond the largest an infinity), for reports and for the real interpretation; never for a
    /// decision on a bit.
    /// </summary>
    public double ToDouble()
    {
        if (IsZero)
            return 0;
        if (Magnitude > 1023)
            return Sign < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        // The last bit of a float64 is worth 2^(Magnitude − 52), of a subnormal one 2^−1074.
        var last = Math.Max(Magnitude - 52, -1074);
        return last <= Exponent
            ? Math.ScaleB((double)Mantissa, Exponent)
            : Math.ScaleB((double)Casting.Round(Mantissa, last - Exponent, Rounding.RndConv), last);
    }

    /// <summary>The integer n with value n · 2^−fraction.</summary>
    /// <exception cref="ArithmeticException">The number is not a multiple of 2^−fraction.</exception>
    public BigInteger ToRaw(int fraction)
    {
        var shift = Exponent + fraction;
        if (IsZero)
            return BigInteger.Zero;
        return shift >= 0 ? Mantissa << shift : throw new ArithmeticException($"{this} is not a multiple of 2^-{fraction}.");
    }

    public bool Equals(Dyadic other) => Exponent == other.Exponent && Mantissa == other.Mantissa;

    public override bool Equals(object? obj) => obj is Dyadic other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Mantissa, Exponent);

    public int CompareTo(Dyadic other) => (this - other).Sign;

    /// <summary>Mantissa and exponent, as <c>5p-3</c> for 0.625; <see cref="Parse"/> reads it back.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Mantissa}p{Exponent}");

    /// <exception cref="FormatException">The text is not a mantissa with or without an exponent.</exception>
    public static Dyadic Parse(ReadOnlySpan<char> text)
    {
        var p = text.IndexOf('p');
        var mantissa = p < 0 ? text : text[..p];
        var exponent = 0;
        if (p >= 0 && !int.TryParse(text[(p + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            throw new FormatException($"'{text}' is not a number like 5p-3.");
        if (long.TryParse(mantissa, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var small))
            return new(small, exponent);
        return BigInteger.TryParse(mantissa, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large)
            ? new(large, exponent)
            : throw new FormatException($"'{text}' is not a number like 5p-3.");
    }

    private static int TrailingZeros(BigInteger value)
    {
        var zeros = 0;
        var low = (ulong)(value & ulong.MaxValue);
        while (low == 0)
        {
            zeros += 64;
            value >>= 64;
            low = (ulong)(value & ulong.MaxValue);
        }
        return zeros + BitOperations.TrailingZeroCount(low);
    }

    /// <summary>The largest integer whose square is at most the value, which is not negative.</summary>
    internal static BigInteger IntegerRoot(BigInteger value)
    {
        if (value.IsZero)
            return value;
        var root = BigInteger.One << (int)((value.GetBitLength() + 1) / 2);
        while (true)
        {
            var next = (root + value / root) >> 1;
            if (next >= root)
                return root;
            root = next;
        }
    }
}
