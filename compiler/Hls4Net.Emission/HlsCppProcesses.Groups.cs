using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Streams;

namespace Hls4Net.Emission;

/// <summary>The processes that compute, and the one that puts results together.</summary>
internal sealed partial class HlsCppProcesses
{
    /// <summary>Where an element is in a process: by lane the array, and how it is addressed there.</summary>
    private delegate CppSource Locate(Place place);

    private void Reduce(ReduceProcess process, Draft draft)
    {
        var type = _network.TypeOf(process.Reduced);
        var text = _network.TypeText(process.Reduced);
        var algebra = new CppAlgebra(_ => throw new InvalidOperationException("A reduction has no tables."));
        var start = process.Reduction.Reduction switch { Reduction.Sum => Dyadic.Zero, Reduction.Maximum => type.Range.Minimum, _ => type.Range.Maximum };
        var count = process.Reduction.Terms.Count;
        draft.Kept.Line($"static {_network.BeatText(process.Reduced)} running;");
        Partition(draft.Kept, "running.at");
        var isStart = draft.Flags.In([process.First]);
        OpenIf(draft.Step, isStart);
        new HlsCppFill(draft.Step, draft.Names).Print("running.at", text, v => NumberIn(v, type), [.. Enumerable.Repeat(new CppSource(null, 0, "", start), count)]);
        CloseIf(draft.Step, isStart);
        var locate = TakeNow(process.Sources, draft);
        var places = _network.Network.Plan.Channels[process.Reduction.Channel];
        // Terms that come in the same ticks from the same stream are one loop.
        var lanes = process.Reduction.Terms.SelectMany((t, k) => t.Select(e => (Term: k, Place: places[e]))).GroupBy(t => (t.Term, t.Place.Lane))
            .Select(g => (g.Key.Term, Source: locate(g.First().Place), Ticks: g.Select(t => t.Place.Tick).Order().ToArray(), Place: g.First().Place));
        foreach (var alike in lanes.GroupBy(l => (l.Source.Array, string.Join(',', l.Ticks))))
        {
            var condition = draft.Flags.In(alike.First().Ticks);
            OpenIf(draft.Step, condition);
            var fill = new HlsCppFill(draft.Step, draft.Names);
            var (to, from) = (fill.Positions("to", [.. alike.Select(a => a.Term)]), fill.Positions("from", [.. alike.Select(a => a.Source.Index)]));
            draft.Step.Open(Text($"for (int n = 0; n < {alike.Count()}; n++) {{"));
            draft.Step.Line("#pragma HLS UNROLL");
            var (running, term) = (new CppTerm($"running.at[{to("n")}]", type), new CppTerm($"{text}({alike.Key.Array!.At(from("n"))})", type));
            draft.Step.Line(process.Reduction.Reduction switch
            {
                Reduction.Sum => $"{running.Text} += {term.Text};",
                Reduction.Maximum => $"{running.Text} = {algebra.Maximum(running, term).Text};",
                _ => $"{running.Text} = {algebra.Minimum(running, term).Text};",
            });
            draft.Step.Close();
            CloseIf(draft.Step, condition);
        }
        GiveIn(draft, process.Reduced, "running");
    }

    private static string NumberIn(Dyadic value, FixedType type)
    {
        var term = new CppAlgebra(_ => throw new InvalidOperationException("A number is no table.")).Literal(value);
        return CppAlgebra.As(term, type);
    }

    /// <summary>Takes beats when they come; the result says where their elements are.</summary>
    private Locate TakeNow(IReadOnlyList<BeatStream> sources, Draft draft)
    {
        var lanes = new Dictionary<int, (CppSourceArray Array, int Index, int[]? Ticks, int Lanes)>();
        foreach (var source in sources)
        {
            var name = draft.Names.Fresh($"{_network.NameOf(source.Series)}_now");
            var count = source.Series.Lanes.Count;
            draft.Kept.Line(Text($"static {_network.TypeText(source.Series)} {name}[1][{count}];"));
            Partition(draft.Kept, name);
            var condition = ReadCondition(source, draft);
            OpenIf(draft.Step, condition);
            draft.Step.Line($"take_beat({_network.NameOf(source)}, {name}[0]);");
            CloseIf(draft.Step, condition);
            var array = new CppSourceArray(name, 1, count);
            if (_network.Network.WriterOf(source.Series) is CollectProcess { Source.Series: var origin })
            {
                for (var lane = 0; lane < origin.Lanes.Count; lane++)
                    lanes[origin.Lanes[lane]] = (array, lane, [.. origin.Ticks], origin.Lanes.Count);
            }
            for (var lane = 0; lane < count; lane++)
                lanes[source.Series.Lanes[lane]] = (array, lane, null, count);
        }
        return place =>
        {
            if (place.IsConstant)
                return new(null, 0, "", place.Value);
            if (!place.IsTimed)
                return Setting(place);
            var at = lanes[place.Lane];
            return new(at.Array, at.Ticks is null ? at.Index : (Array.BinarySearch(at.Ticks, place.Tick) * at.Lanes) + at.Index, "", Dyadic.Zero);
        };
    }

    private CppSource Setting(Place place)
    {
        foreach (var setting in design.Settings)
        {
            var element = Array.FindIndex(_network.Network.Plan.Channels[setting], p => p.Lane == place.Lane);
            if (element >= 0)
                return new(new(layout[setting].Identifier, 0, layout[setting].Elements), element, "", Dyadic.Zero);
        }
        throw new InvalidOperationException("A lane that does not change is no setting's.");
    }

    private void Send(SendProcess process, Draft draft)
    {
        var locate = TakeNow(process.Sources, draft);
        var array = layout[process.Channel];
        var (target, entries) = ("leaving.at", process.Lanes.Select(p => locate(p)).ToArray());
        if (!_network.IsStreamed)
            (target, entries) = ("port", [.. _network.Network.Plan.Channels[process.Channel].Select(p => locate(p))]);
        else
            draft.Step.Line($"{_network.BeatText(process.Port)} leaving;");
        new HlsCppFill(draft.Step, draft.Names).Print(target, $"{array.Identifier}_t", v => NumberIn(v, array.Type), entries);
        if (!_network.IsStreamed)
            return;
        var condition = draft.Flags.In(process.Port.Ticks);
        OpenIf(draft.Step, condition);
        draft.Step.Line("port.write(leaving);");
        CloseIf(draft.Step, condition);
    }

    private Action<CodeWriter, Draft> AtOnce(AtOnceProcess process, Draft draft)
    {
        var folded = FoldOf(process.Group);
        var locate = TakeNow(process.Sources, draft);
        var arrays = new Dictionary<string, CppArray>(StringComparer.Ordinal);
        var inner = process.Group.Stages.Select(s => s.Output).ToHashSet(StringComparer.Ordinal);
        var first = process.Group.Stages[0];
        CppArray? reduced = null;
        if (process.Reduced is { } series)
        {
            var text = locate(new(series.Lanes[0], series.Ticks[0], Dyadic.Zero)).Array!.Text;
            reduced = new($"{text}[0]", _network.TypeOf(series), null, _ => _network.TypeOf(series).Range);
        }
        foreach (var channel in process.Group.Stages.Where(s => reduced is null || s != first).SelectMany(HlsCppStages.Inputs).Where(i => !inner.Contains(i) && design.Constant(i) is null).Distinct(StringComparer.Ordinal))
            arrays[channel] = ArrayOf(channel, [.. _network.Network.Plan.Channels[channel].Select(p => locate(p))], draft, isKept: folded is not null);
        if (folded is not null)
        {
            var free = Position.ClassesOf(design, process.Group).Count == 0 ? [] : Position.FreeDimensions(design, process.Group);
            var steps = new Phases();
            Fold(process.Group.Stages, free, folded.Reuse, name => arrays[name], steps, draft, "result.at");
            return Loop(process.Result, 1, folded.Reuse, [steps]);
        }
        draft.Step.Line($"{_network.BeatText(process.Result)} result;");
        Compute(process.Group.Stages, name => arrays.TryGetValue(name, out var array) ? array : new("", layout[name].Type, null, e => layout.Ranges[name][e]), draft.Step, draft, "result.at", reduced);
        Give(draft.Step, process.Result, "result");
        return Ticks;
    }

    /// <summary>A channel as an array: that of a stream if its elements stand there in their order, else one that is filled.</summary>
    /// <param name="isKept">Whether it is read in later steps as well.</param>
    private CppArray ArrayOf(string channel, CppSource[] entries, Draft draft, bool isKept)
    {
        var (array, ranges) = (layout[channel], layout.Ranges[channel]);
        if (entries[0].Array is { Rows: 1 } source && entries.Select((e, k) => e.Array == source && e.Index == k).All(x => x) && source.Columns == entries.Length)
            return new($"{source.Text}[0]", array.Type, null, e => ranges[e]);
        var name = draft.Names.Fresh(array.Identifier);
        var declarations = isKept ? draft.Kept : draft.Step;
        declarations.Line(Text($"{(isKept ? "static " : "")}{array.Identifier}_t {name}[{entries.Length}];"));
        Partition(declarations, name);
        new HlsCppFill(draft.Step, draft.Names).Print(name, $"{array.Identifier}_t", v => NumberIn(v, array.Type), entries);
        return new(name, array.Type, null, e => ranges[e]);
    }

    /// <summary>The stages of a group, one behind the other; what lies between them is an array of its own.</summary>
    private void Compute(IReadOnlyList<Stage> stages, Func<string, CppArray> arrays, CodeWriter code, Draft draft, string target, CppArray? reduced)
    {
        var between = new Dictionary<string, CppArray>(StringComparer.Ordinal);
        var body = new HlsCppBody(layout, diagnostics, draft.Names);
        foreach (var stage in stages)
        {
            var isLast = ReferenceEquals(stage, stages[^1]);
            var array = layout[stage.Output];
            var name = isLast ? target : draft.Names.Fresh(array.Identifier);
            if (!isLast)
            {
                code.Line(Text($"{array.Identifier}_t {name}[{Shapes.Count(((Kernel)stage.Computation).Domain)}];"));
                Partition(code, name);
            }
            body.Print(stage, code, n => design.Constant(n) is not null ? HlsCppBody.Constant(layout, n) : between.GetValueOrDefault(n) ?? arrays(n), name, ReferenceEquals(stage, stages[0]) ? reduced : null);
            var ranges = layout.Ranges[stage.Output];
            var hull = new Lazy<Interval>(() => layout.Ranges.Hull(stage.Output));
            var isWhole = ranges.Count == Shapes.Count(((Kernel)stage.Computation).Domain);
            between[stage.Output] = new(name, array.Type, null, e => isWhole ? ranges[e] : hull.Value);
        }
    }
}
