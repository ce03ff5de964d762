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
        if (hardware.Loading is not null)
            Line(text, $"\nWeights are loaded through the ports `s_axi_*` and `{AxiLite.Reset}`: see `{LoadPort.PagePath}`.");
        if (hardware.Lines.Count > 0)
            Lines(text, hardware);
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
            Line(text, $"An event comes every {hardware.InitiationInterval} cycles of `{Netlist.Clock}` at most{(hardware.StartGrid > 1 ? FormattableString.Invariant($", and events start a multiple of {hardware.StartGrid} cycles apart") : "")}. Its results are on the outputs {hardware.Latency} cycles after its inputs");
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
            var index = port.Beats is null ? "k" : "l";
            Line(text, $"| `{port.Name}` | {direction} | {Cell(port.Source)} | {port.Shape} | {port.Width} | `{port.Name}[{port.Type.Width}*{index} +: {port.Type.Width}]`, {Kind(port.Type.Signed)} | n · 2^{-port.Type.Fraction} ({port.Type}) |");
        }
        foreach (var port in hardware.Ports)
            BeatsOf(text, port);
        if (!hardware.Decision.IsNone)
            Decision(text, hardware);
    }

    /// <summary>What is kept from event to event.</summary>
    private static void Decision(StringBuilder text, HardwareDesign hardware)
    {
        var decision = hardware.Decision;
        Line(text, $"");
        Line(text, $"`{DecisionOptions.Restart}` is 1 in the cycle of an event with which prescales and counters start over. Give one with the first event: counters begin with it, and what a prescale counted before is not from events.");
        if (decision.HasPrescale)
            Line(text, $"`{DecisionOptions.Prescaled}` is 1 for the n-th event that the bit accepts, the 2n-th and so on, n {(decision.PrescaleBits > 0 ? $"from `{DecisionOptions.Prescale}`" : FormattableString.Invariant($"= {string.Join(", ", decision.Factors)}"))}; with n = 0 never.");
        if (decision.HasRates)
            Line(text, $"`{DecisionOptions.Rate}` is how many events the bit accepted in the last complete period{(decision.HasPrescale ? $", `{DecisionOptions.PrescaledRate}` how many of them passed the prescale" : "")}; a period {(decision.Period > 0 ? FormattableString.Invariant($"has {decision.Period} events, and ends early with a restart") : "goes from one restart to the next")}. Counters of {decision.RateBits} bits stay at their largest number.");
    }

    private static void Lines(StringBuilder text, HardwareDesign hardware)
    {
        Line(text, $"");
        Line(text, $"## Channels between layers");
        Line(text, $"");
        Line(text, $"| from | to | lines | bits of a word | words | bits | why so deep |");
        Line(text, $"|---|---|---:|---:|---:|---:|---|");
        foreach (var line in hardware.Lines)
            Line(text, $"| {Cell(line.Producer)} | {Cell(line.Consumer)} | {line.Lines} | {line.Width} | {line.Depth} | {line.Bits} | {line.Why()} |");
        Line(text, $"");
        Line(text, $"Readers of the same words share a line. {LineFigures.Argument}");
    }

    /// <summary>The beats of ports on which elements come one after the other, as lanes l.</summary>
    private static void BeatsOf(StringBuilder text, HardwarePort port)
    {
        if (port.Beats is not { } beats)
            return;
        var first = Enumerable.Range(0, port.Elements).Where(k => beats.Cycles[k] == beats.Times[0]).OrderBy(k => beats.Lane[k]).ToArray();
        Line(text, $"");
        Line(text, $"`{port.Name}` has {beats.Times.Count} beats of {beats.Lanes} lanes{(beats.Times.Count > 1 ? FormattableString.Invariant($", the second {beats.Times[1] - beats.Times[0]} cycles after the first, the last {beats.Times[^1] - beats.Times[0]}") : "")}; the first holds the elements {string.Join(", ", first.Take(16))}{(first.Length > 16 ? ", …" : "")}.");
    }

    private static void Stream(StringBuilder text, HardwareDesign hardware, AxiStreamInterface stream)
    {
        var isBeats = hardware.Ports.Any(p => p.Beats is not null);
        Line(text, $"");
        Line(text, $"## AXI4-Stream: `{stream.Module}`");
        Line(text, $"");
        Line(text, $"`s_axis` takes a packet for each event, `m_axis` gives one for its results, in the order of the events. TDATA has {stream.BusWidth} bits: byte b of a packet");
        Line(text, $"is byte b mod {stream.BusBytes} of beat b div {stream.BusBytes}, and byte i of a beat is `tdata[8*i +: 8]`. An integer takes the bytes of the table, the lowest first, so that a");
        Line(text, $"packet is what NumPy's `tobytes()` gives on a little-endian machine{(isBeats ? ", of an array with the elements in the order of the lanes" : "")}. Bits above an element are ignored on the way in;");
        Line(text, $"on the way out they are copies of its sign, or zeros.");
        Line(text, $"");
        Packet(text, hardware, stream, "s_axis", stream.Inputs, PortRole.Input);
        Packet(text, hardware, stream, "m_axis", stream.Outputs, PortRole.Output);
        Line(text, $"- TUSER ({stream.UserWidth} bits): what is on the first beat of a packet is on every beat of its results. It is meant for the number of the event.");
        Line(text, $"- TLAST ends a packet. One that ends too early or too late, or of which TKEEP leaves out a byte of the event, is swallowed up to its TLAST");
        Line(text, $"  and gives no results; `malformed` is 1 in the cycle after that. The next packet is taken as if nothing had been.");
        if (isBeats)
            Beats(text, hardware, stream);
        else
            Line(text, $"- Back-pressure holds the network; two events of results wait at the output. TREADY and TVALID depend on registers only.");
        Line(text, $"- `aresetn` is sampled by `aclk`. Events in flight are lost when it is 0, and for {hardware.Latency + 2 * hardware.InitiationInterval + 2} cycles after it, and after the start of the device, nothing is taken.");
        if (stream.Settings.Count > 0)
            Line(text, $"- Settings stay ports beside the stream: {string.Join(", ", stream.Settings.Select(s => $"`{s}`"))}. They hold still while events flow.");
    }

    private static void Packet(StringBuilder text, HardwareDesign hardware, AxiStreamInterface stream, string name, StreamPacket packet, PortRole role)
    {
        var beats = stream.BeatsOf(packet);
        var last = stream.LastBytesOf(packet);
        Line(text, $"`{name}`: {packet.Bytes} bytes in {beats} {(beats == 1 ? "beat" : "beats")}; TKEEP of the last beat marks its lowest {last}, of the others all.");
        if (packet.Records > 1)
            Line(text, $"They are {packet.Records} records of {packet.RecordBytes} bytes, one after the other without gaps; record r is what the network {(role == PortRole.Input ? "takes" : "gives")} in its beat r.");
        Line(text, $"");
        if (packet.Fields.All(f => f.Places is null))
        {
            Line(text, $"| first byte | port | elements | bytes of an element | its bits |");
            Line(text, $"|---:|---|---:|---:|---|");
            foreach (var field in packet.Fields)
                Line(text, $"| {field.Offset} | {Cell(field.Port)} | {field.Elements} | {field.Bytes} | {field.Width}, {Kind(field.Signed)} |");
        }
        else
        {
            Line(text, $"| first byte in a record | port | lanes | bytes of a lane | its bits | elements of the tensor, by lanes |");
            Line(text, $"|---:|---|---:|---:|---|---|");
            foreach (var field in packet.Fields)
            {
                Line(text, $"| {field.Offset} | {Cell(field.Port)} | {field.Lanes} | {field.Bytes} | {field.Width}, {Kind(field.Signed)} | {Elements(field, packet)} |");
            }
            Line(text, $"");
            Line(text, $"The first byte of every element of every tensor stands in `{VerilogEmitter.InterfacePath}`, under `places`.{(role == PortRole.Output ? " Lanes without an element in a record are zero there." : "")}");
        }
        Line(text, $"");
    }

    /// <summary>The elements of the first records, lane by lane; a dash where a lane has none, and several where they are always equal.</summary>
    private static string Elements(StreamField field, StreamPacket packet)
    {
        const int Records = 3;
        const int Most = 8;
        var elements = Enumerable.Range(0, field.Elements).ToLookup(field.PlaceOf);
        var shown = Enumerable.Range(0, Math.Min(Records, packet.Records)).Select(r =>
        {
            var lanes = Enumerable.Range(0, Math.Min(Most, field.Lanes)).Select(l => elements[r * packet.RecordBytes + field.Offset + l * field.Bytes].Select(e => e.ToString(CultureInfo.InvariantCulture)).DefaultIfEmpty("–"))
                .Select(e => string.Join(" = ", e));
            return string.Join(' ', lanes) + (field.Lanes > Most ? " …" : "");
        });
        return string.Join("; ", shown) + (packet.Records > Records ? "; …" : "");
    }

    private static void Beats(StringBuilder text, HardwareDesign hardware, AxiStreamInterface stream)
    {
        var early = AxiStreamPacking.EarlyResults(hardware);
        Line(text, $"- The network is held (`ce` = 0) while the next record of an event that has begun is missing, and while results wait and there is no room for them:");
        Line(text, $"  there is room for {stream.ResultDepth} records of results. {early} of an event can come before its packet is known to be whole, and wait for that; so");
        Line(text, $"  where all is full at least two of them belong to whole packets, and go as soon as the receiver takes them. It cannot block. TREADY and TVALID");
        Line(text, $"  depend on registers only.");
    }

    private static string Kind(bool signed) => signed ? "two's complement" : "unsigned";

    /// <summary>Text of the user's in a cell of a table.</summary>
    public static string Cell(string text) => string.Concat(text.Select(c => c is >= ' ' and <= '~' and not ('|' or '`' or '<' or '>') ? c : '?'));

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
