using System.Globalization;
using System.Numerics;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Text;

namespace Hls4Net.Emission;

/// <summary>
/// The AXI4-Stream top: a wrapper that gathers the packet of an event, starts it in the network, and sends its results as a packet. Nothing
/// in it depends on the network but widths and cycles.
/// </summary>
internal sealed class AxiStreamTop
{
    private static readonly string[] OwnNames =
    [
        "aclk", "aresetn", "malformed", "ce", "launch", "result", "take", "network", "users", "launched", "packed_results", "is_ready", "flush_left", "wait_left",
        "in_full", "in_spoilt", "in_data", "in_user", "in_take", "in_beat", "in_first", "in_last", "in_needed", "in_whole", "in_good", "user_in", "user_out",
        "out_busy", "out_waiting", "out_data", "waiting_data", "out_user", "waiting_user", "out_give", "out_beat", "out_last", "out_done", "unused_bits",
        .. new[] { "s_axis_t", "m_axis_t" }.SelectMany(a => new[] { "data", "keep", "last", "user", "valid", "ready" }.Select(s => a + s)),
    ];

    private readonly HardwareDesign _hardware;
    private readonly AxiStreamInterface _stream;

    private AxiStreamTop(HardwareDesign hardware, AxiStreamInterface stream) => (_hardware, _stream) = (hardware, stream);

    /// <summary>How the packets of a design are laid out; null if it has no such top.</summary>
    public static AxiStreamInterface? InterfaceOf(HardwareDesign hardware)
    {
        if (hardware.AxiStream is not { } options)
            return null;
        var module = new Identifiers(hardware.Netlist.Modules.Select(m => m.Name)).Fresh($"{hardware.Netlist.Top.Name}_axis");
        var names = new Identifiers([.. OwnNames, module]);
        return new(module, $"{module}.v", options.BusWidth, options.UserWidth, [.. Of(hardware, PortRole.Setting).Select(p => names.Fresh(p.Name))],
            Fields(Of(hardware, PortRole.Input)), Fields(Of(hardware, PortRole.Output)));
    }

    /// <summary>The text of the wrapper.</summary>
    public static EmittedFile Emit(HardwareDesign hardware, AxiStreamInterface stream) =>
        new($"{VerilogEmitter.Folder}/{stream.File}", Templates.Render("verilog/axi_stream.v", new AxiStreamTop(hardware, stream).View()));

    private static IEnumerable<HardwarePort> Of(HardwareDesign hardware, PortRole role) => hardware.Ports.Where(p => p.Role == role);

    private static IReadOnlyList<StreamField> Fields(IEnumerable<HardwarePort> ports) =>
        StreamField.Layout(ports.Select(p => (p.Name, p.Channel, p.Elements, p.Type)));

    private Dictionary<string, object> View()
    {
        var (inBeats, outBeats) = (_stream.BeatsOf(_stream.Inputs), _stream.BeatsOf(_stream.Outputs));
        var (inBits, outBits) = (inBeats * _stream.BusWidth, outBeats * _stream.BusWidth);
        // Registers of the network hold anything after a reset; no event may be taken for one of these.
        var flush = _hardware.Latency + 2 * _hardware.InitiationInterval + 2;
        var inFlight = _hardware.Latency / _hardware.InitiationInterval + 1;
        var users = (int)BitOperations.RoundUpToPowerOf2((uint)inFlight + 1);
        var makesValid = _hardware.Valid is null;
        var view = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["name"] = _stream.Module,
            ["header"] = Header().Select(l => l.Length == 0 ? "//" : $"// {l}").ToList(),
            ["core"] = _hardware.Netlist.Top.Name,
            ["settings"] = Of(_hardware, PortRole.Setting).Zip(_stream.Settings, (p, name) => $"input  wire {VerilogNames.Dimension(p.Width)}{name},").ToList(),
            ["bus"] = VerilogNames.Dimension(_stream.BusWidth),
            ["bus_width"] = Text(_stream.BusWidth),
            ["keep"] = VerilogNames.Dimension(_stream.BusBytes),
            ["user"] = VerilogNames.Dimension(_stream.UserWidth),
            ["in_bits"] = VerilogNames.Dimension(inBits),
            ["in_shift"] = Text($"{inBits - 1}:{_stream.BusWidth}"),
            ["in_beats"] = Count(inBeats),
            ["out_beats"] = Count(outBeats),
            ["out_bits"] = VerilogNames.Dimension(outBits),
            ["out_low"] = outBeats > 1 ? Text($"[{_stream.BusWidth - 1}:0]") : "",
            ["many_in"] = inBeats > 1,
            ["many_out"] = outBeats > 1,
            ["many_cycles"] = _hardware.InitiationInterval > 1,
            ["makes_valid"] = makesValid,
            ["full_keep"] = Keep(_stream.BusBytes),
            ["in_last_keep"] = Keep(_stream.LastBytesOf(_stream.Inputs)),
            ["out_last_keep"] = Keep(_stream.LastBytesOf(_stream.Outputs)),
            ["line"] = VerilogNames.Dimension(_hardware.Latency),
            ["line_next"] = _hardware.Latency > 1 ? Text($"{{{VerilogNames.Range("launched", 0, _hardware.Latency - 1, _hardware.Latency)}, launch}}") : "launch",
            ["line_end"] = VerilogNames.Range("launched", _hardware.Latency - 1, 1, _hardware.Latency),
            ["results"] = Of(_hardware, PortRole.Output).Select((p, k) => Text($"wire {VerilogNames.Dimension(p.Width)}result_{k};")).ToList(),
            ["connections"] = Separated([.. Connections()]),
            ["in_flight"] = Text(inFlight),
            ["users_end"] = Text(users - 1),
            ["packing"] = Separated([.. Packing(outBits).Reverse()]),
            ["unused"] = Unused(inBits).ToList(),
        };
        Counter(view, "flush", flush, ("from", flush), ("zero", 0), ("one", 1));
        Counter(view, "in", Math.Max(1, inBeats - 1), ("zero", 0), ("one", 1), ("end", inBeats - 1));
        Counter(view, "out", Math.Max(1, outBeats - 1), ("zero", 0), ("one", 1), ("end", outBeats - 1));
        Counter(view, "wait", Math.Max(1, _hardware.InitiationInterval - 1), ("zero", 0), ("one", 1), ("from", _hardware.InitiationInterval - 1));
        Counter(view, "user", users - 1, ("zero", 0), ("one", 1));
        view["flush"] = view["flush_count"];
        return view;
    }

    private IEnumerable<string> Header()
    {
        yield return $"The network behind AXI4-Stream: a packet of {Count(_stream.BeatsOf(_stream.Inputs))} for each event, {Count(_stream.BeatsOf(_stream.Outputs))} for its results.";
        yield return $"{VerilogEmitter.PortsPath} says where each element lies.";
        yield return "";
        yield return "TUSER of the first beat goes with the event, and is on every beat of its results. A packet that ends too early or too late, or lacks";
        yield return "a byte of the event, is swallowed up to its TLAST; malformed is 1 in the cycle after that. aresetn is sampled by aclk; what is in";
        yield return Text($"flight when it falls is lost, and the {_hardware.Latency + 2 * _hardware.InitiationInterval + 2} cycles after it take nothing. Ready depends on registers only, never on the other side.");
    }

    private IEnumerable<string> Connections()
    {
        yield return $".{Netlist.Clock}(aclk)";
        yield return $".{Netlist.Enable}(ce)";
        foreach (var (port, name) in Of(_hardware, PortRole.Setting).Zip(_stream.Settings))
            yield return $".{port.Name}({name})";
        foreach (var field in _stream.Inputs)
            yield return $".{field.Port}({{{string.Join(", ", Enumerable.Range(0, field.Elements).Reverse().Select(k => Element(field, k)))}}})";
        if (_hardware.Valid is { } valid)
        {
            yield return $".{valid.Input}(launch)";
            yield return $".{valid.Output}(result)";
        }
        foreach (var (field, k) in _stream.Outputs.Select((f, k) => (f, k)))
            yield return Text($".{field.Port}(result_{k})");
    }

    private string Element(StreamField field, int k) =>
        VerilogNames.Range("in_data", 8 * (field.Offset + k * field.Bytes), field.Width, _stream.BeatsOf(_stream.Inputs) * _stream.BusWidth);

    /// <summary>The bits of a packet of results, the lowest first.</summary>
    private IEnumerable<string> Packing(int bits)
    {
        foreach (var (field, port) in _stream.Outputs.Select((f, k) => (f, k)))
        {
            for (var k = 0; k < field.Elements; k++)
            {
                var element = VerilogNames.Range(Text($"result_{port}"), k * field.Width, field.Width, field.Elements * field.Width);
                var more = 8 * field.Bytes - field.Width;
                var sign = VerilogNames.Range(Text($"result_{port}"), (k + 1) * field.Width - 1, 1, field.Elements * field.Width);
                yield return more == 0 ? element : field.Signed ? Text($"{{{more}{{{sign}}}}}, {element}") : $"{VerilogNames.Literal(0, more)}, {element}";
            }
        }
        var rest = bits - 8 * AxiStreamInterface.BytesOf(_stream.Outputs);
        if (rest > 0)
            yield return VerilogNames.Literal(0, rest);
    }

    /// <summary>Bits above elements, and behind the last one, for linters.</summary>
    private IEnumerable<string> Unused(int bits)
    {
        var parts = new List<string>();
        foreach (var field in _stream.Inputs.Where(f => f.Width < 8 * f.Bytes))
        {
            for (var k = 0; k < field.Elements; k++)
                parts.Add(VerilogNames.Range("in_data", 8 * (field.Offset + k * field.Bytes) + field.Width, 8 * field.Bytes - field.Width, bits));
        }
        var used = 8 * AxiStreamInterface.BytesOf(_stream.Inputs);
        if (used < bits)
            parts.Add(VerilogNames.Range("in_data", used, bits - used, bits));
        return parts.Count == 0 ? [] : [$"wire unused_bits = &{{1'b0, {string.Join(", ", parts)}}};"];
    }

    /// <summary>A counter up to a number: its declaration and constants of its width.</summary>
    private static void Counter(Dictionary<string, object> view, string name, int most, params ReadOnlySpan<(string Name, int Value)> constants)
    {
        var width = 32 - BitOperations.LeadingZeroCount((uint)most);
        view[$"{name}_count"] = VerilogNames.Dimension(width);
        foreach (var (constant, value) in constants)
            view[$"{name}_{constant}"] = VerilogNames.Literal(value, width);
    }

    private string Keep(int bytes) => VerilogNames.Literal((BigInteger.One << bytes) - 1, _stream.BusBytes);

    private static List<string> Separated(IReadOnlyList<string> parts) => [.. parts.Select((p, k) => k + 1 < parts.Count ? $"{p}," : p)];

    private static string Count(int beats) => beats == 1 ? "one beat" : Text($"{beats} beats");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
