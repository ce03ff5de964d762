using System.Numerics;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.Lowering;

/// <summary>
/// The cast of max(form, 0). Rounding moves no negative number above zero, so the form is rounded before it is rectified: rounding
/// by sign becomes a constant, and saturation needs only the OR of the bits that do not fit.
/// </summary>
internal sealed class RectifiedCastLowering(BitsAlgebra bits, Quantizer quantizer)
{
    private readonly FixedType _type = quantizer.Type;

    private ModuleBuilder Builder => bits.Builder;

    public Signal Apply(Signal operand, LinearForm form)
    {
        var range = bits.RangeOf(form);
        if (range.High.Sign <= 0)
            return bits.Literal(Dyadic.Zero);
        var positive = range with { Low = BigInteger.Zero };
        if (_type.Contains(positive))
            return Signal.Rectified(form, positive, () => operand.Form.Within(positive));
        var drop = Math.Max(0, range.Fraction - _type.Fraction);
        var highest = Casting.Round(range.High, range.Fraction - _type.Fraction, quantizer.Rounding);
        var (sum, convergent) = Rounded(form, range, drop);
        sum = Builder.Named(sum, () => Builder.NumberedName($"{bits.Stem}_rounding"));
        var isOver = highest > _type.MaximumRaw;
        var after = After(highest, isOver);
        if (after.Low == after.High)
            return bits.Literal(after.Minimum);
        return BitsAlgebra.FromNet(Finish(sum, drop, convergent, isOver, after), after);
    }

    /// <summary>The form with the rounding constant, at the type's fraction and <paramref name="drop"/> bits more.</summary>
    private (int Sum, bool IsConvergent) Rounded(LinearForm form, Interval range, int drop)
    {
        if (drop == 0)
            return (bits.AtFraction(bits.ToNet(form), _type.Fraction), false);
        var step = RoundingStep.Of(quantizer.Rounding, drop, isNonNegative: true, isNegative: false);
        var sum = bits.ToNet(form + LinearForm.Of(new Dyadic(step.Addend, -range.Fraction)));
        return (bits.AtFraction(sum, range.Fraction), step.IsConvergent);
    }

    private Interval After(BigInteger highest, bool isOver) => quantizer.Overflow switch
    {
        Overflow.Wrap when isOver => _type.Range,
        _ => new(BigInteger.Zero, BigInteger.Min(highest, _type.MaximumRaw), _type.Fraction),
    };

    private int Finish(int sum, int drop, bool convergent, bool isOver, Interval after)
    {
        var net = Builder[sum];
        var target = after.Type;
        // The sum is wider than the result: where the rounding constant lifts every negative number to zero it has no sign.
        var result = Builder.Slice(Builder.Extend(sum, Math.Max(net.Width, drop + target.Width)), drop, target.Width, target.Signed);
        if (convergent)
            result = RoundingStep.ToEven(bits, sum, drop, result);
        var negative = net.Signed ? Builder.Bit(sum, net.Width - 1) : -1;
        if (isOver && quantizer.Overflow != Overflow.Wrap)
        {
            var saturation = new Saturation(bits, quantizer);
            var magnitude = drop + (_type.Signed ? _type.Width - 1 : _type.Width);
            var above = saturation.Any("above", Builder.Slice(sum, magnitude, net.Width - (net.Signed ? 1 : 0) - magnitude, signed: false));
            if (quantizer.Overflow == Overflow.SatZero)
                negative = negative < 0 ? above : saturation.Or("outside", above, negative);
            else
                result = saturation.Or("saturated", result, saturation.Row(above, target));
        }
        return negative < 0 ? result : bits.Mask(result, negative, after);
    }
}
