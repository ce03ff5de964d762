using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Transforms.Streams;

/// <summary>
/// A piece of a design that runs beside all others and meets them only at streams. It goes through the ticks of an event from First to Last;
/// in each it first takes the beats that its streams bring then, and gives its own beats of that tick.
/// </summary>
/// <param name="Inputs">The streams that it takes beats from.</param>
/// <param name="Outputs">What it gives.</param>
internal abstract record Process(IReadOnlyList<BeatStream> Inputs, IReadOnlyList<BeatSeries> Outputs)
{
    /// <summary>The tick of its first step in an event.</summary>
    public int First => Inputs.Count == 0 ? Outputs.Min(o => o.Ticks[0]) : Inputs.Min(i => i.Series.Ticks[0] + i.Delay);

    /// <summary>The tick of its last step.</summary>
    public int Last => Inputs.Select(i => i.Series.Ticks[^1] + i.Delay).Concat(Outputs.Select(o => o.Ticks[^1])).Max();
}

/// <summary>Hands the beats of an input of the design to its readers.</summary>
internal sealed record ReceiveProcess(string Channel, BeatSeries Series) : Process([], [Series]);

/// <summary>Keeps the beats of an event and gives them as one: beat after beat, lane after lane.</summary>
internal sealed record CollectProcess(BeatStream Source, BeatSeries Collected) : Process([Source], [Collected]);

/// <summary>A reduction that is kept up to date while elements come. Lane k of what it gives is term k of the reduction.</summary>
internal sealed record ReduceProcess(StageGroup Group, RunningReduction Reduction, IReadOnlyList<BeatStream> Sources, BeatSeries Reduced) : Process(Sources, [Reduced]);

/// <summary>A group of stages on all elements at once.</summary>
/// <param name="Reduced">What the reduction of the first stage gives, if it was computed before.</param>
internal sealed record AtOnceProcess(StageGroup Group, IReadOnlyList<BeatStream> Sources, BeatSeries Result, BeatSeries? Reduced) : Process(Sources, [Result]);

/// <summary>A group of stages at one position after the other.</summary>
/// <param name="Slots">For each series that it gives the slots whose results are its lanes, in their order.</param>
internal sealed record PositionsProcess(
    StageGroup Group, IReadOnlyList<BeatStream> Sources, IReadOnlyList<BeatSeries> Results, IReadOnlyList<IReadOnlyList<(ClassPlan Class, Slot Slot)>> Slots)
    : Process(Sources, Results);

/// <summary>The windows of a group of stages, position after position, for the process that works on them.</summary>
/// <param name="Windows">One for each series that it gives.</param>
internal sealed record WindowsProcess(StageGroup Group, IReadOnlyList<BeatStream> Sources, IReadOnlyList<BeatSeries> Results, IReadOnlyList<SlotWindow> Windows) : Process(Sources, Results);

/// <summary>A window of a slot.</summary>
internal sealed record SlotWindow(ClassPlan Class, Slot Slot, Window Window);

/// <summary>A folded group of stages at positions whose windows come one after the other: some steps for each.</summary>
/// <param name="Slots">The stages at a position, and the streams of their windows; their results are the lanes of what it gives, in their order.</param>
internal sealed record FoldedProcess(StageGroup Group, IReadOnlyList<BeatStream> Sources, BeatSeries Result, IReadOnlyList<(PositionStages Stages, IReadOnlyList<BeatStream> Windows)> Slots) : Process(Sources, [Result]);

/// <summary>Puts the elements of an output of the design into the beats in which they leave.</summary>
/// <param name="Port">Those beats.</param>
/// <param name="Lanes">What each lane of the port brings.</param>
internal sealed record SendProcess(string Channel, IReadOnlyList<BeatStream> Sources, BeatSeries Port, IReadOnlyList<Place> Lanes) : Process(Sources, [Port]);
