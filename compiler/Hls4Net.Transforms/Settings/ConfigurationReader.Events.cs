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

    /// <summary>One section, while it is read: its objects with their quantities here, ports and bits in the other part.</summary>
    private sealed partial class EventSection(ConfigurationReader reader, YamlNode node, YamlMappingNode mapping)
    {
        private readonly List<Thing> _objects = [];

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
    }
}
