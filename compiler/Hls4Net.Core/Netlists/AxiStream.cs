using System.Numerics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Netlists;

/// <summary>What is asked of an AXI4-Stream top.</summary>
/// <param name="BusWidth">Bits of TDATA, a multiple of 8.</param>
/// <param name="UserWidth">Bits of TUSER.</param>
public sealed record AxiStreamOptions(int BusWidth, int UserWidth);

/// <summary>
/// How events are packed into the packets of an AXI4-Stream top: one packet an event, its ports one after the other, each element in 1, 2, 4,
/// 8 or a multiple of 8 bytes, the lowest byte first, with copies of its sign (or zeros) above its bits.
/// </summary>
/// <param name="Module">The wrapper.</param>
/// <param name="File">Its file, beside those of the design.</param>
/// <param name="BusWidth">Bits of TDATA.</param>
/// <param name="UserWidth">Bits of TUSER.</param>
/// <param name="Settings">Names of the wrapper's ports for settings, in the order of the design's.</param>
/// <param name="Inputs">What a packet into the network holds.</param>
/// <param name="Outputs">What a packet out of it holds.</param>
public sealed record AxiStreamInterface(string Module, string File, int BusWidth, int UserWidth, IReadOnlyList<string> Settings,
    IReadOnlyList<StreamField> Inputs, IReadOnlyList<StreamField> Outputs)
{
    /// <summary>Bytes of a beat.</summary>
    public int BusBytes => BusWidth / 8;

    /// <summary>Bytes of an event.</summary>
    public static int BytesOf(IReadOnlyList<StreamField> fields) => fields[^1].Offset + fields[^1].Elements * fields[^1].Bytes;

    /// <summary>Beats of a packet.</summary>
    public int BeatsOf(IReadOnlyList<StreamField> fields) => (BytesOf(fields) + BusBytes - 1) / BusBytes;

    /// <summary>Bytes of the event in the last beat of its packet.</summary>
    public int LastBytesOf(IReadOnlyList<StreamField> fields) => BytesOf(fields) - (BeatsOf(fields) - 1) * BusBytes;
}

/// <summary>A tensor in a packet.</summary>
/// <param name="Width">Bits of an element.</param>
/// <param name="Bytes">Bytes that an element takes.</param>
/// <param name="Offset">The first byte of element 0 in the packet.</param>
public sealed record StreamField(string Port, string Channel, int Elements, int Width, bool Signed, int Bytes, int Offset)
{
    /// <summary>Tensors one after the other, each element in 1, 2, 4, 8 or a multiple of 8 bytes.</summary>
    public static IReadOnlyList<StreamField> Layout(IEnumerable<(string Port, string Channel, int Elements, FixedType Type)> ports)
    {
        var fields = new List<StreamField>();
        foreach (var (port, channel, elements, type) in ports)
        {
            var needed = (type.Width + 7) / 8;
            var bytes = needed <= 8 ? (int)BitOperations.RoundUpToPowerOf2((uint)needed) : (needed + 7) / 8 * 8;
            fields.Add(new(port, channel, elements, type.Width, type.Signed, bytes, fields.Count == 0 ? 0 : AxiStreamInterface.BytesOf(fields)));
        }
        return fields;
    }

    /// <summary>The bytes of an event.</summary>
    /// <param name="fields">The tensors of a packet.</param>
    /// <param name="batches">Raw integers by channel.</param>
    /// <param name="event">Which event.</param>
    public static byte[] Pack(IReadOnlyList<StreamField> fields, IReadOnlyDictionary<string, RawBatch> batches, int @event)
    {
        var bytes = new byte[AxiStreamInterface.BytesOf(fields)];
        foreach (var field in fields)
        {
            for (var k = 0; k < field.Elements; k++)
            {
                var value = batches[field.Channel][@event, k];
                var place = bytes.AsSpan(field.Offset + k * field.Bytes, field.Bytes);
                place.Fill(value.Sign < 0 ? byte.MaxValue : (byte)0);
                value.ToByteArray().AsSpan(0, Math.Min(field.Bytes, value.GetByteCount())).CopyTo(place);
            }
        }
        return bytes;
    }
}
