using System.Globalization;
using System.Numerics;
using Hls4Net.Core.Netlists;

namespace Hls4Net.Emission;

/// <summary>
/// How tables in blocks of memory are written: as an array with its content, read at a clock edge. Tables that are read at the same address lie
/// side by side in the words of one array, so that synthesis fills blocks as wide as they are; one that is loaded has an array of its own.
/// </summary>
internal sealed class VerilogBlockRoms
{
    private readonly VerilogNames _names;
    private readonly VerilogLoading? _loading;
    private readonly Dictionary<int, BlockRom[]> _sharing = [];

    public VerilogBlockRoms(VerilogNames names, IEnumerable<BlockRom> roms, VerilogLoading? loading)
    {
        (_names, _loading) = (names, loading);
        foreach (var group in roms.GroupBy(r => (r.Address, r.Load)))
        {
            foreach (var rom in group)
                _sharing[rom.Result] = [.. group];
        }
    }

    /// <summary>The array, where the table is the first in it, and the part of a word that is the table's.</summary>
    public IEnumerable<string> Lines(BlockRom rom)
    {
        var sharing = _sharing[rom.Result];
        var width = sharing.Sum(Width);
        var first = sharing[0];
        if (rom == first)
        {
            var labels = string.Join("; ", sharing.Select(r => r.Label).Distinct(StringComparer.Ordinal));
            yield return string.Create(CultureInfo.InvariantCulture,
                $"(* {(rom.Load < 0 ? "rom" : "ram")}_style = \"block\" *) reg {VerilogNames.Dimension(width)}{_names.Lines[first.Result]} [0:{rom.Entries.Count - 1}]; // {VerilogNames.Printable(labels)}");
            yield return "initial begin";
            for (var k = 0; k < rom.Entries.Count; k++)
                yield return string.Create(CultureInfo.InvariantCulture, $"    {_names.Lines[first.Result]}[{k}] = {width}'h{Digits(sharing, k, width)};");
            yield return "end";
            if (rom.Load >= 0)
                yield return _loading!.Write(_names.Lines[first.Result], rom.Load, rom.Entries.Count / 2, width);
            yield return $"reg {VerilogNames.Dimension(width)}{_names.Words[first.Result]};";
        }
        var low = sharing.TakeWhile(r => r != rom).Sum(Width);
        var net = _names[rom.Result];
        yield return $"wire {(net.Signed ? "signed " : "")}{VerilogNames.Dimension(net.Width)}{net.Name} = {VerilogNames.Range(_names.Words[first.Result], low, net.Width, width)};";
    }

    /// <summary>What a rising edge does.</summary>
    public IEnumerable<string> Updates(BlockRom rom) => _sharing[rom.Result][0] == rom
        ? [$"{_names.Words[rom.Result]} <= {_names.Lines[rom.Result]}[{_names.Operand(rom.Address)}];"] : [];

    private string Digits(BlockRom[] sharing, int address, int width)
    {
        var word = BigInteger.Zero;
        for (var k = sharing.Length - 1; k >= 0; k--)
            word = (word << Width(sharing[k])) | (sharing[k].Entries[address] & ((BigInteger.One << Width(sharing[k])) - 1));
        return word.ToString("x", CultureInfo.InvariantCulture).TrimStart('0').PadLeft((width + 3) / 4, '0');
    }

    private int Width(BlockRom rom) => _names[rom.Result].Width;
}
