using System.Numerics;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.Lowering;

/// <summary>Division toward zero as a row of subtractions, one for each bit of the quotient (restoring division of magnitudes).</summary>
internal static class DivisionLowering
{
    public static Signal Divide(BitsAlgebra bits, Bits left, Bits right, int fraction, Interval range)
    {
        var builder = bits.Builder;
        // left·2^−fa / (right·2^−fb) at `fraction` bits: shift whichever operand makes the integer quotient come out there.
        var shift = fraction + right.Range.Fraction - left.Range.Fraction;
        var dividend = builder.AppendZeros(left.Net, Math.Max(shift, 0));
        var divisor = builder.AppendZeros(right.Net, Math.Max(-shift, 0));
        var raw = range.OnGrid(fraction);
        // No quotient has more digits than the largest of the range.
        var digits = (int)BigInteger.Max(BigInteger.Abs(raw.Low), BigInteger.Abs(raw.High)).GetBitLength();
        var quotient = Magnitudes(bits, Magnitude(bits, dividend), Magnitude(bits, divisor), digits);
        quotient = builder.Named(quotient, () => builder.NumberedName($"{bits.Stem}_quotient"));
        var negative = Signs(bits, dividend, divisor);
        if (raw.Low.Sign >= 0 || negative < 0)
            return BitsAlgebra.FromNet(builder.Reinterpret(builder.Resize(quotient, raw.Type.Width), raw.Type.Signed), raw);
        var type = raw.Type;
        var positive = builder.Reinterpret(builder.Resize(quotient, type.Width), type.Signed);
        var negated = builder.Add($"{bits.Stem}_negated", type, null, r => new Negator(r, positive));
        return BitsAlgebra.FromNet(builder.Add($"{bits.Stem}_signed", type, raw, r => new Multiplexer(r, negative, negated, positive)), raw);
    }

    private static int Magnitude(BitsAlgebra bits, int net)
    {
        var builder = bits.Builder;
        var operand = builder[net];
        if (!operand.Signed)
            return net;
        var sign = builder.Bit(net, operand.Width - 1);
        var negated = builder.Add($"{bits.Stem}_negated", operand.Type, null, r => new Negator(r, net));
        var magnitude = builder.Add($"{bits.Stem}_magnitude", operand.Type with { Signed = false }, null,
            r => new Multiplexer(r, sign, builder.Reinterpret(negated, signed: false), builder.Reinterpret(net, signed: false)));
        return magnitude;
    }

    /// <summary>1 if exactly one operand is negative; −1 if neither can be.</summary>
    private static int Signs(BitsAlgebra bits, int dividend, int divisor)
    {
        var builder = bits.Builder;
        var a = builder[dividend].Signed ? builder.Bit(dividend, builder[dividend].Width - 1) : -1;
        var b = builder[divisor].Signed ? builder.Bit(divisor, builder[divisor].Width - 1) : -1;
        return a < 0 ? b : b < 0 ? a : builder.Add($"{bits.Stem}_negative", FixedType.Bit, null, r => new BitwiseXor(r, a, b));
    }

    /// <summary>The quotient of two unsigned integers, which has no more digits than that or than the dividend.</summary>
    private static int Magnitudes(BitsAlgebra bits, int dividend, int divisor, int digits)
    {
        var builder = bits.Builder;
        var width = Math.Clamp(digits, 1, builder[dividend].Width);
        var room = builder[divisor].Width + 1;
        var type = new FixedType(false, room, room);
        var wide = builder.Extend(divisor, room);
        // The digits that are left out are zero: so much of the dividend is less than the divisor.
        var above = builder[dividend].Width - width;
        var rest = above == 0 ? builder.Constant(BigInteger.Zero, type)
            : builder.Resize(builder.Slice(dividend, width, Math.Min(above, room - 1), signed: false), room);
        var quotient = new int[width];
        for (var k = width - 1; k >= 0; k--)
        {
            // The rest is below the divisor, so that one more bit behind it still fits.
            var next = builder.Concatenate([builder.Bit(dividend, k), builder.Slice(rest, 0, room - 1, signed: false)], signed: false);
            next = builder.Named(next, () => builder.NumberedName($"{bits.Stem}_next"));
            var isLess = builder.Add($"{bits.Stem}_less", FixedType.Bit, null, r => new LessThan(r, next, wide));
            quotient[k] = builder.Add($"{bits.Stem}_digit", FixedType.Bit, null, r => new BitwiseNot(r, isLess));
            var reduced = builder.Add($"{bits.Stem}_reduced", type, null, r => new Subtractor(r, next, wide));
            var held = next;
            rest = builder.Add($"{bits.Stem}_rest", type, null, r => new Multiplexer(r, isLess, held, reduced));
        }
        return builder.Concatenate(quotient, signed: false);
    }
}
