using System.Numerics;

namespace Hls4Net.Core.Numbers;

/// <summary>The only operation on numbers that loses anything: rounding first, then overflow (all 7 × 4 pairs of ap_fixed).</summary>
public static class Casting
{
    /// <summary>The raw integer that stands for <paramref name="value"/> in the quantizer's type.</summary>
    public static BigInteger Cast(Dyadic value, Quantizer quantizer) =>
        Cast(value.Mantissa, -value.Exponent, quantizer);

    /// <summary>The raw integer of the cast of raw · 2^−fraction.</summary>
    public static BigInteger Cast(BigInteger raw, int fraction, Quantizer quantizer) =>
        Confine(Round(raw, fraction - quantizer.Type.Fraction, quantizer.Rounding), quantizer.Type, quantizer.Overflow);

    /// <summary>The cast value as a number.</summary>
    public static Dyadic Apply(Dyadic value, Quantizer quantizer) => new(Cast(value, quantizer), -quantizer.Type.Fraction);

    /// <summary>The raw integer for a float64; an infinity becomes the end of the range under saturation and 0 otherwise, as in ap_fixed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN.</exception>
    public static BigInteger Cast(double value, Quantizer quantizer)
    {
        if (double.IsFinite(value) || double.IsNaN(value))
            return Cast(Dyadic.FromDouble(value), quantizer);
        if (quantizer.Overflow is Overflow.Wrap or Overflow.SatZero)
            return BigInteger.Zero;
        var beyond = new Dyadic(double.IsNegative(value) ? -1 : 1, quantizer.Type.Integer + 2);
        return Cast(beyond, quantizer);
    }

    /// <summary>raw / 2^drop, rounded to an integer.</summary>
    public static BigInteger Round(BigInteger raw, int drop, Rounding rounding)
    {
        if (drop <= 0)
            return raw << -drop;
        if (raw.IsZero)
            return raw;
        // Far below half a unit the exact amount is irrelevant; without this, 2^−1000000 would be shifted by a million bits.
        var excess = drop - (int)Math.Min(drop, raw.GetBitLength() + 2);
        drop -= excess;
        var floor = raw >> drop;
        var rest = raw - (floor << drop);
        if (rest.IsZero)
            return floor;
        var tie = rest.CompareTo(BigInteger.One << (drop - 1));
        var up = rounding switch
        {
            Rounding.Trn => false,
            Rounding.TrnZero => raw.Sign < 0,
            Rounding.Rnd => tie >= 0,
            Rounding.RndMinInf => tie > 0,
            Rounding.RndZero => tie > 0 || (tie == 0 && raw.Sign < 0),
            Rounding.RndInf => tie > 0 || (tie == 0 && raw.Sign > 0),
            Rounding.RndConv => tie > 0 || (tie == 0 && !floor.IsEven),
            _ => throw new ArgumentOutOfRangeException(nameof(rounding), rounding, null),
        };
        return up ? floor + 1 : floor;
    }

    /// <summary>An integer brought into the type's range.</summary>
    public static BigInteger Confine(BigInteger raw, FixedType type, Overflow overflow)
    {
        var low = overflow == Overflow.SatSym && type.Signed ? -type.MaximumRaw : type.MinimumRaw;
        if (raw >= low && raw <= type.MaximumRaw)
            return raw;
        return overflow switch
        {
            Overflow.Wrap => Wrap(raw, type),
            Overflow.SatZero => BigInteger.Zero,
            _ => raw < low ? low : type.MaximumRaw,
        };
    }

    private static BigInteger Wrap(BigInteger raw, FixedType type)
    {
        var modulus = BigInteger.One << type.Width;
        var low = BigInteger.Remainder(raw, modulus);
        if (low.Sign < 0)
            low += modulus;
        return low > type.MaximumRaw ? low - modulus : low;
    }
}
