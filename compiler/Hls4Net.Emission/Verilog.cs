using System.Globalization;
using Hls4Net.Core.Netlists;

namespace Hls4Net.Emission;

/// <summary>A generated file.</summary>
/// <param name="Path">Relative to the folder of the compiled design, with <c>/</c>.</param>
public sealed record EmittedFile(string Path, string Text);

/// <summary>Prints a hardware design as plain Verilog-2001, one file per module, and the description that benches need.</summary>
public static class VerilogEmitter
{
    /// <summary>The folder of the Verilog.</summary>
    public const string Folder = "verilog";

    /// <summary>The description for benches, as <see cref="HardwareInterface"/> reads it.</summary>
    public const string InterfacePath = "verilog/interface.json";

    /// <summary>The page about the ports.</summary>
    public const string PortsPath = "ports.md";

    /// <summary>All files: modules in the order in which tools want them, the file list, the description for benches, and the page about the ports.</summary>
    public static IReadOnlyList<EmittedFile> Emit(HardwareDesign hardware)
    {
        var netlist = hardware.Netlist;
        var clocked = netlist.ClockedModules();
        var description = InterfaceOf(hardware);
        var loading = description.Loading is { } l ? new VerilogLoading(hardware.Loading!, l, netlist) : null;
        var files = netlist.Modules.Select(m => new EmittedFile($"{Folder}/{m.Name}.v",
            Templates.Render("verilog/module.v", new VerilogModule(m, netlist, clocked, Header(hardware, m), loading).View()))).ToList();
        var list = string.Concat(description.Files.Select(f => $"{f}\n"));
        files.Add(new($"{Folder}/{netlist.Top.Name}.f", list));
        files.Add(new(InterfacePath, description.ToJson()));
        if (description.Stream is { } stream)
            files.Add(AxiTop.Emit(hardware, stream));
        files.Add(new(PortsPath, PortPage.Of(hardware, description.Stream)));
        if (description.Loading is { } load)
            files.AddRange([LoadPort.Emit(hardware, load), new(LoadPort.PagePath, LoadPort.Page(hardware, load))]);
        return files;
    }

    /// <summary>What benches have to know.</summary>
    public static HardwareInterface InterfaceOf(HardwareDesign hardware)
    {
        var netlist = hardware.Netlist;
        var names = new VerilogNames(netlist.Top, netlist);
        var ports = hardware.Ports.Select(p => new InterfacePort(p.Name, p.Role, p.Channel, p.Source, p.Elements, p.Type.Width, p.Type.Signed, p.Type.Fraction,
            p.Beats is { } b ? new InterfaceBeats(b.Lanes, b.Cycles, b.Lane) : null));
        var channels = hardware.Channels.Select(c => new InterfaceChannel(c.Channel, c.Source, c.Origin.Node, c.Type.Width, c.Type.Signed, c.Type.Fraction,
            [.. c.Elements.Select(e => ElementOf(e, netlist.Top, names))]));
        var loading = LoadPort.Of(hardware);
        return new(netlist.Top.Name, hardware.IsClocked ? Netlist.Clock : null, hardware.Latency, hardware.InitiationInterval,
            [.. loading is null ? [] : new[] { loading.File }, .. netlist.Modules.Select(m => $"{m.Name}.v")], [.. ports], [.. channels], hardware.Valid, BlocksOf(netlist), netlist.HasEnable ? Netlist.Enable : null, hardware.StartGrid,
            AxiStreamPacking.Of(hardware), hardware.Lines.Count > 0 ? [.. hardware.Lines] : null, loading);
    }

    /// <summary>A simulator that copies a module into every place of use has this many statements at most to copy.</summary>
    private const long CopiedStatements = 200_000;

    private static string[]? BlocksOf(Netlist netlist)
    {
        var copies = netlist.Copies();
        var blocks = netlist.Modules.Where(m => (copies[m.Name] - 1) * m.Cells.Sum(Statements) > CopiedStatements).Select(m => m.Name).ToArray();
        return blocks.Length == 0 ? null : blocks;

        static long Statements(Cell cell) => cell switch { Rom c => c.Entries.Count, BlockRom c => c.Entries.Count, _ => 1 };
    }

    private static InterfaceElement ElementOf(ElementPlace place, Module top, VerilogNames names)
    {
        if (place.Net < 0)
            return new(null, 0, false, 0, place.Constant?.ToString(CultureInfo.InvariantCulture), 0);
        var net = top.Nets[place.Net];
        return new(names.Path(place.Net), net.Width, net.Signed, place.Shift, null, place.Cycle);
    }

    private static List<string> Header(HardwareDesign hardware, Module module)
    {
        var lines = new List<string>();
        if (module == hardware.Netlist.Top)
        {
            lines.Add($"{Quoted(module.Comment)}");
            lines.Add("");
            lines.AddRange(Timing(hardware));
            lines.Add("");
            lines.AddRange(hardware.Ports.SelectMany(PortLines));
            return lines;
        }
        foreach (var origin in module.Origins)
            lines.Add($"Computes the ONNX {Quoted(origin.ToString())}.");
        lines.Add(Quoted(module.Comment));
        if (hardware.Layers.FirstOrDefault(l => l.Name == module.Name) is { } layer)
        {
            if (layer.Folding is { } folding)
                lines.Add(Line($"Each multiplier computes {folding.Reuse} products of an event: {layer.Figures.Multipliers} multipliers, {layer.Figures.RomBits} bits of tables."));
            lines.Add(Line($"{layer.Figures.Adders} adders of {layer.Figures.AdderBits} bits, {layer.Figures.RegisterBits} register bits, {layer.Figures.ShiftBits} bits in shift registers."));
            if (hardware.IsClocked)
                lines.Add(Line($"Reads its inputs in cycle {layer.FirstCycle} after those of the event, has its outputs in cycle {layer.LastCycle}."));
        }
        return lines;
    }

    private static IEnumerable<string> Timing(HardwareDesign hardware)
    {
        if (!hardware.IsClocked)
        {
            yield return "Combinational: there is no clock, and the outputs follow the inputs.";
            yield break;
        }
        if (hardware.Valid is { } beats && hardware.Ports.Any(p => p.Beats is not null))
        {
            yield return Line($"An event comes in beats, {beats.Input} being 1 in the cycle of each of them: see the ports. Its results come in beats as well, marked by {beats.Output}.");
            yield return Line($"A new event every {hardware.InitiationInterval} cycles of {Netlist.Clock}, or rarer; events start a multiple of {hardware.StartGrid} cycles apart. No stall, no reset.");
            yield return "Every layer works in the ticks that a timetable gives it, and what it reads comes through delay lines whose depth is the number of ticks that";
            yield return "elements wait: nothing waits for room, so that nothing can block, and no line ever holds more or less than fits.";
        }
        else if (hardware.Valid is { } valid)
        {
            yield return Line($"A new event every {hardware.InitiationInterval} cycles of {Netlist.Clock}, or rarer: {valid.Input} is 1 in the cycle in which its inputs are on the");
            yield return Line($"ports, {valid.Output} in that in which its results are. An event that comes earlier spoils itself and the one before. No reset:");
            yield return "without events every counter is at rest after the latency and at most twice as many cycles as there are between two events.";
        }
        else
        {
            yield return hardware.Netlist.HasEnable ? $"A new event every cycle of {Netlist.Clock}; no reset, no handshake." : $"A new event every cycle of {Netlist.Clock}; no stall, no reset, no handshake.";
        }
        if (hardware.Netlist.HasEnable)
            yield return $"Cycles in which {Netlist.Enable} is 0 do not count: everything is held, inputs are not looked at, and outputs stay.";
        yield return Line($"Latency {hardware.Latency}: inputs that rising edge 0 can sample give outputs that rising edge {hardware.Latency} can sample, and no other.");
        yield return "Inputs are not registered, outputs are.";
        if (hardware.Loading is not null)
            yield return $"Weights are loaded through s_axi_*, an AXI4-Lite slave: {LoadPort.PagePath} says how. They change between two events, never within one.";
        if (hardware.ClockMHz is { } clock)
            yield return Line($"Registers placed for {clock:0.###} MHz on {hardware.Part}: at most {hardware.Timing.Longest:0.###} ns of logic between two, by the delay table.");
    }

    private static IEnumerable<string> PortLines(HardwarePort port)
    {
        var role = port.Role switch
        {
            PortRole.Input => "input, new for every event",
            PortRole.Setting => "setting, holds still while events flow; a change acts on all events in flight",
            _ => "output",
        };
        yield return Line($"{port.Name}: {role}.");
        yield return Line($"  The ONNX value '{Quoted(port.Source)}' of shape {port.Shape}, row-major, each element {port.Type}: integer times 2^{-port.Type.Fraction}.");
        if (port.Beats is { } beats)
        {
            var times = beats.Times;
            yield return Line($"  {times.Count} beats of {beats.Lanes} elements, in the cycles 0 to {times[^1]} after the first{(times.Count > 2 ? Line($", the second in cycle {times[1]}") : "")}.");
            yield return Line($"  Lane l is {port.Name}[{port.Type.Width}*l +: {port.Type.Width}]; the first beat holds the elements {string.Join(", ", FirstBeat(beats))} in its lanes from 0 on.");
            yield break;
        }
        yield return Line($"  Element k is {port.Name}[{port.Type.Width}*k +: {port.Type.Width}], k from 0 to {port.Elements - 1}.");
    }

    /// <summary>The elements of the first beat, lane by lane; not all of them where there are many.</summary>
    private static IEnumerable<string> FirstBeat(PortBeats beats)
    {
        const int Most = 12;
        var elements = Enumerable.Range(0, beats.Cycles.Count).Where(k => beats.Cycles[k] == 0).OrderBy(k => beats.Lane[k]).ToArray();
        return elements.Take(Most).Select(k => k.ToString(CultureInfo.InvariantCulture)).Concat(elements.Length > Most ? ["..."] : []);
    }

    /// <summary>Text of the user's inside a comment: nothing that ends the line or the comment, or that is not plain ASCII.</summary>
    private static string Quoted(string text) => string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c : '?'));

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
