using Hls4Net.Core.Numbers;
using Hls4Net.Transforms.Streams;

namespace Hls4Net.Emission;

/// <summary>The processes that work on one position after the other: line buffers, windows, and the kernel at a position.</summary>
internal sealed partial class HlsCppProcesses
{
    /// <summary>The line buffer of a stream: what came the given numbers of beats ago.</summary>
    /// <param name="Array">One row for each of these numbers.</param>
    private sealed record Line(BeatStream Stream, CppSourceArray Array, int[] Ages, int Period);

    private Action<CodeWriter, Draft> Positions(PositionsProcess process, Draft draft)
    {
        var lines = process.Sources.Select(s => LineOf(s, process, process.Slots.SelectMany(x => x), draft)).ToArray();
        var classes = process.Slots.SelectMany(s => s).Select(s => s.Class).Distinct(ReferenceEqualityComparer.Instance).Cast<ClassPlan>()
            .ToDictionary(c => c, c => PositionStages.Of(design, process.Group, c.Positions[0]), (IEqualityComparer<ClassPlan>)ReferenceEqualityComparer.Instance);
        for (var n = 0; n < process.Results.Count; n++)
        {
            var series = process.Results[n];
            var condition = draft.Flags.In(series.Ticks);
            OpenIf(draft.Step, condition);
            draft.Step.Line($"{_network.BeatText(series)} result;");
            var offset = 0;
            foreach (var (positions, slot) in process.Slots[n])
            {
                var count = positions.Positions[0].Outputs.Count;
                var isAlone = process.Slots[n].Count == 1;
                draft.Step.Open("{");
                var target = isAlone ? "result.at" : draft.Names.Fresh("part");
                if (!isAlone)
                    draft.Step.Line(Text($"{_network.TypeText(series)} {target}[{count}];"));
                var windows = classes[positions].Windows.ToDictionary(w => w.Name, w => WindowOf(w, positions, slot, lines, draft), StringComparer.Ordinal);
                Compute(classes[positions].Stages, name => windows[name], draft.Step, draft, target, null);
                if (!isAlone)
                    draft.Step.Line(Text($"copy_elements<{count}>({target}, result.at + {offset});"));
                draft.Step.Close();
                offset += count;
            }
            Give(draft.Step, series, "result");
            CloseIf(draft.Step, condition);
        }
        return Ticks;
    }

    /// <summary>
    /// A line buffer with the ages that are read. Between two of them lie as many beats as are between their ages, in a memory that is read
    /// and written at one place after the other.
    /// </summary>
    private Line LineOf(BeatStream stream, Process process, IEnumerable<(ClassPlan Class, Slot Slot)> slots, Draft draft)
    {
        var (series, delay) = (stream.Series, stream.Delay);
        var (period, phase) = _network.Network.Plan.Periods[series.Lanes[0]];
        var lanes = series.Lanes.ToHashSet();
        int[] ages = [.. slots.SelectMany(s => s.Class.Positions[0].Sources.Keys.Select(s.Slot.Source)).OfType<Slot.Read>()
            .Where(r => r.Age is not null && lanes.Contains(r.Lane)).Select(r => (r.Age!.Value - delay) / period).Append(0).Distinct().Order()];
        var (name, count) = (draft.Names.Fresh($"{_network.NameOf(series)}_rows"), series.Lanes.Count);
        draft.Kept.Line(Text($"static {_network.TypeText(series)} {name}[{ages.Length}][{count}];"));
        Partition(draft.Kept, name);
        var moving = period == 1 ? "true" : draft.Flags.In([.. Enumerable.Range(process.First, draft.Steps).Where(t => (((t - delay - phase) % period) + period) % period == 0)]);
        if (ages.Length > 1)
        {
            OpenIf(draft.Step, moving);
            for (var k = ages.Length - 1; k > 0; k--)
                Shift(name, k, ages[k] - ages[k - 1] - 1, count, _network.TypeText(series), draft);
            CloseIf(draft.Step, moving);
        }
        var condition = ReadCondition(stream, draft);
        OpenIf(draft.Step, condition);
        draft.Step.Line($"take_beat({_network.NameOf(stream)}, {name}[0]);");
        CloseIf(draft.Step, condition);
        return new(stream, new(name, ages.Length, count), ages, period);
    }

    private static void Shift(string rows, int row, int between, int lanes, string type, Draft draft)
    {
        if (between == 0)
        {
            draft.Step.Line(Text($"copy_elements<{lanes}>({rows}[{row - 1}], {rows}[{row}]);"));
            return;
        }
        var (line, at) = (draft.Names.Fresh(Text($"{rows}_line_{row}")), draft.Names.Fresh(Text($"{rows}_at_{row}")));
        draft.Kept.Line(Text($"static {type} {line}[{between}][{lanes}];"));
        draft.Kept.Line($"#pragma HLS ARRAY_RESHAPE variable={line} complete dim=2");
        if (between > 1)
            draft.Kept.Line(Text($"#pragma HLS DEPENDENCE variable={line} type=inter direction=RAW distance={between} true"));
        draft.Kept.Line($"static int {at} = 0;");
        draft.Step.Line($"pass_line({line}, {at}, {rows}[{row - 1}], {rows}[{row}]);");
    }

    /// <summary>A window as an array that is filled in the ticks of its slot.</summary>
    private CppArray WindowOf(Window window, ClassPlan positions, Slot slot, Line[] lines, Draft draft)
    {
        var array = layout[window.Channel];
        var entries = EntriesOf(window, positions, slot, lines, draft);
        var name = draft.Names.Fresh("window");
        draft.Step.Line(Text($"{array.Identifier}_t {name}[{entries.Length}];"));
        Partition(draft.Step, name);
        new HlsCppFill(draft.Step, draft.Names).Print(name, $"{array.Identifier}_t", v => NumberIn(v, array.Type), [.. entries.Select(e => e.Source)]);
        return new(name, array.Type, null, e => entries[e].Range);
    }

    private (CppSource Source, Interval Range)[] EntriesOf(Window window, ClassPlan positions, Slot slot, Line[] lines, Draft draft)
    {
        var known = new Dictionary<int, (CppSource Source, Interval Range)>();
        return [.. window.Elements.Select(e => known.TryGetValue(e, out var entry) ? entry : known[e] = EntryOf(window.Channel, e, positions, slot, lines, draft))];
    }

    /// <summary>What an entry of a window can be, at any position.</summary>
    private Interval RangeOf(Window window, ClassPlan positions, int entry)
    {
        var key = (window.Channel, window.Elements[entry]);
        var (zero, ranges) = (new Interval(0, 0, layout[window.Channel].Type.Fraction), layout.Ranges[window.Channel]);
        return !positions.Positions[0].Sources.ContainsKey(key) ? zero
            : positions.Positions.Select(p => p.Sources[key]).Distinct().Select(e => e < 0 ? zero : ranges[e]).Distinct().Aggregate((a, b) => a.Union(b));
    }

    private void Windows(WindowsProcess process, Draft draft)
    {
        var lines = process.Sources.Select(s => LineOf(s, process, process.Windows.Select(w => (w.Class, w.Slot)).Distinct(), draft)).ToArray();
        for (var n = 0; n < process.Windows.Count; n++)
        {
            var (window, series) = (process.Windows[n], process.Results[n]);
            var array = layout[window.Window.Channel];
            var condition = draft.Flags.In(series.Ticks);
            draft.Step.Open(condition == "true" ? "{" : $"if ({condition}) {{");
            draft.Step.Line($"{_network.BeatText(series)} window;");
            new HlsCppFill(draft.Step, draft.Names).Print("window.at", $"{array.Identifier}_t", v => NumberIn(v, array.Type), [.. EntriesOf(window.Window, window.Class, window.Slot, lines, draft).Select(e => e.Source)]);
            Give(draft.Step, series, "window");
            draft.Step.Close();
        }
    }

    private (CppSource Source, Interval Range) EntryOf(string channel, int element, ClassPlan positions, Slot slot, Line[] lines, Draft draft)
    {
        var key = (channel, element);
        var (read, constant) = (slot.Source(key), slot.Constant(key));
        var zero = new Interval(0, 0, layout[channel].Type.Fraction);
        if (read is null && constant is null)
            return (new(null, 0, "", Dyadic.Zero), zero);
        var ranges = layout.Ranges[channel];
        var range = positions.Positions.Select(p => p.Sources[key]).Distinct().Select(e => e < 0 ? zero : ranges[e]).Distinct().Aggregate((a, b) => a.Union(b));
        if (read is not { } source)
            return (new(null, 0, "", constant!.Value), range);
        if (source.Age is not { } age)
            return (Setting(new(source.Lane, Place.Always, Dyadic.Zero)), range);
        var condition = "";
        if (constant is not null)
        {
            var places = _network.Network.Plan.Channels[channel];
            condition = draft.Flags.In([.. slot.Positions.Where(p => p.Position.Sources[key] is var e && e >= 0 && !places[e].IsConstant).Select(p => p.Tick)]);
        }
        var line = Array.Find(lines, l => l.Stream.Series.Lanes.Contains(source.Lane))!;
        var row = Array.IndexOf(line.Ages, (age - line.Stream.Delay) / line.Period);
        var lane = line.Stream.Series.Lanes.ToList().IndexOf(source.Lane);
        return (new(line.Array, (row * line.Array.Columns) + lane, condition == "true" ? "" : condition, constant ?? Dyadic.Zero), range);
    }
}
