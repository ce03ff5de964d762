using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Graphs;

/// <summary>What a constant input of an operator is for: which configuration key sets its type.</summary>
public enum ConstantRole
{
    /// <summary>Multiplies data and is summed over: a matrix or filter.</summary>
    Weight,

    /// <summary>Is added.</summary>
    Bias,

    /// <summary>Multiplies data, element by element.</summary>
    Scale,

    /// <summary>Values that are chosen from and summed: what the leaves of decision trees give.</summary>
    Leaf,
}

/// <summary>
/// What a node computes. Each operator is one sealed record in one file: attributes, shape inference and definition. Everything else
/// (emulator, C++, netlist, intervals, reals) is an interpretation of the definition.
/// </summary>
public abstract record Operator
{
    /// <summary>The name in texts and reports: the record's own.</summary>
    public string Name => GetType().Name;

    /// <summary>Shapes of the outputs.</summary>
    /// <param name="inputs">Shapes of the inputs; null for an omitted optional one.</param>
    /// <exception cref="ShapeException">The inputs do not fit the operator.</exception>
    public abstract Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs);

    /// <summary>Writes the operator's meaning as kernels.</summary>
    public abstract void Define(Definition definition);

    /// <summary>
    /// True if only the arrangement of elements changes (reshape, transpose, …): no cost, and the value keeps its type.
    /// </summary>
    public virtual bool IsWiring => false;

    /// <summary>What the input is for when it is constant.</summary>
    public virtual ConstantRole RoleOf(int input) => ConstantRole.Bias;

    /// <summary>True if the cost grows with the product of operand widths, so that operands are worth narrowing first.</summary>
    public virtual bool Multiplies => false;

    /// <summary>
    /// The same operator with the types inside its definition chosen, for operators whose definition rounds on the way to the result; the
    /// others are exact inside and stay as they are. Without types the definition is the real function.
    /// </summary>
    public virtual Operator WithInnerTypes(InnerTyping typing) => this;

    /// <summary>The quantizer of an accumulator that the user named, for operators that sum; null means exact.</summary>
    public virtual Quantizer? AccumulatorType => null;

    /// <summary>The same operator with an accumulator type; operators that do not sum refuse.</summary>
    /// <exception cref="NotSupportedException">The operator has no accumulator.</exception>
    public virtual Operator WithAccumulator(Quantizer accumulator) => throw new NotSupportedException($"{Name} has no accumulator.");
}

/// <summary>What is known when the types inside an operator's definition are chosen.</summary>
/// <param name="Shapes">For each input its shape; null for an omitted one.</param>
/// <param name="Inputs">For each input what its elements can be; null for an omitted one.</param>
/// <param name="Result">The type that the user named for the first output, or null.</param>
/// <param name="FractionBits">The resolution that a result of size 1 gets where the user names none: 2^−FractionBits.</param>
public sealed record InnerTyping(
    IReadOnlyList<Seq<int>?> Shapes, IReadOnlyList<IReadOnlyList<Interval>?> Inputs, Quantizer? Result, int FractionBits)
{
    /// <summary>Whether the first input is exact whatever the types are: an input of the model, perhaps rearranged.</summary>
    public bool IsExact { get; init; }

    /// <summary>The interval that holds all elements of an input.</summary>
    public Interval Hull(int input) => RangeAnalysis.HullOf(Inputs[input] ?? throw new InvalidOperationException($"Input {input} is omitted."));
}

/// <summary>An operator's inputs do not fit it; the importer turns this into a diagnostic that names the node.</summary>
public sealed class ShapeException(string message) : Exception(message);
