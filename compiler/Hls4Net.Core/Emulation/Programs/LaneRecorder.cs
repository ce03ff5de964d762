using System.Numerics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Core.Emulation.Programs;

/// <summary>
/// The interpretation that writes down what is to be computed for each event. Constants are computed while recording, and so is what the
/// ranges decide; of sums, differences and products by constants nothing is left but rows of factors.
/// </summary>
internal sealed class LaneRecorder : IAlgebra<LaneTerm>
{
    /// <summary>A folded table of at most that many bits of address is unfolded: one look-up instead of many steps.</summary>
    private const int WidestUnfolded = 16;

    private static readonly ExactAlgebra Exact = new();
    private readonly IntervalAlgebra _ranges = new();
    private readonly List<LaneNode> _nodes = [];
    private readonly List<BigInteger> _constants = [];
    private readonly Dictionary<BigInteger, int> _constantPlaces = [];
    private readonly Interned<int> _lists = new();
    private readonly Interned<Int128> _rows = new();
    private readonly Dictionary<FoldedTable, TableData> _unfolded = new(ReferenceEqualityComparer.Instance);

    public IReadOnlyList<LaneNode> Nodes => _nodes;

    public IReadOnlyList<BigInteger> Constants => _constants;

    /// <summary>Whether something needs more than the widest lane.</summary>
    public bool IsTooWide { get; private set; }

    /// <summary>An element of an input.</summary>
    public LaneTerm Input(int input, int element, FixedType type) =>
        Append(new InputNode(type.MinimumRaw, type.MaximumRaw, input, element), type.Fraction);

    public LaneTerm Literal(Dyadic value)
    {
        var fraction = Math.Max(0, -value.Exponent);
        return LaneTerm.Constant(value.ToRaw(fraction), fraction);
    }

    public LaneTerm Add(LaneTerm left, LaneTerm right) => Sum([left, right]);

    public LaneTerm Subtract(LaneTerm left, LaneTerm right) => Sum([left, right with { Factor = -right.Factor }]);

    public LaneTerm Multiply(LaneTerm left, LaneTerm right)
    {
        var fraction = left.Fraction + right.Fraction;
        if (left.IsConstant || right.IsConstant)
            return new(Math.Max(left.Node, right.Node), left.Factor * right.Factor, fraction);
        return Append(Binary(BinaryKind.Multiply, left, right, _ranges.Multiply(RangeOf(left), RangeOf(right))), fraction);
    }

    public LaneTerm Square(LaneTerm operand) => operand.IsConstant
        ? LaneTerm.Constant(operand.Factor * operand.Factor, 2 * operand.Fraction)
        : Append(Binary(BinaryKind.Multiply, operand, operand, _ranges.Square(RangeOf(operand))), 2 * operand.Fraction);

    public LaneTerm Divide(LaneTerm left, LaneTerm right, int fraction)
    {
        // q·2^-f = trunc(a·2^-fa / (b·2^-fb)): shift whichever operand makes the quotient come out at f fraction bits.
        var shift = fraction + right.Fraction - left.Fraction;
        var dividend = left with { Factor = left.Factor << Math.Max(0, shift) };
        var divisor = right with { Factor = right.Factor << Math.Max(0, -shift) };
        if (left.IsConstant && right.IsConstant)
            return LaneTerm.Constant(BigInteger.Divide(dividend.Factor, divisor.Factor), fraction);
        return Append(Binary(BinaryKind.Divide, dividend, divisor, _ranges.Divide(RangeOf(left), RangeOf(right), fraction)), fraction);
    }

    public LaneTerm Minimum(LaneTerm left, LaneTerm right) => Extremum(BinaryKind.Minimum, left, right, _ranges.Minimum);

    public LaneTerm Maximum(LaneTerm left, LaneTerm right) => Extremum(BinaryKind.Maximum, left, right, _ranges.Maximum);

    public LaneTerm Compare(Comparison comparison, LaneTerm left, LaneTerm right)
    {
        var (a, b) = Align(left, right);
        var (p, q) = (RangeOf(a), RangeOf(b));
        bool? known = comparison switch
        {
            Comparison.Less => p.High < q.Low ? true : p.Low >= q.High ? false : null,
            Comparison.LessOrEqual => p.High <= q.Low ? true : p.Low > q.High ? false : null,
            _ => p.High < q.Low || q.High < p.Low ? false : p.Low == p.High && p == q ? true : null,
        };
        if (known is { } result)
            return LaneTerm.Constant(result ? 1 : 0, 0);
        var kind = comparison switch { Comparison.Less => BinaryKind.Less, Comparison.LessOrEqual => BinaryKind.LessOrEqual, _ => BinaryKind.Equal };
        return Append(Binary(kind, a, b, new(0, 1, 0)), 0);
    }

    public LaneTerm Select(LaneTerm condition, LaneTerm then, LaneTerm otherwise)
    {
        var (a, b) = Align(then, otherwise);
        if (condition.IsConstant)
            return condition.Factor.IsZero ? b : a;
        var range = RangeOf(a).Union(RangeOf(b));
        return Append(new SelectNode(range.Low, range.High, Place(condition), Place(a), Place(b)), a.Fraction);
    }

    public LaneTerm Shift(LaneTerm operand, int power) => operand with { Fraction = operand.Fraction - power };

    public LaneTerm Cast(LaneTerm operand, Quantizer quantizer)
    {
        var type = quantizer.Type;
        var source = operand.On(Math.Max(operand.Fraction, type.Fraction));
        var drop = source.Fraction - type.Fraction;
        var range = RangeOf(source);
        var (low, high) = (Casting.Round(range.Low, drop, quantizer.Rounding), Casting.Round(range.High, drop, quantizer.Rounding));
        var overflows = Casting.Confine(low, type, quantizer.Overflow) != low || Casting.Confine(high, type, quantizer.Overflow) != high;
        if (source.IsConstant || source.Factor.IsZero)
            return LaneTerm.Constant(Casting.Confine(low, type, quantizer.Overflow), type.Fraction);
        if (drop == 0 && !overflows)
            return source;
        var result = _ranges.Cast(range, quantizer);
        return Append(new CastNode(result.Low, result.High, Place(source), drop, quantizer, overflows), type.Fraction);
    }

    public LaneTerm Lookup(LaneTerm operand, Table table)
    {
        if (table.Folded is { } folded && (folded.Input.Width > WidestUnfolded || operand.Fraction > folded.Input.Fraction))
            return folded.Expand(this, operand, table.Function);
        var data = table.Data ?? Unfold(table);
        if (operand.Fraction > data.Input.Fraction)
            throw new InvalidOperationException($"An operand with {operand.Fraction} fraction bits addresses a table of {data.Input}.");
        var address = operand.On(data.Input.Fraction);
        if (address.IsConstant)
            return LaneTerm.Constant(data.At(address.Factor), data.Output.Fraction);
        var range = _ranges.Lookup(RangeOf(address), table);
        return Append(new LookupNode(range.Low, range.High, Place(address), data), data.Output.Fraction);
    }

    public LaneTerm Sum(IReadOnlyList<LaneTerm> terms)
    {
        var fraction = terms.Count == 0 ? 0 : int.MinValue;
        for (var k = 0; k < terms.Count; k++)
            fraction = Math.Max(fraction, terms[k].Fraction);
        var sum = new LaneTerms(terms.Count);
        for (var k = 0; k < terms.Count; k++)
            sum.Add(terms[k].On(fraction));
        if (sum.Single() is { } only)
            return only with { Fraction = fraction };
        IsTooWide |= sum.IsTooWide;
        var (low, high) = sum.Range(_nodes);
        return Append(new LinearNode(low, high, _lists.Of(sum.Nodes), _rows.Of(sum.Factors), sum.Constant), fraction);
    }

    /// <summary>The same number on the grid of a channel, where it must lie.</summary>
    public LaneTerm OnGrid(LaneTerm term, int fraction)
    {
        var shift = term.Fraction - fraction;
        if (shift <= 0)
            return term.On(fraction);
        if (((term.Factor >> shift) << shift) == term.Factor)
            return new(term.Node, term.Factor >> shift, fraction);
        if (term.IsConstant)
            throw new InvalidOperationException("A value does not lie on the grid of its channel's type.");
        var range = RangeOf(term);
        return Append(new CoarserNode(range.Low >> shift, range.High >> shift, Place(term), shift), fraction);
    }

    /// <summary>The node or (~k) the constant with a term's integers.</summary>
    public int Place(LaneTerm term)
    {
        if (term.IsConstant || term.Factor.IsZero)
        {
            if (!_constantPlaces.TryGetValue(term.Factor, out var place))
            {
                _constantPlaces[term.Factor] = place = _constants.Count;
                _constants.Add(term.Factor);
            }
            return ~place;
        }
        if (term.Factor.IsOne)
            return term.Node;
        var range = RangeOf(term);
        IsTooWide |= LaneTypes.Fitting(term.Factor, term.Factor) is null;
        var factor = IsTooWide ? Int128.Zero : (Int128)term.Factor;
        return Append(new LinearNode(range.Low, range.High, _lists.Of([term.Node]), _rows.Of([factor]), 0), 0).Node;
    }

    /// <summary>What a term can be.</summary>
    public Interval RangeOf(LaneTerm term)
    {
        if (term.IsConstant)
            return new(term.Factor, term.Factor, term.Fraction);
        var node = _nodes[term.Node];
        return term.Factor.IsOne ? new(node.Low, node.High, term.Fraction)
            : term.Factor.Sign >= 0 ? new(node.Low * term.Factor, node.High * term.Factor, term.Fraction)
            : new(node.High * term.Factor, node.Low * term.Factor, term.Fraction);
    }

    private LaneTerm Extremum(BinaryKind kind, LaneTerm left, LaneTerm right, Func<Interval, Interval, Interval> extremum)
    {
        var (a, b) = Align(left, right);
        var (p, q) = (RangeOf(a), RangeOf(b));
        if (p.High <= q.Low)
            return kind == BinaryKind.Minimum ? a : b;
        if (q.High <= p.Low)
            return kind == BinaryKind.Minimum ? b : a;
        return Append(Binary(kind, a, b, extremum(p, q)), a.Fraction);
    }

    private static (LaneTerm A, LaneTerm B) Align(LaneTerm a, LaneTerm b)
    {
        var fraction = Math.Max(a.Fraction, b.Fraction);
        return (a.On(fraction), b.On(fraction));
    }

    private BinaryNode Binary(BinaryKind kind, LaneTerm left, LaneTerm right, Interval range) => new(range.Low, range.High, kind, Place(left), Place(right));

    /// <summary>A node as a term; where it can be one number only, that constant.</summary>
    private LaneTerm Append(LaneNode node, int fraction)
    {
        IsTooWide |= LaneTypes.Fitting(node.Low, node.High) is null;
        _nodes.Add(node);
        return node.Low == node.High ? LaneTerm.Constant(node.Low, fraction) : new(_nodes.Count - 1, BigInteger.One, fraction);
    }

    private TableData Unfold(Table table)
    {
        var folded = table.Folded ?? throw new InvalidOperationException($"The table of {table.Function} has no entries yet.");
        if (!_unfolded.TryGetValue(folded, out var data))
        {
            var raw = new long[1 << folded.Input.Width];
            for (var code = 0; code < raw.Length; code++)
                raw[code] = (long)TableData.RawOf(code, folded.Input);
            var entries = folded.Expand(new LaneAlgebra<long>(raw.Length), new Lanes<long>(raw, folded.Input.Fraction), table.Function);
            _unfolded[folded] = data = new TableData(folded.Input, folded.Output, Text.Seq.Own(entries.Raw));
        }
        return data;
    }
}
