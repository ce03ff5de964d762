using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Transforms.Reuse;

/// <summary>
/// Adds up what the multipliers of a lane give in the inner phases, for one output after the other. Exact sums, and those in a type that
/// wraps or that no partial sum leaves, are computed modulo a power of two, in any order; sums that can saturate on the way keep the
/// order of the kernel, one addition and cast behind the other.
/// </summary>
internal sealed class FoldedAccumulator
{
    private readonly BitsAlgebra _algebra;
    private readonly PhaseCounter _phase;
    private readonly LoadedTables? _tables;
    private readonly LoadedRange?[] _loaded;
    private readonly Quantizer? _quantizer;
    private readonly bool _isOrdered;
    private readonly Interval[] _ranges;
    private readonly Dyadic[] _initial;
    private readonly FixedType _type;

    private FoldedAccumulator(BitsAlgebra algebra, PhaseCounter phase, LoadedTables? tables, Quantizer? quantizer, (FoldedTerm[] Terms, Dyadic Initial, LoadedRange? Loaded)[] outputs)
    {
        (_algebra, _phase, _tables, _quantizer) = (algebra, phase, tables, quantizer);
        _loaded = [.. outputs.Select(o => o.Loaded)];
        _initial = [.. outputs.Select(o => quantizer is { } q ? Casting.Apply(o.Initial, q) : o.Initial)];
        if (quantizer is { } type)
        {
            _type = type.Type;
            _isOrdered = type.Overflow != Overflow.Wrap && outputs.Any(o => CanLeave(o.Terms, o.Loaded?.Range ?? Interval.Of(o.Initial), type));
            _ranges = [.. outputs.Select(_ => type.Type.Range)];
            return;
        }
        if (outputs.Any(o => o.Loaded is not null || o.Terms.Any(t => t.Loaded is not null)))
        {
            _ranges = [.. outputs.Select(o => o.Terms.Where(t => !t.IsZero).Aggregate(o.Loaded?.Range ?? Interval.Of(o.Initial), (sum, t) => sum + (IntegersOf(t.Net) * t.Range)))];
            var grid = _ranges.Max(r => r.Fraction);
            _ranges = Array.ConvertAll(_ranges, r => r.WithFraction(grid));
            _type = _ranges.Aggregate((a, b) => a.Union(b)).Type;
            return;
        }
        var sums = outputs.Select(o => algebra.RangeOf(algebra.Sum([.. o.Terms.Where(t => !t.IsZero).Select(SignalOf), algebra.Literal(o.Initial)]).Form)).ToArray();
        var fraction = outputs.SelectMany(o => o.Terms.Where(t => !t.IsZero).Select(t => t.Factor).Append(o.Initial)).Where(f => !f.IsZero)
            .Select(f => -f.Exponent).DefaultIfEmpty(0).Max();
        _ranges = [.. sums.Select(s => s.OnGrid(fraction))];
        _type = _ranges.Aggregate((a, b) => a.Union(b)).Type;
    }

    private ModuleBuilder Builder => _algebra.Builder;

    /// <param name="quantizer">The type of the running sum; null for an exact one.</param>
    /// <param name="outputs">The outputs of the lane.</param>
    public static FoldedAccumulator Of(
        BitsAlgebra algebra, PhaseCounter phase, LoadedTables? tables, Quantizer? quantizer, (FoldedTerm[] Terms, Dyadic Initial, LoadedRange? Loaded)[] outputs) =>
        new(algebra, phase, tables, quantizer, outputs);

    private Signal SignalOf(FoldedTerm term) => _algebra.Multiply(BitsAlgebra.FromNet(term.Net, IntegersOf(term.Net)), _algebra.Literal(term.Factor));

    private Interval IntegersOf(int net) => new(Builder[net].Low, Builder[net].High, 0);

    /// <summary>Whether a partial sum can be outside the type, so that a saturation on the way would show.</summary>
    private bool CanLeave(FoldedTerm[] terms, Interval initial, Quantizer type)
    {
        var intervals = new IntervalAlgebra();
        var sum = intervals.Cast(initial, type);
        foreach (var term in terms.Where(t => !t.IsZero))
        {
            sum += intervals.Cast(IntegersOf(term.Net) * term.Range, type);
            if (!type.Type.Contains(sum))
                return true;
        }
        return false;
    }

    /// <summary>The sum of each output, as it is when all are complete.</summary>
    /// <param name="products">What the multipliers of the lane give, in the order of the kernel.</param>
    public Signal[] Sums(IReadOnlyList<Signal> products)
    {
        if (products.Count == 0)
            return [.. _initial.Select(_algebra.Literal)];
        var state = _phase.InnerExtent > 1 ? Builder.Open(Net.Of(Builder.NumberedName($"{_algebra.Stem}_accumulator"), _type), 0) : -1;
        var before = Start(state);
        var next = _isOrdered ? AddInOrder(before, products) : AddModulo(before, products);
        if (state >= 0)
            Builder.Close(state, next);
        return [.. _ranges.Select((range, outer) => Complete(next, state, outer, range))];
    }

    /// <summary>What a phase adds to: the initial number of the output in its first phase, then the running sum; −1 for nothing.</summary>
    private int Start(int state)
    {
        if (_tables is not null && Array.Exists(_loaded, l => l is not null))
        {
            var loaded = _tables.Initials(_initial, _loaded, _quantizer is null ? _ranges : null, _type, $"{_algebra.Stem}_initial");
            return state < 0 ? loaded : Builder.Add($"{_algebra.Stem}_before", _type, null, r => new Multiplexer(r, _phase.IsInnerFirst, loaded, state));
        }
        var numbers = _initial.Select(i => Builder.Constant(Casting.Confine(i.ToRaw(_type.Fraction), _type, Overflow.Wrap), _type)).ToArray();
        var initial = _phase.Choose(_algebra.Stem, _phase.Outer, numbers);
        if (state >= 0)
            return Builder.Add($"{_algebra.Stem}_before", _type, null, r => new Multiplexer(r, _phase.IsInnerFirst, initial, state));
        return _initial.All(i => i.IsZero) && !_isOrdered ? -1 : initial;
    }

    private int AddModulo(int before, IReadOnlyList<Signal> products)
    {
        var terms = _quantizer is { } type ? [.. products.Select(p => BitsAlgebra.FromNet(LowBits(_algebra.Cast(p, type)), _type.Range))] : products;
        var sum = Builder.Reinterpret(_algebra.ToNetModulo(_algebra.Sum(terms).Form, _type), _type.Signed);
        return before < 0 ? sum : Builder.Add($"{_algebra.Stem}_after", _type, null, r => new Adder(r, before, sum));
    }

    /// <summary>The low bits of a number that is congruent to one of the type.</summary>
    private int LowBits(Signal signal) => Builder.Reinterpret(signal.Congruent is { } congruent && congruent.Integer >= _type.Integer
        ? _algebra.ToNetModulo(congruent.Form, _type)
        : _algebra.ToNetModulo(signal.Form, _type), _type.Signed);

    private int AddInOrder(int before, IReadOnlyList<Signal> products)
    {
        var type = _quantizer!.Value;
        // Bits of their own first: what does not depend on the running sum has no place in its loop.
        var terms = products.Select(p => _algebra.ToNet(_algebra.Cast(p, type))).ToArray();
        var sum = BitsAlgebra.FromNet(before, type.Type.Range);
        foreach (var term in terms)
            sum = _algebra.Cast(_algebra.Add(sum, BitsAlgebra.FromNet(term.Net, term.Range)), type);
        return Builder.Reinterpret(_algebra.ToNetModulo(sum.Form, _type), _type.Signed);
    }

    /// <summary>The sum of one output when all are complete.</summary>
    private Signal Complete(int next, int state, int outer, Interval range)
    {
        var isLast = outer == _phase.OuterExtent - 1;
        var cycles = _phase.InnerExtent * _phase.OuterExtent;
        var source = isLast ? state >= 0 ? state : next : Keep(next, outer);
        var complete = Builder.Add($"{_algebra.Stem}_complete", Builder[source].Type, range, r => new Await(r, source, isLast && state < 0 ? cycles - 1 : cycles));
        return BitsAlgebra.FromNet(complete, range);
    }

    /// <summary>Keeps an output's sum from its last phase on until the others are complete.</summary>
    private int Keep(int next, int outer)
    {
        var end = _phase.IsEndOf(outer);
        var type = Builder[next].Type;
        var kept = Builder.Open(Net.Of(Builder.NumberedName($"{_algebra.Stem}_finished"), type), 0);
        Builder.Close(kept, Builder.Add($"{_algebra.Stem}_keep", type, null, r => new Multiplexer(r, end, next, kept)));
        return kept;
    }
}
