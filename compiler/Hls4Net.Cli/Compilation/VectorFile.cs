using System.Numerics;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Trigger.Events;
using Hls4Net.Trigger.Vectors;

namespace Hls4Net.Cli.Compilation;

/// <summary>
/// Vectors of a trigger's test files as events of a design, and back. On links an event is a packet; its bytes are those of an AXI4-Stream
/// packet of the design (decision 39), laid over the links of a frame in their order, then over the frames. In hls4ml's files an event is a
/// line of real numbers.
/// </summary>
internal static class VectorFile
{
    /// <summary>Whether a file is one of vectors rather than of events.</summary>
    public static bool Recognises(string path) =>
        path.EndsWith(".dat", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".txt", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the events of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="folder">The design.</param>
    /// <param name="objects">Units of the objects of a Global Trigger file.</param>
    /// <exception cref="UserErrorException">The file is malformed (HLS4108, HLS4109) or does not fit the design (HLS4106).</exception>
    public static IReadOnlyDictionary<string, RawBatch> Read(string path, CompiledFolder folder, GlobalTriggerUnits objects = GlobalTriggerUnits.Axol1tl)
    {
        var ports = folder.DataInputs;
        if (path.EndsWith(".dat", StringComparison.OrdinalIgnoreCase))
            return folder.Events is { } coding ? coding.ToPorts(Numbers(path, coding.Features)) : ReadNumbers(path, ports);
        if (File.Exists(path) && File.ReadLines(path).FirstOrDefault(l => l.Length > 0) is { } first && GlobalTriggerPattern.Recognises(first))
            return folder.Manifest.Events is { } events ? FromGlobalTrigger(path, folder, events, objects) : FromGlobalTrigger(path, ports, objects);
        return FromPattern(path, LinkPatterns.Read(path).Pattern, ports);
    }

    /// <summary>The objects of the crossings of a Global Trigger file, for a design that takes them.</summary>
    private static IReadOnlyDictionary<string, RawBatch> FromGlobalTrigger(string path, IReadOnlyList<PortEntry> ports, GlobalTriggerUnits objects)
    {
        if (ports.Count != 1 || Count(ports[0]) != GlobalTriggerInputs.Count)
        {
            throw new UserErrorException(Messages.EventsDoNotFit(path, FormattableString.Invariant(
                $"crossings have {GlobalTriggerInputs.Count} numbers (missing energy, 4 electrons, 4 muons, 10 jets), and the design takes {ports.Sum(Count)} in {ports.Count} inputs")));
        }
        var values = GlobalTriggerPattern.Read(path).SelectMany(c => GlobalTriggerInputs.Of(c, objects)).ToArray();
        return new Dictionary<string, RawBatch>(StringComparer.Ordinal) { [ports[0].Name] = InputConversion.Quantize(values, GlobalTriggerInputs.Count, ports[0].Quantizer) };
    }

    /// <summary>The objects of the crossings of a Global Trigger file, for a design that describes which it takes.</summary>
    private static IReadOnlyDictionary<string, RawBatch> FromGlobalTrigger(string path, CompiledFolder folder, EventsEntry events, GlobalTriggerUnits objects)
    {
        var crossings = GlobalTriggerPattern.Read(path);
        var rows = new long[crossings.Count * events.Features.Length];
        // One type for all numbers is that of prepared ones; types of their own are those of the hardware's integers.
        var units = events.Ports == "single" ? objects : GlobalTriggerUnits.Hardware;
        foreach (var (feature, k) in events.Features.Select((f, k) => (f, k)).Where(f => f.f.Type is not null))
        {
            var type = Core.Numbers.Quantizer.TryParse(feature.Type!, default, default, out var parsed, out _) ? parsed : default;
            for (var e = 0; e < crossings.Count; e++)
            {
                var number = GlobalTriggerInputs.Number(crossings[e], feature.Kind == "met" ? ObjectKinds.None : EventsEntry.KindsOf(feature.Kind), feature.Slot, feature.Quantity, units)
                    ?? throw new UserErrorException(Messages.EventsDoNotFit(path, $"crossings have no {feature.Object}[{feature.Slot}].{feature.Quantity}, which the design takes"));
                rows[e * events.Features.Length + k] = (long)Core.Numbers.Casting.Cast(number, 0, type);
            }
        }
        return folder.Events!.ToPorts(rows);
    }

    /// <summary>Writes events, or nothing.</summary>
    /// <param name="path">X.dat for real numbers; any other name for a pattern.</param>
    /// <param name="format">Of a pattern.</param>
    /// <param name="links">How many links carry it.</param>
    public static void Write(string path, IReadOnlyDictionary<string, RawBatch> batches, IReadOnlyList<PortEntry> ports, PatternFormat format, int links)
    {
        if (path.EndsWith(".dat", StringComparison.OrdinalIgnoreCase))
            DatVectors.Write(path, Rows(batches, ports));
        else
            LinkPatterns.Write(path, ToPattern(batches, ports, links), format);
    }

    /// <summary>The events of a pattern.</summary>
    public static IReadOnlyDictionary<string, RawBatch> FromPattern(string path, LinkPattern pattern, IReadOnlyList<PortEntry> ports)
    {
        var layout = LayoutOf(ports);
        var (bytes, bytesOfWord) = (layout.Bytes, pattern.Digits / 2);
        var frame = bytesOfWord * pattern.Links.Count;
        if (frame == 0)
            throw new UserErrorException(Messages.EventsDoNotFit(path, "the file has no links"));
        var frames = (bytes + frame - 1) / frame;
        var packets = pattern.Packets(frames);
        if (packets.Count == 0)
            throw new UserErrorException(Messages.EventsDoNotFit(path, "there is no packet of valid words"));
        var batches = ports.ToDictionary(p => p.Name, p => new BigInteger[packets.Count * Count(p)], StringComparer.Ordinal);
        for (var e = 0; e < packets.Count; e++)
        {
            var length = packets[e].End.Value - packets[e].Start.Value;
            if (length != frames)
            {
                throw new UserErrorException(Messages.EventsDoNotFit(path, FormattableString.Invariant(
                    $"the packet from frame {packets[e].Start.Value} on has {length} frames of {pattern.Links.Count} links, and an event of {bytes} bytes needs {frames}")));
            }
            var packet = new byte[frames * frame];
            for (var f = 0; f < frames; f++)
            {
                for (var l = 0; l < pattern.Links.Count; l++)
                    BitConverter.GetBytes(pattern.Frames[packets[e].Start.Value + f][l].Data).AsSpan(0, bytesOfWord).CopyTo(packet.AsSpan(f * frame + l * bytesOfWord));
            }
            foreach (var field in layout.Fields)
                Unpack(path, field, packet, e, batches[field.Channel].AsSpan(e * field.Elements, field.Elements));
        }
        return ports.ToDictionary(p => p.Name, p => ToBatch(Count(p), batches[p.Name]), StringComparer.Ordinal);
    }

    /// <summary>Events as packets, one after the other without gaps.</summary>
    public static LinkPattern ToPattern(IReadOnlyDictionary<string, RawBatch> batches, IReadOnlyList<PortEntry> ports, int links)
    {
        var layout = LayoutOf(ports);
        var (frame, events) = (8 * links, batches[ports[0].Name].Events);
        var frames = (layout.Bytes + frame - 1) / frame;
        var words = new List<LinkWord[]>();
        for (var e = 0; e < events; e++)
        {
            var packet = new byte[frames * frame];
            layout.Pack(batches, e).CopyTo(packet, 0);
            for (var f = 0; f < frames; f++)
            {
                var flags = LinkFlags.Strobe | LinkFlags.Valid | (f == 0 ? LinkFlags.StartOfPacket : LinkFlags.None) | (f == frames - 1 ? LinkFlags.EndOfPacket : LinkFlags.None)
                    | (e == 0 && f == 0 ? LinkFlags.StartOfOrbit : LinkFlags.None);
                words.Add([.. Enumerable.Range(0, links).Select(l => new LinkWord(BitConverter.ToUInt64(packet, f * frame + 8 * l), flags))]);
            }
        }
        return LinkPattern.Of("hls4net", Enumerable.Range(0, links), words);
    }

    private static StreamPacket LayoutOf(IReadOnlyList<PortEntry> ports) =>
        StreamPacket.Of(ports.Select(p => (p.Port, p.Name, Count(p), p.Quantizer.Type)));

    private static void Unpack(string path, StreamField field, byte[] packet, int @event, Span<BigInteger> target)
    {
        for (var k = 0; k < field.Elements; k++)
        {
            var value = new BigInteger(packet.AsSpan(field.PlaceOf(k), field.Bytes), isUnsigned: !field.Signed);
            var bits = field.Signed ? field.Width - 1 : field.Width;
            if (value >= BigInteger.One << bits || value < (field.Signed ? -(BigInteger.One << bits) : BigInteger.Zero))
            {
                throw new UserErrorException(Messages.EventsDoNotFit(path, FormattableString.Invariant(
                    $"event {@event}, element {k} of '{field.Channel}' is {value}, which does not fit {field.Width} bits{(field.Signed ? " with a sign" : "")}")));
            }
            target[k] = value;
        }
    }

    private static Dictionary<string, RawBatch> ReadNumbers(string path, IReadOnlyList<PortEntry> ports)
    {
        var width = ports.Sum(Count);
        var rows = Numbers(path, width);
        var (result, first) = (new Dictionary<string, RawBatch>(StringComparer.Ordinal), 0);
        foreach (var port in ports)
        {
            var start = first;
            result[port.Name] = InputConversion.Quantize(rows.Where((_, i) => i % width >= start && i % width < start + Count(port)).ToArray(), Count(port), port.Quantizer);
            first += Count(port);
        }
        return result;
    }

    private static double[] Numbers(string path, int width)
    {
        var rows = DatVectors.Read(path);
        return rows.Count > 0 && rows[0].Length == width ? [.. rows.SelectMany(r => r)]
            : throw new UserErrorException(Messages.EventsDoNotFit(path, $"a line has {(rows.Count == 0 ? 0 : rows[0].Length)} numbers, and the design takes {width}"));
    }

    private static IEnumerable<IEnumerable<double>> Rows(IReadOnlyDictionary<string, RawBatch> batches, IReadOnlyList<PortEntry> ports)
    {
        var values = ports.Select(p => InputConversion.ToDoubles(batches[p.Name], p.Quantizer.Type)).ToList();
        return Enumerable.Range(0, batches[ports[0].Name].Events).Select(e => ports.SelectMany((p, i) => values[i].Skip(e * Count(p)).Take(Count(p))));
    }

    private static RawBatch ToBatch(int elements, BigInteger[] values) =>
        Array.TrueForAll(values, v => v >= long.MinValue && v <= long.MaxValue) ? RawBatch.Of(elements, Array.ConvertAll(values, v => (long)v)) : RawBatch.Of(elements, values);

    private static int Count(PortEntry port) => Shapes.Count(port.Shape.ToSeq());
}
