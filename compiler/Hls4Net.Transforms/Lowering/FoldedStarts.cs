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
    private readonly SortedDictionary<int, int> _lines = [];
    private readonly Dictionary<int, int> _starts = [];

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
    /// <param name="valid">1 in the cycle in which an event's inputs come.</param>
    public int After(int valid, int cycles)
    {
        if (cycles == 0)
            return valid;
        if (_starts.TryGetValue(cycles, out var start))
            return start;
        var (before, source) = _lines.LastOrDefault(l => l.Key < cycles, new(0, valid));
        var always = top.Constant(1, FixedType.Bit);
        var name = string.Create(CultureInfo.InvariantCulture, $"valid_{cycles}");
        var line = top.Add(() => top.FreshName($"{name}_later"), FixedType.Bit, null, r => new DelayLine(r, source, always, cycles - before));
        _lines[cycles] = line;
        return _starts[cycles] = top.Add(() => top.FreshName(name), FixedType.Bit, null, r => new Await(r, line, cycles));
    }
}
