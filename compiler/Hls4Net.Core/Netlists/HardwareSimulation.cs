using System.Numerics;
using Hls4Net.Core.Emulation;

namespace Hls4Net.Core.Netlists;

/// <summary>Runs events through a hardware design in the cycle model: as close together as the design takes them, or at given cycles.</summary>
public static class HardwareSimulation
{
    /// <summary>The outputs, each read in exactly the cycle that the design's latency promises.</summary>
    /// <param name="inputs">Raw integers by channel name, as the emulator takes them; a setting has one event.</param>
    /// <param name="observe">Called when the network is settled in a cycle in which an event's results are valid, with the event.</param>
    /// <returns>Raw integers by channel name.</returns>
    public static IReadOnlyDictionary<string, RawBatch> Run(HardwareDesign hardware, IReadOnlyDictionary<string, RawBatch> inputs,
        Action<CycleModel, int>? observe = null) => Run(hardware, inputs, null, observe);

    /// <summary>The outputs of events that start in given cycles; in other cycles the input ports show some other event.</summary>
    /// <param name="starts">For each event the cycle in which it starts, at least the initiation interval apart; null for just that.</param>
    /// <exception cref="InvalidOperationException">The valid output was not 1 in exactly the cycles in which results are due.</exception>
    /// <inheritdoc cref="Run(HardwareDesign, IReadOnlyDictionary{string, RawBatch}, Action{CycleModel, int}?)"/>
    public static IReadOnlyDictionary<string, RawBatch> Run(HardwareDesign hardware, IReadOnlyDictionary<string, RawBatch> inputs,
        IReadOnlyList<int>? starts, Action<CycleModel, int>? observe = null)
    {
        var model = new CycleModel(hardware.Netlist);
        var events = hardware.Ports.Where(p => p.Role == PortRole.Input).Select(p => inputs[p.Channel].Events).DefaultIfEmpty(1).First();
        var outputs = hardware.Ports.Where(p => p.Role == PortRole.Output).ToArray();
        var results = outputs.Select(p => new BigInteger[events * p.Elements]).ToArray();
        foreach (var port in hardware.Ports.Where(p => p.Role == PortRole.Setting))
            Drive(model, port, inputs[port.Channel], 0);
        starts ??= [.. Enumerable.Range(0, events).Select(e => e * hardware.InitiationInterval)];
        var inputPorts = hardware.Ports.Where(p => p.Role == PortRole.Input).ToArray();
        var (beatsIn, beatsOut) = (TimesOf(inputPorts), TimesOf(outputs));
        var (started, finished) = (0, 0);
        for (var cycle = 0; finished < events; cycle++)
        {
            started += started < events && starts[started] == cycle ? 1 : 0;
            var since = started == 0 ? -1 : cycle - starts[started - 1];
            foreach (var port in inputPorts)
                Drive(model, port, inputs[port.Channel], started - 1, since, cycle % events);
            if (hardware.Valid is { } valid)
                model.Set(valid.Input, 0, beatsIn.Contains(since) ? 1 : 0);
            model.Settle();
            var isDue = false;
            for (var e = finished; e < started; e++)
            {
                var later = cycle - starts[e] - hardware.Latency;
                if (!beatsOut.Contains(later))
                    continue;
                isDue = true;
                for (var p = 0; p < outputs.Length; p++)
                    Read(model, outputs[p], results[p], e, later);
                if (later == 0)
                    observe?.Invoke(model, e);
            }
            if (hardware.Valid is { } validOut && model.Get(validOut.Output, 0).IsOne != isDue)
                throw new InvalidOperationException($"In cycle {cycle} the valid output is {(isDue ? 0 : 1)}.");
            finished += finished < started && cycle - starts[finished] - hardware.Latency == beatsOut.Max ? 1 : 0;
            model.Clock();
        }
        return outputs.Zip(results).ToDictionary(p => p.First.Channel, p => Batch(p.First, p.Second), StringComparer.Ordinal);
    }

    /// <summary>The cycles, from the first beat of an event, in which there are beats on any of the ports.</summary>
    private static SortedSet<int> TimesOf(HardwarePort[] ports) => [.. ports.SelectMany(p => p.Beats?.Times ?? [0])];

    private static void Drive(CycleModel model, HardwarePort port, RawBatch batch, int @event)
    {
        for (var k = 0; k < port.Elements; k++)
            model.Set(port.Name, k, batch[@event, k]);
    }

    /// <summary>What is on an input so many cycles after an event started; elements of another event where that has nothing there.</summary>
    private static void Drive(CycleModel model, HardwarePort port, RawBatch batch, int @event, int since, int other)
    {
        if (port.Beats is not { } beats)
        {
            Drive(model, port, batch, since == 0 ? @event : other);
            return;
        }
        for (var k = port.Elements - 1; k >= 0; k--)
            model.Set(port.Name, beats.Lane[k], batch[other, k]);
        for (var k = 0; k < port.Elements && since >= 0; k++)
        {
            if (beats.Cycles[k] == since)
                model.Set(port.Name, beats.Lane[k], batch[@event, k]);
        }
    }

    private static void Read(CycleModel model, HardwarePort port, BigInteger[] results, int @event, int later)
    {
        for (var k = 0; k < port.Elements; k++)
        {
            if ((port.Beats?.Cycles[k] ?? 0) == later)
                results[@event * port.Elements + k] = model.Get(port.Name, port.Beats?.Lane[k] ?? k);
        }
    }

    private static RawBatch Batch(HardwarePort port, BigInteger[] raw) =>
        port.Type.Width <= 63 ? RawBatch.Of(port.Elements, Array.ConvertAll(raw, r => (long)r)) : RawBatch.Of(port.Elements, raw);
}
