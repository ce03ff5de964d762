using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Transforms.Streams;

/// <summary>Decides in which tick everything in a design happens when its input comes pixel by pixel.</summary>
internal sealed class StreamPlanner
{
    /// <summary>More elements are not collected to be worked on all at once.</summary>
    private const int MostCollected = 16384;

    private readonly Design _design;
    private readonly StreamOptions? _options;
    private readonly Dictionary<string, Place[]> _channels = new(StringComparer.Ordinal);
    private readonly Dictionary<StageGroup, GroupPlan> _groups = new(ReferenceEqualityComparer.Instance);
    private int _lanes;
    private int _ticks = 1;
    private readonly List<Use> _uses = [];
    private readonly List<(int First, string Name)> _owners = [];

    private StreamPlanner(Design design, StreamOptions? options) => (_design, _options) = (design, options);

    /// <summary>Hardware of a group that is used in some ticks of an event.</summary>
    /// <param name="Gap">Ticks between two of them.</param>
    private readonly record struct Use(StageGroup Group, int First, int Last, int Gap)
    {
        /// <summary>Ticks from one use to the next, the next event's first included.</summary>
        /// <param name="ticks">Of an event.</param>
        public int Room(int ticks) => Math.Min(Gap, First + ticks - Last);
    }

    /// <param name="groups">The groups of the design.</param>
    /// <param name="options">How events come piece by piece; null for all of an event in one tick.</param>
    /// <exception cref="UserErrorException">The input has no pixels, or a layer cannot be streamed.</exception>
    public static StreamPlan Run(Design design, IReadOnlyList<StageGroup> groups, StreamOptions? options)
    {
        var planner = new StreamPlanner(design, options);
        foreach (var input in design.Inputs)
            planner.AddInput(input);
        foreach (var group in groups)
            planner.Add(group);
        var outputs = new OutputTimes(design, planner._channels);
        var ticks = Math.Max(planner._ticks, outputs.Span);
        var rooms = planner._uses.GroupBy(u => u.Group).ToDictionary(g => g.Key, g => g.Min(u => u.Room(ticks)));
        // A layer that works so many cycles on what comes once in so many ticks.
        var cycles = rooms.Select(r => (ReuseOf(r.Key) + r.Value - 1) / r.Value).DefaultIfEmpty(1).Max();
        return new(planner._channels, planner._groups, cycles, ticks) { Rooms = rooms, Owners = planner._owners, Outputs = outputs, Periods = new(planner._channels.Values, ticks) };
    }

    private void AddInput(string name)
    {
        _owners.Add((_lanes, name));
        var count = Shapes.Count(_design.ShapeOf(name));
        if (_design.Settings.Contains(name, StringComparer.Ordinal))
        {
            _channels[name] = [.. Enumerable.Range(0, count).Select(_ => new Place(_lanes++, Place.Always, Dyadic.Zero))];
        }
        else if (_options is null)
        {
            _channels[name] = [.. Enumerable.Range(0, count).Select(_ => new Place(_lanes++, 0, Dyadic.Zero))];
        }
        else
        {
            var pixels = InputPixels.Of(_design, name);
            var lanes = pixels.Channels * _options.Pixels;
            _channels[name] = [.. Enumerable.Range(0, count).Select(e => (Pixel: pixels.PixelOf[e], Channel: pixels.ChannelOf[e])).Select(e =>
                new Place(_lanes + e.Pixel % _options.Pixels * pixels.Channels + e.Channel, e.Pixel / _options.Pixels, Dyadic.Zero))];
            _lanes += lanes;
            _ticks = Math.Max(_ticks, _channels[name].Max(p => p.Tick) + 1);
        }
    }

    private void Add(StageGroup group)
    {
        _owners.Add((_lanes, group.Stages[0].Origin.Node));
        if (group.Stages[0].Computation is Wiring wiring)
            Rearrange(group.Stages[0], wiring);
        else
            Plan(group);
    }

    private void Rearrange(Stage stage, Wiring wiring)
    {
        var places = new Place[wiring.Input.Count];
        for (var k = 0; k < places.Length; k++)
        {
            var input = wiring.Input[k];
            places[k] = input < 0 ? Place.Constant(wiring.Fills[-1 - input])
                : _design.Constant(stage.Inputs[input]) is { } constant ? Place.Constant(constant.Typed(wiring.Element[k]))
                : _channels[stage.Inputs[input]][wiring.Element[k]];
        }
        _channels[stage.Output] = places;
    }

    private void Plan(StageGroup group)
    {
        var inner = group.Stages.Select(s => s.Output).ToHashSet(StringComparer.Ordinal);
        var read = group.Stages.SelectMany(s => s.Inputs).Where(i => i.Length > 0 && !inner.Contains(i) && _design.Constant(i) is null).Distinct(StringComparer.Ordinal);
        var ticks = read.SelectMany(c => _channels[c]).Where(p => p.IsTimed).Select(p => p.Tick).Distinct().ToArray();
        if (ticks.Length <= 1)
            AddParallel(group, ticks.Length == 0 ? 0 : ticks[0]);
        else if (Streamed(group) is { } streamed)
            AddStreamed(streamed);
        else if (RunningReduction.Of(_design, group) is { } reduction && reduction.Terms.All(t => t.All(e => _channels[reduction.Channel][e].IsTimed)))
            AddAccumulated(group, reduction);
        else
            AddCollected(group, [.. read]);
    }

    private void AddAccumulated(StageGroup group, RunningReduction reduction)
    {
        var tick = reduction.Terms.Max(t => t.Max(e => _channels[reduction.Channel][e].Tick));
        AddParallel(group, tick);
        _groups[group] = new AccumulatedPlan(group, reduction, tick);
        _ticks = Math.Max(_ticks, tick - reduction.Terms.Min(t => t.Min(e => _channels[reduction.Channel][e].Tick)) + 1);
    }

    private void AddParallel(StageGroup group, int tick)
    {
        var count = Shapes.Count(_design.ShapeOf(group.Output));
        _channels[group.Output] = [.. Enumerable.Range(0, count).Select(_ => new Place(_lanes++, tick, Dyadic.Zero))];
        _groups[group] = new ParallelPlan(group, tick);
        _uses.Add(new(group, tick, tick, int.MaxValue));
    }

    private static int ReuseOf(StageGroup group) => group.Stages[0].Schedule is FoldedSchedule folded ? folded.Reuse : 1;

    /// <summary>Each position in a tick of its own; null if that would not be less than all at once.</summary>
    private StreamedPlan? Streamed(StageGroup group)
    {
        var classes = Position.ClassesOf(_design, group, always: true);
        var positions = classes.Sum(c => c.Count);
        var plans = new List<ClassPlan>();
        var count = 0;
        foreach (var positionsOfClass in classes)
        {
            var slots = new List<Slot>();
            foreach (var position in positionsOfClass.OrderBy(p => p.Outputs[0]))
            {
                if (slots.Exists(s => s.TryAdd(position, Source)))
                    continue;
                var slot = new Slot();
                if (++count * 2 > positions || !slot.TryAdd(position, Source))
                    return null;
                slots.Add(slot);
            }
            plans.Add(new(positionsOfClass, slots));
        }
        return positions == 0 ? null : new(group, plans);
    }

    private Place Source(string channel, int element) => element < 0 ? Place.Constant(Dyadic.Zero) : _channels[channel][element];

    private void AddStreamed(StreamedPlan plan)
    {
        var places = new Place[Shapes.Count(_design.ShapeOf(plan.Group.Output))];
        foreach (var slot in plan.Classes.SelectMany(c => c.Slots))
        {
            var positions = slot.Positions;
            var outputs = positions[0].Position.Outputs.Count;
            foreach (var (position, tick) in positions)
            {
                for (var k = 0; k < outputs; k++)
                    places[position.Outputs[k]] = new(_lanes + k, tick, Dyadic.Zero);
            }
            _lanes += outputs;
            slot.Finish(PositionRows.Of(_design, plan.Group));
            _ticks = Math.Max(_ticks, slot.Rhythm.Span);
            var gap = Enumerable.Range(1, positions.Count - 1).Select(k => positions[k].Tick - positions[k - 1].Tick).DefaultIfEmpty(int.MaxValue).Min();
            _uses.Add(new(plan.Group, positions[0].Tick, positions[^1].Tick, gap));
        }
        _channels[plan.Group.Output] = places;
        _groups[plan.Group] = plan;
    }

    /// <summary>Everything is kept until the last element is there.</summary>
    private void AddCollected(StageGroup group, string[] channels)
    {
        var kept = channels.Sum(c => _channels[c].Where(p => p.IsTimed).Distinct().Count());
        if (kept > MostCollected)
            throw new UserErrorException(Messages.NotStreamable(group.Stages[0].Origin.ToString(), kept));
        var tick = channels.SelectMany(c => _channels[c]).Where(p => p.IsTimed).Max(p => p.Tick);
        AddParallel(group, tick);
    }
}
