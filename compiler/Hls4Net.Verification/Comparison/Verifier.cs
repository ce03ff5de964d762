using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Verification.Comparison;

/// <summary>What came out of holding one execution against the emulator.</summary>
/// <param name="Events">Events compared.</param>
/// <param name="Different">Events of which any output differs in any bit.</param>
/// <param name="First">The first difference in an output, or null.</param>
/// <param name="Origin">The first value inside the design that differs in that event, in the order of computation; null if none was found.</param>
public sealed record VerificationResult(int Events, int Different, Mismatch? First, Mismatch? Origin);

/// <summary>Runs the same events through the emulator and another execution and compares integers.</summary>
public sealed class Verifier
{
    private readonly Design _design;
    private readonly Emulator _emulator;
    private readonly List<Segment> _segments = [];
    private readonly EmulationWatch _watch;

    /// <summary>Prepares the events.</summary>
    /// <param name="design">The typed design.</param>
    /// <param name="events">Batches for the data inputs.</param>
    /// <param name="cancellation">Looked at while the events are emulated.</param>
    /// <remarks>
    /// Settings are varied: the events are cut into three parts, which run with the smallest value of the setting's type, with the middle
    /// value of what the setting is compared with, and with the largest. A decision that is always 0 or always 1 would prove little.
    /// </remarks>
    public Verifier(Design design, IReadOnlyDictionary<string, RawBatch> events, CancellationToken cancellation = default)
    {
        (_design, _watch) = (design, new() { Cancellation = cancellation });
        _emulator = new Emulator(design);
        Events = events.Values.First().Events;
        if (design.Settings.Count == 0)
            AddSegment(events, []);
        else
            AddSegments(events);
    }

    /// <summary>Number of events.</summary>
    public int Events { get; }

    /// <summary>Holds an execution against the emulator.</summary>
    public VerificationResult Check(IExecution execution, CancellationToken cancellation)
    {
        var different = 0;
        var start = 0;
        (Segment Segment, Mismatch Mismatch, int Start)? first = null;
        foreach (var segment in _segments)
        {
            var found = execution.Run(segment.Inputs, cancellation);
            var (count, mismatch) = BatchComparison.Compare(segment.Expected, found, [.. _design.Outputs]);
            different += count;
            if (mismatch is not null)
                first ??= (segment, mismatch, start);
            start += segment.Events;
        }
        if (first is not { } failed)
            return new(Events, 0, null, null);
        var origin = FindOrigin(execution, failed.Segment, failed.Mismatch.Event, cancellation);
        return new(Events, different, Shift(failed.Mismatch, failed.Start), origin is null ? null : Shift(origin, failed.Start + failed.Mismatch.Event));
    }

    private static Mismatch Shift(Mismatch mismatch, int events) => mismatch with { Event = mismatch.Event + events };

    /// <summary>Runs the failing event alone, with every value in sight.</summary>
    private Mismatch? FindOrigin(IExecution execution, Segment segment, int failing, CancellationToken cancellation)
    {
        var inputs = segment.Inputs.ToDictionary(i => i.Key, i => i.Value.Events == 1 ? i.Value : Slice(i.Value, failing, 1), StringComparer.Ordinal);
        var found = execution.Trace(inputs, cancellation);
        var order = _design.Stages.Select(s => s.Output).Where(o => _design.Channel(o).Type is not null && found.ContainsKey(o)).ToList();
        var expected = _emulator.Run(inputs, order);
        foreach (var value in order)
        {
            if (BatchComparison.Compare(expected, found, [value]).First is { } mismatch)
                return mismatch;
        }
        return null;
    }

    private void AddSegments(IReadOnlyDictionary<string, RawBatch> events)
    {
        var lowest = _design.Settings.ToDictionary(s => s, s => Setting(s, type => type.MinimumRaw), StringComparer.Ordinal);
        var compared = _design.Settings.ToDictionary(s => s, s => ComparedWith(s), StringComparer.Ordinal);
        var seen = _emulator.Run(Merge(events, lowest), [.. compared.Values.Distinct()], _watch);
        var middle = _design.Settings.ToDictionary(s => s, s => Middle(s, seen[compared[s]]), StringComparer.Ordinal);
        var highest = _design.Settings.ToDictionary(s => s, s => Setting(s, type => type.MaximumRaw), StringComparer.Ordinal);
        // Most events meet the middle value, where both decisions occur; corners come first and therefore meet it too.
        var tenth = Math.Max(1, Events / 10);
        var rest = Math.Max(1, Events - 2 * tenth);
        AddSegment(events.ToDictionary(e => e.Key, e => Slice(e.Value, 0, Math.Min(rest, Events)), StringComparer.Ordinal), middle);
        if (Events > rest)
            AddSegment(events.ToDictionary(e => e.Key, e => Slice(e.Value, rest, Math.Min(tenth, Events - rest)), StringComparer.Ordinal), lowest);
        if (Events > rest + tenth)
            AddSegment(events.ToDictionary(e => e.Key, e => Slice(e.Value, rest + tenth, Events - rest - tenth), StringComparer.Ordinal), highest);
    }

    private void AddSegment(IReadOnlyDictionary<string, RawBatch> events, Dictionary<string, RawBatch> settings)
    {
        var inputs = Merge(events, settings);
        _segments.Add(new(inputs, _emulator.Run(inputs, null, _watch), events.Values.First().Events));
    }

    private static Dictionary<string, RawBatch> Merge(IReadOnlyDictionary<string, RawBatch> a, Dictionary<string, RawBatch> b) =>
        new(a.Concat(b), StringComparer.Ordinal);

    /// <summary>The channel that shares a computation with a setting.</summary>
    private string ComparedWith(string setting)
    {
        var stage = _design.Stages.First(s => s.Inputs.Contains(setting));
        return stage.Inputs.FirstOrDefault(i => i != setting && _design.Constant(i) is null) ?? stage.Output;
    }

    private RawBatch Setting(string name, Func<Core.Numbers.FixedType, System.Numerics.BigInteger> value)
    {
        var channel = _design.Channel(name);
        var count = Shapes.Count(channel.Shape);
        return RawBatch.Of(count, Enumerable.Repeat(value(channel.Type!.Value), count).ToArray());
    }

    private RawBatch Middle(string setting, RawBatch seen)
    {
        var sorted = Enumerable.Range(0, seen.Events).Select(e => seen[e, 0]).Order().ToList();
        return Setting(setting, type => System.Numerics.BigInteger.Clamp(sorted[sorted.Count / 2], type.MinimumRaw, type.MaximumRaw));
    }

    private static RawBatch Slice(RawBatch batch, int start, int count) => batch.Wide is null
        ? new(count, batch.Elements, null, batch.Raw[(start * batch.Elements)..((start + count) * batch.Elements)])
        : new(count, batch.Elements, batch.Wide[(start * batch.Elements)..((start + count) * batch.Elements)], []);

    private sealed record Segment(IReadOnlyDictionary<string, RawBatch> Inputs, IReadOnlyDictionary<string, RawBatch> Expected, int Events);
}
