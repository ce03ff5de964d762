using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Inputs;
using YamlDotNet.RepresentationModel;

namespace Hls4Net.Transforms.Settings;

/// <summary>The section <c>events</c>: how events come to the firmware. It may stand in a file of its own, and begin with a preset.</summary>
public sealed partial class ConfigurationReader
{
    private const int MostObjects = 1024;
    private const int WidestFeature = 63;
    private static readonly string[] EventKeys = ["preset", "input", "order", "reads", "quantities", "ports", "port", "links", "arithmetic", "result", "offset", "shift", "objects"];
    private static readonly string[] ObjectKeys = ["kind", "count", "word", "at", "invalid"];
    private static readonly string[] QuantityKeys = ["type", "lsb", "bits", "period", "offset", "shift"];
    private static readonly string[] LinkKeys = ["count", "width", "frames"];
    private static readonly string[] Orders = ["interleaved", "grouped"];
    private static readonly string[] Readings = ["values", "integers"];

    private EventDescription? ReadEvents(YamlNode node)
    {
        if (node is YamlScalarNode { Value: { Length: > 0 } name })
            return EventPresets.All.ContainsKey(name) ? ReadEvents(Preset(name)) : ReadEventFile(node, name);
        if (node is not YamlMappingNode mapping)
        {
            Complain(node, "The section 'events' is a mapping, the name of a preset or of a file.");
            return null;
        }
        var errors = _diagnostics.Items.Count(d => d.Rule.Severity == Severity.Error);
        if (Child(mapping, "preset") is { } preset)
        {
            if (!EventPresets.All.ContainsKey(Scalar(preset)))
            {
                _diagnostics.Add(Messages.EventDescription($"{_file}:{preset.Start.Line}", $"'{Scalar(preset)}' is no preset; there are {string.Join(", ", EventPresets.All.Keys)}",
                    Messages.DidYouMean(Scalar(preset), EventPresets.All.Keys)));
                return null;
            }
            mapping = Merge(Preset(Scalar(preset)), mapping);
        }
        var description = new EventSection(this, node, mapping).Read();
        return _diagnostics.Items.Count(d => d.Rule.Severity == Severity.Error) == errors ? description : null;
    }

    private EventDescription? ReadEventFile(YamlNode node, string name)
    {
        var path = Path.Combine(_folder, name);
        if (!File.Exists(path))
        {
            _diagnostics.Add(Messages.EventDescription($"{_file}:{node.Start.Line}", $"'{name}' is neither a file beside the configuration nor a preset; presets are {string.Join(", ", EventPresets.All.Keys)}",
                Messages.DidYouMean(name, EventPresets.All.Keys)));
            return null;
        }
        var reader = new ConfigurationReader(Path.GetFileName(path), Path.GetDirectoryName(path) ?? "", _diagnostics) { _dialect = _dialect };
        return reader.Guard(File.ReadAllText(path), root => reader.ReadEvents(root is YamlMappingNode ? root : new YamlSequenceNode()));
    }

    private static YamlMappingNode Preset(string name)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(EventPresets.All[name]));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    /// <summary>The user's keys over those of a preset, mappings key by key; <c>none</c> takes away.</summary>
    private static YamlMappingNode Merge(YamlMappingNode below, YamlMappingNode above)
    {
        var merged = new YamlMappingNode(below.Children);
        foreach (var (key, value) in above.Children)
        {
            if (value is YamlScalarNode { Value: "none" })
                merged.Children.Remove(key);
            else
                merged.Children[key] = value is YamlMappingNode over && merged.Children.TryGetValue(key, out var old) && old is YamlMappingNode under ? Merge(under, over) : value;
        }
        return merged;
    }

    private static YamlNode? Child(YamlMappingNode node, string key) => node.Children.FirstOrDefault(c => c.Key is YamlScalarNode { Value: { } name } && name == key).Value;

    private void Complain(YamlNode node, string problem) => _diagnostics.Add(Messages.ConfigurationSyntax(_file, node.Start.Line, problem));

    /// <summary>One section, while it is read.</summary>
    private sealed class EventSection(ConfigurationReader reader, YamlNode node, YamlMappingNode mapping)
    {
        private readonly List<Thing> _objects = [];
        private EventPorts _kind;
        private string _port = "";
        private (int Count, int Width)? _links;

        /// <summary>Objects of one kind.</summary>
        private sealed record Thing(string Name, YamlNode Node, EventObjectKind Kind, int Count, int Word, (string Key, long Code)? Invalid, IReadOnlyList<(int Link, int Bit)> At)
        {
            public Dictionary<string, Number> Numbers { get; } = new(StringComparer.Ordinal);
        }

        /// <summary>One quantity of objects of one kind.</summary>
        private sealed record Number(Quantizer Type, Rational Lsb, string Unit, int Period, (int Low, int High)? Bits, Seq<Dyadic> Offset, Seq<int> Shift);

        public EventDescription? Read()
        {
            var entries = reader.Entries(mapping, "events", EventKeys).ToDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal);
            string[] quantities = entries.TryGetValue("quantities", out var q) ? [.. Items(q).Select(reader.Scalar)] : ["pt", "eta", "phi"];
            ReadPorts(entries);
            if (!entries.TryGetValue("objects", out var objects))
            {
                Refuse(node, "there are no 'objects'");
                return null;
            }
            foreach (var (name, value) in reader.Entries(objects, "objects", null))
                ReadObject(name, value, quantities);
            var isGrouped = Word(entries, "order", Orders) == Orders[1];
            var features = Place(isGrouped, quantities, out var ports);
            features = WithLists(features, entries);
            return new(entries.TryGetValue("input", out var input) ? reader.Scalar(input) : "", features.ToSeq(), ports.ToSeq())
            {
                Place = FormattableString.Invariant($"{reader._file}:{node.Start.Line}"),
                ReadsValues = Word(entries, "reads", Readings) != Readings[1],
                Kind = _kind,
                Width = _links?.Width ?? 0,
                Arithmetic = entries.TryGetValue("arithmetic", out var arithmetic) && reader.ReadType(arithmetic) is { } type ? new(type.Type, Rounding.Trn, Overflow.Wrap) : null,
                Result = entries.TryGetValue("result", out var result) ? reader.ReadType(result) : null,
            };
        }

        private void Refuse(YamlNode at, string problem, string advice = "") => reader._diagnostics.Add(Messages.EventDescription(FormattableString.Invariant($"{reader._file}:{at.Start.Line}"), problem, advice));

        private string? Word(Dictionary<string, YamlNode> entries, string key, string[] known)
        {
            if (!entries.TryGetValue(key, out var value))
                return null;
            var text = reader.Scalar(value);
            if (!known.Contains(text))
                Refuse(value, $"'{text}' is not one of {string.Join(", ", known)}", Messages.DidYouMean(text, known));
            return text;
        }

        private void ReadPorts(Dictionary<string, YamlNode> entries)
        {
            string[] names = ["features", "single", "words", "links"];
            if (entries.TryGetValue("port", out var port))
                (_kind, _port) = (EventPorts.Single, reader.Scalar(port));
            if (Word(entries, "ports", names) is { } word && Array.IndexOf(names, word) is >= 0 and var index)
                _kind = (EventPorts)index;
            if (_port.Length == 0)
                _port = _kind == EventPorts.Links ? "links" : "events";
            if (!entries.TryGetValue("links", out var links))
            {
                if (_kind == EventPorts.Links)
                    Refuse(node, "words on links need their number and width: 'links: { count: 4, width: 64 }'");
                return;
            }
            var (count, width) = (0, 64);
            foreach (var (key, value) in reader.Entries(links, "links", LinkKeys))
            {
                if (key == "frames" && reader.ReadInteger(value, 1, 1024) is > 1)
                    reader._diagnostics.Add(Messages.EventFrames(FormattableString.Invariant($"{reader._file}:{value.Start.Line}"), reader.Scalar(value)));
                count = key == "count" ? reader.ReadInteger(value, 1, 1024) ?? 0 : count;
                width = key == "width" ? reader.ReadInteger(value, 32, 64) ?? 64 : width;
            }
            if (width is not (32 or 64))
                Refuse(links, FormattableString.Invariant($"links have words of 32 or of 64 bits, not of {width}"));
            _links = (count, width);
        }

        private void ReadObject(string name, YamlNode value, string[] quantities)
        {
            if (value is YamlScalarNode { Value: "none" })
                return;
            var kind = KindOf(name);
            var (count, word) = (1, 0);
            YamlNode? invalid = null, at = null;
            var entries = reader.Entries(value, $"the object '{name}'", [.. ObjectKeys, .. quantities]).ToList();
            foreach (var (key, item) in entries)
            {
                switch (key)
                {
                    case "kind":
                        kind = ReadKind(item);
                        break;
                    case "count":
                        count = reader.ReadInteger(item, 1, MostObjects) ?? 1;
                        break;
                    case "word":
                        word = reader.ReadInteger(item, 32, 64) ?? 32;
                        if (word is not (32 or 64))
                            Refuse(item, FormattableString.Invariant($"a word has 32 or 64 bits, not {word}"));
                        break;
                    case "invalid":
                        invalid = item;
                        break;
                    case "at":
                        at = item;
                        break;
                }
            }
            var found = new Thing(name, value, kind, count, word, null, at is null ? [] : ReadPlaces(at));
            foreach (var (key, item) in entries.Where(e => quantities.Contains(e.Key)))
            {
                if (item is YamlScalarNode { Value: "none" })
                    continue;
                if (ReadNumber(name, key, item, count) is { } number)
                    found.Numbers[key] = number;
            }
            if (found.Numbers.Count == 0)
                Refuse(value, $"the object '{name}' has no quantity; there are {string.Join(", ", quantities)}");
            if (at is not null && found.At.Count != count)
                Refuse(at, FormattableString.Invariant($"the object '{name}' is there {count} times and has {found.At.Count} places"));
            _objects.Add(invalid is null ? found : WithNumbers(found, found with { Invalid = ReadInvalid(invalid, found) }));
        }

        private static Thing WithNumbers(Thing from, Thing to)
        {
            foreach (var (key, number) in from.Numbers)
                to.Numbers[key] = number;
            return to;
        }

        /// <summary>Names that say what an object is.</summary>
        private static EventObjectKind KindOf(string name) => name switch
        {
            "met" => EventObjectKind.Met,
            "e" or "electron" or "electrons" => EventObjectKind.Electron,
            "photon" or "photons" or "g" => EventObjectKind.Photon,
            "eg" or "egamma" => EventObjectKind.EGamma,
            "mu" or "muon" or "muons" => EventObjectKind.Muon,
            "jet" or "jets" => EventObjectKind.Jet,
            _ => EventObjectKind.Other,
        };

        private EventObjectKind ReadKind(YamlNode item)
        {
            var names = Enum.GetNames<EventObjectKind>().Select(n => n.ToLowerInvariant()).ToList();
            var index = names.IndexOf(reader.Scalar(item));
            if (index < 0)
                Refuse(item, $"'{reader.Scalar(item)}' is no kind of object; there are {string.Join(", ", names)}", Messages.DidYouMean(reader.Scalar(item), names));
            return index < 0 ? EventObjectKind.Other : (EventObjectKind)index;
        }

        private (string, long)? ReadInvalid(YamlNode item, Thing thing)
        {
            var parts = reader.Scalar(item).Split('=', StringSplitOptions.TrimEntries);
            if (parts.Length != 2 || !long.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code))
            {
                Refuse(item, $"'{reader.Scalar(item)}' is not a rule for objects that are not there; it is written like pt = 0");
                return null;
            }
            if (!thing.Numbers.TryGetValue(parts[0], out var number))
                Refuse(item, $"the object '{thing.Name}' has no quantity '{parts[0]}'; it has {string.Join(", ", thing.Numbers.Keys)}", Messages.DidYouMean(parts[0], thing.Numbers.Keys));
            else if (code < number.Type.Type.MinimumRaw || code > number.Type.Type.MaximumRaw)
                Refuse(item, FormattableString.Invariant($"{code} is no integer of {number.Type.Type}"));
            return (parts[0], code);
        }

        private List<(int Link, int Bit)> ReadPlaces(YamlNode item)
        {
            var places = new List<(int, int)>();
            foreach (var place in Items(item))
            {
                var words = reader.Scalar(place).Split(' ', StringSplitOptions.RemoveEmptyEntries);
                var (link, bit, good) = (0, 0, words.Length is >= 2 and <= 6 && words.Length % 2 == 0 && words[0] == "link");
                for (var k = 0; good && k < words.Length; k += 2)
                {
                    good = int.TryParse(words[k + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && words[k] is "link" or "frame" or "bit";
                    link = words[k] == "link" ? number : link;
                    bit = words[k] == "bit" ? number : bit;
                    if (words[k] == "frame" && number > 0)
                        reader._diagnostics.Add(Messages.EventFrames(FormattableString.Invariant($"{reader._file}:{place.Start.Line}"), reader.Scalar(place)));
                }
                if (!good)
                    Refuse(place, $"'{reader.Scalar(place)}' is no place on links; it is written like link 2 bit 32");
                places.Add((link, bit));
            }
            return places;
        }

        private Number? ReadNumber(string name, string quantity, YamlNode item, int count)
        {
            Quantizer? type = null;
            var (lsb, unit, period) = ((Rational?)null, "", 0);
            (int, int)? bits = null;
            var (offset, shift) = ((Seq<Dyadic>)[], (Seq<int>)[]);
            foreach (var (key, value) in reader.Entries(item, $"{name}.{quantity}", QuantityKeys))
            {
                switch (key)
                {
                    case "type":
                        type = ReadHardwareType(value);
                        break;
                    case "lsb":
                        unit = reader.Scalar(value);
                        lsb = EventUnits.Parse(unit, quantity, out var problem);
                        if (problem is not null)
                            Refuse(value, problem);
                        break;
                    case "bits":
                        bits = ReadBitRange(value);
                        break;
                    case "period":
                        period = reader.ReadInteger(value, 2, 1 << 30) ?? 0;
                        break;
                    case "offset":
                        offset = PerObject(value, reader.ReadNumbers(value).ToSeq(), count);
                        break;
                    default:
                        shift = PerObject(value, Items(value).Select(i => reader.ReadInteger(i, -LargestShift, LargestShift) ?? 0).ToSeq(), count);
                        break;
                }
            }
            if (type is not { } found)
            {
                Refuse(item, $"{name}.{quantity} needs its 'type', such as uint<9>");
                return null;
            }
            if (bits is var (low, high) && high - low + 1 != found.Type.Width)
                Refuse(item, FormattableString.Invariant($"the bits {low}..{high} of {name}.{quantity} are {high - low + 1}, and {found.Type} has {found.Type.Width}"));
            if (period > 0 && (found.Type.MaximumRaw - found.Type.MinimumRaw + 1 < period))
                Refuse(item, FormattableString.Invariant($"{found.Type} has no {period} integers for a turn of {name}.{quantity}"));
            return new(found, lsb ?? new Rational(1, 1).Scale(-found.Type.Fraction), unit.Length > 0 ? unit : StepOf(found.Type), period, bits, offset, shift);
        }

        private static string StepOf(FixedType type) =>
            type.Fraction > 0 ? FormattableString.Invariant($"1/{System.Numerics.BigInteger.One << type.Fraction}") : FormattableString.Invariant($"{System.Numerics.BigInteger.One << -type.Fraction}");

        private Quantizer? ReadHardwareType(YamlNode value)
        {
            var text = reader.Scalar(value);
            if (!Quantizer.TryParse(text, Rounding.Rnd, Overflow.Sat, out var type, out var problem))
                reader._diagnostics.Add(Messages.BadType(FormattableString.Invariant($"{reader._file}:{value.Start.Line}"), text, problem));
            else if (type.Type.Width <= WidestFeature)
                return type;
            else
                Refuse(value, FormattableString.Invariant($"a number of an event has at most {WidestFeature} bits"));
            return null;
        }

        private (int, int)? ReadBitRange(YamlNode value)
        {
            var parts = reader.Scalar(value).Split("..");
            if (parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var low)
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var high) && low <= high && high < 64)
                return (low, high);
            Refuse(value, $"'{reader.Scalar(value)}' is no range of bits; it is written like 0..8, the lowest first");
            return null;
        }

        private Seq<T> PerObject<T>(YamlNode value, Seq<T> numbers, int count)
        {
            if (numbers.Count == 1 || numbers.Count == count)
                return numbers;
            Refuse(value, FormattableString.Invariant($"{numbers.Count} numbers are listed; it takes 1, or {count}, one for each object"));
            return [];
        }

        /// <summary>Lists over all numbers, in the network's order.</summary>
        private List<EventFeature> WithLists(List<EventFeature> features, Dictionary<string, YamlNode> entries)
        {
            if (entries.TryGetValue("offset", out var offsets) && reader.ReadNumbers(offsets).ToList() is var offset && Fits(offsets, offset.Count))
                features = [.. features.Select((f, i) => f with { Offset = offset[offset.Count == 1 ? 0 : i] })];
            if (entries.TryGetValue("shift", out var shifts) && Items(shifts).Select(i => reader.ReadInteger(i, -LargestShift, LargestShift) ?? 0).ToList() is var shift && Fits(shifts, shift.Count))
                features = [.. features.Select((f, i) => f with { Shift = shift[shift.Count == 1 ? 0 : i] })];
            return features;

            bool Fits(YamlNode at, int count)
            {
                if (count == 1 || count == features.Count)
                    return true;
                Refuse(at, FormattableString.Invariant($"{count} numbers are listed; it takes 1, or {features.Count}, one for each number of an event"));
                return false;
            }
        }

        /// <summary>The numbers in the network's order, with their places on the ports.</summary>
        private List<EventFeature> Place(bool isGrouped, string[] quantities, out List<EventPort> ports)
        {
            var order = isGrouped
                ? quantities.SelectMany(q => _objects.Where(o => o.Numbers.ContainsKey(q)).SelectMany(o => Enumerable.Range(0, o.Count).Select(s => (Object: o, Slot: s, Quantity: q))))
                : _objects.SelectMany(o => Enumerable.Range(0, o.Count).SelectMany(s => quantities.Select(q => (Object: o, Slot: s, Quantity: q))));
            var features = order.Select(p => Feature(p.Object, p.Slot, p.Quantity)).ToList();
            ports = [];
            return _kind switch
            {
                EventPorts.Features => PlaceFeatures(features, quantities, ports),
                EventPorts.Single => PlaceSingle(features, ports),
                _ => PlaceWords(features, ports),
            };
        }

        private static EventFeature Feature(Thing thing, int slot, string quantity)
        {
            var feature = new EventFeature(thing.Name, slot, quantity) { Kind = thing.Kind };
            if (!thing.Numbers.TryGetValue(quantity, out var number))
                return feature;
            return feature with
            {
                Port = thing.Name,
                Type = number.Type,
                Lsb = number.Lsb,
                Unit = number.Unit,
                Period = number.Period,
                Offset = number.Offset.Count == 0 ? Dyadic.Zero : number.Offset[number.Offset.Count == 1 ? 0 : slot],
                Shift = number.Shift.Count == 0 ? 0 : number.Shift[number.Shift.Count == 1 ? 0 : slot],
                Key = thing.Invalid?.Key,
                Code = thing.Invalid?.Code ?? 0,
            };
        }

        private List<EventFeature> PlaceFeatures(List<EventFeature> features, string[] quantities, List<EventPort> ports)
        {
            foreach (var thing in _objects)
                ports.AddRange(quantities.Where(thing.Numbers.ContainsKey).Select(q => new EventPort($"{thing.Name}_{q}", [1, thing.Count], thing.Numbers[q].Type.Type)));
            return [.. features.Select(f => f.IsPresent ? f with { Port = $"{f.Object}_{f.Quantity}", Element = f.Slot } : f)];
        }

        private List<EventFeature> PlaceSingle(List<EventFeature> features, List<EventPort> ports)
        {
            var present = features.Where(f => f.IsPresent).ToList();
            if (present.Count == 0)
                return features;
            var type = present[0].Type.Type;
            if (present.Find(f => f.Type.Type != type) is { } other)
                Refuse(node, $"all numbers of the port '{_port}' have one type, and {present[0].Name} has {type}, {other.Name} {other.Type.Type}");
            ports.Add(new(_port, [1, present.Count], type));
            var element = 0;
            return [.. features.Select(f => f.IsPresent ? f with { Port = _port, Element = element++ } : f)];
        }

        private List<EventFeature> PlaceWords(List<EventFeature> features, List<EventPort> ports)
        {
            var isLinks = _kind == EventPorts.Links;
            foreach (var thing in _objects)
            {
                if (thing.Word == 0)
                    Refuse(thing.Node, $"the object '{thing.Name}' needs 'word: 32' or 'word: 64' to come in words");
                if (isLinks && thing.At.Count == 0)
                    Refuse(thing.Node, $"the object '{thing.Name}' needs its places on the links: 'at: [link 0, link 0 bit 32]'");
                if (!isLinks)
                    ports.Add(new(thing.Name, WordShape(thing.Count, thing.Word), new(false, EventDescription.WordBits, EventDescription.WordBits)));
            }
            if (isLinks && _links is var (links, width))
                ports.Add(new(_port, WordShape(links, width), new(false, EventDescription.WordBits, EventDescription.WordBits)));
            var taken = new Dictionary<(string, int), EventFeature>();
            return [.. features.Select(f => f.IsPresent && _objects.Find(o => o.Name == f.Object) is { } thing ? InWord(f, thing, isLinks, taken) : f)];
        }

        private static Seq<int> WordShape(int words, int bits) => bits > EventDescription.WordBits ? [1, words, 2] : [1, words];

        private EventFeature InWord(EventFeature feature, Thing thing, bool isLinks, Dictionary<(string, int), EventFeature> taken)
        {
            if (thing.Numbers[feature.Quantity].Bits is not var (low, high))
            {
                Refuse(thing.Node, $"{thing.Name}.{feature.Quantity} needs its 'bits' in the word");
                return feature;
            }
            if (high >= thing.Word)
                Refuse(thing.Node, FormattableString.Invariant($"the bits {low}..{high} of {thing.Name}.{feature.Quantity} do not lie in a word of {thing.Word} bits"));
            var (port, word, width) = (thing.Name, feature.Slot, thing.Word);
            if (isLinks)
            {
                if (_links is not var (count, bits) || feature.Slot >= thing.At.Count)
                    return feature;
                var at = thing.At[feature.Slot];
                (port, word, width, low, high) = (_port, at.Link, bits, low + at.Bit, high + at.Bit);
                if (at.Link >= count)
                    Refuse(thing.Node, FormattableString.Invariant($"{feature.Name} is on link {at.Link}, and there are {count} links, counted from 0"));
                else if (high >= bits)
                    Refuse(thing.Node, FormattableString.Invariant($"{feature.Name} ends in bit {high} of a link of {bits} bits"));
            }
            for (var bit = low; bit <= high; bit++)
            {
                // What overlaps in the word of one object does so in those of all.
                if (taken.TryAdd((port, word * width + bit), feature) || (!isLinks && word > 0))
                    continue;
                Refuse(thing.Node, FormattableString.Invariant($"bit {bit} of word {word} of '{port}' belongs to {taken[(port, word * width + bit)].Name} and to {feature.Name}"));
                break;
            }
            var place = word * width + low;
            return feature with { Port = port, Element = place / EventDescription.WordBits, Low = place % EventDescription.WordBits };
        }
    }
}
