using System.Numerics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;

namespace Hls4Net.Emission;

/// <summary>Between events and the beats in which a network takes, gives and shows them.</summary>
public static class HlsCppTraces
{
    /// <summary>A batch with its elements where the beats have them; lanes that bring nothing are 0.</summary>
    public static RawBatch ToBeats(HlsArray array, RawBatch batch) =>
        array.Beats is not { } beats ? batch : Rearranged(batch.Events, beats.Beats * beats.Lanes, beats.Places, (e, k) => batch[e, k], batch.Wide is not null);

    /// <summary>A batch of beats with its elements in the order of the array.</summary>
    public static RawBatch FromBeats(HlsArray array, RawBatch batch)
    {
        if (array.Beats is not { } beats)
            return batch;
        return Rearranged(batch.Events, array.Elements, [.. Enumerable.Range(0, array.Elements)], (e, k) => batch[e, beats.Places[k]], batch.Wide is not null);
    }

    /// <summary>What every channel holds that is more than a step within a process, from what was traced.</summary>
    /// <param name="traced">A batch for each of <see cref="HlsCppLayout.Traced"/>.</param>
    /// <param name="inputs">The inputs of the design.</param>
    public static IReadOnlyDictionary<string, RawBatch> Channels(Design design, HlsCppLayout layout, IReadOnlyList<RawBatch> traced, IReadOnlyDictionary<string, RawBatch> inputs)
    {
        if (layout.Network is not { } network)
            return layout.Traced.Zip(traced).ToDictionary(t => t.First.Name, t => t.Second, StringComparer.Ordinal);
        var lanes = new Dictionary<int, (int Number, int Lane, Dictionary<int, int> Beats)>();
        for (var n = 0; n < network.Traced.Count; n++)
        {
            var series = network.Traced[n];
            var beats = series.Ticks.Select((t, k) => (t, k)).ToDictionary(p => p.t, p => p.k);
            for (var lane = 0; lane < series.Lanes.Count; lane++)
                lanes[series.Lanes[lane]] = (n, lane, beats);
        }
        var events = traced.Count == 0 ? 1 : traced[0].Events;
        var channels = new Dictionary<string, RawBatch>(StringComparer.Ordinal);
        foreach (var (channel, places) in network.Network.Plan.Channels)
        {
            if (design.Settings.Contains(channel, StringComparer.Ordinal))
            {
                channels[channel] = inputs[channel];
                continue;
            }
            if (places.Any(p => !p.IsTimed && !p.IsConstant))
                continue;
            var fraction = layout[channel].Type.Fraction;
            channels[channel] = Rearranged(events, places.Length, [.. Enumerable.Range(0, places.Length)], (e, k) =>
            {
                if (places[k].IsConstant)
                    return places[k].Value.ToRaw(fraction);
                var (number, lane, beats) = lanes[places[k].Lane];
                var raw = traced[number][e, (beats[places[k].Tick] * network.Traced[number].Lanes.Count) + lane];
                var finer = fraction - layout[network.Traced[number].Channel].Type.Fraction;
                return finer >= 0 ? raw << finer : raw >> -finer;
            }, isWide: layout[channel].Type.Width > 63);
        }
        return channels;
    }

    private static RawBatch Rearranged(int events, int elements, IReadOnlyList<int> places, Func<int, int, BigInteger> source, bool isWide)
    {
        var (wide, raw) = isWide ? (new BigInteger[events * elements], []) : ((BigInteger[]?)null, new long[events * elements]);
        for (var e = 0; e < events; e++)
        {
            for (var k = 0; k < places.Count; k++)
            {
                var at = (e * elements) + places[k];
                if (wide is not null)
                    wide[at] = source(e, k);
                else
                    raw[at] = (long)source(e, k);
            }
        }
        return new(events, elements, wide, raw);
    }
}
