using System.Globalization;
using System.Text;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Text;

namespace Hls4Net.Emission;

/// <summary>The slave through which weights are loaded, and the page and the description that say how.</summary>
internal static class LoadPort
{
    /// <summary>The page about the addresses, beside that about the ports.</summary>
    public const string PagePath = "weights.md";

    /// <summary>The fewest words of which numbers are compared with the number of a register.</summary>
    private const int RegisterBits = 4;

    /// <summary>What programs have to know; null if no weights are loaded.</summary>
    public static LoadInterface? Of(HardwareDesign hardware)
    {
        if (hardware.Loading is not { } loading)
            return null;
        var module = new Identifiers(hardware.Netlist.Modules.Select(m => m.Name)).Fresh($"{hardware.Netlist.Top.Name}_weights");
        var words = WordBits(loading);
        var last = new[] { PortRole.Input, PortRole.Output }.Max(r => AxiStreamPacking.Times(hardware, r)[^1]);
        return new(module, $"{module}.v", loading.Bank, words + 3, 4 << words, hardware.Latency + last + (2 * hardware.InitiationInterval) + 4,
            loading.Hash.ToString("x16", CultureInfo.InvariantCulture), loading.Tables);
    }

    /// <summary>Bits of the number of a word, or of a register.</summary>
    private static int WordBits(LoadPorts loading) => Math.Max(RegisterBits, loading.AddressBits);

    /// <summary>The Verilog of the slave.</summary>
    public static EmittedFile Emit(HardwareDesign hardware, LoadInterface load)
    {
        var (loading, bits) = (hardware.Loading!, WordBits(hardware.Loading!));
        string R(LoadRegister register) => VerilogNames.Literal((int)register, RegisterBits);
        var view = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["name"] = load.Module,
            ["page"] = PagePath,
            ["has_enable"] = hardware.Netlist.HasEnable,
            ["address"] = VerilogNames.Dimension(load.AddressWidth),
            ["word"] = VerilogNames.Dimension(bits),
            ["word_bits"] = Text($"{bits + 1}:2"),
            ["table_bit"] = Text($"{bits + 2}"),
            ["low_bits"] = Text($"{RegisterBits - 1}:0"),
            ["high_zero"] = bits > RegisterBits ? Text($"word[{bits - 1}:{RegisterBits}] == {VerilogNames.Literal(0, bits - RegisterBits)}") : "1'd1",
            ["read_high_zero"] = bits > RegisterBits ? Text($"s_axi_araddr[{bits + 1}:{RegisterBits + 2}] == {VerilogNames.Literal(0, bits - RegisterBits)}") : "1'd1",
            ["read_low"] = Text($"s_axi_araddr[{RegisterBits + 1}:2]"),
            ["regions"] = string.Join(" || ", Regions(loading, bits)),
            ["address_zero"] = VerilogNames.Literal(0, load.AddressWidth),
            ["load"] = VerilogNames.Dimension(loading.BusBits),
            ["load_zero"] = VerilogNames.Literal(0, loading.BusBits),
            ["load_word"] = VerilogNames.Range("word", 0, loading.AddressBits, bits),
            ["load_data"] = VerilogNames.Range("w_data", 0, loading.DataBits, 32),
            ["drain"] = VerilogNames.Dimension(BitsFor(load.DrainCycles)),
            ["drain_from"] = VerilogNames.Literal(load.DrainCycles, BitsFor(load.DrainCycles)),
            ["drain_zero"] = VerilogNames.Literal(0, BitsFor(load.DrainCycles)),
            ["drain_one"] = VerilogNames.Literal(1, BitsFor(load.DrainCycles)),
            ["id"] = Hex(AxiLite.Identity),
            ["version"] = Hex(AxiLite.Version),
            ["hash_low"] = Hex(unchecked((uint)loading.Hash)),
            ["hash_high"] = Hex((uint)(loading.Hash >> 32)),
            ["words"] = Hex((uint)(loading.Tables[^1].First + loading.Tables[^1].Words)),
        };
        foreach (var register in Enum.GetValues<LoadRegister>())
            view[$"at_{register.ToString().ToLowerInvariant()}"] = R(register);
        return new($"{VerilogEmitter.Folder}/{load.File}", Templates.Render("verilog/axi_lite.v", view));
    }

    /// <summary>Which numbers of words are of tables.</summary>
    private static IEnumerable<string> Regions(LoadPorts loading, int bits)
    {
        var regions = new List<(int First, int End)>();
        foreach (var table in loading.Tables)
        {
            if (regions.Count > 0 && regions[^1].End == table.First)
                regions[^1] = (regions[^1].First, table.First + table.Words);
            else
                regions.Add((table.First, table.First + table.Words));
        }
        foreach (var (first, end) in regions)
        {
            var above = first == 0 ? null : $"word >= {VerilogNames.Literal(first, bits)}";
            var below = end == 1 << bits ? null : $"word < {VerilogNames.Literal(end, bits)}";
            yield return above is null ? below ?? "1'd1" : below is null ? above : $"({above} && {below})";
        }
    }

    /// <summary>The page about addresses and how to use them.</summary>
    public static string Page(HardwareDesign hardware, LoadInterface load)
    {
        var text = new StringBuilder();
        Line(text, $"# Loading weights into {hardware.Netlist.Top.Name}");
        Line(text, $"");
        Line(text, $"The ports `s_axi_*` are an AXI4-Lite slave of 32 bits of data and {load.AddressWidth} of byte addresses, clocked by the clock of the network and reset by `{AxiLite.Reset}` = 0,");
        Line(text, $"which resets the handshakes and neither weights nor the bank. `hls4net weights` writes the list of transfers for a retrained network of the");
        Line(text, $"same shape and types.");
        Line(text, $"");
        Line(text, $"There are two banks of weights. Words go into the bank that is not in use; a commit exchanges the banks:");
        Line(text, $"");
        Line(text, $"1. Compare the registers HASH with `{load.Hash}`: firmware with another hash takes other words.");
        Line(text, $"2. Wait until bit 0 of STATUS is 0.");
        Line(text, $"3. Write every word, in any order. The bank holds what was in use two commits ago, so that a list with some words only is no list of changes.");
        Line(text, $"4. Write 1 to CONTROL.");
        Line(text, $"");
        Line(text, $"**The boundary.** Let BVALID of the commit's answer OKAY rise after rising edge c of the clock. An event whose first inputs are sampled by edge c or earlier");
        Line(text, $"is computed with the old weights only, one by a later edge with the new ones only{(hardware.AxiStream is null ? "" : "; an event of the packet interface is sampled when its record leaves the wrapper's register, so that packets whose first beat is taken after edge c are new, and at most those in the wrapper's register may be either")}.");
        Line(text, $"For {load.DrainCycles} cycles{(hardware.Netlist.HasEnable ? $" in which `{Netlist.Enable}` is 1" : "")} after a commit bit 0 of STATUS is 1: events with the old weights can still be on their way, so that words and commits are refused.");
        Line(text, $"When the device starts, both banks hold the weights that were compiled.");
        Line(text, $"");
        Line(text, $"| address | register | access | what |");
        Line(text, $"|---:|---|---|---|");
        foreach (var (register, access, what) in Registers(load))
            Line(text, $"| 0x{LoadInterface.AddressOf(register):x2} | {Name(register)} | {access} | {what} |");
        Line(text, $"| 0x{load.TableBase:x} … | tables | write | word w at 0x{load.TableBase:x} + 4 · w |");
        Line(text, $"");
        Line(text, $"The answer is SLVERR, and nothing changes, for an address without a register or table, a write to a register that is only read, a read of a table, a word");
        Line(text, $"of a table of which WSTRB leaves out a byte (none at all is no error), and a word or a commit while STATUS says busy. Byte strobes hold for NEXTTAG. The lowest two bits");
        Line(text, $"of an address are ignored, and so are AWPROT and ARPROT.");
        Line(text, $"");
        Line(text, $"| first word | words | bits of a word | layer | what | constant in `ir/design.txt` |");
        Line(text, $"|---:|---:|---|---|---|---|");
        foreach (var table in load.Tables)
            Line(text, $"| {table.First} | {table.Words} | {table.Width}, {(table.Signed ? "two's complement" : "unsigned")} | {PortPage.Cell(table.Node)} | {table.Holds} | {PortPage.Cell(table.Constant)} |");
        Line(text, $"");
        Line(text, $"Which element of the constant each word is stands in `{VerilogEmitter.InterfacePath}`, under `loading`.");
        return text.ToString();
    }

    private static IEnumerable<(LoadRegister Register, string Access, string What)> Registers(LoadInterface load) =>
    [
        (LoadRegister.Id, "read", Text($"0x{AxiLite.Identity:x8}")),
        (LoadRegister.Version, "read", Text($"version of these registers: {AxiLite.Version}")),
        (LoadRegister.HashLow, "read", $"0x{load.Hash[8..]}"),
        (LoadRegister.HashHigh, "read", $"0x{load.Hash[..8]}"),
        (LoadRegister.Status, "read", "bit 0: busy; bit 1: the bank of new events"),
        (LoadRegister.Control, "write", "bit 0: commit"),
        (LoadRegister.Commits, "read", "commits since the start of the device"),
        (LoadRegister.Tag, "read", "what NEXTTAG held at the last commit"),
        (LoadRegister.NextTag, "read, write", "a number of yours for the weights that are being loaded"),
        (LoadRegister.Words, "read", "end of the tables, in words"),
    ];

    private static string Name(LoadRegister register) => register.ToString().ToUpperInvariant();

    private static int BitsFor(int most) => 32 - int.LeadingZeroCount(most);

    private static string Hex(uint value) => string.Create(CultureInfo.InvariantCulture, $"32'h{value:x8}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
