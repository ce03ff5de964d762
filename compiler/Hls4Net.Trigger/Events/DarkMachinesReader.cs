using System.Buffers.Text;
using System.Text;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Trigger.Events;

/// <summary>
/// Event files of the Dark Machines challenge (Zenodo 3961917): one event a line,
/// <c>event; process; weight; MET; METphi; obj,E,pt,eta,phi; …</c>, with as many objects as there are, in MeV, often with a semicolon at the
/// end. Objects are j (jet), b (b jet), e- e+ (electrons), m- m+ (muons), g (photon).
/// </summary>
internal sealed class DarkMachinesReader(string path, Stream stream, EventUnits units) : IEventReader
{
    private const int MostEvents = 1 << 15;

    private readonly LineReader _lines = new(path, stream);
    private long _next;

    public string Path => path;

    public EventFormat Format => EventFormat.DarkMachines;

    public long? Count => null;

    public IReadOnlyList<string> FeatureNames => [];

    public EventBlock? Read()
    {
        var builder = new EventBuilder(path, EventUnits.MeV, units, "line", isConverted: true);
        var (ids, weights) = (new List<long>(), new List<double>());
        while (ids.Count < MostEvents && _lines.TryRead(out var line))
        {
            line = line.Trim(" \t\r"u8);
            if (line.IsEmpty)
                continue;
            ids.Add((long)NumberOf(Field(ref line), "the event's number"));
            if (Field(ref line).IsEmpty)
                throw Malformed("the process is missing");
            weights.Add(NumberOf(Field(ref line), "the weight"));
            var met = MomentumOf(Field(ref line), "MET");
            builder.Begin(_lines.Number, met, NumberOf(Field(ref line), "METphi"));
            while (!line.IsEmpty)
                AddObject(builder, Field(ref line));
            builder.End();
        }
        if (ids.Count == 0)
            return null;
        var block = builder.Build(_next, [.. ids], [.. weights]);
        _next += ids.Count;
        return block;
    }

    public void Dispose() => _lines.Dispose();

    /// <summary>Whether the first line of a file looks like one of these.</summary>
    public static bool Recognises(string line) => line.Count(c => c == ';') >= 4;

    private void AddObject(EventBuilder builder, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
            return;
        var fields = text.Count((byte)',') + 1;
        if (fields != 5)
            throw Malformed($"the object '{Messages.Printable(Encoding.UTF8.GetString(text))}' has {fields} fields; name, E, pT, eta and phi are needed");
        var (kind, charge) = KindOf(Part(ref text));
        NumberOf(Part(ref text), "an object's energy");
        var pt = MomentumOf(Part(ref text), "pT");
        var eta = NumberOf(Part(ref text), "eta");
        builder.Add(kind, charge, -1, pt, eta, NumberOf(Part(ref text), "phi"));
    }

    private (ObjectKinds Kind, sbyte Charge) KindOf(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name) switch
    {
        "j" => (ObjectKinds.Jet, 0),
        "b" => (ObjectKinds.BJet, 0),
        "e-" => (ObjectKinds.Electron, -1),
        "e+" => (ObjectKinds.Electron, 1),
        "m-" => (ObjectKinds.Muon, -1),
        "m+" => (ObjectKinds.Muon, 1),
        "g" => (ObjectKinds.Photon, 0),
        var other => throw Malformed($"an object is '{Messages.Printable(other)}'; j, b, e-, e+, m-, m+ and g are known"),
    };

    /// <summary>
    /// A momentum in GeV. In a text in MeV the decimal point moves: the quotient of a number that was rounded when it was read would be another one where
    /// the text has more digits than a float64.
    /// </summary>
    private double MomentumOf(ReadOnlySpan<byte> text, string name)
    {
        const int Longest = 64;
        var value = NumberOf(text, name);
        if (units == EventUnits.GeV || text.Length > Longest - 8)
            return units == EventUnits.GeV ? value : value / 1000;
        Span<byte> moved = stackalloc byte[Longest];
        var end = text.IndexOfAny("eE"u8);
        var exponent = 0;
        if (end >= 0 && !Utf8Parser.TryParse(text[(end + 1)..].TrimStart("+"u8), out exponent, out _))
            return value / 1000;
        var mantissa = end < 0 ? text : text[..end];
        mantissa.CopyTo(moved);
        moved[mantissa.Length] = (byte)'e';
        return Utf8Formatter.TryFormat(exponent - 3, moved[(mantissa.Length + 1)..], out var digits)
            && Utf8Parser.TryParse(moved[..(mantissa.Length + 1 + digits)], out double result, out _) ? result : value / 1000;
    }

    private double NumberOf(ReadOnlySpan<byte> text, string name) =>
        Utf8Parser.TryParse(text, out double value, out var used) && used == text.Length && double.IsFinite(value)
            ? value
            : throw Malformed(text.IsEmpty ? $"{name} is missing" : $"{name} is '{Messages.Printable(Encoding.UTF8.GetString(text))}'");

    private static ReadOnlySpan<byte> Field(ref ReadOnlySpan<byte> line) => LineReader.Take(ref line, (byte)';').Trim(" \t"u8);

    private static ReadOnlySpan<byte> Part(ref ReadOnlySpan<byte> text) => LineReader.Take(ref text, (byte)',').Trim(" \t"u8);

    private UserErrorException Malformed(string what) => LineReader.Malformed(path, _lines.Number, what);
}
