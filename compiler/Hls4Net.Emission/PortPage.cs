using System.Globalization;
using System.Text;
using Hls4Net.Core.Netlists;

namespace Hls4Net.Emission;

/// <summary>A page that says all that somebody has to know who connects the top: ports, timing, and the packing of streams.</summary>
internal static class PortPage
{
    public static string Of(HardwareDesign hardware, AxiStreamInterface? stream)
    {
        var text = new StringBuilder();
        Parallel(text, hardware);
        if (stream is not null)
            Stream(text, hardware, stream);
        return text.ToString();
    }

    private static void Parallel(StringBuilder text, HardwareDesign hardware)
    {
        Line(text, $"# Ports of {hardware.Netlist.Top.Name}");
        Line(text, $"");
        Line(text, $"## Parallel ports: `{hardware.Netlist.Top.Name}`");
        Line(text, $"");
        if (hardware.IsClocked)
        {
            Line(text, $"An event comes every {hardware.InitiationInterval} cycles of `{Netlist.Clock}` at most. Its results are on the outputs {hardware.Latency} cycles after its inputs");
            Line(text, $"were on the inputs, for one cycle: what rising edge 0 can sample there, rising edge {hardware.Latency} samples here.");
            if (hardware.Valid is { } valid)
                Line(text, $"`{valid.Input}` is 1 in the cycle of the inputs, `{valid.Output}` in that of the results.");
            if (hardware.Netlist.HasEnable)
                Line(text, $"Cycles in which `{Netlist.Enable}` is 0 do not count.");
        }
        else
        {
            Line(text, $"There is no clock: the outputs follow the inputs.");
        }
        Line(text, $"");
        Line(text, $"| port | direction | ONNX value | shape | bits | element k | value of the integer n |");
        Line(text, $"|---|---|---|---|---:|---|---|");
        foreach (var port in hardware.Ports)
        {
            var direction = port.Role switch { PortRole.Input => "in", PortRole.Setting => "in, holds still", _ => "out" };
            Line(text, $"| `{port.Name}` | {direction} | {Cell(port.Source)} | {port.Shape} | {port.Width} | `{port.Name}[{port.Type.Width}*k +: {port.Type.Width}]`, {Kind(port.Type.Signed)} | n · 2^{-port.Type.Fraction} ({port.Type}) |");
        }
    }

    private static void Stream(StringBuilder text, HardwareDesign hardware, AxiStreamInterface stream)
    {
        Line(text, $"");
        Line(text, $"## AXI4-Stream: `{stream.Module}`");
        Line(text, $"");
        Line(text, $"`s_axis` takes a packet for each event, `m_axis` gives one for its results, in the order of the events. TDATA has {stream.BusWidth} bits: byte b of a packet");
        Line(text, $"is byte b mod {stream.BusBytes} of beat b div {stream.BusBytes}, and byte i of a beat is `tdata[8*i +: 8]`. An integer takes the bytes of the table, the lowest first, so that a");
        Line(text, $"packet is what NumPy's `tobytes()` gives on a little-endian machine. Bits above an element are ignored on the way in; on the way out");
        Line(text, $"they are copies of its sign, or zeros.");
        Line(text, $"");
        foreach (var (name, fields) in new[] { ("s_axis", stream.Inputs), ("m_axis", stream.Outputs) })
        {
            var beats = stream.BeatsOf(fields);
            Line(text, $"`{name}`: {AxiStreamInterface.BytesOf(fields)} bytes in {beats} {(beats == 1 ? "beat" : "beats")}; TKEEP of the last beat marks its lowest {stream.LastBytesOf(fields)}, of the others all.");
            Line(text, $"");
            Line(text, $"| first byte | port | elements | bytes of an element | its bits |");
            Line(text, $"|---:|---|---:|---:|---|");
            foreach (var field in fields)
                Line(text, $"| {field.Offset} | {Cell(field.Port)} | {field.Elements} | {field.Bytes} | {field.Width}, {Kind(field.Signed)} |");
            Line(text, $"");
        }
        Line(text, $"- TUSER ({stream.UserWidth} bits): what is on the first beat of a packet is on every beat of its results. It is meant for the number of the event.");
        Line(text, $"- TLAST ends a packet. One that ends too early or too late, or of which TKEEP leaves out a byte of the event, is swallowed up to its TLAST");
        Line(text, $"  and gives no results; `malformed` is 1 in the cycle after that. The next packet is taken as if nothing had been.");
        Line(text, $"- Back-pressure holds the network; two events of results wait at the output. TREADY and TVALID depend on registers only.");
        Line(text, $"- `aresetn` is sampled by `aclk`. Events in flight are lost when it is 0, and for {hardware.Latency + 2 * hardware.InitiationInterval + 2} cycles after it, and after the start of the device, nothing is taken.");
        if (stream.Settings.Count > 0)
            Line(text, $"- Settings stay ports beside the stream: {string.Join(", ", stream.Settings.Select(s => $"`{s}`"))}. They hold still while events flow.");
    }

    private static string Kind(bool signed) => signed ? "two's complement" : "unsigned";

    /// <summary>Text of the user's in a cell of a table.</summary>
    private static string Cell(string text) => string.Concat(text.Select(c => c is >= ' ' and <= '~' and not ('|' or '`' or '<' or '>') ? c : '?'));

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
