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
        var (beatsIn, beatsOut) = (TimesOf(_inputs), TimesOf(_outputs));
        var cycle = 0;
        int? wrong = null;
        for (var finished = 0; finished < events; cycle++)
        {
            cancellation.ThrowIfCancellationRequested();
            var latest = Math.Min(cycle / description.InitiationInterval, events - 1);
            var since = cycle - latest * description.InitiationInterval;
            foreach (var port in _inputs)
                Drive(port, inputs[port.Channel], latest, since);
            if (description.Valid is { } valid)
                Model.Set(valid.Input, 0, beatsIn.Contains(since) ? 1 : 0);
            Model.Settle();
            var (isDue, first) = (false, -1);
            for (var e = finished; e <= latest; e++)
            {
                var later = cycle - checked(e * description.InitiationInterval) - description.Latency;
                if (!beatsOut.Contains(later))
                    continue;
                isDue = true;
                first = later == beatsOut.Min ? e : first;
                for (var p = 0; p < _outputs.Length; p++)
                    Read(_outputs[p], results[p], e, later);
            }
            if (description.Valid is { } validOut && Model.Get(validOut.Output, 0).IsOne != isDue)
                wrong ??= cycle;
            observe?.Invoke(new(cycle, since == 0 ? latest : -1, first));
            finished += cycle - finished * description.InitiationInterval - description.Latency == beatsOut.Max ? 1 : 0;
            Model.Clock();
        }
        return new(_outputs.Zip(results).ToDictionary(r => r.First.Channel, r => Batch(r.First, r.Second), StringComparer.Ordinal), cycle, wrong);
    }

    /// <summary>The cycles, from the first beat of an event, in which there are beats on any of the ports.</summary>
    private static SortedSet<int> TimesOf(InterfacePort[] ports) => [.. ports.SelectMany(p => p.Beats?.Times() ?? [0])];

    /// <summary>What is on an input so many cycles after an event started.</summary>
    private void Drive(InterfacePort port, RawBatch batch, int @event, int since = 0)
    {
        for (var k = 0; k < port.Lanes; k++)
            Model.Set(port.Name, k, port.Beats is null && since == 0 ? batch[@event, k] : 0);
        for (var k = 0; port.Beats is { } beats && k < port.Elements; k++)
        {
            if (beats.Cycles[k] == since)
                Model.Set(port.Name, beats.Lane[k], batch[@event, k]);
        }
    }

    private void Read(InterfacePort port, BigInteger[] results, int @event, int later)
    {
        for (var k = 0; k < port.Elements; k++)
        {
            if ((port.Beats?.Cycles[k] ?? 0) == later)
                results[@event * port.Elements + k] = Model.Get(port.Name, port.Beats?.Lane[k] ?? k);
        }
    }

    private static RawBatch Batch(InterfacePort port, BigInteger[] raw) =>
        port.Width + (port.Signed ? 0 : 1) <= 64 ? RawBatch.Of(port.Elements, Array.ConvertAll(raw, r => (long)r)) : RawBatch.Of(port.Elements, raw);
}
