using Hls4Net.Core.Kernels;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Transforms.Streams;

/// <summary>
/// A design as processes that are joined by streams of bounded depth. No more order than the streams give is needed: the timetable is one
/// schedule in which no read waits and no write finds its stream full, and what goes through the streams of such a network does not depend
/// on the schedule, so that no other one can block for ever either.
/// </summary>
/// <param name="Plan">The timetable.</param>
/// <param name="Processes">In an order in which every reader comes behind what it reads.</param>
/// <param name="Interval">Ticks from one event to the next: those of the longest process.</param>
internal sealed record ProcessNetwork(StreamPlan Plan, IReadOnlyList<Process> Processes, int Interval)
{
    /// <summary>The network of a design.</summary>
    /// <param name="stream">How events come piece by piece; null for an event at once.</param>
    /// <exception cref="Core.Diagnostics.UserErrorException">A layer cannot be streamed.</exception>
    public static ProcessNetwork Of(Design design, StreamOptions? stream)
    {
        var groups = StageGroup.Of(design);
        var plan = StreamPlanner.Run(design, groups, stream);
        // The depths follow from the interval, and that from the lengths of the processes, which do not depend on depths.
        var first = new ProcessBuilder(design, plan, groups, plan.Ticks).Run();
        var interval = Math.Max(plan.Ticks, first.Max(p => p.Last - p.First + 1));
        return new(plan, interval == plan.Ticks ? first : new ProcessBuilder(design, plan, groups, interval).Run(), interval);
    }

    /// <summary>The process that gives a series.</summary>
    public Process WriterOf(BeatSeries series) => Processes.First(p => p.Outputs.Contains(series, ReferenceEqualityComparer.Instance));
}

/// <summary>Makes the processes of a plan.</summary>
internal sealed class ProcessBuilder(Design design, StreamPlan plan, IReadOnlyList<StageGroup> groups, int interval)
{
    private readonly List<Process> _processes = [];
    private readonly Dictionary<int, BeatSeries> _seriesOf = [];
    private int _lanes = plan.Channels.Values.SelectMany(c => c).Select(p => p.Lane).DefaultIfEmpty(-1).Max() + 1;

    public IReadOnlyList<Process> Run()
    {
        foreach (var input in design.Inputs.Where(i => !design.Settings.Contains(i)))
        {
            var series = Register(plan.Channels[input], input);
            _processes.Add(new ReceiveProcess(input, series));
        }
        foreach (var group in groups.Where(g => g.Stages[0].Computation is Kernel))
            Add(group, plan.Groups[group]);
        foreach (var output in design.Outputs.Distinct(StringComparer.Ordinal))
            AddOutput(output);
        return _processes;
    }

    /// <summary>All lanes of a channel as one series: a beat in every tick in which any of them carries something.</summary>
    private BeatSeries Register(IReadOnlyList<Place> places, string channel)
    {
        var series = new BeatSeries(channel, [.. places.Select(p => p.Lane).Distinct().Order()], [.. places.Select(p => p.Tick).Distinct().Order()]);
        return Register(series);
    }

    private BeatSeries Register(BeatSeries series)
    {
        foreach (var lane in series.Lanes)
            _seriesOf[lane] = series;
        return series;
    }

    private void Add(StageGroup group, GroupPlan planned)
    {
        if (planned is StreamedPlan streamed)
            AddPositions(group, streamed);
        else if (planned is AccumulatedPlan accumulated)
            AddReduced(group, accumulated);
        else
            AddAtOnce(group, ((ParallelPlan)planned).Tick);
    }

    private void AddPositions(StageGroup group, StreamedPlan streamed)
    {
        var slots = streamed.Classes.SelectMany(c => c.Slots.Select(s => (Class: c, Slot: s))).ToArray();
        var delays = new Dictionary<BeatSeries, int>(ReferenceEqualityComparer.Instance);
        foreach (var read in slots.SelectMany(s => s.Class.Positions[0].Sources.Keys.Select(s.Slot.Source)).OfType<Slot.Read>())
        {
            if (read.Age is { } age && _seriesOf[read.Lane] is var series)
                delays[series] = Math.Min(delays.GetValueOrDefault(series, int.MaxValue), age);
        }
        var places = plan.Channels[group.Output];
        var alike = slots.GroupBy(s => string.Join(',', s.Slot.Positions.Select(p => p.Tick))).Select(g => g.ToArray()).ToArray();
        var results = alike.Select(g => Register(new BeatSeries(group.Output,
            [.. g.SelectMany(s => s.Slot.Positions[0].Position.Outputs.Select(o => places[o].Lane))], [.. g[0].Slot.Positions.Select(p => p.Tick)]))).ToArray();
        if (group.Stages[0].Schedule is FoldedSchedule)
            AddFolded(group, Streams(delays), results, alike);
        else
            _processes.Add(new PositionsProcess(group, Streams(delays), results, alike));
    }

    /// <summary>Windows in one process and what is computed of them in others: both in step, whatever the numbers of steps of either.</summary>
    private void AddFolded(StageGroup group, BeatStream[] sources, BeatSeries[] results, (ClassPlan Class, Slot Slot)[][] slots)
    {
        var stages = slots.SelectMany(s => s).Select(s => s.Class).Distinct(ReferenceEqualityComparer.Instance).Cast<ClassPlan>()
            .ToDictionary(c => c, c => PositionStages.Of(design, group, c.Positions[0]), (IEqualityComparer<ClassPlan>)ReferenceEqualityComparer.Instance);
        var (windows, given) = (new List<SlotWindow>(), new List<BeatSeries>());
        var folded = new List<FoldedProcess>();
        for (var n = 0; n < slots.Length; n++)
        {
            var own = new List<(PositionStages, IReadOnlyList<BeatStream>)>();
            foreach (var (positions, slot) in slots[n])
            {
                var streams = new List<BeatStream>();
                foreach (var window in stages[positions].Windows)
                {
                    windows.Add(new(positions, slot, window));
                    given.Add(Fresh(window.Channel, window.Elements.Count, 0) with { Ticks = results[n].Ticks });
                    streams.Add(BeatStream.Of(given[^1], 0, interval));
                }
                own.Add((stages[positions], streams));
            }
            folded.Add(new(group, [.. own.SelectMany(o => o.Item2)], results[n], own));
        }
        _processes.Add(new WindowsProcess(group, sources, given, windows));
        _processes.AddRange(folded);
    }

    private void AddReduced(StageGroup group, AccumulatedPlan accumulated)
    {
        var read = accumulated.Reduction.Terms.SelectMany(t => t).Select(e => plan.Channels[accumulated.Reduction.Channel][e]);
        var sources = read.Select(p => _seriesOf[p.Lane]).Distinct(ReferenceEqualityComparer.Instance).Cast<BeatSeries>().ToDictionary(s => s, _ => 0, (IEqualityComparer<BeatSeries>)ReferenceEqualityComparer.Instance);
        var reduced = Fresh(group.Output, accumulated.Reduction.Terms.Count, accumulated.Tick);
        _processes.Add(new ReduceProcess(group, accumulated.Reduction, Streams(sources), reduced));
        AddAtOnce(group, [reduced], accumulated.Tick, reduced);
    }

    private void AddAtOnce(StageGroup group, int tick)
    {
        var inner = group.Stages.Select(s => s.Output).ToHashSet(StringComparer.Ordinal);
        var sources = group.Stages.SelectMany(s => s.Inputs).Where(i => plan.Channels.ContainsKey(i) && !inner.Contains(i)).SelectMany(c => plan.Channels[c])
            .Where(p => p.IsTimed).Select(p => _seriesOf[p.Lane]).Distinct(ReferenceEqualityComparer.Instance).Cast<BeatSeries>().ToArray();
        AddAtOnce(group, [.. sources.Select(s => Collected(s, tick))], tick, null);
    }

    /// <summary>The series if an event has one beat of it, else what a process makes of its beats up to a tick.</summary>
    private BeatSeries Collected(BeatSeries series, int tick)
    {
        if (series.Ticks.Count == 1)
            return series;
        var kept = series.Ticks.Count(t => t <= tick);
        var collected = Fresh(series.Channel, series.Lanes.Count * kept, series.Ticks[kept - 1]);
        _processes.Add(new CollectProcess(BeatStream.Of(series, 0, interval), collected));
        return collected;
    }

    private BeatSeries Fresh(string channel, int lanes, int tick) => new(channel, [.. Enumerable.Range(0, lanes).Select(_ => _lanes++)], [tick]) { IsOfDesign = false };

    private void AddAtOnce(StageGroup group, IReadOnlyList<BeatSeries> sources, int tick, BeatSeries? reduced)
    {
        var result = Register(new BeatSeries(group.Output, [.. plan.Channels[group.Output].Select(p => p.Lane)], [tick]));
        _processes.Add(new AtOnceProcess(group, [.. sources.Select(s => BeatStream.Of(s, tick - s.Ticks[0], interval))], result, reduced));
    }

    private void AddOutput(string output)
    {
        var places = plan.Channels[output];
        var delays = new Dictionary<BeatSeries, int>(ReferenceEqualityComparer.Instance);
        foreach (var lanes in places.Where(p => p.IsTimed).Select(p => p.Lane).Distinct().GroupBy(l => _seriesOf[l], (IEqualityComparer<BeatSeries>)ReferenceEqualityComparer.Instance))
        {
            int[] own = [.. lanes.Select(plan.Outputs.DelayOf).Distinct()];
            delays[lanes.Key] = own is [var one] ? one : 0;
        }
        var port = places.Where(p => p.IsTimed).DistinctBy(p => p.Lane).Concat(places.Where(p => !p.IsTimed)).ToArray();
        int[] ticks = [.. places.Where(p => p.IsTimed).Select(p => p.Tick + delays[_seriesOf[p.Lane]]).Distinct().Order()];
        if (ticks.Length == 0)
            ticks = [plan.Outputs.First];
        _processes.Add(new SendProcess(output, Streams(delays), new(output, [.. port.Select(p => p.Lane)], ticks) { IsOfDesign = false }, port));
    }

    private BeatStream[] Streams(IReadOnlyDictionary<BeatSeries, int> delays) => [.. delays.Select(d => BeatStream.Of(d.Key, d.Value, interval))];
}
