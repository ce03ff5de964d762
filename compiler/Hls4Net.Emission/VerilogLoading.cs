using System.Globalization;
using Hls4Net.Core.Netlists;

namespace Hls4Net.Emission;

/// <summary>How the load bus runs through the modules of a design: in the top it comes from the AXI4-Lite slave, in others from a port.</summary>
internal sealed class VerilogLoading(LoadPorts loading, LoadInterface load, Netlist netlist)
{
    private readonly HashSet<string> _modules = netlist.LoadedModules();

    /// <summary>Whether a module has the bus as a port.</summary>
    public bool Loads(string module) => _modules.Contains(module) && module != netlist.Top.Name;

    /// <summary>Whether an input of the netlist is a wire in the Verilog.</summary>
    public bool IsInner(Module module, string port) => module == netlist.Top && port == loading.Bank;

    /// <summary>The ports of the AXI4-Lite slave, without its clock and reset.</summary>
    public static IEnumerable<(string Direction, int Width, string Name)> AxiPorts(LoadInterface load) =>
        AxiLite.Signals.Select(s => (s.IsInput ? "input  wire" : "output wire", s.Width == 0 ? load.AddressWidth : s.Width, s.Name));

    /// <summary>Ports that a module has for loading.</summary>
    public IEnumerable<(string Direction, int Width, string Name)> Ports(Module module) =>
        module == netlist.Top ? AxiPorts(load).Prepend(("input  wire", 1, AxiLite.Reset))
        : Loads(module.Name) ? [("input  wire", loading.BusBits, Netlist.Load)] : [];

    /// <summary>The slave, in the top.</summary>
    public IEnumerable<string> Slave(Module module)
    {
        if (module != netlist.Top)
            yield break;
        yield return $"wire {VerilogNames.Dimension(loading.BusBits)}{Netlist.Load};";
        yield return $"wire {loading.Bank};";
        yield return $"{load.Module} {AxiLite.Instance} (";
        yield return $"    .aclk({Netlist.Clock}),";
        yield return $"    .aresetn({AxiLite.Reset}),";
        if (netlist.HasEnable)
            yield return $"    .ce({Netlist.Enable}),";
        foreach (var (name, _, _) in AxiLite.Signals)
            yield return $"    .{name}({name}),";
        yield return $"    .load({Netlist.Load}),";
        yield return $"    .bank({loading.Bank})";
        yield return ");";
    }

    /// <summary>What writes a word of a table.</summary>
    /// <param name="first">The first word of the table on the bus.</param>
    /// <param name="words">Of a bank, a power of two.</param>
    public string Write(string table, int first, int words, int width)
    {
        var (bits, all) = (int.Log2(words), loading.AddressBits);
        var isMine = bits >= all ? "" : $" && {VerilogNames.Range(Netlist.Load, 2 + bits, all - bits, loading.BusBits)} == {VerilogNames.Literal(first >> bits, all - bits)}";
        var place = bits == 0 ? $"{Netlist.Load}[1]" : string.Create(CultureInfo.InvariantCulture, $"{{{Netlist.Load}[1], {VerilogNames.Range(Netlist.Load, 2, bits, loading.BusBits)}}}");
        return $"always @(posedge {Netlist.Clock}) if ({Netlist.Load}[0]{isMine}) {table}[{place}] <= {VerilogNames.Range(Netlist.Load, 2 + all, width, loading.BusBits)};";
    }

    /// <summary>Bits of the bus that no table of a module takes.</summary>
    public IEnumerable<string> Unread(Module module)
    {
        if (!_modules.Contains(module.Name) || module.Cells.Any(c => c is Instance i && _modules.Contains(i.Module)))
            yield break;
        var read = module.Cells.Max(c => c is Rom { Load: >= 0 } or BlockRom { Load: >= 0 } ? module.Nets[((Function)c).Result].Width : 0);
        if (read < loading.DataBits)
            yield return VerilogNames.Range(Netlist.Load, 2 + loading.AddressBits + read, loading.DataBits - read, loading.BusBits);
    }
}
