using System.Numerics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Transforms.Typing;

/// <summary>The compiler's own choice of types around a look-up table.</summary>
internal static class TableTypes
{
    /// <summary>The most bits left of the binary point, without sign, of a result that grows faster than its operand.</summary>
    private const int WidestResult = 14;

    /// <summary>The operands that a table covers: those that can be, and with calibration data none of twice the size of those that were.</summary>
    public static Interval Covered(Interval all, IReadOnlyList<Calibration.Range>? seen)
    {
        if (seen is null)
            return all;
        var largest = new Dyadic(1, IntegerBits(seen.Max(r => r.Largest)) - 1);
        var raw = Casting.Round(largest.Mantissa, -largest.Exponent - all.Fraction, Rounding.Rnd);
        var covered = new Interval(BigInteger.Max(all.Low, -raw), BigInteger.Min(all.High, raw), all.Fraction);
        return covered.Low <= covered.High ? covered : all;
    }

    /// <summary>
    /// The type of a function's results: unsigned where none is negative, <paramref name="bits"/> bits from 1 or from the largest result
    /// down, and as wide as the largest result up to 2^<see cref="WidestResult"/>. Larger ones saturate, except along the straight part
    /// of a function.
    /// </summary>
    public static Quantizer Results(RealFunction function, Interval covered, Interval all, int bits)
    {
        var isStraight = RealFunctions.FoldingOf(function) is Folding.Ramp or Folding.Rectifier;
        var (low, high) = Extremes(function, isStraight ? all : covered);
        var magnitude = IntegerBits(Math.Max(Math.Abs(low), Math.Abs(high))) - 1;
        var integer = isStraight ? magnitude : Math.Min(magnitude, WidestResult);
        var fraction = bits - Math.Max(-bits, Math.Min(integer, 0));
        // The rounded extremes must fit: a result just below a power of two is rounded up to it.
        var limit = isStraight ? double.MaxValue : Math.ScaleB(1, WidestResult) - Math.ScaleB(1, -fraction);
        return new(new Interval(Round(Math.Max(low, -limit)), Round(Math.Min(high, limit)), fraction).Type, Rounding.RndConv, Overflow.Sat);

        BigInteger Round(double value)
        {
            var exact = Dyadic.FromDouble(value);
            return Casting.Round(exact.Mantissa, -exact.Exponent - fraction, Rounding.RndConv);
        }
    }

    /// <summary>The smallest and largest value at operands where the function is finite.</summary>
    public static (double Low, double High) Extremes(RealFunction function, Interval operand)
    {
        var unit = new Dyadic(1, -operand.Fraction);
        var (from, to) = (RealFunctions.Nearest(function, operand.Minimum), RealFunctions.Nearest(function, operand.Maximum));
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var pole in RealFunctions.InfiniteAt(function).Where(p => p >= from && p <= to).Order())
        {
            Extend(from, pole - unit);
            from = pole + unit;
        }
        Extend(from, to);
        return low <= high ? (low, high) : (0, 1);

        void Extend(Dyadic first, Dyadic last)
        {
            if (first > last)
                return;
            var (least, most) = RealFunctions.Range(function, first, last);
            (low, high) = (Math.Min(low, least), Math.Max(high, most));
        }
    }

    /// <summary>Integer bits, with sign, of the smallest type that holds ±x.</summary>
    private static int IntegerBits(double x) => !(x > 0) ? 1 : (int)Math.Floor(Math.Log2(Math.Min(x, double.MaxValue))) + 2;
}
