using Hls4Net.Core.Numbers;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Transforms.Streams;

/// <summary>What the user chose for networks that take an event piece by piece.</summary>
/// <param name="Pixels">Pixels that come in one beat, each with all its channels.</param>
public sealed record StreamOptions(int Pixels = 1);

/// <summary>Where and when an element is there: elements with the same lane are on the same wires, one tick after the other.</summary>
/// <param name="Lane">−1 for a number that is the same for every event.</param>
/// <param name="Tick">Counted from the first beat of the event; <see cref="Always"/> for what does not change.</param>
internal readonly record struct Place(int Lane, int Tick, Dyadic Value)
{
    public const int Always = int.MinValue;

    /// <summary>Whether it comes at a time of its own.</summary>
    public bool IsTimed => Tick != Always;

    public bool IsConstant => Lane < 0;

    public static Place Constant(Dyadic value) => new(-1, Always, value);
}

/// <summary>How a group of stages is used.</summary>
internal abstract record GroupPlan(StageGroup Group);

/// <summary>Everything at once, in one tick.</summary>
internal sealed record ParallelPlan(StageGroup Group, int Tick) : GroupPlan(Group);

/// <summary>A reduction that is kept up to date while elements come, and everything behind it when the last one is there.</summary>
internal sealed record AccumulatedPlan(StageGroup Group, RunningReduction Reduction, int Tick) : GroupPlan(Group);

/// <summary>Modules that work on one position in a tick and on the next in a later one.</summary>
internal sealed record StreamedPlan(StageGroup Group, IReadOnlyList<ClassPlan> Classes) : GroupPlan(Group);

/// <summary>Positions that one module serves, and the instances of it.</summary>
internal sealed record ClassPlan(IReadOnlyList<Position> Positions, IReadOnlyList<Slot> Slots);

/// <summary>A design's elements in time, and what its groups do when.</summary>
/// <param name="Channels">For each typed or inner channel the place of each element.</param>
/// <param name="TickCycles">Clock cycles from one tick to the next.</param>
/// <param name="Ticks">Ticks from one event to the next, at least.</param>
internal sealed record StreamPlan(IReadOnlyDictionary<string, Place[]> Channels, IReadOnlyDictionary<StageGroup, GroupPlan> Groups, int TickCycles, int Ticks)
{
    /// <summary>For each group that computes the ticks from one use of its hardware to the next, at least.</summary>
    public required IReadOnlyDictionary<StageGroup, int> Rooms { get; init; }

    /// <summary>The first lane of each input and group, ascending, and what it is called: the input, or the node.</summary>
    public required IReadOnlyList<(int First, string Name)> Owners { get; init; }

    /// <summary>What brings the elements of a lane.</summary>
    public string OwnerOf(int lane) => Owners.Last(o => o.First <= lane).Name;

    /// <summary>When results leave.</summary>
    public required OutputTimes Outputs { get; init; }

    /// <summary>How often lanes bring something.</summary>
    public required LanePeriods Periods { get; init; }

    /// <summary>Events start a multiple of so many cycles apart.</summary>
    public int Grid => TickCycles * Periods.Grid;

    /// <summary>Clock cycles from one event to the next, at least.</summary>
    public int Interval => TickCycles * Ticks;
}
