using System.Numerics;
using Hls4Net.Core.Emulation;

namespace Hls4Net.Core.Netlists;

/// <summary>Runs events through a hardware design in the cycle model: one event a cycle, back to back.</summary>
public static class HardwareSimulation
{
    /// <summary>The outputs, each read in exactly the cycle that the design's latency promises.</summary>
    /// <param name="inputs">Raw integers by channel name, as the emulator takes them; a setting has one event.</param>
    /// <param name="observe">Called when the network is settled in a cycle in which an event's results are valid, with the event.</param>
    /// <returns>Raw integers by channel name.</returns>
    public static IReadOnlyDictionary<string, RawBatch> Run(HardwareDesign hardware, IReadOnlyDictionary<string, RawBatch> inputs,
        Action<CycleModel, int>? observe = null)
    {
        var model = new CycleModel(hardware.Netlist);
        var events = hardware.Ports.Where(p => p.Role == PortRole.Input).Select(p => inputs[p.Channel].Events).DefaultIfEmpty(1).First();
        var outputs = hardware.Ports.Where(p => p.Role == PortRole.Output).ToArray();
        var results = outputs.Select(p => new BigInteger[events * p.Elements]).ToArray();
        foreach (var port in hardware.Ports.Where(p => p.Role == PortRole.Setting))
            Drive(model, port, inputs[port.Channel], 0);
        for (var cycle = 0; cycle < events + hardware.Latency; cycle++)
        {
            foreach (var port in hardware.Ports.Where(p => p.Role == PortRole.Input && cycle < events))
                Drive(model, port, inputs[port.Channel], cycle);
            model.Settle();
            var finished = cycle - hardware.Latency;
            if (finished >= 0)
            {
                for (var p = 0; p < outputs.Length; p++)
                    Read(model, outputs[p], results[p], finished);
                observe?.Invoke(model, finished);
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
