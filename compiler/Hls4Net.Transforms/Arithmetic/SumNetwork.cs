using System.Numerics;
using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>
/// An addend: the natural number on a source's bits, or its complement 2^width − 1 − number, which is the same bits inverted, times
/// 2^Shift.
/// </summary>
/// <param name="Source">An input (0, 1, …) or a node (after the inputs).</param>
public readonly record struct SumOperand(int Source, int Shift, bool IsComplement);

/// <summary>
/// Constant + Σ operands over natural numbers, of one to three operands. Bits in front of an operand are zeros, never copies of a sign,
/// and the constant lies where operands have no bits or in the carry that enters the first position, modulo 2^width of the sum.
/// </summary>
/// <param name="Value">
/// Null for a node within a sum: its bits are the natural number itself. For a result the constant of the linear function that its bits are
/// in two's complement; they agree with the sum modulo 2^width.
/// </param>
public sealed record SumNode(Seq<SumOperand> Operands, BigInteger Constant, BigInteger? Value = null);

/// <summary>A result: Source · 2^Shift + Low; the source is an input, a node with a value, or none for a constant.</summary>
/// <param name="Low">At least zero, less than 2^Shift: constant bits behind those of the source; any integer if there is no source.</param>
public sealed record SumOutput(int Source, int Shift, BigInteger Low);

/// <summary>
/// Sums of natural numbers that compute signed sums: what a signed number lacks to a natural one is a constant, and all constants of a
/// result are accounted for together. One output for each row of the problem.
/// </summary>
public sealed record SumNetwork(Seq<SumNode> Nodes, Seq<SumOutput> Outputs);
