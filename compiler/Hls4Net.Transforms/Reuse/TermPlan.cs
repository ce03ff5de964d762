using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.Reuse;

/// <summary>
/// Which term of each output a multiplier slot works on in each inner phase, always in ascending order. Regular: phase p takes the terms
/// from p · slots on, so that all outputs of a dense layer want the same element of a slot in a phase. Packed: the same, but of the terms
/// that are not zero, so that a pruned layer needs fewer slots, each with a choice of elements of its own.
/// </summary>
internal sealed class TermPlan
{
    private readonly int _phases;
    private readonly int _slots;

    private TermPlan(int phases, int slots, bool isPacked) => (_phases, _slots, IsPacked) = (phases, slots, isPacked);

    /// <summary>Whether zero terms are left out.</summary>
    public bool IsPacked { get; }

    /// <summary>The cheaper plan, by the look-up tables that multipliers and choices of elements take.</summary>
    /// <param name="builder">Holds the nets of the terms.</param>
    /// <param name="outputs">The terms of each output.</param>
    /// <param name="phases">Inner phases.</param>
    /// <param name="depth">Outputs of a lane.</param>
    public static TermPlan Of(ModuleBuilder builder, IReadOnlyList<FoldedTerm[]> outputs, int phases, int depth)
    {
        var regular = new TermPlan(phases, outputs[0].Length / phases, isPacked: false);
        // Where weights are loaded, another one can be zero next time.
        if (outputs.Any(o => o.Any(t => t.Loaded is not null)))
            return regular;
        var packed = new TermPlan(phases, 0, isPacked: true);
        var lanes = outputs.Chunk(depth).ToArray();
        var (regularCount, packedCount) = (lanes.Sum(regular.Multipliers), lanes.Sum(packed.Multipliers));
        if (packedCount == regularCount)
            return regular;
        var used = outputs.SelectMany(t => t).Where(t => !t.IsZero).ToArray();
        var element = used.Max(t => builder[t.Net].Width);
        var lowest = used.Min(t => t.Factor.Exponent);
        var weight = used.Max(t => Interval.Of(t.Factor.Scale(-lowest)).Type.Width);
        // A multiplier of a by b bits takes about a · b look-up tables, or what is as scarce; a choice of one in three a third of that for each bit.
        var (multiplier, choice) = (3L * element * weight, (long)element * (phases * depth - 1));
        return (packedCount * (multiplier + choice)) < (regularCount * multiplier) + (regular._slots * choice) ? packed : regular;
    }

    /// <summary>The terms of one lane by slot, output and phase; zero where there is nothing to do.</summary>
    public FoldedTerm[][][] Arrange(IReadOnlyList<FoldedTerm[]> lane)
    {
        var terms = lane.Select(t => IsPacked ? [.. t.Where(x => !x.IsZero)] : t).ToArray();
        var slots = SlotsOf(terms);
        return [.. Enumerable.Range(0, slots).Select(slot => terms.Select(t => Enumerable.Range(0, _phases)
            .Select(p => (p * slots) + slot is var k && k < t.Length ? t[k] : FoldedTerm.Zero).ToArray()).ToArray())];
    }

    private int SlotsOf(FoldedTerm[][] terms) => IsPacked ? terms.Max(t => (t.Length + _phases - 1) / _phases) : _slots;

    private int Multipliers(FoldedTerm[][] lane) => Arrange(lane).Count(slot => slot.Any(output => output.Any(t => !t.IsZero)));
}
