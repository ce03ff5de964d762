using System.Numerics;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Transforms.Streams;

/// <summary>
/// Keeps sums, maxima and minima up to date while elements come. What it gives is complete in the tick of the last element and stays until the
/// next event's first.
/// </summary>
internal sealed class StreamAccumulator(ModuleBuilder top, StreamControl control, string name)
{
    private readonly BitsAlgebra _algebra = new(top) { Stem = name };
    private readonly Dictionary<string, (StreamCounter Counter, int Update, int First)> _controls = new(StringComparer.Ordinal);

    /// <summary>One result.</summary>
    /// <param name="all">The elements and their ticks; those that are the same for every event need none.</param>
    public Element Reduce(Reduction reduction, IReadOnlyList<(Element Element, int Tick)> all)
    {
        var constant = Constant(reduction, [.. all.Where(t => t.Element.IsConstant).Select(t => t.Element.Range.Minimum)]);
        var terms = all.Where(t => !t.Element.IsConstant).ToArray();
        if (terms.Length == 0)
            return Element.Constant(constant!.Value);
        int[] ticks = [.. terms.Select(t => t.Tick).Distinct().Order()];
        var fraction = terms.Max(t => t.Element.Range.Fraction);
        if (constant is { IsZero: false } value)
            fraction = Math.Max(fraction, -value.Exponent);
        var ranges = terms.Select(t => t.Element.Range).Concat(constant is { } c ? [Grids.Point(c)] : []).Select(r => r.OnGrid(fraction)).ToArray();
        var range = reduction == Reduction.Sum
            ? new Interval(ranges.Aggregate(BigInteger.Zero, (s, r) => s + r.Low), ranges.Aggregate(BigInteger.Zero, (s, r) => s + r.High), fraction)
            : ranges.Aggregate((a, b) => a.Union(b));
        var neutral = reduction switch { Reduction.Sum => Dyadic.Zero, Reduction.Maximum => range.Minimum, _ => range.Maximum };
        var (counter, update, first) = ControlOf(ticks);
        var lanes = terms.GroupBy(t => t.Element.Net).Select(g => Gated(g.First().Element, [.. g.Select(t => t.Tick)], ticks, counter, neutral)).ToList();
        // What is larger than one number in every tick is so at the end.
        if (constant is { } least && reduction != Reduction.Sum)
            lanes.Add(_algebra.Literal(least));
        var type = range.Type;
        var state = top.Open(Net.Of(top.NumberedName($"{name}_running"), type), 0);
        var after = reduction == Reduction.Sum ? Sum(lanes, state, first, type, constant ?? Dyadic.Zero) : Extreme(lanes, state, first, type, reduction == Reduction.Maximum);
        var next = top.Add($"{name}_next", type, null, r => new Multiplexer(r, update, after, state));
        top.Close(state, next);
        return new(next, range);
    }

    /// <summary>What the terms that do not change give together; null if there are none.</summary>
    private static Dyadic? Constant(Reduction reduction, IReadOnlyList<Dyadic> values) => values.Count == 0 ? null : reduction switch
    {
        Reduction.Sum => values.Aggregate((a, b) => a + b),
        Reduction.Maximum => values.Max(),
        _ => values.Min(),
    };

    private (StreamCounter Counter, int Update, int First) ControlOf(int[] ticks)
    {
        var key = string.Join(',', ticks);
        if (!_controls.TryGetValue(key, out var known))
        {
            var counter = control.Counter(name, new(ticks[0], ticks[^1] - ticks[0] + 1, 1));
            _controls[key] = known = (counter, counter.Pulses(ticks), control.Start(ticks[0]));
        }
        return known;
    }

    /// <summary>A lane in the ticks in which it has an element, and a number that changes nothing in the others.</summary>
    private Signal Gated(Element element, HashSet<int> own, int[] ticks, StreamCounter counter, Dyadic neutral)
    {
        var signal = BitsAlgebra.FromNet(element.Net, element.Range);
        return own.Count == ticks.Length ? signal
            : _algebra.Select(BitsAlgebra.FromBit(counter.Condition(ticks, [.. ticks.Select(own.Contains)])), signal, _algebra.Literal(neutral));
    }

    private int Sum(IReadOnlyList<Signal> lanes, int state, int first, FixedType type, Dyadic start)
    {
        var sum = top.Reinterpret(_algebra.ToNetModulo(_algebra.Sum(lanes).Form, type), type.Signed);
        var initial = top.Constant(Casting.Confine(start.ToRaw(type.Fraction), type, Overflow.Wrap), type);
        var before = top.Add($"{name}_before", type, null, r => new Multiplexer(r, first, initial, state));
        return top.Add($"{name}_after", type, null, r => new Adder(r, before, sum));
    }

    private int Extreme(IReadOnlyList<Signal> lanes, int state, int first, FixedType type, bool isMaximum)
    {
        var extreme = lanes.Aggregate((a, b) => isMaximum ? _algebra.Maximum(a, b) : _algebra.Minimum(a, b));
        var now = top.Reinterpret(_algebra.ToNetModulo(extreme.Form, type), type.Signed);
        var isBelow = isMaximum ? top.Add($"{name}_is_below", FixedType.Bit, null, r => new LessThan(r, state, now))
            : top.Add($"{name}_is_below", FixedType.Bit, null, r => new LessThan(r, now, state));
        var better = top.Add($"{name}_better", type, null, r => new Multiplexer(r, isBelow, now, state));
        return top.Add($"{name}_after", type, null, r => new Multiplexer(r, first, now, better));
    }
}
