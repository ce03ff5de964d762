using System.Globalization;
using System.Numerics;

namespace Hls4Net.Core.Numbers;

/// <summary>
/// An exact quotient of integers in lowest terms, the denominator positive: what a ratio of scales is. Every <see cref="Dyadic"/> is one.
/// </summary>
public readonly struct Rational : IEquatable<Rational>, IComparable<Rational>
{
    private readonly BigInteger _denominatorLessOne;

    /// <exception cref="DivideByZeroException">The denominator is zero.</exception>
    public Rational(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
            throw new DivideByZeroException("A rational number has no denominator of zero.");
        var common = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        Numerator = numerator / common;
        _denominatorLessOne = denominator / common - 1;
    }

    public BigInteger Numerator { get; }

    public BigInteger Denominator => _denominatorLessOne + 1;

    public static Rational Zero => default;

    public static Rational One { get; } = new(1, 1);

    public int Sign => Numerator.Sign;

    public bool IsZero => Numerator.IsZero;

    public bool IsInteger => _denominatorLessOne.IsZero;

    /// <summary>Whether fixed point can hold the number.</summary>
    public bool IsDyadic => Denominator.IsPowerOfTwo;

    /// <summary>Whether the magnitude is a power of two, so that a multiplication by it only moves the binary point.</summary>
    public bool IsPowerOfTwo => IsDyadic && BigInteger.Abs(Numerator).IsPowerOfTwo;

    /// <summary>The largest integer that is not above the number.</summary>
    public BigInteger Floor => Numerator.Sign >= 0 ? Numerator / Denominator : -((-Numerator + _denominatorLessOne) / Denominator);

    public static implicit operator Rational(int value) => new(value, 1);

    public static implicit operator Rational(BigInteger value) => new(value, 1);

    public static implicit operator Rational(Dyadic value) => value.Exponent >= 0
        ? new(value.Mantissa << value.Exponent, 1)
        : new(value.Mantissa, BigInteger.One << -value.Exponent);

    public static Rational operator +(Rational a, Rational b) => new(a.Numerator * b.Denominator + b.Numerator * a.Denominator, a.Denominator * b.Denominator);

    public static Rational operator -(Rational a) => new(-a.Numerator, a.Denominator);

    public static Rational operator -(Rational a, Rational b) => a + -b;

    public static Rational operator *(Rational a, Rational b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    /// <exception cref="DivideByZeroException">The divisor is zero.</exception>
    public static Rational operator /(Rational a, Rational b) => new(a.Numerator * b.Denominator, a.Denominator * b.Numerator);

    public static bool operator ==(Rational a, Rational b) => a.Equals(b);

    public static bool operator !=(Rational a, Rational b) => !a.Equals(b);

    public static bool operator <(Rational a, Rational b) => a.CompareTo(b) < 0;

    public static bool operator >(Rational a, Rational b) => a.CompareTo(b) > 0;

    public static bool operator <=(Rational a, Rational b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Rational a, Rational b) => a.CompareTo(b) >= 0;

    public static Rational Abs(Rational value) => value.Sign < 0 ? -value : value;

    /// <summary>The largest number of which both are whole multiples; zero if both are zero.</summary>
    public static Rational GreatestCommonDivisor(Rational a, Rational b) => new(
        BigInteger.GreatestCommonDivisor(a.Numerator * b.Denominator, b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    /// <summary>number · 2^power.</summary>
    public Rational Scale(int power) => power >= 0 ? new(Numerator << power, Denominator) : new(Numerator, Denominator << -power);

    /// <summary>The number itself if it is dyadic, else to 160 significant bits.</summary>
    public Dyadic ToDyadic() => IsDyadic
        ? new(Numerator, -(int)(Denominator.GetBitLength() - 1))
        : new Dyadic(Numerator, 0) / new Dyadic(Denominator, 0);

    public bool Equals(Rational other) => Numerator == other.Numerator && _denominatorLessOne == other._denominatorLessOne;

    public override bool Equals(object? obj) => obj is Rational other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Numerator, _denominatorLessOne);

    public int CompareTo(Rational other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");
}
