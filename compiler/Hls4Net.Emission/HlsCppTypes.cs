using System.Globalization;
using System.Numerics;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Emission;

/// <summary>The ap_ types in which HLS C++ computes: how they are written, and how their expressions grow.</summary>
internal static class HlsCppTypes
{
    /// <summary>The widest number of the vendor's headers, where nothing else was configured (AP_INT_MAX_W).</summary>
    public const int MaximumWidth = 1024;

    public static string Text(FixedType type) =>
        string.Create(CultureInfo.InvariantCulture, $"ap_{(type.Signed ? "" : "u")}fixed<{type.Width}, {type.Integer}>");

    public static string Text(Quantizer quantizer) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{Text(quantizer.Type)[..^1]}, AP_{Quantizer.NameOf(quantizer.Rounding)}, AP_{Quantizer.NameOf(quantizer.Overflow)}>");

    /// <summary>The plain C integer type that holds every raw integer of a type of at most 63 bits.</summary>
    public static string IntegerText(FixedType type) => (type.Width, type.Signed) switch
    {
        ( <= 8, true) => "signed char",
        ( <= 8, false) => "unsigned char",
        ( <= 16, true) => "short",
        ( <= 16, false) => "unsigned short",
        ( <= 32, true) => "int",
        ( <= 32, false) => "unsigned int",
        _ => "long long",
    };

    /// <summary>The smallest type that contains both.</summary>
    public static FixedType Union(FixedType a, FixedType b)
    {
        var signed = a.Signed || b.Signed;
        var integer = Math.Max(a.Integer + (signed && !a.Signed ? 1 : 0), b.Integer + (signed && !b.Signed ? 1 : 0));
        return new(signed, integer + Math.Max(a.Fraction, b.Fraction), integer);
    }

    /// <summary>The type of a + b in ap_fixed.</summary>
    public static FixedType Sum(FixedType a, FixedType b)
    {
        var union = Union(a, b);
        return new(union.Signed, union.Width + 1, union.Integer + 1);
    }

    /// <summary>The type of a − b in ap_fixed: always signed.</summary>
    public static FixedType Difference(FixedType a, FixedType b) => Sum(a, b) with { Signed = true };

    /// <summary>The type of a · b in ap_fixed.</summary>
    public static FixedType Product(FixedType a, FixedType b) => new(a.Signed || b.Signed, a.Width + b.Width, a.Integer + b.Integer);

    /// <summary>The type of a / b in ap_fixed, for a divisor with fraction ≥ 0.</summary>
    public static FixedType Quotient(FixedType a, FixedType b)
    {
        var sign = b.Signed ? 1 : 0;
        return new(a.Signed || b.Signed, a.Width + b.Fraction + sign, a.Integer + b.Fraction + sign);
    }

    /// <summary>A signed type that contains the given one, with at least so many fraction bits and some integer bits more.</summary>
    public static FixedType Widened(FixedType type, int fraction, int moreInteger)
    {
        var integer = type.Integer + (type.Signed ? 0 : 1) + moreInteger;
        return new(true, integer + Math.Max(type.Fraction, fraction), integer);
    }

    /// <summary>A raw integer as a C++ literal, within 64 bits.</summary>
    public static string Integer(BigInteger raw) =>
        raw >= -int.MaxValue && raw <= int.MaxValue ? raw.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{raw}LL");
}
