using System.Numerics;
using Hls4Net.Core.Emulation;

namespace Hls4Net.Core.Netlists;

/// <summary>A cycle of a simulation, when everything has settled and before the edge that ends it.</summary>
/// <param name="Cycle">From 0.</param>
/// <param name="Started">The event whose inputs are on the ports, or −1.</param>
/// <param name="Finished">The event whose results are on the ports, or −1.</param>
public readonly record struct SimulatedCycle(int Cycle, int Started, int Finished);

/// <summary>What came out of a simulation.</summary>
/// <param name="Outputs">Raw integers by channel name, each read in the cycle that the latency promises.</param>
/// <param name="Cycles">How many were simulated.</param>
/// <param name="WrongValid">The first cycle in which the valid output was not what the latency promises; null if there is none.</param>
public sealed record SimulatedEvents(IReadOnlyDictionary<string, RawBatch> Outputs, int Cycles, int? WrongValid);

/// <summary>
/// Runs events through a compiled netlist in the cycle model, as close together as the design takes them. Between events the inputs are zero,
/// and so they are after the last one.
/// </summary>
/// <param name="netlist">The clocked bits.</param>
/// <param name="description">The ports and the timing that were promised with it.</param>
public sealed class EventSimulation(Netlist netlist, HardwareInterface description)
{
    private readonly InterfacePort[] _inputs = [.. description.Ports.Where(p => p.Role == PortRole.Input)];
    private readonly InterfacePort[] _outputs = [.. description.Ports.Where(p => p.Role == PortRole.Output)];

    /// <summary>The netlist as it is at the moment.</summary>
    public CycleModel Model { get; } = new(netlist);

    /// <summary>Runs events, each starting as soon as it may.</summary>
    /// <param name="inputs">Raw integers by channel name; a setting has one event.</param>
    /// <param name="observe">Called in every cycle.</param>
    /// <param name="cancellation">Looked at in every cycle.</param>
    public SimulatedEvents Run(IReadOnlyDictionary<string, RawBatch> inputs, Action<SimulatedCycle>? observe = null, CancellationToken cancellation = default)
    {
        var events = _inputs.Select(p => inputs[p.Channel].Events).DefaultIfEmpty(1).First();
        var results = _outputs.Select(p => new BigInteger[events * p.Elements]).ToArray();
        foreach (var port in description.Ports.Where(p => p.Role == PortRole.Setting))
            Drive(port, inputs[port.Channel], 0);
        var cycle = 0;
        int? wrong = null;
        for (var finished = 0; finished < events; cycle++)
        {
            cancellation.ThrowIfCancellationRequested();
            var started = cycle % description.InitiationInterval == 0 && cycle / description.InitiationInterval < events ? cycle / description.InitiationInterval : -1;
            foreach (var port in _inputs)
                Drive(port, inputs[port.Channel], started);
            if (description.Valid is { } valid)
                Model.Set(valid.Input, 0, started < 0 ? 0 : 1);
            Model.Settle();
            var isDue = checked(finished * description.InitiationInterval) + description.Latency == cycle;
            if (description.Valid is { } validOut && Model.Get(validOut.Output, 0).IsOne != isDue)
                wrong ??= cycle;
            observe?.Invoke(new(cycle, started, isDue ? finished : -1));
            if (isDue)
            {
                for (var p = 0; p < _outputs.Length; p++)
                    Read(_outputs[p], results[p], finished);
                finished++;
            }
            Model.Clock();
        }
        return new(_outputs.Zip(results).ToDictionary(r => r.First.Channel, r => Batch(r.First, r.Second), StringComparer.Ordinal), cycle, wrong);
    }

    private void Drive(InterfacePort port, RawBatch batch, int @event)
    {
        for (var k = 0; k < port.Elements; k++)
            Model.Set(port.Name, k, @event < 0 ? 0 : batch[@event, k]);
    }

    private void Read(InterfacePort port, BigInteger[] results, int @event)
    {
        for (var k = 0; k < port.Elements; k++)
            results[@event * port.Elements + k] = Model.Get(port.Name, k);
    }

    private static RawBatch Batch(InterfacePort port, BigInteger[] raw) =>
        port.Width + (port.Signed ? 0 : 1) <= 64 ? RawBatch.Of(port.Elements, Array.ConvertAll(raw, r => (long)r)) : RawBatch.Of(port.Elements, raw);
}
