using System.Numerics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators;
using Hls4Net.Transforms.Typing;

namespace Hls4Net.Transforms.Passes.Scales;

/// <summary>Quantisers, and what is done to every element alone.</summary>
internal sealed partial class ScaleMover
{
    /// <summary>Wider factors than this are no help against the product that they replace.</summary>
    private const int WidestAlignment = 56;

    /// <summary>code((x·f + s) / d) with x = min(max(b·F + S, low), high): one quantiser of b, and limits that are integers behind it.</summary>
    private bool Absorb(Node node, UniformQuantize quantiser)
    {
        var value = Of(node.Inputs[0]);
        if (value.IsPlain)
            return false;
        var parameters = node.Inputs.Skip(1).Select(i => Spread.Of(_values[i].Constant!)).ToArray();
        var (ratio, shift, zero) = (parameters[0] / parameters[2], parameters[1] / parameters[2], parameters.Length > 3 ? node.Inputs[4] : null);
        Quantise(node, value, quantiser, ratio, shift, zero);
        return true;
    }

    /// <summary>A cast of the model behind something that is no plain value is a quantiser whose scale is a power of two.</summary>
    private bool Absorb(Node node, Quantize quantise)
    {
        var value = Of(node.Inputs[0]);
        var (type, rounding, overflow) = quantise.Quantizer;
        if (value.IsPlain || IsSimple(value) || overflow is Overflow.Wrap or Overflow.SatZero || (overflow == Overflow.SatSym && !type.Signed))
            return false;
        var code = new QuantCode(type.Signed, overflow == Overflow.SatSym, type.Width, QuantRounding.Direct, rounding);
        Quantise(node, value, new UniformQuantize(code, -type.Fraction), Spread.Of(Rational.One.Scale(type.Fraction)), Spread.Zero, null);
        return true;
    }

    /// <summary>Whether fixed point holds the value by default, so that the model's own nodes may stay.</summary>
    private static bool IsSimple(ScaledValue value) => !value.IsNew && value.Factor.All(f => f.IsPowerOfTwo)
        && Parts(value).All(p => p.All(v => v.IsDyadic) && TypeRules.ExactType(p.ToConstant().Values).Width <= 24);

    private void Quantise(Node node, ScaledValue value, UniformQuantize quantiser, Spread ratio, Spread shift, string? zero)
    {
        var limits = new List<(Operator Operator, string Name)>();
        AddLimit(value.Low, new ElementwiseMaximum(), "low", (limit, code) => limit > code.Lowest);
        AddLimit(value.High, new ElementwiseMinimum(), "high", (limit, code) => limit < code.Highest);
        string[] inputs = [value.Base, .. Quotient(node, value.Factor * ratio, value.Shift * ratio + shift)];
        var current = Emit(node, limits.Count == 0 ? "" : "unlimited", quantiser, limits.Count == 0 ? node.Outputs[0] : null,
            zero is null ? inputs : [.. inputs, zero]);
        for (var k = 0; k < limits.Count; k++)
            current = Emit(node, "limit", limits[k].Operator, k == limits.Count - 1 ? node.Outputs[0] : null, current, limits[k].Name);
        _quantised.Add(node.Outputs[0]);

        // A quantiser keeps order: the integer of a limited value is the limited integer.
        void AddLimit(Spread? limit, Operator op, string name, Func<Rational, QuantCode, bool> matters)
        {
            if (limit is null)
                return;
            var codes = limit * ratio + shift;
            codes = zero is null ? codes.Map(c => quantiser.Code.Apply(c))
                : Spread.Combine(codes, Spread.Of(_values[zero].Constant!), (c, z) => quantiser.Code.Apply(c, z.ToDyadic()));
            if (!codes.All(c => !matters(c, quantiser.Code)))
                limits.Add((op, Constant($"{node.Outputs[0]}.{name}", codes.Map(c => c.Scale(quantiser.Scale)).ToConstant())));
        }
    }

    /// <summary>Whole numbers factor, shift and divisor with x · ratio + shift = (x · factor + shift′) / divisor.</summary>
    private string[] Quotient(Node node, Spread ratio, Spread shift)
    {
        var divisor = Spread.Combine(ratio, shift, (r, s) => r.Denominator / BigInteger.GreatestCommonDivisor(r.Denominator, s.Denominator) * s.Denominator);
        var name = node.Outputs[0];
        return [Constant($"{name}.factor", (ratio * divisor).ToConstant()), Constant($"{name}.shift", (shift * divisor).ToConstant()),
            Constant($"{name}.divisor", divisor.ToConstant())];
    }

    private bool Affine(Node node, ScaleShift affine)
    {
        var rank = ShapeOf(node.Inputs[0]).Count;
        var (scale, shift) = (Channels(node.Inputs[1]), Channels(node.Inputs[2]));
        return Note(node, scale is null || shift is null ? null : Of(node.Inputs[0]).Times(scale)?.Plus(shift));

        Spread? Channels(string name) => _values[name].Constant is { } constant
            ? Spread.Along([.. Spread.Exactly(constant)], rank, affine.Axis)
            : null;
    }

    private bool Multiply(Node node)
    {
        if (Split(node) is var (data, constant))
            return Note(node, Of(data).Times(Spread.Of(_values[constant].Constant!)));
        var (left, right) = (Multiple(node, node.Inputs[0]), Multiple(node, node.Inputs[1]));
        if (!left.IsQuantised || !right.IsQuantised || (left.IsPlain && right.IsPlain))
            return false;
        var product = Emit(node, "integers", new Multiplication(), null, left.Base, right.Base);
        return Note(node, ScaledValue.New(product, left.Factor * right.Factor));
    }

    private bool Add(Node node)
    {
        var isDifference = node.Operator is Subtraction;
        if (Split(node) is var (data, constant))
        {
            var (value, shift) = (Of(data), Spread.Of(_values[constant].Constant!));
            if (!isDifference)
                return Note(node, value.Plus(shift));
            return Note(node, data == node.Inputs[0] ? value.Plus(shift.Map(s => -s)) : value.Times(Spread.Of(-1))?.Plus(shift));
        }
        if (node.Inputs.Any(IsConstant))
            return false;
        var (left, right) = (WithoutLimits(node, node.Inputs[0]), WithoutLimits(node, node.Inputs[1]));
        if (!left.IsQuantised || !right.IsQuantised || (left.IsPlain && right.IsPlain))
            return false;
        // Both are whole multiples of the greatest common divisor of their factors.
        var common = Spread.Combine(left.Factor, right.Factor, Rational.GreatestCommonDivisor).Map(c => c.IsZero ? Rational.One : c);
        var (first, second) = (left.Factor / common, right.Factor / common);
        if (!first.All(IsNarrow) || !second.All(IsNarrow))
            return false;
        var sum = Emit(node, "integers", node.Operator, null, Times(left, first), Times(right, second));
        var shifted = isDifference ? left.Shift + right.Shift.Map(s => -s) : left.Shift + right.Shift;
        return Note(node, ScaledValue.New(sum, common) with { Shift = shifted });

        static bool IsNarrow(Rational factor) => BigInteger.Abs(factor.Numerator).GetBitLength() <= WidestAlignment;

        string Times(ScaledValue value, Spread factor) => factor.All(f => f == Rational.One)
            ? value.Base
            : Emit(node, "aligned", new Multiplication(), null, value.Base, Constant($"{value.Base}.factor", factor.ToConstant()));
    }

    private ScaledValue WithoutLimits(Node node, string name) => Of(name) is { HasLimits: false } value ? value : Multiple(node, name);

    private bool LimitByConstant(Node node, bool isLow) =>
        Split(node) is var (data, constant) && Limit(node, data, Spread.Of(_values[constant].Constant!), isLow);

    private bool Limit(Node node, Spread limit, bool isLow) => Limit(node, node.Inputs[0], limit, isLow);

    private bool Limit(Node node, string data, Spread limit, bool isLow)
    {
        var value = Of(data);
        if (value.IsPlain)
            return false;
        // A limit of zero is one for the base as well.
        if (node.Operator is Rectify && value is { IsQuantised: true, IsMultiple: true } && value.Factor.All(f => f.Sign > 0))
            return Note(node, value.On(Emit(node, "integers", new Rectify(), null, value.Base)));
        return Note(node, isLow ? value.AtLeast(limit) : value.AtMost(limit));
    }

    /// <summary>The computed and the constant operand, or null if there are not one of each.</summary>
    private (string Data, string Constant)? Split(Node node) => (IsConstant(node.Inputs[0]), IsConstant(node.Inputs[1])) switch
    {
        (true, false) => (node.Inputs[1], node.Inputs[0]),
        (false, true) => (node.Inputs[0], node.Inputs[1]),
        _ => null,
    };
}
