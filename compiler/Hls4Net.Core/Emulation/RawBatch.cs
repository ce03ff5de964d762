using System.Numerics;

namespace Hls4Net.Core.Emulation;

/// <summary>Raw integers of one tensor for a batch of events: event-major, each event row-major. Wide types use big integers.</summary>
/// <param name="Events">Number of events.</param>
/// <param name="Elements">Elements an event.</param>
/// <param name="Raw">Events · Elements integers.</param>
public sealed record RawBatch(int Events, int Elements, BigInteger[]? Wide, long[] Raw)
{
    /// <summary>A batch of integers that fit 64 bits.</summary>
    public static RawBatch Of(int elements, long[] raw) => new(elements == 0 ? 0 : raw.Length / elements, elements, null, raw);

    /// <summary>A batch of integers of any size.</summary>
    public static RawBatch Of(int elements, BigInteger[] raw) => new(raw.Length / Math.Max(1, elements), elements, raw, []);

    /// <summary>The integer of an element of an event.</summary>
    public BigInteger this[int @event, int element] => Wide is null ? Raw[@event * Elements + element] : Wide[@event * Elements + element];
}
