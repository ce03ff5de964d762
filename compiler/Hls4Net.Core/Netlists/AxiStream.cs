using System.Numerics;
using System.Text.Json.Serialization;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Netlists;

/// <summary>What is asked of an AXI4-Stream top.</summary>
/// <param name="BusWidth">Bits of TDATA, a multiple of 8.</param>
/// <param name="UserWidth">Bits of TUSER.</param>
public sealed record AxiStreamOptions(int BusWidth, int UserWidth);

/// <summary>
/// How events are packed into the packets of an AXI4-Stream top: one packet an event, each element in 1, 2, 4, 8 or a multiple of 8 bytes, the
/// lowest byte first, with copies of its sign (or zeros) above its bits.
/// </summary>
/// <param name="Module">The wrapper.</param>
/// <param name="File">Its file, beside those of the design.</param>
/// <param name="BusWidth">Bits of TDATA.</param>
/// <param name="UserWidth">Bits of TUSER.</param>
/// <param name="Settings">Names of the wrapper's ports for settings, in the order of the design's.</param>
/// <param name="Inputs">A packet into the network.</param>
/// <param name="Outputs">A packet out of it.</param>
/// <param name="ResultDepth">Records of results for which there is room between the network and the output.</param>
public sealed record AxiStreamInterface(string Module, string File, int BusWidth, int UserWidth, IReadOnlyList<string> Settings,
    StreamPacket Inputs, StreamPacket Outputs, int ResultDepth)
{
    /// <summary>Bytes of a beat.</summary>
    [JsonIgnore]
    public int BusBytes => BusWidth / 8;

    /// <summary>Beats of a packet.</summary>
    public int BeatsOf(StreamPacket packet) => (packet.Bytes + BusBytes - 1) / BusBytes;

    /// <summary>Bytes of the event in the last beat of its packet.</summary>
    public int LastBytesOf(StreamPacket packet) => packet.Bytes - (BeatsOf(packet) - 1) * BusBytes;
}

/// <summary>
/// What a packet holds. A network that takes an event at once has one record with its ports one after the other; one that takes it beat by
/// beat has a record for each of its beats, with the lanes of its ports.
/// </summary>
/// <param name="Bytes">Of the whole packet; nothing is said about what would follow in its last record.</param>
/// <param name="Records">How many records come one after the other.</param>
/// <param name="RecordBytes">Bytes from one record to the next.</param>
public sealed record StreamPacket(IReadOnlyList<StreamField> Fields, int Bytes, int Records, int RecordBytes)
{
    /// <summary>Tensors one after the other.</summary>
    public static StreamPacket Of(IEnumerable<(string Port, string Channel, int Elements, FixedType Type)> ports)
    {
        var (fields, offset) = (new List<StreamField>(), 0);
        foreach (var (port, channel, elements, type) in ports)
        {
            fields.Add(new(port, channel, elements, elements, type.Width, type.Signed, StreamField.BytesOf(type), offset));
            offset += elements * StreamField.BytesOf(type);
        }
        return new(fields, offset, 1, offset);
    }

    /// <summary>The bytes of an event.</summary>
    /// <param name="batches">Raw integers by channel.</param>
    /// <param name="event">Which event.</param>
    public byte[] Pack(IReadOnlyDictionary<string, RawBatch> batches, int @event)
    {
        var bytes = new byte[Bytes];
        foreach (var field in Fields)
        {
            for (var k = 0; k < field.Elements; k++)
            {
                var value = batches[field.Channel][@event, k];
                var place = bytes.AsSpan(field.PlaceOf(k), field.Bytes);
                place.Fill(value.Sign < 0 ? byte.MaxValue : (byte)0);
                value.ToByteArray().AsSpan(0, Math.Min(field.Bytes, value.GetByteCount())).CopyTo(place);
            }
        }
        return bytes;
    }
}

/// <summary>A tensor in a packet.</summary>
/// <param name="Elements">Of the tensor.</param>
/// <param name="Lanes">Elements of a record.</param>
/// <param name="Width">Bits of an element.</param>
/// <param name="Bytes">Bytes that an element takes.</param>
/// <param name="Offset">The first byte of lane 0 in a record.</param>
/// <param name="Places">For each element its first byte in the packet; null for one after the other.</param>
public sealed record StreamField(string Port, string Channel, int Elements, int Lanes, int Width, bool Signed, int Bytes, int Offset, IReadOnlyList<int>? Places = null)
{
    /// <summary>The first byte of an element in the packet.</summary>
    public int PlaceOf(int element) => Places?[element] ?? Offset + element * Bytes;

    /// <summary>1, 2, 4, 8 or a multiple of 8 bytes.</summary>
    public static int BytesOf(FixedType type)
    {
        var needed = (type.Width + 7) / 8;
        return needed <= 8 ? (int)BitOperations.RoundUpToPowerOf2((uint)needed) : (needed + 7) / 8 * 8;
    }
}
