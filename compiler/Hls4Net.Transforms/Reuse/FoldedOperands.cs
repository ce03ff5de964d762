using System.Globalization;
using System.Numerics;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Transforms.Reuse;

/// <summary>
/// Both operands of the multipliers of a folded layer: elements held from phase 0 on and chosen by the phase, and weights from a table that
/// the phase addresses. Lanes that want the same elements in the same phases share their choice.
/// </summary>
internal sealed class FoldedOperands(BitsAlgebra algebra, PhaseCounter phase, LoadedTables? tables, string name)
{
    private readonly Dictionary<int, (int Now, int Later)> _held = [];
    private int[,] _shared = new int[0, 0];

    private ModuleBuilder Builder => algebra.Builder;

    /// <summary>
    /// Finds for each slot and inner phase the one element that any output wants there. A phase in which an output has a zero weight then
    /// takes the element of the others, so that one choice serves all of them.
    /// </summary>
    public void Share(IReadOnlyList<FoldedTerm[]> outputs, int slots)
    {
        _shared = new int[slots, phase.InnerExtent];
        for (var slot = 0; slot < slots; slot++)
        {
            for (var p = 0; p < phase.InnerExtent; p++)
            {
                var wanted = outputs.Select(t => t[p * slots + slot]).Where(t => !t.IsZero).Select(t => t.Net).Distinct().Take(2).ToArray();
                _shared[slot, p] = wanted.Length == 1 ? wanted[0] : -1;
            }
        }
    }

    /// <summary>What a multiplier gives in each phase; null if it is zero in all of them.</summary>
    /// <param name="terms">By outer and inner phase.</param>
    public Signal? Product(FoldedTerm[][] terms, int slot, string lane)
    {
        var used = terms.SelectMany(t => t).Where(t => !t.IsZero).ToArray();
        if (used.Length == 0)
            return null;
        var exponent = used.Min(t => t.Exponent);
        var element = Element(terms, slot);
        if (tables is not null && Array.Exists(used, t => t.Loaded is not null))
        {
            algebra.Stem = $"{name}_{lane}";
            return algebra.Shift(algebra.Multiply(element, tables.Weights(terms, exponent, $"{name}_{lane}_weight")), exponent);
        }
        var weights = terms.Select(o => o.Select(t => t.IsZero ? BigInteger.Zero : t.Factor.ToRaw(-exponent)).ToArray()).ToArray();
        algebra.Stem = $"{name}_{lane}";
        return algebra.Shift(algebra.Multiply(element, Weight(weights, lane)), exponent);
    }

    private Signal Element(FoldedTerm[][] terms, int slot)
    {
        var nets = terms.Select((o, outer) => o.Select((t, p) => (slot < _shared.GetLength(0) && _shared[slot, p] is var s && s >= 0 ? s : t.Net)).ToArray()).ToArray();
        var all = nets.SelectMany(o => o).Where(n => n >= 0).ToArray();
        var range = new Interval(all.Min(n => Builder[n].Low), all.Max(n => Builder[n].High), 0);
        algebra.Stem = string.Create(CultureInfo.InvariantCulture, $"{name}_operand_{slot}");
        // Where every output takes the same elements, the outer phase does not choose; only phase 0 itself is before anything is held.
        var isSame = nets.All(o => o.SequenceEqual(nets[0]));
        if (isSame)
            nets = [nets[0]];
        var chosen = nets.Select((o, outer) => phase.Choose(algebra.Stem, phase.Inner, [.. o.Select((n, p) => Leaf(n, p, isSame ? phase.OuterExtent > 1 : outer > 0, outer > 0, range.Type))])).ToArray();
        return BitsAlgebra.FromNet(isSame ? chosen[0] : phase.Choose(algebra.Stem, phase.Outer, chosen), range);
    }

    /// <summary>An element in a phase; −1 stands for any.</summary>
    /// <param name="isLater">Whether the inner phase occurs again after an event's first.</param>
    /// <param name="isOnlyLater">Whether it never is the event's first.</param>
    private int Leaf(int net, int inner, bool isLater, bool isOnlyLater, FixedType type)
    {
        if (net < 0)
            return -1;
        var source = inner > 0 || isOnlyLater ? Held(net).Later : isLater ? Held(net).Now : net;
        return Builder.Reinterpret(Builder.Resize(source, type.Width), type.Signed);
    }

    /// <summary>A net that keeps the element of phase 0: what it shows in phase 0 as well, and what it shows in later phases.</summary>
    private (int Now, int Later) Held(int net)
    {
        if (_held.TryGetValue(net, out var held))
            return held;
        var old = Builder[net];
        var state = Builder.Open(old with { Name = Builder.NumberedName($"{Named(net)}_held"), Note = "" }, BigInteger.Clamp(BigInteger.Zero, old.Low, old.High));
        var now = Builder.Add($"{Named(net)}_kept", old.Type, old.Range, r => new Multiplexer(r, phase.IsFirst, net, state));
        Builder.Close(state, now);
        return _held[net] = (now, state);
    }

    private string Named(int net) => Builder[net].Name.Length > 0 ? Builder[net].Name : name;

    /// <summary>The weight of each phase: a number if it is the same in all, else a table over the digits of the phase that matter.</summary>
    private Signal Weight(BigInteger[][] weights, string lane)
    {
        var all = weights.SelectMany(w => w).ToArray();
        var (low, high) = (all.Min(), all.Max());
        if (low == high)
            return algebra.Literal(new(low, 0));
        var isSame = weights.All(w => w.AsSpan().SequenceEqual(weights[0]));
        var digits = new List<int>();
        if (phase.Inner >= 0)
            digits.Add(phase.Inner);
        if (phase.Outer >= 0 && !isSame)
            digits.Add(phase.Outer);
        var address = digits.Count == 1 ? digits[0] : Builder.Concatenate(digits, signed: false);
        var innerBits = phase.Inner < 0 ? 0 : Builder[phase.Inner].Width;
        var entries = new long[1 << Builder[address].Width];
        for (var o = 0; o < (isSame ? 1 : weights.Length); o++)
        {
            for (var p = 0; p < weights[o].Length; p++)
                entries[(o << innerBits) | p] = (long)weights[o][p];
        }
        // Codes that no phase has hold a zero, which need not be a weight.
        var range = new Interval(BigInteger.Min(low, entries.Length > all.Length ? 0 : low), BigInteger.Max(high, entries.Length > all.Length ? 0 : high), 0);
        var net = Builder.Add($"{name}_{lane}_weight", range.Type, range, r => new Rom(r, address, Seq.Own(entries), "weights by phase"));
        return BitsAlgebra.FromNet(net, range);
    }
}
