using System.Numerics;
using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>A node of a sum network whose constant is still being chosen.</summary>
internal sealed class SumDraft(SumOperand[] operands)
{
    public SumOperand[] Operands { get; set; } = operands;

    public BigInteger Constant { get; set; }

    /// <summary>As in <see cref="SumNode"/>.</summary>
    public BigInteger? Value { get; set; }

    /// <summary>Nodes that read this one, and the last of them.</summary>
    public int Users { get; set; }

    public int User { get; set; } = -1;

    /// <summary>The sum as a function, of a result before its bits are cut; set when the node is settled.</summary>
    public LinearFunction Sum { get; set; } = LinearFunction.Of(BigInteger.Zero);

    /// <summary>What the bits stand for; set when the node is settled.</summary>
    public SumNetworkProof.Node Bits { get; set; } = new(LinearFunction.Of(BigInteger.Zero), BigInteger.Zero, BigInteger.Zero);

    /// <summary>How many positions are added for it, and when it is there; null where that is not known.</summary>
    public (int Positions, int Depth)? Size { get; set; }

    /// <summary>Whether only one other node reads it, and no result.</summary>
    public bool IsPrivate => Users == 1 && Value is null;

    public SumNode ToNode() => new(Operands.ToSeq(), Constant, Value);
}
