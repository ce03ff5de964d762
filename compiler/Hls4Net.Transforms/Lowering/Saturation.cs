using System.Numerics;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.Lowering;

/// <summary>Numbers outside a type replaced by zero or by an end of its range, from the bits that do not fit.</summary>
internal sealed class Saturation(BitsAlgebra bits, Quantizer quantizer)
{
    private readonly FixedType _type = quantizer.Type;

    private ModuleBuilder Builder => bits.Builder;

    /// <summary>Bits of the type's magnitude: its largest number is this many ones.</summary>
    private int Magnitude => _type.Signed ? _type.Width - 1 : _type.Width;

    /// <summary>What a number that needs no rounding can be once it is brought into the type; not for wrapping.</summary>
    public static Interval RangeAfter(Interval range, Quantizer quantizer)
    {
        var type = quantizer.Type;
        var raw = range.OnGrid(type.Fraction);
        if (quantizer.Overflow != Overflow.SatZero)
            return new(Casting.Confine(raw.Low, type, quantizer.Overflow), Casting.Confine(raw.High, type, quantizer.Overflow), type.Fraction);
        var low = BigInteger.Max(raw.Low, type.MinimumRaw);
        var high = BigInteger.Min(raw.High, type.MaximumRaw);
        return new(BigInteger.Min(low, BigInteger.Zero), BigInteger.Max(high, BigInteger.Zero), type.Fraction);
    }

    /// <param name="number">A net at the type's fraction.</param>
    /// <param name="range">What is on the net; some of it outside the type.</param>
    /// <param name="after">What the result can be.</param>
    public int Apply(int number, Interval range, Interval after)
    {
        number = Builder.Named(number, () => Builder.NumberedName($"{bits.Stem}_unconfined"));
        var over = range.High > _type.MaximumRaw ? Over(number) : -1;
        var low = quantizer.Overflow == Overflow.SatSym && _type.Signed ? -_type.MaximumRaw : _type.MinimumRaw;
        var under = range.Low < low ? Under(number) : -1;
        var target = after.Type;
        if (quantizer.Overflow == Overflow.SatZero)
            return Zeroed(number, over, under, target, after);
        if (!_type.Signed || range.Low.Sign >= 0)
            return Unsigned(number, over, under, target, after);
        return Signed(number, over, under, target, after);
    }

    private int Zeroed(int number, int over, int under, FixedType target, Interval after)
    {
        var flag = over < 0 ? under : under < 0 ? over : Or("outside", over, under);
        return bits.Mask(Cut(number, target), flag, after);
    }

    /// <summary>The target has no sign: ones where the number is too large, zeros where it is negative.</summary>
    private int Unsigned(int number, int over, int under, FixedType target, Interval after)
    {
        var result = Cut(number, target);
        if (over >= 0)
            result = Or("saturated", result, Row(over, target));
        return under < 0 ? result : bits.Mask(result, under, after);
    }

    /// <summary>The sign bit stays; below it come, where the number does not fit, copies of the opposite bit.</summary>
    private int Signed(int number, int over, int under, FixedType target, Interval after)
    {
        var sign = Sign(number);
        var flag = over < 0 ? under : under < 0 ? over : Or("outside", over, under);
        if (target.Width == 1)
            return Builder.Reinterpret(sign, target.Signed);
        var magnitude = target.Signed ? target.Width - 1 : target.Width;
        var body = Builder.Slice(number, 0, magnitude, signed: false);
        var end = EndBits(sign, under >= 0, over >= 0, magnitude);
        var type = new FixedType(false, magnitude, magnitude - target.Fraction);
        var confined = Builder.Add($"{bits.Stem}_confined", type, null, r => new Multiplexer(r, flag, end, body));
        return target.Signed ? Builder.Concatenate([confined, sign], signed: true, after) : confined;
    }

    /// <summary>The magnitude bits of the end of the range on the side of the number's sign.</summary>
    private int EndBits(int sign, bool canBeUnder, bool canBeOver, int magnitude)
    {
        var type = new FixedType(false, magnitude, magnitude);
        var lowest = quantizer.Overflow == Overflow.SatSym ? 1 : 0;
        if (!canBeUnder)
            return Builder.Constant(type.MaximumRaw, type);
        if (!canBeOver)
            return Builder.Constant(lowest, type);
        var positive = Not("positive", sign);
        if (lowest == 0)
            return Row(positive, type);
        var one = Builder.Constant(1, FixedType.Bit);
        return magnitude == 1 ? one : Builder.Concatenate([one, Row(positive, new(false, magnitude - 1, magnitude - 1))], signed: false);
    }

    /// <summary>1 if the number is above the type's largest: not negative, and a bit above the magnitude is set.</summary>
    private int Over(int number)
    {
        var net = Builder[number];
        var top = net.Signed ? net.Width - 1 : net.Width;
        var above = Any("above", Builder.Slice(number, Magnitude, top - Magnitude, signed: false));
        if (!net.Signed)
            return above;
        // An unsigned target masks negative numbers afterwards, so that there the sign need not be looked at here.
        if (!_type.Signed && quantizer.Overflow != Overflow.SatZero)
            return above;
        return And("over", above, Not("positive", Sign(number)));
    }

    /// <summary>1 if the number is below the type's smallest.</summary>
    private int Under(int number)
    {
        var net = Builder[number];
        var sign = Sign(number);
        if (!_type.Signed)
            return sign;
        var upper = net.Width - 1 - Magnitude;
        var outside = -1;
        if (upper > 0)
        {
            var slice = Builder.Slice(number, Magnitude, upper, signed: false);
            var all = upper == 1 ? slice : Builder.Add($"{bits.Stem}_all", FixedType.Bit, null, r => new AndReduction(r, slice));
            outside = Not("below", all);
        }
        if (quantizer.Overflow == Overflow.SatSym)
        {
            // The smallest number of the type itself: only zeros below the sign.
            var isLowest = Magnitude == 0 ? -1 : Not("lowest", Any("body", Builder.Slice(number, 0, Magnitude, signed: false)));
            outside = isLowest < 0 ? outside : outside < 0 ? isLowest : Or("below_symmetric", outside, isLowest);
        }
        return outside < 0 ? sign : And("under", sign, outside);
    }

    private int Cut(int number, FixedType target) =>
        Builder.Reinterpret(Builder.Resize(number, target.Width), target.Signed);

    private int Sign(int number) => Builder.Bit(number, Builder[number].Width - 1);

    /// <summary>Copies of a bit.</summary>
    public int Row(int bit, FixedType type) =>
        Builder.Reinterpret(Builder.Extend(Builder.Reinterpret(bit, signed: true), type.Width), type.Signed);

    public int Any(string name, int net) =>
        Builder[net].Width == 1 ? net : Builder.Add($"{bits.Stem}_{name}", FixedType.Bit, null, r => new OrReduction(r, net));

    private int Not(string name, int bit) => Builder.Add($"{bits.Stem}_{name}", FixedType.Bit, null, r => new BitwiseNot(r, bit));

    private int And(string name, int a, int b) => Builder.Add($"{bits.Stem}_{name}", FixedType.Bit, null, r => new BitwiseAnd(r, a, b));

    public int Or(string name, int a, int b) => Builder.Add($"{bits.Stem}_{name}", Builder[a].Type, null, r => new BitwiseOr(r, a, b));
}
