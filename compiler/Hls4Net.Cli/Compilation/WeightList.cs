using System.Globalization;
using System.Text;
using System.Text.Json;
using Hls4Net.Core.Netlists;

namespace Hls4Net.Cli.Compilation;

/// <summary>The transfers that put the weights of a network into firmware.</summary>
/// <param name="Firmware">The top.</param>
/// <param name="Hash">What the firmware's hash registers have to hold.</param>
/// <param name="Model">The retrained model.</param>
/// <param name="Sha256">Its fingerprint.</param>
/// <param name="Tag">What names these weights in the register TAG.</param>
/// <param name="Writes">Byte addresses and data, in any order but for the last, which commits.</param>
internal sealed record WeightList(string Firmware, string Hash, string Model, string Sha256, uint Tag, IReadOnlyList<(int Address, uint Data)> Writes)
{
    /// <summary>The layout of the file.</summary>
    public const int Format = 1;

    /// <summary>The list for a netlist with the new entries.</summary>
    public static WeightList Of(string firmware, LoadInterface load, Netlist netlist, string model, string sha256, uint tag)
    {
        var entries = LoadPorts.EntriesOf(netlist);
        var writes = new List<(int, uint)>();
        foreach (var table in load.Tables)
        {
            for (var k = 0; k < table.Words; k++)
                writes.Add((load.AddressOf(table.First + k), unchecked((uint)entries[table.First][k])));
        }
        writes.Add((LoadInterface.AddressOf(LoadRegister.NextTag), tag));
        writes.Add((LoadInterface.AddressOf(LoadRegister.Control), 1));
        return new(firmware, load.Hash, model, sha256, tag, writes);
    }

    /// <summary>As JSON: one transfer a line.</summary>
    public string ToJson()
    {
        static string Quoted(string text) => JsonSerializer.Serialize(text);
        var json = new StringBuilder();
        json.Append(CultureInfo.InvariantCulture, $"{{\n  \"format\": {Format},\n  \"firmware\": {Quoted(Firmware)},\n  \"hash\": {Quoted(Hash)},\n  \"model\": {Quoted(Model)},\n  \"sha256\": {Quoted(Sha256)},\n");
        json.Append(CultureInfo.InvariantCulture, $"  \"tag\": {Tag},\n  \"writes\": [\n");
        for (var k = 0; k < Writes.Count; k++)
            json.Append(CultureInfo.InvariantCulture, $"    [{Writes[k].Address}, {Writes[k].Data}]{(k + 1 < Writes.Count ? "," : "")}\n");
        return json.Append("  ]\n}\n").ToString();
    }

    /// <summary>As text: an address and data in a line, in hexadecimal, for scripts.</summary>
    public string ToText() => string.Concat(Writes.Select(w => string.Create(CultureInfo.InvariantCulture, $"0x{w.Address:x8} 0x{w.Data:x8}\n")));
}
