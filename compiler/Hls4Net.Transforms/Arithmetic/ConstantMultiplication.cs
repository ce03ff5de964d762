using System.Numerics;
using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>A variable of a constant multiplication.</summary>
/// <param name="Low">No integer of it is below this.</param>
/// <param name="High">No integer of it is above this.</param>
/// <param name="Arrival">When it is there, in the units of <see cref="Scheduling.DelayModel"/>.</param>
public sealed record LinearInput(BigInteger Low, BigInteger High, int Arrival);

/// <summary>A result of a constant multiplication: Constant + Σ Factor · input.</summary>
/// <param name="Terms">Inputs ascending, each once, with factors that are not zero; at least one.</param>
/// <param name="Bits">Only this many low bits are needed; null for all.</param>
public sealed record LinearRow(Seq<(int Input, BigInteger Factor)> Terms, BigInteger Constant, int? Bits);

/// <summary>Sums that are computed together, so that they can share what they have in common.</summary>
public sealed record LinearProblem(Seq<LinearInput> Inputs, Seq<LinearRow> Rows);

/// <summary>Where an operand comes from: an input (0, 1, …), a node (after the inputs), or a constant (−1).</summary>
/// <param name="Shift">The operand is multiplied by 2^Shift.</param>
/// <param name="Value">The constant's value; it may be negative.</param>
public readonly record struct AdderOperand(int Source, int Shift, BigInteger Value)
{
    /// <summary>The source of constants.</summary>
    public const int ConstantSource = -1;
}

/// <summary>A two-operand adder, Left + Right, or subtractor, Left − Right. One of the shifts is zero.</summary>
public sealed record AdderNode(AdderOperand Left, AdderOperand Right, bool IsSubtraction);

/// <summary>A result: the operand, or minus it.</summary>
public sealed record AdderOutput(AdderOperand Value, bool IsNegated);

/// <summary>A shift-and-add network: each node reads inputs, constants and earlier nodes; one output for each row of the problem.</summary>
public sealed record AdderNetwork(Seq<AdderNode> Nodes, Seq<AdderOutput> Outputs)
{
    /// <summary>Adders, subtractors and negators.</summary>
    public int Adders => Nodes.Count + Outputs.Count(o => o.IsNegated);
}

/// <summary>Finds a network of adders for constant sums. Whatever it returns is proved before it is used.</summary>
public interface IConstantMultiplier
{
    AdderNetwork Solve(LinearProblem problem);
}
