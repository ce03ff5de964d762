using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Inputs;
using Hls4Net.Trigger.Events;

namespace Hls4Net.Cli.Compilation;

/// <summary>A number of an event, as hardware has it.</summary>
/// <param name="Kind">What the object is, for files of events.</param>
/// <param name="Port">The firmware's input that carries it; null where the object has no such number, which is 0.</param>
/// <param name="Element">The element of the port.</param>
/// <param name="Bit">Its lowest bit in a word; null where the element is the number itself.</param>
/// <param name="Type">The hardware's number, with the way from a real one into it.</param>
/// <param name="Step">What a step of its integer is worth.</param>
/// <param name="Period">Steps in a full turn; null for what is no angle.</param>
/// <param name="Invalid">The rule that says that the object is not there, such as <c>pt = 0</c>; null if it always is.</param>
internal sealed record FeatureEntry(string Object, int Slot, string Quantity, string Kind, string? Port, int? Element, int? Bit, string? Type, string? Step, int? Period,
    double? Offset, int? Shift, string? Invalid);

/// <summary>How events come to the firmware.</summary>
/// <param name="Input">The network's input that is fed.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Reads">values or integers.</param>
/// <param name="Ports">features, single, words or links.</param>
/// <param name="Features">In the network's order.</param>
internal sealed record EventsEntry(string Input, int[] Shape, string Reads, string Ports, string? Arithmetic, string? Result, FeatureEntry[] Features)
{
    /// <summary>Whether every field is there that has no say in being absent.</summary>
    [JsonIgnore]
    public bool IsComplete => Input is not null && Shape is not null && Reads is not null && Ports is not null && Features is not null
        && Array.TrueForAll(Features, f => f is { Object: not null, Quantity: not null, Kind: not null } && (f.Port is null || (f.Type is not null && f.Step is not null && f.Element is not null)));

    public static EventsEntry Of(EventDescription events, Seq<int> shape) => new(events.Input, [.. shape], events.ReadsValues ? "values" : "integers", Name(events.Kind), events.Arithmetic?.ToString(), events.Result?.ToString(),
        [.. events.Features.Select(f => new FeatureEntry(f.Object, f.Slot, f.Quantity, Name(f.Kind), f.IsPresent ? f.Port : null, f.IsPresent ? f.Element : null, f.IsInWord ? f.Low : null, f.IsPresent ? f.Type.ToString() : null,
            f.IsPresent ? f.Unit : null, f.Period > 0 ? f.Period : null, f.Offset.IsZero ? null : f.Offset.ToDouble(), f.Shift == 0 ? null : f.Shift,
            f.Key is { } key ? string.Create(CultureInfo.InvariantCulture, $"{key} = {f.Code}") : null))]);

    /// <summary>What turns events into the firmware's inputs.</summary>
    /// <param name="inputs">The firmware's inputs.</param>
    /// <exception cref="JsonException">The entry is damaged.</exception>
    public EventDescription ToDescription(PortEntry[] inputs)
    {
        var ports = Features.Where(f => f.Port is not null).Select(f => f.Port!).Distinct().Select(name => Array.Find(inputs, i => i.Name == name) is { } input
            ? new EventPort(input.Name, input.Shape.ToSeq(), input.Quantizer.Type) : throw new JsonException($"There is no input '{name}'."));
        return new(Input, Features.Select(ToFeature).ToSeq(), ports.ToSeq()) { ReadsValues = Reads == "values", Kind = Enum.Parse<EventPorts>(Ports, ignoreCase: true) };
    }

    /// <summary>The slots that events fill, and for each number its place in them, or −1 for 0.</summary>
    /// <exception cref="UserErrorException">Events have no such object or quantity (HLS4106).</exception>
    public (EventLayout Layout, int[] Places) LayoutOf(string path)
    {
        var objects = Features.GroupBy(f => (f.Object, f.Kind)).Where(g => g.Key.Kind != "met").Select(g => (g.Key.Object, g.Key.Kind, Count: g.Max(f => f.Slot) + 1)).ToList();
        if (Array.Find(Features, f => f.Kind == "other" || (f.Port is not null && Coordinate(f) < 0) || (f.Kind == "met" && f.Slot > 0)) is { } strange)
            throw new UserErrorException(Messages.EventsDoNotFit(path, $"files of events have no {strange.Object}[{strange.Slot}].{strange.Quantity}, which the design takes; give rows of its {Features.Length} numbers"));
        var layout = new EventLayout(objects.Select(o => new SlotGroup(KindsOf(o.Kind), o.Count)).ToSeq(), FeatureOrder.Interleaved);
        var firsts = new Dictionary<string, int>(StringComparer.Ordinal);
        var next = 1;
        foreach (var (name, _, count) in objects)
            (firsts[name], next) = (next, next + count);
        return (layout, [.. Features.Select(f => f.Port is null ? -1 : layout.IndexOf(f.Kind == "met" ? 0 : firsts[f.Object] + f.Slot, Coordinate(f)))]);
    }

    private static int Coordinate(FeatureEntry feature) => feature.Quantity switch { "pt" => 0, "eta" => 1, "phi" => 2, _ => -1 };

    /// <summary>What a slot of this kind holds.</summary>
    public static ObjectKinds KindsOf(string kind) => kind switch
    {
        "electron" => ObjectKinds.Electron,
        "photon" => ObjectKinds.Photon,
        "egamma" => ObjectKinds.ElectronOrPhoton,
        "muon" => ObjectKinds.Muon,
        _ => ObjectKinds.AnyJet,
    };

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static EventFeature ToFeature(FeatureEntry entry)
    {
        var feature = new EventFeature(entry.Object, entry.Slot, entry.Quantity) { Kind = Enum.Parse<EventObjectKind>(entry.Kind, ignoreCase: true) };
        if (entry.Port is null)
            return feature;
        if (!Quantizer.TryParse(entry.Type!, default, default, out var type, out var problem))
            throw new JsonException(problem);
        var rule = entry.Invalid?.Split(" = ");
        try
        {
            return feature with
            {
                Port = entry.Port,
                Element = entry.Element!.Value,
                Low = entry.Bit ?? -1,
                Type = type,
                Unit = entry.Step!,
                Lsb = EventFeature.StepOf(entry.Step!, entry.Quantity),
                Period = entry.Period ?? 0,
                Key = rule?[0],
                Code = rule is null ? 0 : long.Parse(rule[1], CultureInfo.InvariantCulture),
            };
        }
        catch (Exception e) when (e is FormatException or IndexOutOfRangeException or OverflowException)
        {
            throw new JsonException(e.Message, e);
        }
    }
}
