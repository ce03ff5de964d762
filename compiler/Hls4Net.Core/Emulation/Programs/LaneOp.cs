using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hls4Net.Core.Emulation.Programs;

/// <summary>What one thread computes a block of events in: all slots, each with one integer for every event of the block.</summary>
internal sealed class LaneWorkspace
{
    private const int Alignment = 64;
    private readonly byte[] _memory;
    private readonly int _start;

    /// <param name="size">Bytes of all slots.</param>
    /// <param name="lanes">Events of a block, a multiple of <see cref="LaneOp.Granularity"/>.</param>
    public LaneWorkspace(int size, int lanes)
    {
        _memory = GC.AllocateUninitializedArray<byte>(size + Alignment, pinned: true);
        _start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0) & (Alignment - 1));
        Lanes = lanes;
    }

    public int Lanes { get; }

    /// <summary>The inputs in the design's order.</summary>
    public RawBatch[] Inputs { get; set; } = [];

    /// <summary>What receives the channels that were asked for.</summary>
    public LaneSink[] Outputs { get; set; } = [];

    /// <summary>The block's first event.</summary>
    public int Start { get; set; }

    /// <summary>How many of the lanes, from the first, hold events; the others repeat the last one.</summary>
    public int Events { get; set; }

    /// <summary>The first lane of a slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T At<T>(int offset) => ref Unsafe.As<byte, T>(ref Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(_memory), (nint)(uint)(_start + offset)));
}

/// <summary>
/// A step of a lane program: the same computation for a number of items, whose results lie one after the other. Slots are numbered until
/// <see cref="Resolve"/> puts their places in memory for their numbers.
/// </summary>
/// <param name="operands">Slots that are read; what the arrays stand for is the step's affair.</param>
/// <param name="results">Number of results.</param>
/// <param name="type">Lanes of the results.</param>
internal abstract class LaneOp(int[][] operands, int results, LaneType type)
{
    /// <summary>The lanes of a block are a multiple of this, so that every slot is whole vectors, two by two.</summary>
    public const int Granularity = 64;

    public int[][] Operands { get; } = operands;

    public int Results { get; } = results;

    public LaneType Type { get; } = type;

    /// <summary>The slot of the first result.</summary>
    public int Target { get; set; }

    /// <summary>Replaces slots by their offsets in bytes.</summary>
    public void Resolve(ReadOnlySpan<int> offsets)
    {
        foreach (var list in Operands)
        {
            foreach (ref var slot in list.AsSpan())
                slot = offsets[slot];
        }
        if (Results > 0)
            Target = offsets[Target];
    }

    public abstract void Run(LaneWorkspace workspace);
}
