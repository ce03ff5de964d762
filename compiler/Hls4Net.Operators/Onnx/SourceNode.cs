using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators.Onnx;

/// <summary>A value as a node of the user's file sees it.</summary>
/// <param name="Constant">The tensor, if the value is the same for every event.</param>
public sealed record SourceValue(string Name, Seq<int> Shape, ConstantTensor? Constant);

/// <summary>A number, list of numbers or text.</summary>
public sealed record SourceAttribute(Seq<Dyadic> Numbers, string Text);

/// <summary>
/// A node of the user's file beside what it was imported as, for whom the operators of the graph are not enough: the HLS dialect gives the
/// same ONNX operator another arithmetic.
/// </summary>
/// <param name="Origin">The place in the file.</param>
/// <param name="Domain">The operator's domain; empty for the standard one.</param>
/// <param name="Inputs">Null for an omitted optional input.</param>
public sealed record SourceNode(
    Origin Origin, string Domain, Seq<SourceValue?> Inputs, Seq<SourceValue> Outputs, IReadOnlyDictionary<string, SourceAttribute> Attributes)
{
    /// <summary>The ONNX operator.</summary>
    public string Operator => Origin.Operator;

    /// <summary>Whether the node computes something from the events.</summary>
    public bool IsComputed => Outputs.Any(o => o.Constant is null);

    /// <summary>A number, or null if the node does not have the attribute.</summary>
    public Dyadic? Number(string attribute) =>
        Attributes.TryGetValue(attribute, out var found) && found.Numbers.Count == 1 ? found.Numbers[0] : null;

    /// <summary>A whole number.</summary>
    public int Integer(string attribute, int otherwise) => Number(attribute) is { } number ? (int)number.ToRaw(0) : otherwise;

    /// <summary>A list of whole numbers, or null if the node does not have the attribute.</summary>
    public int[]? Integers(string attribute) =>
        Attributes.TryGetValue(attribute, out var found) ? [.. found.Numbers.Select(n => (int)n.ToRaw(0))] : null;
}
