using System.Numerics;
using System.Runtime.Intrinsics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Core.Emulation;

/// <summary>What the inputs of a run must be.</summary>
internal static class EmulatorInputs
{
    /// <summary>The number of events.</summary>
    /// <exception cref="ArgumentException">An input is missing, has the wrong size or a number outside its type.</exception>
    public static int Check(Design design, IReadOnlyDictionary<string, RawBatch> inputs)
    {
        var events = -1;
        foreach (var name in design.Inputs)
        {
            if (!inputs.TryGetValue(name, out var batch))
                throw new ArgumentException($"No values for the input '{name}'.", nameof(inputs));
            var channel = design.Channel(name);
            var isSetting = design.Settings.Contains(name, StringComparer.Ordinal);
            if (isSetting && batch.Events != 1)
                throw new ArgumentException($"The setting '{name}' has {batch.Events} events instead of one that holds for all.", nameof(inputs));
            if (batch.Elements != Shapes.Count(channel.Shape))
                throw new ArgumentException($"The input '{name}' has {batch.Elements} elements an event; its shape is {channel.Shape}.", nameof(inputs));
            if (!isSetting && events >= 0 && events != batch.Events)
                throw new ArgumentException($"The input '{name}' has {batch.Events} events, another input {events}.", nameof(inputs));
            if (!isSetting)
                events = batch.Events;
        }
        // Without event data there is one result, that of the settings and constants.
        return events < 0 ? 1 : events;
    }

    /// <summary>Checks that some of an input's events hold integers of its type; of a setting the only one.</summary>
    /// <exception cref="ArgumentException">One is outside.</exception>
    public static void CheckRange(Channel channel, RawBatch batch, int first, int events)
    {
        var type = channel.Type!.Value;
        if (batch.Wide is null && type.Width >= 64 && type.Signed)
            return;
        var (start, count) = batch.Events == 1 ? (0, batch.Elements) : (first * batch.Elements, events * batch.Elements);
        var isOutside = batch.Wide is null
            ? IsOutside(batch.Raw.AsSpan(start, count), (long)BigInteger.Max(type.MinimumRaw, long.MinValue), (long)BigInteger.Min(type.MaximumRaw, long.MaxValue))
            : batch.Wide.AsSpan(start, count).ContainsAnyExceptInRange(type.MinimumRaw, type.MaximumRaw);
        if (isOutside)
            throw new ArgumentException($"The input '{channel.Name}' holds an integer outside {type}.", nameof(batch));
    }

    private static bool IsOutside(ReadOnlySpan<long> raw, long low, long high)
    {
        var (lowest, highest) = (Vector512.Create(low), Vector512.Create(high));
        var outside = Vector512<long>.Zero;
        var k = 0;
        for (; k <= raw.Length - Vector512<long>.Count; k += Vector512<long>.Count)
        {
            var some = Vector512.Create(raw[k..]);
            outside |= Vector512.LessThan(some, lowest) | Vector512.GreaterThan(some, highest);
        }
        return outside != Vector512<long>.Zero || raw[k..].ContainsAnyExceptInRange(low, high);
    }
}
