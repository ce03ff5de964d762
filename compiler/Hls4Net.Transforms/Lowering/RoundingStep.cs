using System.Numerics;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.Lowering;

/// <summary>
/// Rounding as an addition before the low bits are dropped: floor((x + Addend + (x &lt; 0 ? IfNegative : 0)) / 2^drop), after which a
/// convergent rounding clears the lowest bit if the sum had only zeros below it, because x was then a tie that went up.
/// </summary>
internal readonly record struct RoundingStep(BigInteger Addend, BigInteger IfNegative, bool IsConvergent)
{
    /// <param name="isNonNegative">The number is never negative.</param>
    /// <param name="isNegative">The number is always negative.</param>
    public static RoundingStep Of(Rounding rounding, int drop, bool isNonNegative, bool isNegative)
    {
        var half = BigInteger.One << (drop - 1);
        var (positive, negative) = rounding switch
        {
            Rounding.Trn => (BigInteger.Zero, BigInteger.Zero),
            Rounding.TrnZero => (BigInteger.Zero, 2 * half - 1),
            Rounding.Rnd or Rounding.RndConv => (half, half),
            Rounding.RndMinInf => (half - 1, half - 1),
            Rounding.RndInf => (half, half - 1),
            Rounding.RndZero => (half - 1, half),
            _ => throw new ArgumentOutOfRangeException(nameof(rounding), rounding, null),
        };
        var isConvergent = rounding == Rounding.RndConv;
        return isNonNegative ? new(positive, BigInteger.Zero, isConvergent)
            : isNegative ? new(negative, BigInteger.Zero, isConvergent)
            : new(positive, negative - positive, isConvergent);
    }

    /// <summary>Drops the low bits of the sum and keeps as many above them as <paramref name="kept"/> has.</summary>
    public static int Finish(BitsAlgebra bits, LinearForm sum, int drop, FixedType kept, bool isConvergent)
    {
        var builder = bits.Builder;
        var terms = sum.Flatten();
        var fraction = kept.Fraction + drop;
        var full = bits.RangeOf(sum).Type.Width + fraction - terms.Fraction;
        var width = kept.Width + drop;
        // With less than `width` bits the sum is built exactly, with more only its low ones are.
        var net = full <= width
            ? builder.Extend(bits.AtFraction(bits.ToNet(sum), fraction), width)
            : bits.ToNetModulo(sum, new(kept.Signed, width, width - fraction));
        net = builder.Named(net, () => builder.NumberedName($"{bits.Stem}_rounding"));
        var result = builder.Slice(net, drop, kept.Width, kept.Signed);
        return isConvergent ? ToEven(bits, net, drop, result) : result;
    }

    /// <summary>Clears the lowest bit of the result where the bits of the sum below it are all zero.</summary>
    public static int ToEven(BitsAlgebra bits, int sum, int drop, int result)
    {
        var builder = bits.Builder;
        var below = builder.Slice(sum, 0, drop, signed: false);
        var noTie = drop == 1 ? below : builder.Add($"{bits.Stem}_no_tie", FixedType.Bit, null, r => new OrReduction(r, below));
        var lowest = builder.Bit(result, 0);
        var even = builder.Add($"{bits.Stem}_even", FixedType.Bit, null, r => new BitwiseAnd(r, lowest, noTie));
        var (width, signed) = (builder[result].Width, builder[result].Signed);
        return width == 1
            ? builder.Reinterpret(even, signed)
            : builder.Concatenate([even, builder.Slice(result, 1, width - 1, signed: false)], signed);
    }
}
