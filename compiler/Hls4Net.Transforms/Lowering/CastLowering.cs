using System.Numerics;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.Lowering;

/// <summary>
/// A cast as bits: a constant merged into the sum that is being rounded, a slice, and a comparison of the bits that do not fit. What
/// the interval of the number proves unnecessary is left out.
/// </summary>
internal sealed class CastLowering(BitsAlgebra bits, Quantizer quantizer)
{
    private readonly FixedType _type = quantizer.Type;

    private ModuleBuilder Builder => bits.Builder;

    public Signal Apply(Signal operand)
    {
        if (operand.IsConstant(out var value))
            return bits.Literal(Casting.Apply(value, quantizer));
        if (operand.Rectifies is { } form)
            return new RectifiedCastLowering(bits, quantizer).Apply(operand, form);
        if (quantizer.Overflow == Overflow.Wrap && operand.Congruent is { } known && known.Integer >= _type.Integer
            && known.Form.Flatten().Fraction <= _type.Fraction && !_type.Contains(operand.Range))
            return Wrap(known.Form);
        return Apply(operand, operand.Form);
    }

    private Signal Apply(Signal operand, LinearForm form)
    {
        var terms = form.Flatten();
        var range = bits.RangeOf(form);
        var isExact = terms.Fraction <= _type.Fraction;
        if (isExact && IsInside(range))
            return operand.IsPlain ? Signal.Of(form.Within(range)) : operand;
        if (isExact)
            return quantizer.Overflow == Overflow.Wrap ? Wrap(form) : Confine(bits.ToNet(form));
        var rounded = Rounded(range);
        var fits = IsInside(rounded);
        if (fits || quantizer.Overflow == Overflow.Wrap)
            return Named(Round(form, range, fits ? rounded.Type : _type), fits ? rounded : _type.Range);
        return Confine(new(Round(form, range, rounded.Type), rounded));
    }

    /// <summary>The interval after rounding, at the type's fraction; rounding keeps the order of numbers.</summary>
    private Interval Rounded(Interval range)
    {
        var drop = range.Fraction - _type.Fraction;
        return new(Casting.Round(range.Low, drop, quantizer.Rounding), Casting.Round(range.High, drop, quantizer.Rounding), _type.Fraction);
    }

    private bool IsInside(Interval range) => range.Minimum >= new Dyadic(LowestRaw, -_type.Fraction) && range.Maximum <= _type.Range.Maximum;

    private BigInteger LowestRaw => quantizer.Overflow == Overflow.SatSym && _type.Signed ? -_type.MaximumRaw : _type.MinimumRaw;

    private Signal Wrap(LinearForm form)
    {
        var range = _type.Range;
        return Signal.Wrapped(form, _type.Integer, range, () => LinearForm.Of(bits.ToNetModulo(form, _type), range));
    }

    private static Signal Named(int net, Interval range) => BitsAlgebra.FromNet(net, range);

    /// <summary>The number rounded to the type's fraction: its low bits, as many as <paramref name="kept"/> has.</summary>
    private int Round(LinearForm form, Interval range, FixedType kept)
    {
        var drop = range.Fraction - _type.Fraction;
        var step = RoundingStep.Of(quantizer.Rounding, drop, range.Low.Sign >= 0, range.High.Sign < 0);
        var sum = form + LinearForm.Of(new Dyadic(step.Addend, -range.Fraction));
        if (step.IfNegative.IsZero)
            return RoundingStep.Finish(bits, sum, drop, kept, step.IsConvergent);
        return RoundingStep.Finish(bits, sum + SignTerm(form, step.IfNegative, range), drop, kept, isConvergent: false);
    }

    /// <summary>The amount where the number is negative, zero where it is not.</summary>
    private LinearForm SignTerm(LinearForm form, BigInteger amount, Interval range)
    {
        var number = bits.ToNet(form);
        var sign = Builder.Bit(number.Net, Builder[number.Net].Width - 1);
        var ones = BigInteger.Abs(amount);
        if (!(ones + 1).IsPowerOfTwo)
            throw new InvalidOperationException("Rounding by sign adds a row of ones.");
        // A row of copies of the sign bit is the amount or zero.
        var row = Builder.Reinterpret(Builder.Extend(Builder.Reinterpret(sign, signed: true), (int)ones.GetBitLength()), signed: false);
        var width = Builder[row].Width;
        var unit = LinearForm.Of(row, new FixedType(false, width, width - range.Fraction).Range);
        return amount.Sign < 0 ? unit.Times(-Dyadic.One) : unit;
    }

    /// <summary>A number that may lie outside the type brought into it.</summary>
    private Signal Confine(Bits number)
    {
        var after = Saturation.RangeAfter(number.Range, quantizer);
        if (after.Low == after.High)
            return bits.Literal(after.Minimum);
        var raw = bits.AtFraction(number, _type.Fraction);
        var result = new Saturation(bits, quantizer).Apply(raw, number.Range.OnGrid(_type.Fraction), after);
        return BitsAlgebra.FromNet(result, after);
    }
}
