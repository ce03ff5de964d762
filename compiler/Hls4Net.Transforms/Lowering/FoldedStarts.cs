using System.Globalization;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.Lowering;

/// <summary>
/// When the folded layers of a parallel design start, but for the cycles that registers add: behind as many cycles as the folded layers
/// before them take. The bit that starts them waits in lines of one bit; otherwise their phases would wait in shift registers, which are
/// several bits each, and the placing of registers would have to move all that follows from a phase past every one of those cycles.
/// </summary>
internal sealed class FoldedStarts(ModuleBuilder top)
{
    private readonly Dictionary<string, int> _cycles = new(StringComparer.Ordinal);
    private readonly Dictionary<int, SortedDictionary<int, int>> _lines = [];
    private readonly Dictionary<(int Bit, int Cycles), int> _starts = [];

    /// <summary>Notes when a group's output is there; groups come in the design's order.</summary>
    public void Note(StageGroup group) =>
        _cycles[group.Output] = Before(group) + (group.Stages[0].Schedule is FoldedSchedule folded ? folded.Reuse : 0);

    /// <summary>The cycle after the event's inputs in which all that a group reads is there.</summary>
    public int Before(StageGroup group) => Of(group.Stages.SelectMany(s => s.Inputs));

    /// <summary>The cycle in which the last of some channels is there; 0 for inputs of the model and constants.</summary>
    public int Of(IEnumerable<string> channels) => channels.Select(c => _cycles.GetValueOrDefault(c)).DefaultIfEmpty(0).Max();

    /// <summary>
    /// A bit as it comes so many cycles later. The line holds it back for as many cycles as the timetable then counts, so that it is 1 where
    /// what comes from the folded layers before is there.
    /// </summary>
    /// <param name="bit">What says something of an event in the cycle in which its inputs come.</param>
    /// <param name="stem">What the bit is called.</param>
    public int After(int bit, int cycles, string stem = "valid")
    {
        if (cycles == 0)
            return bit;
        if (_starts.TryGetValue((bit, cycles), out var start))
            return start;
        if (!_lines.TryGetValue(bit, out var lines))
            _lines[bit] = lines = [];
        var (before, source) = lines.LastOrDefault(l => l.Key < cycles, new(0, bit));
        var always = top.Constant(1, FixedType.Bit);
        var name = string.Create(CultureInfo.InvariantCulture, $"{stem}_{cycles}");
        var line = top.Add(() => top.FreshName($"{name}_later"), FixedType.Bit, null, r => new DelayLine(r, source, always, cycles - before));
        lines[cycles] = line;
        return _starts[(bit, cycles)] = top.Add(() => top.FreshName(name), FixedType.Bit, null, r => new Await(r, line, cycles));
    }
}
