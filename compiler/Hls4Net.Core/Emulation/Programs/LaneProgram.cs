using System.Numerics;

namespace Hls4Net.Core.Emulation.Programs;

/// <summary>A design as a list of steps on slots, each with the integers of a block of events. It computes the same as the design's kernels.</summary>
/// <param name="ops">The steps in their order.</param>
/// <param name="lanes">Events of a block.</param>
/// <param name="size">Bytes of all slots.</param>
/// <param name="constants">Numbers that stand in slots from the beginning, by offset.</param>
internal sealed class LaneProgram(LaneOp[] ops, int lanes, int size, (int Offset, BigInteger Value, LaneType Type)[] constants)
{
    /// <summary>Events of a block.</summary>
    public int Lanes => lanes;

    /// <summary>The steps in their order.</summary>
    public IReadOnlyList<LaneOp> Ops => ops;

    /// <summary>Memory for one thread.</summary>
    public LaneWorkspace CreateWorkspace()
    {
        var workspace = new LaneWorkspace(size, lanes);
        foreach (var (offset, value, type) in constants)
        {
            switch (type)
            {
                case LaneType.Int16: workspace.At<short>(offset) = short.CreateTruncating(value); break;
                case LaneType.Int32: workspace.At<int>(offset) = int.CreateTruncating(value); break;
                case LaneType.Int64: workspace.At<long>(offset) = long.CreateTruncating(value); break;
                default: workspace.At<Int128>(offset) = Int128.CreateTruncating(value); break;
            }
        }
        return workspace;
    }

    /// <summary>Runs a block; where it is, and what it reads and writes, stands in the workspace.</summary>
    public void Run(LaneWorkspace workspace)
    {
        foreach (var op in ops)
            op.Run(workspace);
    }
}
