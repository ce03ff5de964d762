using System.Globalization;
using System.Numerics;

namespace Hls4Net.Core.Numbers;

/// <summary>
/// A set of numbers, as in <c>ap_fixed&lt;W,I&gt;</c>: { n · 2^(Integer − Width) } for every integer n of <paramref name="Width"/> bits,
/// two's complement when <paramref name="Signed"/>. Says nothing about how a value gets into the set; that is a <see cref="Quantizer"/>.
/// </summary>
/// <param name="Signed">Two's complement, the sign bit counted in <paramref name="Integer"/>.</param>
/// <param name="Width">Bits in all, at least 1.</param>
/// <param name="Integer">Bits left of the binary point; may exceed <paramref name="Width"/> or be negative.</param>
public readonly record struct FixedType(bool Signed, int Width, int Integer)
{
    /// <summary>The widest type that a file may ask for.</summary>
    public const int MaximumWidth = 4096;

    /// <summary>Truth values: 0 and 1.</summary>
    public static FixedType Bit { get; } = new(false, 1, 1);

    /// <summary>Bits right of the binary point; the least significant bit is worth 2^−Fraction.</summary>
    public int Fraction => Width - Integer;

    /// <summary>The smallest raw integer.</summary>
    public BigInteger MinimumRaw => Signed ? -(BigInteger.One << (Width - 1)) : BigInteger.Zero;

    /// <summary>The largest raw integer.</summary>
    public BigInteger MaximumRaw => (BigInteger.One << (Signed ? Width - 1 : Width)) - 1;

    /// <summary>All values of the type.</summary>
    public Interval Range => new(MinimumRaw, MaximumRaw, Fraction);

    /// <summary>Whether every value of <paramref name="other"/> is in this type.</summary>
    public bool Contains(FixedType other) => Fraction >= other.Fraction && Contains(other.Range);

    /// <summary>Whether every number of the interval is in this type.</summary>
    public bool Contains(Interval interval)
    {
        if (interval.Fraction > Fraction)
        {
            // Of numbers on a finer grid only a single one can be known to lie on this grid.
            var only = interval.Minimum;
            return interval.Low == interval.High && (only.IsZero || only.Exponent >= -Fraction) && Range.Contains(only);
        }
        var aligned = interval.WithFraction(Fraction);
        return aligned.Low >= MinimumRaw && aligned.High <= MaximumRaw;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Signed ? "" : "u")}fixed<{Width},{Integer}>");
}
