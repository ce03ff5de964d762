using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Operators;

/// <summary>
/// A function of a mantissa m from 1 to 2^Radix by its tangents: f(h) + f′(h) · (m − h), where h is m rounded to Coarse fraction bits. In
/// real numbers nothing is rounded, so that h is m and the value is f(m).
/// </summary>
/// <param name="Values">The table of f.</param>
/// <param name="Slopes">The table of g, where f′ = 2^SlopeShift · g, or −2^SlopeShift · g if f falls.</param>
/// <param name="SlopeShift">See Slopes.</param>
/// <param name="Falls">See Slopes.</param>
/// <param name="Fine">Fraction bits of m.</param>
public sealed record Interpolation(Table Values, Table Slopes, int SlopeShift, bool Falls, int Fine)
{
    /// <summary>Beyond this accuracy the tables would have more than 512 entries for each binade, and no network asks for it.</summary>
    private const int MostBits = 19;

    /// <summary>With fewer, the steps of the tables would be as large as what they lie in.</summary>
    private const int FewestBits = 8;

    /// <summary>The logarithm from 1 to 2.</summary>
    public static Interpolation Logarithm(int bits) => Of("log", "reciprocal", 1, 0, falls: false, bits);

    /// <summary>The square root from 1 to 4.</summary>
    public static Interpolation SquareRoot(int bits) => Of("sqrt", "reciprocal_sqrt", 2, -1, falls: false, bits);

    /// <summary>The reciprocal of the square root from 1 to 4.</summary>
    public static Interpolation ReciprocalRoot(int bits) => Of("reciprocal_sqrt", "pow", 2, -1, falls: true, bits, new Dyadic(-3, -1));

    /// <summary>
    /// No value is farther than this from the function of the mantissa. With coarse steps of 2^−a: half of (2^−a / 2)² for the curvature, which
    /// is at most 1 (and a quarter of that at the upper end, where the distance is twice that), half a unit of each table, and at most eight
    /// units that <see cref="Mantissa"/> cut off.
    /// </summary>
    public double ErrorBound
    {
        get
        {
            var coarse = Values.Data!.Input.Fraction;
            return 1.25 * Math.ScaleB(1, -2 * coarse - 3) + Math.ScaleB(1, -Values.Data.Output.Fraction - 1)
                + Math.ScaleB(1, -Slopes.Data!.Output.Fraction - 1 - coarse) + Math.ScaleB(1, 3 - Fine);
        }
    }

    /// <summary>The function's value.</summary>
    public Term Apply(Term mantissa)
    {
        var values = Values.Data!;
        var coarse = mantissa.Cast(new(values.Input, Rounding.Rnd, Overflow.Sat));
        // Half a coarse step to either side, a whole one at the upper end.
        var step = new FixedType(true, Fine - values.Input.Fraction + 1, 1 - values.Input.Fraction);
        var rest = (mantissa - coarse).Cast(new(step, Rounding.Trn, Overflow.Wrap));
        var rise = (coarse.Lookup(Slopes) * rest).Shift(SlopeShift);
        return Falls ? coarse.Lookup(Values) - rise : coarse.Lookup(Values) + rise;
    }

    private static Interpolation Of(string function, string slope, int radix, int shift, bool falls, int bits, params Dyadic[] exponent)
    {
        bits = Math.Clamp(bits, FewestBits, MostBits);
        var coarse = (bits - 2) / 2;
        var input = new FixedType(false, radix + coarse, radix);
        return new(TableOf(new(function, []), input, bits + 2), TableOf(new(slope, [.. exponent]), input, bits + 2 - coarse), shift, falls, bits + 5);
    }

    private static Table TableOf(RealFunction function, FixedType input, int fraction) => new(function,
        TableData.Of(function, input, new(new FixedType(true, fraction + 3, 3), Rounding.RndConv, Overflow.Sat)));
}

/// <summary>
/// A positive number as mantissa · 2^k: conditional shifts by descending powers of two bring it into the range from 1 to 2^radix. What a
/// function makes of the mantissa is shifted back by <see cref="Scale"/>.
/// </summary>
internal sealed class Mantissa
{
    private readonly List<(Term IsShifted, int By)> _steps = [];
    private readonly BlockBuilder _block;
    private readonly int _least;

    /// <param name="block">The block that is written.</param>
    /// <param name="x">The number, not below 2^least and below 2^most.</param>
    /// <param name="grid">Fraction bits of the number.</param>
    /// <param name="range">The exponents between which it lies.</param>
    /// <param name="fine">Fraction bits of the mantissa.</param>
    public Mantissa(BlockBuilder block, Term x, int grid, ExponentRange range, int fine)
    {
        (_block, _least) = (block, range.Least);
        x = x.Shift(-range.Least);
        grid += range.Least;
        var by = range.Radix;
        while (2 * by < range.Most - range.Least)
            by *= 2;
        for (; by >= range.Radix && range.Most - range.Least > range.Radix; by /= 2)
        {
            var isShifted = block.Literal(new(1, by)).LessOrEqual(x);
            grid = Math.Min(grid + by, fine);
            // The number is now below 2^by, which intervals do not know, and bits finer than the mantissa's are of no more use.
            x = isShifted.Select(x.Shift(-by), x).Cast(new(new FixedType(false, by + grid, by), Rounding.Trn, Overflow.Wrap));
            _steps.Add((isShifted, by));
        }
        Value = x.Max(block.Literal(Dyadic.One));
    }

    /// <summary>From 1 to 2^radix.</summary>
    public Term Value { get; }

    /// <summary>value · 2^(k · numerator / 2).</summary>
    public Term Scale(Term value, int numerator)
    {
        foreach (var (isShifted, by) in _steps)
            value = isShifted.Select(value.Shift(by * numerator / 2), value);
        return value.Shift(_least * numerator / 2);
    }

    /// <summary>k · unit, for logarithms; each of the constants that are added is rounded to some fraction bits.</summary>
    public Term Times(Dyadic unit, int fraction)
    {
        var sum = Multiple(_least);
        foreach (var (isShifted, by) in _steps)
            sum += isShifted.Select(Multiple(by), _block.Literal(Dyadic.Zero));
        return sum;

        Term Multiple(int factor) =>
            _block.Literal(unit * factor).Cast(new(new FixedType(true, fraction + 16, 16), Rounding.Rnd, Overflow.Sat));
    }
}

/// <summary>Between which powers of two a positive number lies.</summary>
/// <param name="Least">It is not below 2^Least.</param>
/// <param name="Most">It is below 2^Most.</param>
/// <param name="Radix">The mantissa is below 2^Radix, and exponents are multiples of it.</param>
public sealed record ExponentRange(int Least, int Most, int Radix)
{
    /// <summary>The range of what an interval holds that is not below a positive number.</summary>
    public static ExponentRange Of(Dyadic least, Dyadic most, int radix)
    {
        var (low, high) = (least.Magnitude, most.Magnitude + 1);
        return new(low - (((low % radix) + radix) % radix), high + (((-high % radix) + radix) % radix), radix);
    }
}
