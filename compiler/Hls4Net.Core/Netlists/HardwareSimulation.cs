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
        var (started, finished) = (0, 0);
        for (var cycle = 0; finished < events; cycle++)
        {
            var isStart = started < events && starts[started] == cycle;
            foreach (var port in hardware.Ports.Where(p => p.Role == PortRole.Input))
                Drive(model, port, inputs[port.Channel], isStart ? started : cycle % events);
            started += isStart ? 1 : 0;
            if (hardware.Valid is { } valid)
                model.Set(valid.Input, 0, isStart ? 1 : 0);
            model.Settle();
            var isDue = starts[finished] + hardware.Latency == cycle;
            if (hardware.Valid is { } validOut && model.Get(validOut.Output, 0).IsOne != isDue)
                throw new InvalidOperationException($"In cycle {cycle} the valid output is {(isDue ? 0 : 1)}.");
            if (isDue)
            {
                for (var p = 0; p < outputs.Length; p++)
                    Read(model, outputs[p], results[p], finished);
                observe?.Invoke(model, finished);
                finished++;
            }
            model.Clock();
        }
        return outputs.Zip(results).ToDictionary(p => p.First.Channel, p => Batch(p.First, p.Second), StringComparer.Ordinal);
    }

    private static void Drive(CycleModel model, HardwarePort port, RawBatch batch, int @event)
    {
        for (var k = 0; k < port.Elements; k++)
            model.Set(port.Name, k, batch[@event, k]);
    }

    private static void Read(CycleModel model, HardwarePort port, BigInteger[] results, int @event)
    {
        for (var k = 0; k < port.Elements; k++)
            results[@event * port.Elements + k] = model.Get(port.Name, k);
    }

    private static RawBatch Batch(HardwarePort port, BigInteger[] raw) =>
        port.Type.Width <= 63 ? RawBatch.Of(port.Elements, Array.ConvertAll(raw, r => (long)r)) : RawBatch.Of(port.Elements, raw);
}
