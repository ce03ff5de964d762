using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Inputs;
using YamlDotNet.RepresentationModel;

namespace Hls4Net.Transforms.Settings;

/// <summary>The section <c>events</c>: on which ports, and in which bits of words and links, the numbers of an event come.</summary>
public sealed partial class ConfigurationReader
{
    private static readonly string[] LinkKeys = ["count", "width", "frames"];

    private sealed partial class EventSection
    {
        private EventPorts _kind;
        private string _port = "";
        private (int Count, int Width)? _links;

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
