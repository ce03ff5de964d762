using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Emulation;

/// <summary>What somebody wants of a run of the emulator besides its results.</summary>
public sealed record EmulationWatch
{
    /// <summary>Receives how many values did not fit the types that they were cast to.</summary>
    public OverflowCounts? Overflows { get; init; }

    /// <summary>Looked at between blocks of events.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>On how many cores the run may be at a time; null for all.</summary>
    public int? Threads { get; init; }
}

/// <summary>How many values did not fit the type that they were cast to, by the channel whose stage casts them.</summary>
public sealed class OverflowCounts
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Clipped, long Wrapped)> _counts = new(StringComparer.Ordinal);

    /// <summary>Values that were clipped or set to zero, and values that wrapped around, over all events and elements.</summary>
    public (long Clipped, long Wrapped) Of(string channel)
    {
        lock (_lock)
            return _counts.GetValueOrDefault(channel);
    }

    internal void Add(string channel, Overflow kind, long count)
    {
        if (count == 0)
            return;
        lock (_lock)
        {
            var (clipped, wrapped) = _counts.GetValueOrDefault(channel);
            _counts[channel] = kind == Overflow.Wrap ? (clipped, wrapped + count) : (clipped + count, wrapped);
        }
    }
}
