using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Graphs;

/// <summary>
/// A tensor that is the same for every event. The exact real values come from the user's file or from folding; the raw integers
/// are chosen once, when the graph is typed, and are what every back end prints.
/// </summary>
/// <param name="Shape">Extents, outermost first; row-major.</param>
/// <param name="Values">The exact values, one per element.</param>
/// <param name="Type">Null until typed.</param>
/// <param name="Raw">One integer of Type per element; empty until typed.</param>
public sealed record ConstantTensor(Seq<int> Shape, Seq<Dyadic> Values, FixedType? Type, Seq<long> Raw)
{
    /// <summary>The widest type that a constant can have.</summary>
    public const int MaximumWidth = 63;

    /// <summary>An untyped tensor.</summary>
    public static ConstantTensor Of(Seq<int> shape, Seq<Dyadic> values)
    {
        if (Shapes.Count(shape) != values.Count)
            throw new ArgumentException($"{values.Count} values for shape {shape}.", nameof(values));
        return new(shape, values, null, []);
    }

    /// <summary>The tensor with its integers chosen by the quantizer.</summary>
    public ConstantTensor Quantize(Quantizer quantizer)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quantizer.Type.Width, MaximumWidth);
        var raw = new long[Values.Count];
        for (var i = 0; i < raw.Length; i++)
            raw[i] = (long)Casting.Cast(Values[i], quantizer);
        return this with { Type = quantizer.Type, Raw = Seq.Own(raw) };
    }

    /// <summary>The number that the typed tensor holds.</summary>
    public Dyadic Typed(int element) => new(Raw[element], -Type!.Value.Fraction);
}

/// <summary>The place in the user's file that something came from.</summary>
/// <param name="Node">The ONNX node's name, or the name of its first output if it has none; as in the file.</param>
/// <param name="Operator">The ONNX operator, for example Gemm.</param>
public sealed record Origin(string Node, string Operator)
{
    /// <summary>The operator of what the configuration puts behind an input: the user's file knows nothing of it.</summary>
    public const string InputStage = "input stage";

    /// <summary>The operator of what brings a described event's numbers together: each has its type from there, and no pass has a better one.</summary>
    public const string Events = "events";

    /// <summary>Names of other nodes of the file that were fused into this one.</summary>
    public Seq<string> Merged { get; init; } = [];

    /// <summary>All the names by which the user may call the node.</summary>
    public IEnumerable<string> Names => Merged.Prepend(Node);

    public override string ToString() =>
        Merged.Count == 0 ? $"node '{Node}' ({Operator})" : $"node '{Node}' ({Operator}) with {string.Join(", ", Merged.Select(m => $"'{m}'"))}";
}

/// <summary>What is known of a value on an edge of the graph.</summary>
/// <param name="Name">The ONNX name; unique in the graph.</param>
/// <param name="Shape">Extents with the batch dimension taken as 1; row-major.</param>
/// <param name="Type">Null in the imported form.</param>
/// <param name="Constant">The tensor, if the value is the same for every event.</param>
public sealed record Value(string Name, Seq<int> Shape, FixedType? Type, ConstantTensor? Constant);

/// <summary>An operator applied to values.</summary>
/// <param name="Inputs">Value names; an omitted optional input is the empty string.</param>
public sealed record Node(string Name, Operator Operator, Seq<string> Inputs, Seq<string> Outputs, Origin Origin);
