using System.Numerics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Operators;

/// <summary>How QONNX rounds.</summary>
public enum QuantRounding
{
    /// <summary>One of the modes of ap_fixed.</summary>
    Direct,

    /// <summary>Toward plus infinity.</summary>
    Ceiling,

    /// <summary>Away from zero.</summary>
    Away,
}

/// <summary>The integers of a QONNX quantiser and the way to them: rounding, then saturation.</summary>
/// <param name="Signed">Whether there are negative integers.</param>
/// <param name="Narrow">Whether the range lacks one end: −2^(b−1) if signed, 2^b − 1 if not.</param>
/// <param name="Bits">The width of the integers.</param>
/// <param name="Mode">How a number becomes an integer.</param>
/// <param name="Rounding">The mode of ap_fixed if Mode is Direct.</param>
public sealed record QuantCode(bool Signed, bool Narrow, int Bits, QuantRounding Mode, Rounding Rounding)
{
    private static readonly (string Name, QuantRounding Mode, Rounding Rounding)[] Names =
    [
        ("ROUND", QuantRounding.Direct, Rounding.RndConv),
        ("HALF_EVEN", QuantRounding.Direct, Rounding.RndConv),
        ("FLOOR", QuantRounding.Direct, Rounding.Trn),
        ("CEIL", QuantRounding.Ceiling, Rounding.Trn),
        ("ROUND_TO_ZERO", QuantRounding.Direct, Rounding.TrnZero),
        ("DOWN", QuantRounding.Direct, Rounding.TrnZero),
        ("UP", QuantRounding.Away, Rounding.Trn),
        ("HALF_UP", QuantRounding.Direct, Rounding.RndInf),
        ("HALF_DOWN", QuantRounding.Direct, Rounding.RndZero),
    ];

    /// <summary>The names of the rounding modes.</summary>
    public static IEnumerable<string> Modes => Names.Select(n => n.Name);

    /// <summary>Whether a cast of ap_fixed says all of it.</summary>
    public bool IsPlain => Mode == QuantRounding.Direct && (Signed || !Narrow);

    private Quantizer Codes => Quantizer(0);

    /// <summary>Integers wide enough that saturating to them first changes nothing, also after a change of sign.</summary>
    private Quantizer Wide => new(new FixedType(true, Bits + 2, Bits + 2), Rounding.Trn, Overflow.Sat);

    private Dyadic Largest => new((BigInteger.One << Bits) - 2, 0);

    /// <summary>The quantiser of a mode by its QONNX name, in any case of letters; null if there is no such mode.</summary>
    public static QuantCode? Parse(string mode, bool signed, bool narrow, int bits)
    {
        var found = Array.FindIndex(Names, n => n.Name == mode.ToUpperInvariant());
        return found < 0 ? null : new(signed, narrow, bits, Names[found].Mode, Names[found].Rounding);
    }

    /// <summary>The cast to the integers times 2^scale.</summary>
    public Quantizer Quantizer(int scale) =>
        new(new FixedType(Signed, Bits, Bits + scale), Rounding, Signed && Narrow ? Overflow.SatSym : Overflow.Sat);

    /// <summary>The smallest integer.</summary>
    public BigInteger Lowest => Signed ? -(BigInteger.One << (Bits - 1)) + (Narrow ? 1 : 0) : BigInteger.Zero;

    /// <summary>The largest integer.</summary>
    public BigInteger Highest => (BigInteger.One << (Signed ? Bits - 1 : Bits)) - (Narrow && !Signed ? 2 : 1);

    /// <summary>Whether the nearest integer is taken, so that ties decide and not integers.</summary>
    public bool IsToNearest => Mode == QuantRounding.Direct && Rounding is not (Rounding.Trn or Rounding.TrnZero);

    /// <summary>The integer for a quotient, of which only the comparison with ties and integers matters.</summary>
    public Dyadic Apply(Rational value)
    {
        if (value.IsDyadic)
            return Apply(value.ToDyadic());
        // No tie and no integer: any number between the same multiples of one half rounds alike.
        var halves = (value * 2).Floor;
        return Apply(new Dyadic(2 * halves + 1, -2));
    }

    /// <summary>The integer for a quotient to which a whole number is added after it is rounded.</summary>
    public Dyadic Apply(Rational value, Dyadic zero) => Apply(WithoutRange.Apply(value) + zero);

    /// <summary>The same roundings to integers so wide that adding those of this range matters no more.</summary>
    private QuantCode WithoutRange => new(true, false, Bits + 2, Mode, Rounding);

    /// <summary>The integer for a number.</summary>
    public Dyadic Apply(Dyadic value)
    {
        var up = -Casting.Apply(-value, Wide);
        var rounded = Mode switch
        {
            QuantRounding.Ceiling => up,
            QuantRounding.Away => value.Sign > 0 ? up : Casting.Apply(value, Wide),
            _ => value,
        };
        var code = Casting.Apply(rounded, Codes);
        return !Signed && Narrow && code > Largest ? Largest : code;
    }

    /// <summary>The same as primitives: ⌈x⌉ = −⌊−x⌋, and away from zero is ⌈x⌉ above zero and ⌊x⌋ below.</summary>
    /// <param name="zero">A whole number to add after rounding, or null.</param>
    internal Term Apply(BlockBuilder block, Term value, Term? zero = null)
    {
        var rounded = Rounded(block, value);
        return Saturated(block, zero is { } whole ? rounded.Cast(WithoutRange.Codes) + whole : rounded);
    }

    private Term Saturated(BlockBuilder block, Term value)
    {
        var code = value.Cast(Codes);
        return !Signed && Narrow ? code.Min(block.Literal(Largest)) : code;
    }

    /// <summary>
    /// The same for a value that is known to less than <paramref name="slack"/>, where a number that is no tie and no integer is farther than
    /// twice that from the nearest one: two roundings, one on each side, differ exactly where the exact value is a tie or an integer.
    /// </summary>
    internal Term Apply(BlockBuilder block, Term value, Term? whole, Dyadic slack)
    {
        var (zero, half) = (block.Literal(Dyadic.Zero), new Dyadic(1, -1));
        var (below, above) = IsToNearest ? (Floor(half - slack), Floor(half + slack)) : (Floor(slack), Ceiling());
        var rounded = (Mode, Rounding) switch
        {
            (QuantRounding.Ceiling, _) => above,
            (QuantRounding.Away, _) => above.Max(zero) + below.Min(zero),
            (_, Rounding.Trn) => below,
            (_, Rounding.TrnZero) => below.Max(zero) + above.Min(zero),
            (_, Rounding.Rnd) => above,
            (_, Rounding.RndMinInf) => below,
            (_, Rounding.RndZero) => below.Less(zero).Select(above, below),
            (_, Rounding.RndInf) => below.Less(zero).Select(below, above),
            _ => below.EqualTo(below.Shift(-1).Cast(Wide).Shift(1)).Select(below, above),
        };
        return Saturated(block, whole is { } number ? rounded + number : rounded);

        Term Floor(Dyadic offset) => (value + block.Literal(offset)).Cast(Wide);

        Term Ceiling() => zero - (block.Literal(slack) - value).Cast(Wide);
    }

    private Term Rounded(BlockBuilder block, Term value)
    {
        if (Mode == QuantRounding.Direct)
            return value;
        var zero = block.Literal(Dyadic.Zero);
        var up = zero - (zero - value).Cast(Wide);
        return Mode == QuantRounding.Ceiling ? up : up.Max(zero) + value.Cast(Wide).Min(zero);
    }
}
