using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hls4Net.Core.Emulation.Programs;

/// <summary>The same integers, modulo the lane, in other lanes.</summary>
internal sealed class ConvertOp<T, TTarget, TConversion>(int[] operands, LaneType type) : LaneOp([operands], operands.Length, type)
    where T : unmanaged
    where TTarget : unmanaged
    where TConversion : ILaneConversion<T, TTarget>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(LaneWorkspace workspace)
    {
        for (var i = 0; i < Results; i++)
            TConversion.Apply(ref workspace.At<T>(Operands[0][i]), ref workspace.At<TTarget>(Target + i * workspace.Lanes * Unsafe.SizeOf<TTarget>()), workspace.Lanes);
    }
}

/// <summary>Converts the lanes of a slot.</summary>
internal interface ILaneConversion<T, TTarget>
{
    static abstract void Apply(ref T source, ref TTarget target, int lanes);
}

internal readonly struct Int16ToInt32 : ILaneConversion<short, int>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply(ref short source, ref int target, int lanes)
    {
        for (nuint lane = 0; lane < (nuint)lanes; lane += (nuint)Vector512<short>.Count)
        {
            var (low, high) = Vector512.Widen(Vector512.LoadUnsafe(ref source, lane));
            low.StoreUnsafe(ref target, lane);
            high.StoreUnsafe(ref target, lane + (nuint)Vector512<int>.Count);
        }
    }
}

internal readonly struct Int32ToInt64 : ILaneConversion<int, long>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply(ref int source, ref long target, int lanes)
    {
        for (nuint lane = 0; lane < (nuint)lanes; lane += (nuint)Vector512<int>.Count)
        {
            var (low, high) = Vector512.Widen(Vector512.LoadUnsafe(ref source, lane));
            low.StoreUnsafe(ref target, lane);
            high.StoreUnsafe(ref target, lane + (nuint)Vector512<long>.Count);
        }
    }
}

internal readonly struct Int32ToInt16 : ILaneConversion<int, short>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply(ref int source, ref short target, int lanes)
    {
        for (nuint lane = 0; lane < (nuint)lanes; lane += (nuint)Vector512<short>.Count)
            Vector512.Narrow(Vector512.LoadUnsafe(ref source, lane), Vector512.LoadUnsafe(ref source, lane + (nuint)Vector512<int>.Count)).StoreUnsafe(ref target, lane);
    }
}

internal readonly struct Int64ToInt32 : ILaneConversion<long, int>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply(ref long source, ref int target, int lanes)
    {
        for (nuint lane = 0; lane < (nuint)lanes; lane += (nuint)Vector512<int>.Count)
            Vector512.Narrow(Vector512.LoadUnsafe(ref source, lane), Vector512.LoadUnsafe(ref source, lane + (nuint)Vector512<long>.Count)).StoreUnsafe(ref target, lane);
    }
}

/// <summary>From or to lanes of 128 bits, one by one.</summary>
internal readonly struct AnyToAny<T, TTarget> : ILaneConversion<T, TTarget>
    where T : IBinaryInteger<T>
    where TTarget : IBinaryInteger<TTarget>
{
    public static void Apply(ref T source, ref TTarget target, int lanes)
    {
        for (var lane = 0; lane < lanes; lane++)
            Unsafe.Add(ref target, lane) = TTarget.CreateTruncating(Unsafe.Add(ref source, lane));
    }
}

/// <summary>Two numbers of 16 bits in one lane of 32, the second in the high half, as <see cref="PairProduct"/> takes them.</summary>
internal sealed class PairOp<T>(int[] low, int[] high) : LaneOp([low, high], low.Length, LaneType.Int32)
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(LaneWorkspace workspace)
    {
        var lanes = (nuint)workspace.Lanes;
        for (var i = 0; i < Results; i++)
        {
            ref var result = ref workspace.At<int>(Target + i * workspace.Lanes * sizeof(int));
            if (typeof(T) == typeof(int))
            {
                ref var a = ref workspace.At<int>(Operands[0][i]);
                ref var b = ref workspace.At<int>(Operands[1][i]);
                var mask = Vector512.Create(0xFFFF);
                for (nuint lane = 0; lane < lanes; lane += (nuint)Vector512<int>.Count)
                    ((Vector512.LoadUnsafe(ref a, lane) & mask) | (Vector512.LoadUnsafe(ref b, lane) << 16)).StoreUnsafe(ref result, lane);
            }
            else
            {
                ref var a = ref workspace.At<ushort>(Operands[0][i]);
                ref var b = ref workspace.At<ushort>(Operands[1][i]);
                for (nuint lane = 0; lane < lanes; lane += (nuint)Vector512<ushort>.Count)
                {
                    var (x, y) = Vector512.Widen(Vector512.LoadUnsafe(ref a, lane));
                    var (p, q) = Vector512.Widen(Vector512.LoadUnsafe(ref b, lane));
                    (x | (p << 16)).AsInt32().StoreUnsafe(ref result, lane);
                    (y | (q << 16)).AsInt32().StoreUnsafe(ref result, lane + (nuint)Vector512<int>.Count);
                }
            }
        }
    }
}

/// <summary>Integers without their last bits.</summary>
/// <exception cref="InvalidOperationException">When it runs: one of the bits is not zero.</exception>
internal sealed class CoarserOp<T>(int[] operands, int bits, LaneType type) : LaneOp([operands], operands.Length, type)
    where T : unmanaged, IBinaryInteger<T>
{
    public override void Run(LaneWorkspace workspace)
    {
        for (var i = 0; i < Results; i++)
        {
            ref var source = ref workspace.At<T>(Operands[0][i]);
            ref var result = ref workspace.At<T>(Target + i * workspace.Lanes * Unsafe.SizeOf<T>());
            for (var lane = 0; lane < workspace.Lanes; lane++)
            {
                var raw = Unsafe.Add(ref source, lane);
                var moved = raw >> bits;
                if (moved << bits != raw)
                    throw new InvalidOperationException("A value does not lie on the grid of its channel's type.");
                Unsafe.Add(ref result, lane) = moved;
            }
        }
    }
}
