using Hls4Net.Core.Netlists;
using Hls4Net.Core.Text;

namespace Hls4Net.Emission;

/// <summary>Decides how the packets of an AXI4-Stream top are laid out.</summary>
internal static class AxiStreamPacking
{
    /// <summary>Records of results that can wait beside those whose packet is not known to be whole.</summary>
    private const int SpareRecords = 2;

    /// <summary>The layout for a design; null if it has no such top.</summary>
    public static AxiStreamInterface? Of(HardwareDesign hardware)
    {
        if (hardware.AxiStream is not { } options)
            return null;
        var module = new Identifiers(hardware.Netlist.Modules.Select(m => m.Name)).Fresh($"{hardware.Netlist.Top.Name}_axis");
        var names = new Identifiers([.. AxiTop.OwnNames, module]);
        return new(module, $"{module}.v", options.BusWidth, options.UserWidth, [.. Ports(hardware, PortRole.Setting).Select(p => names.Fresh(p.Name))],
            Packet(hardware, PortRole.Input, isTrimmed: true), Packet(hardware, PortRole.Output, isTrimmed: false), EarlyResults(hardware) + SpareRecords);
    }

    public static IEnumerable<HardwarePort> Ports(HardwareDesign hardware, PortRole role) => hardware.Ports.Where(p => p.Role == role);

    /// <summary>The cycles, from the first beat on that side of the network, in which the ports of a role have beats.</summary>
    public static IReadOnlyList<int> Times(HardwareDesign hardware, PortRole role) => [.. Ports(hardware, role).SelectMany(p => p.Beats?.Times ?? [0]).Distinct().Order()];

    /// <summary>Beats of results that leave the network before its last input: until that is there, nobody knows whether the packet is whole.</summary>
    public static int EarlyResults(HardwareDesign hardware)
    {
        var last = Times(hardware, PortRole.Input)[^1];
        return Times(hardware, PortRole.Output).Count(t => hardware.Latency + t < last);
    }

    private static StreamPacket Packet(HardwareDesign hardware, PortRole role, bool isTrimmed)
    {
        var times = Times(hardware, role);
        var ports = Ports(hardware, role).ToArray();
        var (offsets, record) = (new int[ports.Length], 0);
        for (var k = 0; k < ports.Length; k++)
        {
            offsets[k] = record;
            record += ports[k].Lanes * StreamField.BytesOf(ports[k].Type);
        }
        var fields = ports.Select((p, k) => Field(p, offsets[k], record, times)).ToArray();
        var end = fields.Max(f => Enumerable.Range(0, f.Elements).Max(f.PlaceOf) + f.Bytes);
        return new(fields, isTrimmed ? end : times.Count * record, times.Count, record);
    }

    private static StreamField Field(HardwarePort port, int offset, int record, IReadOnlyList<int> times)
    {
        var bytes = StreamField.BytesOf(port.Type);
        var index = times.Select((t, k) => (t, k)).ToDictionary(t => t.t, t => t.k);
        var places = port.Beats is { } beats ? beats.Cycles.Zip(beats.Lane, (cycle, lane) => index[cycle] * record + offset + lane * bytes).ToArray() : null;
        return new(port.Name, port.Channel, port.Elements, port.Lanes, port.Type.Width, port.Type.Signed, bytes, offset, places);
    }
}
