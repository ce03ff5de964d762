using System.Numerics;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Transforms.Inputs;

/// <summary>
/// The firmware's first stage: from the hardware's numbers on ports or in words to what the network reads, which keeps its name. In this order: bits
/// out of words; angles from a turn to half a turn on either side, if the network reads values; offset; shift; the step's worth, if it reads
/// values; the cast to the network's type; zero for objects that are not there.
/// </summary>
internal static class EventStage
{
    /// <summary>Significant bits of what a step is worth, as the firmware multiplies by it: rounded to the nearest.</summary>
    public const int StepBits = 18;

    /// <summary>The name of all the hardware's numbers, in the order and shape of the network's input.</summary>
    public static string HardwareOf(string input) => $"{input}.hardware";

    /// <summary>The description with what the model says: the input that it feeds. Null after a problem was reported.</summary>
    public static EventDescription? Complete(Graph graph, EventDescription description, Configuration configuration, DiagnosticBag diagnostics)
    {
        var inputs = graph.Inputs.Except(graph.Settings).ToList();
        if (description.Input.Length == 0 && inputs.Count != 1)
            return Refuse($"the network has {inputs.Count} inputs ({string.Join(", ", inputs)}), and 'input' must say which one is fed");
        var input = description.Input.Length > 0 ? description.Input : inputs[0];
        if (!inputs.Contains(input))
            return Refuse($"the network has no input '{input}'; it has {string.Join(", ", inputs)}", Messages.DidYouMean(input, inputs));
        if (configuration.Inputs.ContainsKey(input))
            return Refuse($"the input '{input}' is described by 'events' and under 'inputs'; one of them has to go");
        if (configuration.Stream is not null)
            return Refuse("events of objects come all at once, and the network is streamed");
        if (Shapes.Count(graph[input].Shape) is var needed && needed != description.Features.Count)
        {
            diagnostics.Add(Messages.EventFeatureCount(description.Place, description.Features.Count, input, needed, graph[input].Shape.ToString()));
            return null;
        }
        var names = graph.Values.Select(v => v.Name).ToHashSet(StringComparer.Ordinal);
        return description.Ports.FirstOrDefault(p => names.Contains(p.Name)) is { } taken
            ? Refuse($"the port '{taken.Name}' has the name of a value of the network; give the object, or the port, another one")
            : description with { Input = input };

        EventDescription? Refuse(string problem, string advice = "")
        {
            diagnostics.Add(Messages.EventDescription(description.Place, problem, advice));
            return null;
        }
    }

    /// <summary>The graph with the ports of a complete description in the place of the network's input.</summary>
    public static Graph Add(Graph graph, EventDescription events)
    {
        var editor = new GraphEditor(graph);
        foreach (var port in events.Ports)
            editor.Set(new(port.Name, port.Shape, port.Type, null));
        var writer = new StageWriter(editor, events.Input, events.Ports[0].Name) { Operator = Origin.Events };
        Gather(writer, events, graph[events.Input].Shape);
        // What follows may move on into the network, as its own scales do.
        writer.Operator = Origin.InputStage;
        Arithmetic(writer, events);
        if (events.Features.Any(f => f.Key is not null))
            Blank(writer, events);
        writer.AppendOn(new Reshape(graph[events.Input].Shape), "read", [writer.Last]);
        writer.Rename(events.Input);
        editor.Nodes.InsertRange(0, writer.Nodes);
        return editor.ToGraph(inputs: graph.Inputs.SelectMany(i => i == events.Input ? events.Ports.Select(p => p.Name) : [i]));
    }

    /// <summary>All numbers of an event side by side, in the network's order.</summary>
    private static void Gather(StageWriter writer, EventDescription events, Seq<int> shape)
    {
        var fields = events.Features.Select((f, i) => (Feature: f, Index: i)).Where(f => f.Feature.IsPresent)
            .GroupBy(f => FieldOf(f.Feature, events)).ToList();
        var places = Enumerable.Repeat(Selection.Zero, events.Features.Count).ToArray();
        var (parts, next) = (new List<string>(), 0);
        foreach (var field in fields)
        {
            var members = field.ToList();
            Field(writer, events, [.. members.Select(m => m.Feature)]);
            parts.Add(writer.Last);
            foreach (var (_, index) in members)
                places[index] = next++;
        }
        if (parts.Count > 1)
            writer.AppendOn(new Concatenation(1), "numbers", parts);
        writer.AppendOn(new Selection(Seq.Own(places), shape), "hardware", [writer.Last]);
    }

    /// <summary>Numbers that take the same way to the network's order.</summary>
    private static (string, string, FixedType, int, int) FieldOf(EventFeature feature, EventDescription events) =>
        events.Kind == EventPorts.Single && !Turns(feature, events) ? (feature.Port, "", feature.Type.Type, -1, 0)
            : (feature.Port, $"{feature.Object}_{feature.Quantity}", feature.Type.Type, feature.Low, Turns(feature, events) ? feature.Period : 0);

    /// <summary>Whether an angle has to begin half a turn earlier.</summary>
    private static bool Turns(EventFeature feature, EventDescription events) => events.ReadsValues && feature is { Period: > 0, Type.Type.Signed: false };

    private static void Field(StageWriter writer, EventDescription events, IReadOnlyList<EventFeature> features)
    {
        var (feature, name) = (features[0], $"{features[0].Object}_{features[0].Quantity}");
        var elements = features.Select(f => f.Element).ToSeq();
        if (feature.IsInWord)
            Extract(writer, name, feature, elements);
        else
            writer.AppendOn(new Selection(elements, [1, elements.Count]), name, [feature.Port]);
        if (!Turns(feature, events))
            return;
        var half = writer.Constant($"{name}_half", [new Dyadic(feature.Period, -1 - feature.Type.Type.Fraction)]);
        var turn = writer.Constant($"{name}_turn", [new Dyadic(feature.Period, -feature.Type.Type.Fraction)]);
        var angle = writer.Last;
        writer.AppendOn(new Relation(Comparison.LessOrEqual), $"{name}_beyond", [half, angle]);
        var beyond = writer.Last;
        writer.AppendOn(new Subtraction(), $"{name}_before", [angle, turn]);
        writer.AppendOn(new Choice(), $"{name}_turned", [beyond, writer.Last, angle]);
    }

    /// <summary>Some bits of words: a cast that wraps drops those above, one that truncates those below.</summary>
    private static void Extract(StageWriter writer, string name, EventFeature feature, Seq<int> elements)
    {
        var (type, low) = (feature.Type.Type, feature.Low);
        var here = Math.Min(type.Width, EventDescription.WordBits - low);
        var isWhole = here == type.Width;
        Bits(isWhole ? name : $"{name}_low", elements, low, here, isWhole && type.Signed, -low - type.Fraction);
        if (isWhole)
            return;
        var lower = writer.Last;
        Bits($"{name}_high", elements.Select(e => e + 1).ToSeq(), 0, type.Width - here, type.Signed, here - type.Fraction);
        writer.AppendOn(new Addition(), name, [lower, writer.Last]);

        void Bits(string suffix, Seq<int> words, int first, int width, bool isSigned, int scale)
        {
            writer.AppendOn(new Selection(words, [1, words.Count]), $"{suffix}_word", [feature.Port]);
            writer.Append(new Quantize(new(new FixedType(isSigned, width, width + first), Rounding.Trn, Overflow.Wrap)), $"{suffix}_bits");
            if (scale != 0)
                writer.Append(new Multiplication(), suffix, writer.Constant($"{suffix}_place", [new Dyadic(1, scale)]));
        }
    }

    private static void Arithmetic(StageWriter writer, EventDescription events)
    {
        var features = events.Features;
        if (events.Arithmetic is { } type && features.Any(f => f.IsPresent && !type.Type.Contains(f.Type.Type)))
            writer.Append(new Quantize(type), "arithmetic");
        writer.SubtractAndShift(features.All(f => f.Offset.IsZero) ? [] : features.Select(f => f.Offset).ToSeq(), features.All(f => f.Shift == 0) ? [] : features.Select(f => f.Shift).ToSeq(), events.Arithmetic);
        var worth = features.Select(f => events.ReadsValues && f.IsPresent ? WorthOf(f) : Dyadic.One).ToSeq();
        if (worth.Any(w => w != Dyadic.One))
            writer.Append(new Multiplication(), "worth", writer.Constant("step", worth));
        if (events.Result is { } result)
            writer.Append(new Quantize(result), "cast");
    }

    /// <summary>What one of the port's numbers is worth: a step has the value 2^−fraction there.</summary>
    public static Dyadic WorthOf(EventFeature feature)
    {
        var exact = feature.Lsb.Scale(feature.Type.Type.Fraction).ToDyadic();
        var excess = (int)BigInteger.Abs(exact.Mantissa).GetBitLength() - StepBits;
        return excess <= 0 ? exact : new(Casting.Round(exact.Mantissa, excess, Rounding.RndConv), exact.Exponent + excess);
    }

    /// <summary>Zero for objects that are not there.</summary>
    private static void Blank(StageWriter writer, EventDescription events)
    {
        var (features, read) = (events.Features, writer.Last);
        var keys = features.Select((f, i) => f.Key is null ? i : features.ToList().FindIndex(k => k.Object == f.Object && k.Slot == f.Slot && k.Quantity == f.Key)).ToSeq();
        // What no number is: an object without a rule is always there.
        var nothing = features.Where(f => f.IsPresent).Max(f => f.Type.Type.Range.Maximum) + Dyadic.One;
        var codes = features.Select((f, i) => f.Key is null ? nothing : new Dyadic(f.Code, -features[keys[i]].Type.Type.Fraction)).ToSeq();
        writer.AppendOn(new Selection(keys, writer.ShapeOf(read)), "key", [HardwareOf(events.Input)]);
        writer.Append(new Relation(Comparison.Equal), "absent", writer.Constant("code", codes));
        writer.AppendOn(new Choice(), "blanked", [writer.Last, writer.Constant("zero", [Dyadic.Zero]), read]);
    }
}
