using System.Numerics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Core.Emulation.Programs;

/// <summary>
/// One step of a recorded design: an integer for each event, computed from those of earlier nodes. The family is closed, and the binary
/// point is gone: operands are aligned.
/// </summary>
/// <param name="low">The smallest integer that the node can be.</param>
/// <param name="high">The largest.</param>
/// <param name="operands">Positions of earlier nodes; a negative number ~k stands for constant k of the recording.</param>
internal abstract class LaneNode(BigInteger low, BigInteger high, int[] operands)
{
    public BigInteger Low { get; } = low;

    public BigInteger High { get; } = high;

    public int[] Operands { get; } = operands;

    /// <summary>The narrowest lane for the node's integers.</summary>
    public LaneType Type { get; } = LaneTypes.Fitting(low, high) ?? LaneType.Int128;
}

/// <summary>An element of an input.</summary>
internal sealed class InputNode(BigInteger low, BigInteger high, int input, int element) : LaneNode(low, high, [])
{
    /// <summary>Position of the input among the design's.</summary>
    public int Input { get; } = input;

    public int Element { get; } = element;
}

/// <summary>constant + Σ factors[k] · operands[k]. Sums of the same operands share one list, equal rows of factors one row.</summary>
internal sealed class LinearNode(BigInteger low, BigInteger high, int[] operands, Int128[] factors, BigInteger constant) : LaneNode(low, high, operands)
{
    public Int128[] Factors { get; } = factors;

    public BigInteger Constant { get; } = constant;
}

/// <summary>The steps of two operands.</summary>
internal enum BinaryKind
{
    Multiply,
    Minimum,
    Maximum,
    Less,
    LessOrEqual,
    Equal,
    Divide,
}

internal sealed class BinaryNode(BigInteger low, BigInteger high, BinaryKind kind, int left, int right) : LaneNode(low, high, [left, right])
{
    public BinaryKind Kind { get; } = kind;
}

/// <summary>The second operand where the first is 1, the third where it is 0.</summary>
internal sealed class SelectNode(BigInteger low, BigInteger high, int condition, int then, int otherwise) : LaneNode(low, high, [condition, then, otherwise]);

/// <summary>A cast that drops bits or may overflow.</summary>
internal sealed class CastNode(BigInteger low, BigInteger high, int operand, int drop, Quantizer quantizer, bool overflows) : LaneNode(low, high, [operand])
{
    /// <summary>Bits right of the type's last, at least 0.</summary>
    public int Drop { get; } = drop;

    public Quantizer Quantizer { get; } = quantizer;

    /// <summary>Whether a rounded operand may lie outside the type.</summary>
    public bool Overflows { get; } = overflows;
}

internal sealed class LookupNode(BigInteger low, BigInteger high, int operand, TableData table) : LaneNode(low, high, [operand])
{
    public TableData Table { get; } = table;
}

/// <summary>The operand without its last bits, which must be zero.</summary>
internal sealed class CoarserNode(BigInteger low, BigInteger high, int operand, int bits) : LaneNode(low, high, [operand])
{
    public int Bits { get; } = bits;
}

/// <summary>factor · node · 2^−fraction, or without a node (negative) a constant. A factor is carried along until somebody needs the integers.</summary>
internal readonly record struct LaneTerm(int Node, BigInteger Factor, int Fraction)
{
    public bool IsConstant => Node < 0;

    public static LaneTerm Constant(BigInteger raw, int fraction) => new(-1, raw, fraction);

    /// <summary>The same number on a grid that is no coarser.</summary>
    public LaneTerm On(int fraction) => fraction == Fraction ? this : new(Node, Factor << (fraction - Fraction), fraction);
}
