using System.Numerics;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.Lowering;

/// <summary>
/// Bits: every primitive as cells of a module. Widths follow from exact intervals. Constants and constant factors stay symbolic, and a
/// sum becomes one <see cref="LinearSum"/> when something that is not linear needs its bits.
/// </summary>
internal sealed class BitsAlgebra(ModuleBuilder builder) : IAlgebra<Signal>
{
    private static readonly IntervalAlgebra Intervals = new();

    /// <summary>The module that cells go into.</summary>
    public ModuleBuilder Builder { get; } = builder;

    /// <summary>The stem of the names of the nets that are made next.</summary>
    public string Stem { get; set; } = "value";

    public Signal Literal(Dyadic value) => Signal.Of(value);

    public Signal Add(Signal left, Signal right) => AddScaled(left, right, Dyadic.One);

    public Signal Subtract(Signal left, Signal right) => AddScaled(left, right, -Dyadic.One);

    public Signal Multiply(Signal left, Signal right)
    {
        if (left.IsConstant(out var a))
            return Scale(right, a);
        if (right.IsConstant(out var factor))
            return Scale(left, factor);
        var (x, y) = (ToNet(left), ToNet(right));
        return Product(x, y, Intervals.Multiply(x.Range, y.Range));
    }

    public Signal Square(Signal operand)
    {
        if (operand.IsConstant(out var value))
            return Literal(value * value);
        var bits = ToNet(operand);
        return Product(bits, bits, Intervals.Square(bits.Range));
    }

    public Signal Divide(Signal left, Signal right, int fraction)
    {
        var range = Intervals.Divide(left.Range, right.Range, fraction);
        if (left.IsConstant(out var a) && right.IsConstant(out var b))
            return Literal(new ExactAlgebra().Divide(a, b, fraction));
        return DivisionLowering.Divide(this, ToNet(left), ToNet(right), fraction, range);
    }

    public Signal Minimum(Signal left, Signal right) => Extreme(left, right, isMaximum: false);

    public Signal Maximum(Signal left, Signal right)
    {
        if (right.IsConstant(out var zero) && zero.IsZero)
            return Rectify(left);
        return left.IsConstant(out zero) && zero.IsZero ? Rectify(right) : Extreme(left, right, isMaximum: true);
    }

    public Signal Compare(Comparison comparison, Signal left, Signal right)
    {
        // A constant between two multiples of the other side's unit is one of them here, which leaves fewer bits to compare.
        if (comparison != Comparison.Equal)
            (left, right) = (OnGridOf(right, left, isCeiling: comparison == Comparison.LessOrEqual), OnGridOf(left, right, isCeiling: comparison == Comparison.Less));
        var (a, b) = (left.Range, right.Range);
        var (always, never) = comparison switch
        {
            Comparison.Less => (a.Maximum < b.Minimum, a.Minimum >= b.Maximum),
            Comparison.LessOrEqual => (a.Maximum <= b.Minimum, a.Minimum > b.Maximum),
            _ => (a.Low == a.High && b.Low == b.High && a.Minimum == b.Minimum, a.Maximum < b.Minimum || a.Minimum > b.Maximum),
        };
        if (!always && !never && AreSame(left, right))
            (always, never) = (comparison != Comparison.Less, comparison == Comparison.Less);
        return always ? Literal(Dyadic.One) : never ? Literal(Dyadic.Zero) : FromBit(CompareBits(comparison, left, right));
    }

    /// <summary>A constant as the multiple of another number's unit next to it; other numbers as they are.</summary>
    private Signal OnGridOf(Signal other, Signal signal, bool isCeiling)
    {
        var fraction = other.Range.Fraction;
        if (!signal.IsConstant(out var value) || other.IsConstant(out _) || -value.Exponent <= fraction)
            return signal;
        var floor = Casting.Round(value.Mantissa, -value.Exponent - fraction, Rounding.Trn);
        return Literal(new(isCeiling ? floor + 1 : floor, -fraction));
    }

    public Signal Select(Signal condition, Signal then, Signal otherwise)
    {
        if (condition.IsConstant(out var value))
            return value.IsZero ? otherwise : then;
        var bit = ToNet(condition).Net;
        if (Builder[bit].Width != 1)
            bit = Builder.Add($"{Stem}_nonzero", FixedType.Bit, null, r => new OrReduction(r, bit));
        return Choose(bit, then, otherwise, static (a, b) => a.Union(b));
    }

    public Signal Shift(Signal operand, int power) => Signal.Of(operand.Form.Times(new(1, power)));

    public Signal Cast(Signal operand, Quantizer quantizer) => new CastLowering(this, quantizer).Apply(operand);

    public Signal Lookup(Signal operand, Table table)
    {
        if (table.Folded is { } folded)
            return folded.Expand(this, operand, table.Function);
        var data = table.Data ?? throw new InvalidOperationException($"The table of {table.Function} has no entries yet.");
        if (operand.IsConstant(out var value))
            return Literal(new(data.At(value.ToRaw(data.Input.Fraction)), -data.Output.Fraction));
        var address = ToNet(operand);
        var range = Intervals.Lookup(address.Range.OnGrid(data.Input.Fraction), table);
        if (range.Low == range.High)
            return Literal(range.Minimum);
        var net = Builder[address.Net];
        var zeros = data.Input.Fraction - address.Range.Fraction;
        var entries = new long[1 << net.Width];
        for (var code = 0; code < entries.Length; code++)
        {
            // Codes that the operand never has repeat the nearest that it has, so that synthesis sees no needless structure.
            var raw = BigInteger.Clamp(TableData.RawOf(code, net.Type), address.Range.Low, address.Range.High);
            entries[code] = data.At(raw << zeros);
        }
        var result = Builder.Add($"{Stem}_{table.Function.Name}", range.Type, range,
            r => new Rom(r, address.Net, Seq.Own(entries), table.Function.ToString()));
        return FromNet(result, range);
    }

    public Signal Sum(IReadOnlyList<Signal> terms)
    {
        if (terms.Count == 0)
            return Literal(Dyadic.Zero);
        var sum = terms[0].Form;
        for (var k = 1; k < terms.Count; k++)
            sum += terms[k].Form;
        return Signal.Of(sum);
    }

    /// <summary>The number as bits: a net, and what it can be at the place of the binary point of the net's integers.</summary>
    public Bits ToNet(Signal signal) => ToNet(signal.Form);

    /// <summary>The number as bits, as many as its range needs.</summary>
    public Bits ToNet(LinearForm form)
    {
        var terms = form.Flatten();
        var range = RangeOf(form);
        if (terms.Nets.Count == 0)
            return new(Builder.Constant(terms.Constant, range.Type), range);
        if (terms.Nets.Count == 1 && terms.Constant.IsZero && terms.Nets[0].Factor.IsOne)
            return new(Fit(terms.Nets[0].Net, range.Type), range);
        return new(AddSum($"{Stem}_sum", terms, range.Type, range), range);
    }

    /// <summary>The low bits of the number, for whoever does not need the others.</summary>
    /// <param name="type">The bits that are kept; its fraction must not cut any.</param>
    public int ToNetModulo(LinearForm form, FixedType type)
    {
        var terms = form.Flatten();
        if (type.Contains(RangeOf(form)))
            return Builder.Resize(AtFraction(ToNet(form), type.Fraction), type.Width);
        var zeros = type.Fraction - terms.Fraction;
        if (zeros >= type.Width)
            return Builder.Constant(BigInteger.Zero, type);
        var kept = new FixedType(type.Signed, type.Width - zeros, type.Integer);
        return Builder.AppendZeros(AddSum($"{Stem}_sum", terms, kept, null), zeros);
    }

    /// <summary>
    /// What a form can be, in the units of its written-out terms: bounded by its terms, which are exact where a net occurs in several
    /// of its parts, and by its range, which is where more is known of a part than its net tells.
    /// </summary>
    public Interval RangeOf(LinearForm form)
    {
        var terms = form.Flatten();
        var (low, high) = (terms.Constant, terms.Constant);
        foreach (var (net, factor) in terms.Nets)
        {
            var (a, b) = (Builder[net].Low * factor, Builder[net].High * factor);
            low += BigInteger.Min(a, b);
            high += BigInteger.Max(a, b);
        }
        var coarser = form.Range.Fraction - terms.Fraction;
        return new(BigInteger.Max(low, -Casting.Round(-form.Range.Low, coarser, Rounding.Trn)),
            BigInteger.Min(high, Casting.Round(form.Range.High, coarser, Rounding.Trn)), terms.Fraction);
    }

    /// <summary>The bits of a number with zeros behind until they count in units of 2^−fraction.</summary>
    public int AtFraction(Bits bits, int fraction) => bits.Range.Low.IsZero && bits.Range.High.IsZero
        ? bits.Net
        : Builder.AppendZeros(bits.Net, fraction - bits.Range.Fraction);

    /// <summary>A net as a number.</summary>
    public static Signal FromNet(int net, Interval range) => Signal.Of(LinearForm.Of(net, range));

    /// <summary>A truth value.</summary>
    public static Signal FromBit(int net) => FromNet(net, FixedType.Bit.Range);

    private int AddSum(string stem, LinearForm.Terms terms, FixedType type, Interval? range)
    {
        var weighted = terms.Nets.Select(t => new WeightedNet(t.Net, t.Factor));
        return Builder.Add(stem, type, range, r => new LinearSum(r, weighted.ToSeq(), terms.Constant));
    }

    private Signal Scale(Signal signal, Dyadic factor)
    {
        if (signal.IsConstant(out var value))
            return Literal(value * factor);
        return factor.IsZero ? Literal(factor) : Signal.Of(signal.Form.Times(factor));
    }

    private Signal AddScaled(Signal left, Signal right, Dyadic scale)
    {
        if (left.IsPlain && right.IsPlain)
            return Signal.Of(left.Form + (scale == Dyadic.One ? right.Form : right.Form.Times(scale)));
        var range = scale == Dyadic.One ? left.Range + right.Range : left.Range - right.Range;
        LinearForm Make() => left.Form + right.Form.Times(scale);
        if ((left.IsPlain || left.Congruent is not null) && (right.IsPlain || right.Congruent is not null))
        {
            var (a, modulusA) = left.IsPlain ? (left.Form, int.MaxValue) : left.Congruent!.Value;
            var (b, modulusB) = right.IsPlain ? (right.Form, int.MaxValue) : right.Congruent!.Value;
            return Signal.Wrapped(a + b.Times(scale), Math.Min(modulusA, modulusB), range, Make);
        }
        return Signal.Of(Make());
    }

    private Signal Product(Bits left, Bits right, Interval range)
    {
        if (IsFlag(left) || IsFlag(right))
            return Gated(left, right, range);
        var signed = Builder[left.Net].Signed || Builder[right.Net].Signed;
        var (a, b) = signed ? (Builder.ToSigned(left.Net), Builder.ToSigned(right.Net)) : (left.Net, right.Net);
        a = Builder.Named(a, () => Builder.NumberedName($"{Stem}_factor"));
        b = Builder.Named(b, () => Builder.NumberedName($"{Stem}_factor"));
        var raw = range.OnGrid(left.Range.Fraction + right.Range.Fraction);
        var width = raw.Type.Width + (signed && !raw.Type.Signed ? 1 : 0);
        var type = new FixedType(signed, width, width - raw.Fraction);
        var product = Builder.Add($"{Stem}_product", type, raw, r => new Multiplier(r, a, b));
        return FromNet(Builder.Slice(product, 0, raw.Type.Width, raw.Type.Signed), raw);
    }

    private static bool IsFlag(Bits bits) => bits.Range.Low.IsZero && bits.Range.High.IsOne;

    /// <summary>The product with a factor of 0 or 1 unit: a choice between the other factor and zero.</summary>
    private Signal Gated(Bits left, Bits right, Interval range)
    {
        var (flag, other) = IsFlag(left) ? (left, right) : (right, left);
        var raw = range.OnGrid(left.Range.Fraction + right.Range.Fraction);
        if (flag.Net == other.Net)
            return FromNet(flag.Net, raw);
        var zero = Builder.Constant(BigInteger.Zero, Builder[other.Net].Type);
        var bits = Fit(Builder.Add($"{Stem}_gated", Builder[other.Net].Type, null, r => new Multiplexer(r, flag.Net, other.Net, zero)), raw.Type);
        return FromNet(bits, raw);
    }

    private Signal Rectify(Signal operand)
    {
        if (operand.Range.Low.Sign >= 0)
            return operand;
        if (operand.Range.High.Sign <= 0)
            return Literal(Dyadic.Zero);
        var form = operand.Form;
        var range = new Interval(BigInteger.Zero, operand.Range.High, operand.Range.Fraction);
        return Signal.Rectified(form, range, () => MaskNegative(form));
    }

    private LinearForm MaskNegative(LinearForm form)
    {
        var bits = ToNet(form);
        var net = Builder[bits.Net];
        if (!net.Signed)
            return LinearForm.Of(bits.Net, bits.Range);
        var range = bits.Range with { Low = BigInteger.Zero };
        var width = range.Type.Width;
        var negative = Builder.Bit(bits.Net, net.Width - 1);
        var magnitude = Builder.Slice(bits.Net, 0, width, signed: false);
        var result = Mask(magnitude, negative, range);
        return LinearForm.Of(result, range);
    }

    /// <summary>The bits where the flag is 0, zero where it is 1.</summary>
    public int Mask(int bits, int flag, Interval? range)
    {
        var zero = Builder.Constant(BigInteger.Zero, Builder[bits].Type);
        return Builder.Add($"{Stem}_masked", Builder[bits].Type, range, r => new Multiplexer(r, flag, zero, bits));
    }

    private Signal Extreme(Signal left, Signal right, bool isMaximum)
    {
        var range = isMaximum ? Intervals.Maximum(left.Range, right.Range) : Intervals.Minimum(left.Range, right.Range);
        if (range.Low == range.High)
            return Literal(range.Minimum);
        if (AreSame(left, right))
            return left;
        var leftIsBelow = left.Range.Maximum <= right.Range.Minimum;
        var rightIsBelow = right.Range.Maximum <= left.Range.Minimum;
        if (leftIsBelow || rightIsBelow)
            return leftIsBelow == isMaximum ? right : left;
        var less = CompareBits(Comparison.Less, left, right);
        return isMaximum ? Choose(less, right, left, Intervals.Maximum) : Choose(less, left, right, Intervals.Minimum);
    }

    /// <summary>Whether two numbers are the same bits.</summary>
    private bool AreSame(Signal left, Signal right)
    {
        var (a, b) = (ToNet(left), ToNet(right));
        return a.Net == b.Net && a.Range.Fraction == b.Range.Fraction;
    }

    private int CompareBits(Comparison comparison, Signal left, Signal right)
    {
        if (comparison == Comparison.LessOrEqual)
        {
            var greater = CompareBits(Comparison.Less, right, left);
            return Builder.Add($"{Stem}_not", FixedType.Bit, null, r => new BitwiseNot(r, greater));
        }
        var (a, b) = Align(ToNet(left), ToNet(right));
        return comparison == Comparison.Less
            ? Builder.Add($"{Stem}_less", FixedType.Bit, null, r => new LessThan(r, a, b))
            : Builder.Add($"{Stem}_equal", FixedType.Bit, null, r => new EqualTo(r, a, b));
    }

    private Signal Choose(int condition, Signal then, Signal otherwise, Func<Interval, Interval, Interval> rangeOf)
    {
        var (x, y) = (ToNet(then), ToNet(otherwise));
        var (a, b) = Align(x, y);
        var raw = rangeOf(x.Range, y.Range).OnGrid(CommonFraction(x, y));
        var type = raw.Type;
        var (p, q) = (Fit(a, type), Fit(b, type));
        if (p == q)
            return FromNet(p, raw);
        return FromNet(Builder.Add($"{Stem}_choice", type, raw, r => new Multiplexer(r, condition, p, q)), raw);
    }

    /// <summary>The bits of a number that is known to be in the type.</summary>
    private int Fit(int net, FixedType type) => Builder.Reinterpret(Builder.Resize(net, type.Width), type.Signed);

    /// <summary>The place of the binary point at which both are integers; zero is one everywhere.</summary>
    private static int CommonFraction(Bits left, Bits right) =>
        left.Range.Low.IsZero && left.Range.High.IsZero ? right.Range.Fraction
        : right.Range.Low.IsZero && right.Range.High.IsZero ? left.Range.Fraction
        : Math.Max(left.Range.Fraction, right.Range.Fraction);

    /// <summary>Two numbers as nets of one width, sign and place of the binary point.</summary>
    private (int A, int B) Align(Bits left, Bits right)
    {
        var fraction = CommonFraction(left, right);
        var (a, b) = (AtFraction(left, fraction), AtFraction(right, fraction));
        if (Builder[a].Signed != Builder[b].Signed)
            (a, b) = (Builder.ToSigned(a), Builder.ToSigned(b));
        var width = Math.Max(Builder[a].Width, Builder[b].Width);
        return (Builder.Extend(a, width), Builder.Extend(b, width));
    }
}

/// <summary>A number on a net.</summary>
/// <param name="Range">What the number can be; the net's integers count in units of 2^−Range.Fraction.</param>
internal readonly record struct Bits(int Net, Interval Range);

/// <summary>Intervals on another grid.</summary>
internal static class Grids
{
    /// <summary>The same numbers in units of 2^−fraction, which they must be multiples of.</summary>
    public static Interval OnGrid(this Interval interval, int fraction) =>
        Interval.Between(interval.Minimum, interval.Maximum, fraction);

    /// <summary>One number, in the largest units in which it is an integer.</summary>
    public static Interval Point(Dyadic value) => new(value.Mantissa, value.Mantissa, -value.Exponent);
}
