using System.Globalization;
using System.Numerics;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.Typing;

/// <summary>The compiler's own choice of types where the user names none.</summary>
internal static class TypeRules
{
    /// <summary>Bits of a value whose size is known only from its worst case: 16, as the field is used to.</summary>
    public const int WorstCaseBits = 16;

    /// <summary>Wider values than this are narrowed even where the model's own quantisers have the say.</summary>
    public const int WidestExact = 40;

    /// <summary>The widest exact result that is typed: beyond it every further operation could double the time of the last.</summary>
    public const int WidestFollowed = 4096;

    /// <summary>Address bits of a look-up table.</summary>
    public const int TableBits = 10;

    /// <summary>Bits of the leaf values of decision trees: what float32 keeps of the largest, so that sums are as close as those of ONNX Runtime.</summary>
    public const int LeafBits = 24;

    /// <summary>The type for an input about which nothing is known.</summary>
    public static Quantizer UnknownInput { get; } = new(new FixedType(true, 16, 6), Rounding.Rnd, Overflow.Sat);

    /// <summary>
    /// The number of fraction bits that leaves <paramref name="bits"/> bits below the leading bit of a typical element: the median over
    /// elements of the largest magnitude, so that one large element does not take the resolution from the others.
    /// </summary>
    public static int FractionFor(IEnumerable<double> largest, int bits)
    {
        var sizes = largest.Where(m => m > 0).Order().ToArray();
        return sizes.Length == 0 ? bits : bits - (int)Math.Ceiling(Math.Log2(Math.Min(sizes[sizes.Length / 2], double.MaxValue)));
    }

    /// <summary>The narrowest type with a resolution that holds every rounded value of an interval: it cannot overflow.</summary>
    public static Quantizer Enclosing(Interval interval, int fraction)
    {
        var drop = interval.Fraction - fraction;
        var rounded = new Interval(Casting.Round(interval.Low, drop, Rounding.Rnd), Casting.Round(interval.High, drop, Rounding.Rnd), fraction);
        return new(rounded.Type, Rounding.Rnd, Overflow.Sat);
    }

    /// <summary>
    /// The type of constants: exact if the values are representable in <paramref name="exactBits"/> bits, else the largest magnitude
    /// decides the integer bits and the rest of <paramref name="bits"/> is fraction.
    /// </summary>
    public static Quantizer ForConstants(IReadOnlyList<Dyadic> values, int bits, int exactBits)
    {
        var exact = ExactType(values);
        if (exact.Width <= exactBits)
            return new(exact, Rounding.Rnd, Overflow.Sat);
        var low = values.Min();
        var high = values.Max();
        var signed = low.Sign < 0;
        var magnitude = Math.Max(low.IsZero ? int.MinValue : low.Magnitude, high.IsZero ? int.MinValue : high.Magnitude);
        var fraction = bits - (signed ? 1 : 0) - (magnitude + 1);
        var type = new FixedType(signed, bits, bits - fraction);
        // A magnitude just below a power of two may round up to it: then one bit more is needed.
        var wide = new Quantizer(new FixedType(signed, bits + 1, bits + 1 - fraction), Rounding.Rnd, Overflow.Sat);
        var fits = Casting.Cast(high, wide) <= type.MaximumRaw && Casting.Cast(low, wide) >= type.MinimumRaw;
        return new(fits ? type : new FixedType(signed, bits, bits - fraction + 1), Rounding.Rnd, Overflow.Sat);
    }

    /// <summary>The narrowest type that holds the constants at a given resolution.</summary>
    public static Quantizer ForBias(IReadOnlyList<Dyadic> values, int fraction)
    {
        var range = new Interval(0, 0, fraction);
        foreach (var value in values)
        {
            var raw = Casting.Round(value.Mantissa, -value.Exponent - fraction, Rounding.Rnd);
            range = range.Union(new Interval(raw, raw, fraction));
        }
        return new(range.Type, Rounding.Rnd, Overflow.Sat);
    }

    /// <summary>
    /// A constant as hls4ml's firmware reads it: written as decimal text with as many decimals as the type has fraction bits, read back as
    /// float64, then cast.
    /// </summary>
    public static Dyadic ThroughDecimalText(Dyadic value, int fraction)
    {
        var decimals = Math.Max(0, fraction);
        var scaled = value * new Dyadic(BigInteger.Pow(10, decimals), 0);
        var digits = Casting.Round(scaled.Mantissa, -scaled.Exponent, Rounding.RndConv);
        var text = string.Create(CultureInfo.InvariantCulture, $"{digits}e-{decimals}");
        return Dyadic.FromDouble(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));
    }

    /// <summary>The narrowest type that holds the constants exactly.</summary>
    public static FixedType ExactType(IReadOnlyList<Dyadic> values)
    {
        var fraction = values.Where(v => !v.IsZero).Select(v => -v.Exponent).DefaultIfEmpty(0).Max();
        var low = values.Min();
        var high = values.Max();
        return fraction > FixedType.MaximumWidth
            ? new FixedType(true, FixedType.MaximumWidth, 0)
            : Interval.Between(low < Dyadic.Zero ? low : Dyadic.Zero, high > Dyadic.Zero ? high : Dyadic.Zero, fraction).Type;
    }
}
