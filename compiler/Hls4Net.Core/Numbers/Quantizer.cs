using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Hls4Net.Core.Numbers;

/// <summary>How a number between two neighbours of a type is moved to one of them. The names are those of ap_fixed.</summary>
public enum Rounding
{
    /// <summary>TRN: toward minus infinity.</summary>
    Trn,

    /// <summary>TRN_ZERO: toward zero.</summary>
    TrnZero,

    /// <summary>RND: to the nearest, a tie toward plus infinity.</summary>
    Rnd,

    /// <summary>RND_ZERO: to the nearest, a tie toward zero.</summary>
    RndZero,

    /// <summary>RND_INF: to the nearest, a tie away from zero.</summary>
    RndInf,

    /// <summary>RND_MIN_INF: to the nearest, a tie toward minus infinity.</summary>
    RndMinInf,

    /// <summary>RND_CONV: to the nearest, a tie to the even neighbour.</summary>
    RndConv,
}

/// <summary>What becomes of a rounded number outside the type. The names are those of ap_fixed.</summary>
public enum Overflow
{
    /// <summary>WRAP: the low bits are kept.</summary>
    Wrap,

    /// <summary>SAT: the nearest end of the range.</summary>
    Sat,

    /// <summary>SAT_ZERO: zero.</summary>
    SatZero,

    /// <summary>SAT_SYM: the nearest end of the symmetric range; the most negative number becomes its successor.</summary>
    SatSym,
}

/// <summary>A type with the way into it: rounding first, then overflow. Written <c>fixed&lt;W,I,RND,SAT&gt;</c>.</summary>
public readonly record struct Quantizer(FixedType Type, Rounding Rounding, Overflow Overflow)
{
    private static readonly (string Name, Rounding Mode)[] RoundingNames =
    [
        ("TRN", Rounding.Trn), ("TRN_ZERO", Rounding.TrnZero), ("RND", Rounding.Rnd), ("RND_ZERO", Rounding.RndZero),
        ("RND_INF", Rounding.RndInf), ("RND_MIN_INF", Rounding.RndMinInf), ("RND_CONV", Rounding.RndConv),
    ];

    private static readonly (string Name, Overflow Mode)[] OverflowNames =
        [("WRAP", Overflow.Wrap), ("SAT", Overflow.Sat), ("SAT_ZERO", Overflow.SatZero), ("SAT_SYM", Overflow.SatSym)];

    /// <summary>The ap_fixed name of a rounding mode, without the <c>AP_</c>.</summary>
    public static string NameOf(Rounding rounding) => Array.Find(RoundingNames, n => n.Mode == rounding).Name;

    /// <summary>The ap_fixed name of an overflow mode, without the <c>AP_</c>.</summary>
    public static string NameOf(Overflow overflow) => Array.Find(OverflowNames, n => n.Mode == overflow).Name;

    public override string ToString()
    {
        var type = Type.ToString();
        return $"{type[..^1]},{NameOf(Rounding)},{NameOf(Overflow)}>";
    }

    /// <summary>
    /// Reads <c>fixed&lt;W,I[,Q[,O[,0]]]&gt;</c>, <c>ufixed</c>, <c>int&lt;W&gt;</c>, <c>uint&lt;W&gt;</c>, with or without <c>ap_</c> and <c>AP_</c>;
    /// the modes that are not written come from <paramref name="rounding"/> and <paramref name="overflow"/>.
    /// </summary>
    public static bool TryParse(string text, Rounding rounding, Overflow overflow, out Quantizer quantizer, [NotNullWhen(false)] out string? problem)
    {
        quantizer = default;
        var trimmed = text.Trim();
        var open = trimmed.IndexOf('<', StringComparison.Ordinal);
        if (open < 0 || !trimmed.EndsWith('>'))
            return Fail("a type is written like fixed<16,6> or ufixed<10,6,RND_CONV,SAT>", out problem);
        var name = trimmed[..open].Trim();
        if (name.StartsWith("ap_", StringComparison.Ordinal))
            name = name[3..];
        var parts = trimmed[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries);
        var isInteger = name is "int" or "uint";
        if (!isInteger && name is not ("fixed" or "ufixed"))
            return Fail($"'{name}' is not a kind of type; there are fixed, ufixed, int and uint", out problem);
        var numbers = isInteger ? 1 : 2;
        if (parts.Length < numbers || parts.Length > (isInteger ? 1 : 5))
            return Fail(isInteger ? "int and uint take a width" : "fixed takes a width, an integer width, and optionally rounding and overflow", out problem);
        if (!TryInteger(parts[0], out var width) || width is < 1 or > FixedType.MaximumWidth)
            return Fail($"'{parts[0]}' is not a width from 1 to {FixedType.MaximumWidth}", out problem);
        var integer = width;
        if (!isInteger && (!TryInteger(parts[1], out integer) || integer is < -FixedType.MaximumWidth or > FixedType.MaximumWidth))
            return Fail($"'{parts[1]}' is not a number of integer bits", out problem);
        if (parts.Length > 2 && !TryName(RoundingNames, parts[2], out rounding))
            return Fail($"'{parts[2]}' is not a rounding mode; there are {string.Join(", ", RoundingNames.Select(n => n.Name))}", out problem);
        if (parts.Length > 3 && !TryName(OverflowNames, parts[3], out overflow))
            return Fail($"'{parts[3]}' is not an overflow mode; there are {string.Join(", ", OverflowNames.Select(n => n.Name))}", out problem);
        if (parts.Length > 4 && parts[4] != "0")
            return Fail("saturation bits other than 0 are not supported", out problem);
        problem = null;
        quantizer = new Quantizer(new FixedType(name is "fixed" or "int", width, integer), rounding, overflow);
        return true;
    }

    private static bool Fail(string what, out string? problem)
    {
        problem = what;
        return false;
    }

    private static bool TryInteger(string text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static bool TryName<T>((string Name, T Mode)[] names, string text, out T mode)
    {
        var bare = text.StartsWith("AP_", StringComparison.Ordinal) ? text[3..] : text;
        var found = Array.FindIndex(names, n => n.Name == bare);
        mode = found < 0 ? default! : names[found].Mode;
        return found >= 0;
    }
}
