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

    /// <summary>The quantizer of an accumulator that the user named, for operators that sum; null means exact.</summary>
    public virtual Quantizer? AccumulatorType => null;

    /// <summary>The same operator with an accumulator type; operators that do not sum refuse.</summary>
    /// <exception cref="NotSupportedException">The operator has no accumulator.</exception>
    public virtual Operator WithAccumulator(Quantizer accumulator) => throw new NotSupportedException($"{Name} has no accumulator.");
}

/// <summary>An operator's inputs do not fit it; the importer turns this into a diagnostic that names the node.</summary>
public sealed class ShapeException(string message) : Exception(message);
