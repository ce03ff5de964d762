using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Transforms.Typing;

/// <summary>The compiler's own choice of types around a look-up table.</summary>
internal static class TableTypes
{
    /// <summary>The most integer bits of an operand: a table over ±8 is as far as the exponentials of a score are worth storing.</summary>
    private const int WidestInteger = 4;

    /// <summary>The most bits left of the binary point, without sign, of an entry.</summary>
    private const int WidestResult = 14;

    /// <summary>
    /// The operand's type: as many integer bits as the worst case or the calibration data ask for, the rest of the address bits fraction.
    /// Operands outside saturate.
    /// </summary>
    public static Quantizer Operand(Interval range, IReadOnlyList<Calibration.Range>? seen)
    {
        var signed = range.Low.Sign < 0;
        var integer = range.Type.Integer + (signed ? 0 : 1);
        if (seen is not null)
            integer = Math.Min(integer, IntegerBits(seen.Max(r => r.Largest)));
        integer = Math.Min(integer, WidestInteger);
        var exact = integer + range.Fraction;
        var width = Math.Clamp(exact, 1, TypeRules.TableBits);
        return new(new FixedType(signed, signed ? width : Math.Max(1, width - 1), signed ? integer : integer - 1), Rounding.Rnd, Overflow.Sat);
    }

    /// <summary>
    /// The entries' type: unsigned where the function is never negative, wide enough for every entry up to 2^<see cref="WidestResult"/>;
    /// larger ones saturate.
    /// </summary>
    public static Quantizer Entries(RealFunction function, FixedType operand, int bits)
    {
        var low = double.PositiveInfinity;
        var high = double.NegativeInfinity;
        for (var code = 0; code < 1 << operand.Width; code++)
        {
            var value = RealFunctions.Evaluate(function, new Dyadic(TableData.RawOf(code, operand), -operand.Fraction).ToDouble());
            if (!double.IsNaN(value))
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }
        var signed = low < 0;
        var integer = Math.Min(IntegerBits(Math.Max(Math.Abs(low), Math.Abs(high))), WidestResult + 1) - (signed ? 0 : 1);
        return new(new FixedType(signed, Math.Max(1, integer + bits), integer), Rounding.RndConv, Overflow.Sat);
    }

    /// <summary>Integer bits, with sign, of the smallest type that holds ±x.</summary>
    private static int IntegerBits(double x) => !(x > 0) ? 1 : (int)Math.Floor(Math.Log2(Math.Min(x, double.MaxValue))) + 2;
}
