using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Core.Emulation.Programs;

/// <summary>Entries of a table, addressed by the low bits of integers.</summary>
/// <param name="entries">The table's entries, a power of two of them; <typeparamref name="TEntry"/> holds those that are ever looked up.</param>
internal sealed class LookupOp<T, TEntry>(int[] operands, TEntry[] entries, LaneType type) : LaneOp([operands], operands.Length, type)
    where T : unmanaged, IBinaryInteger<T>
    where TEntry : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(LaneWorkspace workspace)
    {
        var mask = entries.Length - 1;
        var lanes = workspace.Lanes;
        ref var table = ref MemoryMarshal.GetArrayDataReference(entries);
        for (var i = 0; i < Results; i++)
        {
            ref var source = ref workspace.At<T>(Operands[0][i]);
            ref var result = ref workspace.At<TEntry>(Target + i * lanes * Unsafe.SizeOf<TEntry>());
            for (var lane = 0; lane < lanes; lane++)
                Unsafe.Add(ref result, lane) = Unsafe.Add(ref table, (nint)(uint)(int.CreateTruncating(Unsafe.Add(ref source, lane)) & mask));
        }
    }
}

/// <summary>The entries of tables in the lanes that results need, once for each table.</summary>
internal sealed class LaneTables
{
    private readonly Dictionary<(TableData, LaneType), Array> _known = [];

    public TEntry[] Of<TEntry>(TableData data, LaneType type)
        where TEntry : unmanaged, IBinaryInteger<TEntry>
    {
        if (!_known.TryGetValue((data, type), out var entries))
            _known[(data, type)] = entries = data.Entries.Select(TEntry.CreateTruncating).ToArray();
        return (TEntry[])entries;
    }
}
