using System.Globalization;
using System.Numerics;
using Hls4Net.Core.Netlists;

namespace Hls4Net.Emission;

/// <summary>
/// An AXI4-Stream top: a wrapper that takes the packet of an event, gives it to the network, and sends its results as a packet. Nothing in it
/// depends on the network but widths and cycles.
/// </summary>
internal abstract class AxiTop(HardwareDesign hardware, AxiStreamInterface stream)
{
    /// <summary>Names of the wrappers' own; ports for settings get others.</summary>
    public static readonly string[] OwnNames =
    [
        "aclk", "aresetn", "malformed", "ce", "launch", "result", "take", "network", "users", "launched", "packed_results", "is_ready", "flush_left", "wait_left",
        "in_full", "in_spoilt", "in_data", "in_user", "in_take", "in_beat", "in_first", "in_last", "in_needed", "in_whole", "in_good", "user_in", "user_out",
        "out_busy", "out_waiting", "out_data", "waiting_data", "out_user", "waiting_user", "out_give", "out_beat", "out_last", "out_done", "unused_bits",
        "feed", "feed_last", "in_store", "in_closes", "in_swallow", "in_level", "in_left", "in_rest", "in_placed", "in_ended", "record_left", "is_open", "is_due", "due_left",
        "fates", "fate_in", "is_known", "is_good", "is_bad", "results", "result_left", "result_last", "result_over", "out_write", "out_commit", "out_read", "out_full", "out_word",
        "out_level", "out_ended", "out_final", "out_rest", "out_left", "out_load", "out_placed", "has_record", "settled", "out_held", "out_packed",
        .. AxiLite.PortNames,
        .. new[] { "s_axis_t", "m_axis_t" }.SelectMany(a => new[] { "data", "keep", "last", "user", "valid", "ready" }.Select(s => a + s)),
    ];

    protected HardwareDesign Hardware => hardware;

    protected AxiStreamInterface Stream => stream;

    /// <summary>The template below <c>runtime-templates/</c>.</summary>
    protected abstract string Template { get; }

    /// <summary>The port of the network that says that inputs are there, the name of its wire in the wrapper.</summary>
    protected abstract string Starts { get; }

    /// <summary>Cycles after a reset in which registers of the network can still bring something of what they held.</summary>
    protected int Flush => hardware.Latency + 2 * hardware.InitiationInterval + 2;

    /// <summary>Bits of everything that the wrapper's gathering register holds.</summary>
    protected abstract int InBits { get; }

    /// <summary>The text of the wrapper.</summary>
    public static EmittedFile Emit(HardwareDesign hardware, AxiStreamInterface stream)
    {
        AxiTop top = hardware.Ports.Any(p => p.Beats is not null) ? new AxiBeatTop(hardware, stream) : new AxiPacketTop(hardware, stream);
        return new($"{VerilogEmitter.Folder}/{stream.File}", Templates.Render(top.Template, top.View()));
    }

    protected virtual Dictionary<string, object> View() => new(StringComparer.Ordinal)
    {
        ["name"] = stream.Module,
        ["header"] = Header().Select(l => l.Length == 0 ? "//" : $"// {l}").ToList(),
        ["core"] = hardware.Netlist.Top.Name,
        ["settings"] = AxiStreamPacking.Ports(hardware, PortRole.Setting).Zip(stream.Settings, (p, name) => $"input  wire {VerilogNames.Dimension(p.Width)}{name},")
            .Concat(LoadPort.Of(hardware) is { } load ? VerilogLoading.AxiPorts(load).Select(p => $"{p.Direction} {VerilogNames.Dimension(p.Width)}{p.Name},") : []).ToList(),
        ["bus"] = VerilogNames.Dimension(stream.BusWidth),
        ["keep"] = VerilogNames.Dimension(stream.BusBytes),
        ["user"] = VerilogNames.Dimension(stream.UserWidth),
        ["in_beats"] = Count(stream.BeatsOf(stream.Inputs)),
        ["out_beats"] = Count(stream.BeatsOf(stream.Outputs)),
        ["many_in"] = stream.BeatsOf(stream.Inputs) > 1,
        ["full_keep"] = Keep(stream.BusBytes),
        ["in_last_keep"] = Keep(stream.LastBytesOf(stream.Inputs)),
        ["out_last_keep"] = Keep(stream.LastBytesOf(stream.Outputs)),
        ["results"] = AxiStreamPacking.Ports(hardware, PortRole.Output).Select((p, k) => Text($"wire {VerilogNames.Dimension(p.Width)}result_{k};")).ToList(),
        ["connections"] = Separated([.. Connections()]),
        ["unused"] = Unused().ToList(),
    };

    private IEnumerable<string> Header()
    {
        yield return $"The network behind AXI4-Stream: a packet of {Count(stream.BeatsOf(stream.Inputs))} for each event, {Count(stream.BeatsOf(stream.Outputs))} for its results.";
        yield return $"{VerilogEmitter.PortsPath} says where each element lies.";
        yield return "";
        yield return "TUSER of the first beat goes with the event, and is on every beat of its results. A packet that ends too early or too late, or lacks";
        yield return "a byte of the event, is swallowed up to its TLAST; malformed is 1 in the cycle after that. aresetn is sampled by aclk; what is in";
        yield return Text($"flight when it falls is lost, and the {Flush} cycles after it take nothing. Ready depends on registers only, never on the other side.");
    }

    private IEnumerable<string> Connections()
    {
        yield return $".{Netlist.Clock}(aclk)";
        yield return $".{Netlist.Enable}(ce)";
        if (hardware.Loading is not null)
        {
            yield return $".{AxiLite.Reset}({AxiLite.Reset})";
            foreach (var (signal, _, _) in AxiLite.Signals)
                yield return $".{signal}({signal})";
        }
        foreach (var (port, name) in AxiStreamPacking.Ports(hardware, PortRole.Setting).Zip(stream.Settings))
            yield return $".{port.Name}({name})";
        foreach (var field in stream.Inputs.Fields)
            yield return $".{field.Port}({{{string.Join(", ", Enumerable.Range(0, field.Lanes).Reverse().Select(k => VerilogNames.Range("in_data", Low(field, k), field.Width, InBits)))}}})";
        if (hardware.Valid is { } valid)
        {
            yield return $".{valid.Input}({Starts})";
            yield return $".{valid.Output}(result)";
        }
        foreach (var (field, k) in stream.Outputs.Fields.Select((f, k) => (f, k)))
            yield return Text($".{field.Port}(result_{k})");
    }

    /// <summary>The first bit of a lane in a record.</summary>
    private static int Low(StreamField field, int lane) => 8 * (field.Offset + lane * field.Bytes);

    /// <summary>The bits of a record of results, the lowest first, and zeros up to so many bits.</summary>
    protected IEnumerable<string> Packing(int bits)
    {
        foreach (var (field, port) in stream.Outputs.Fields.Select((f, k) => (f, k)))
        {
            for (var k = 0; k < field.Lanes; k++)
            {
                var element = ResultBits(port, k * field.Width, field.Width);
                var more = 8 * field.Bytes - field.Width;
                yield return more == 0 ? element
                    : field.Signed ? Text($"{{{more}{{{ResultBits(port, (k + 1) * field.Width - 1, 1)}}}}}, {element}") : $"{VerilogNames.Literal(0, more)}, {element}";
            }
        }
        var rest = bits - 8 * stream.Outputs.RecordBytes;
        if (rest > 0)
            yield return VerilogNames.Literal(0, rest);
    }

    /// <summary>Bits of the network's results, where a record is packed.</summary>
    /// <param name="port">Which output.</param>
    protected abstract string ResultBits(int port, int low, int width);

    /// <summary>Bits above elements, and behind the last one, for linters.</summary>
    private IEnumerable<string> Unused()
    {
        var parts = new List<string>();
        foreach (var field in stream.Inputs.Fields.Where(f => f.Width < 8 * f.Bytes))
        {
            for (var k = 0; k < field.Lanes; k++)
                parts.Add(VerilogNames.Range("in_data", Low(field, k) + field.Width, 8 * field.Bytes - field.Width, InBits));
        }
        var used = 8 * stream.Inputs.RecordBytes;
        if (used < InBits)
            parts.Add(VerilogNames.Range("in_data", used, InBits - used, InBits));
        return parts.Count == 0 ? [] : [$"wire unused_bits = &{{1'b0, {string.Join(", ", parts)}}};"];
    }

    /// <summary>Bits of a number from 0 to the given one.</summary>
    protected static int BitsFor(int most) => Math.Max(1, 32 - BitOperations.LeadingZeroCount((uint)most));

    /// <summary>A counter up to a number: its declaration and constants of its width.</summary>
    protected static void Counter(Dictionary<string, object> view, string name, int most, params ReadOnlySpan<(string Name, int Value)> constants)
    {
        var width = BitsFor(most);
        view[$"{name}_count"] = VerilogNames.Dimension(width);
        foreach (var (constant, value) in constants)
            view[$"{name}_{constant}"] = VerilogNames.Literal(value, width);
    }

    private string Keep(int bytes) => VerilogNames.Literal((BigInteger.One << bytes) - 1, stream.BusBytes);

    protected static List<string> Separated(IReadOnlyList<string> parts) => [.. parts.Select((p, k) => k + 1 < parts.Count ? $"{p}," : p)];

    protected static string Count(int beats) => beats == 1 ? "one beat" : Text($"{beats} beats");

    protected static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    protected static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
