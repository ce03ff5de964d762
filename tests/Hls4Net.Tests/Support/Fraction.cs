using System.Numerics;

namespace Hls4Net.Tests.Support;

/// <summary>An exact quotient, for evaluations that share nothing with the compiler's numbers.</summary>
internal readonly record struct Fraction(BigInteger N, BigInteger D)
{
    public static Fraction Zero { get; } = new(0, 1);

    public static Fraction Of(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = (bits & ((1L << 52) - 1)) | (exponent == 0 ? 0 : 1L << 52);
        var power = Math.Max(exponent, 1) - 1075;
        var signed = (BigInteger)(value < 0 ? -mantissa : mantissa);
        return power >= 0 ? new(signed << power, 1) : Reduce(signed, BigInteger.One << -power);
    }

    public static implicit operator Fraction(int value) => new(value, 1);

    public static implicit operator Fraction(BigInteger value) => new(value, 1);

    public static Fraction operator +(Fraction a, Fraction b) => a.D == b.D ? Reduce(a.N + b.N, a.D) : Reduce(a.N * b.D + b.N * a.D, a.D * b.D);

    public static Fraction operator -(Fraction a, Fraction b) => a + new Fraction(-b.N, b.D);

    public static Fraction operator *(Fraction a, Fraction b) => Reduce(a.N * b.N, a.D * b.D);

    public static Fraction operator /(Fraction a, Fraction b) => b.N.Sign < 0 ? Reduce(-a.N * b.D, a.D * -b.N) : Reduce(a.N * b.D, a.D * b.N);

    public static bool operator >(Fraction a, Fraction b) => (a - b).N.Sign > 0;

    public static bool operator <(Fraction a, Fraction b) => b > a;

    public static Fraction Max(Fraction a, Fraction b) => a > b ? a : b;

    /// <summary>The square root to 300 bits.</summary>
    public Fraction Root()
    {
        var wide = (N << 600) / D;
        var root = BigInteger.One << (int)((wide.GetBitLength() + 1) / 2);
        for (var next = (root + wide / root) >> 1; next < root; next = (root + wide / root) >> 1)
            root = next;
        return Reduce(root, BigInteger.One << 300);
    }

    private static Fraction Reduce(BigInteger n, BigInteger d)
    {
        var common = BigInteger.GreatestCommonDivisor(n, d);
        return common.IsOne ? new(n, d) : new(n / common, d / common);
    }
}
