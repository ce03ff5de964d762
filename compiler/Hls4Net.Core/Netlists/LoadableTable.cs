using System.Security.Cryptography;
using System.Text;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Netlists;

/// <summary>A table whose entries are loaded at run time.</summary>
/// <param name="Module">The module that it is in; all uses of the module are loaded together.</param>
/// <param name="Node">The ONNX node whose numbers they are.</param>
/// <param name="Holds">What they are, in words.</param>
/// <param name="First">The number of the first entry on the load bus; a multiple of Words.</param>
/// <param name="Words">Entries of a bank, a power of two.</param>
/// <param name="Width">Bits of an entry.</param>
/// <param name="Signed">Whether entries are two's complement.</param>
/// <param name="Constant">The constant of the design that the entries follow from, one element each; empty if they follow from several.</param>
/// <param name="Elements">For each entry the element of that constant; −1 for an entry that nobody reads or that follows from several.</param>
public sealed record LoadableTable(
    string Module, string Node, string Holds, int First, int Words, int Width, bool Signed, string Constant, IReadOnlyList<int> Elements)
{
    /// <summary>The most bits of an entry: what one transfer of the bus brings.</summary>
    public const int WidestWord = 32;
}

/// <summary>How a netlist takes new weights.</summary>
/// <param name="Bank">The port of one bit that says, in the cycle of an event's first inputs, which bank the event takes.</param>
/// <param name="Tables">Ascending by their first words. Tables that nobody reads are left out.</param>
/// <param name="Hash">Of everything but the entries: firmware with the same hash takes the same words.</param>
public sealed record LoadPorts(string Bank, Seq<LoadableTable> Tables, ulong Hash)
{
    /// <summary>The loading of a finished netlist.</summary>
    /// <param name="planned">The tables as they were planned.</param>
    public static LoadPorts Of(Netlist netlist, string bank, IEnumerable<LoadableTable> planned)
    {
        var present = EntriesOf(netlist).Keys.ToHashSet();
        var text = NetlistText.ToText(Erased(netlist));
        var hash = BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return new(bank, planned.Where(t => present.Contains(t.First)).ToSeq(), hash);
    }

    /// <summary>Bits of the number of a word.</summary>
    public int AddressBits => Math.Max(1, 32 - int.LeadingZeroCount(Tables[^1].First + Tables[^1].Words - 1));

    /// <summary>Bits of the widest entry.</summary>
    public int DataBits => Tables.Max(t => t.Width);

    /// <summary>Bits of the load bus: an enable, the bank, the number of the word, its bits.</summary>
    public int BusBits => 2 + AddressBits + DataBits;

    /// <summary>The entries of one bank of each loadable table, by its first word.</summary>
    public static IReadOnlyDictionary<int, Seq<long>> EntriesOf(Netlist netlist)
    {
        var entries = new Dictionary<int, Seq<long>>();
        foreach (var cell in netlist.Modules.SelectMany(m => m.Cells))
        {
            if (cell is Rom { Load: >= 0 } rom)
                entries[rom.Load] = Seq.Own(rom.Entries.Span[..(rom.Entries.Count / 2)].ToArray());
            else if (cell is BlockRom { Load: >= 0 } block)
                entries[block.Load] = Seq.Own(block.Entries.Span[..(block.Entries.Count / 2)].ToArray());
        }
        return entries;
    }

    /// <summary>The netlist with nothing in its loadable tables.</summary>
    private static Netlist Erased(Netlist netlist) => netlist with
    {
        Modules = netlist.Modules.Select(m => m with
        {
            Cells = m.Cells.Select(c => c switch
            {
                Rom { Load: >= 0 } rom => rom with { Entries = [] },
                BlockRom { Load: >= 0 } rom => rom with { Entries = [] },
                _ => c,
            }).ToSeq(),
        }).ToSeq(),
    };
}
