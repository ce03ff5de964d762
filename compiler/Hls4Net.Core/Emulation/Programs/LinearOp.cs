using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hls4Net.Core.Emulation.Programs;

/// <summary>Rows of factors that are used together: one row, or four with the operands that any of them needs.</summary>
/// <param name="First">The first row's position among the results.</param>
/// <param name="Height">One or four.</param>
/// <param name="Places">Which of the operands are multiplied.</param>
/// <param name="Factors">For each place one factor a row.</param>
/// <param name="Constants">What each row's sum begins with.</param>
internal sealed record LinearTile<T>(int First, int Height, int[] Places, T[] Factors, T[] Constants);

/// <summary>
/// Sums of products by constants: each group of operands with a matrix, whose tiles are used for as many groups as there are. Sums are
/// exact modulo the lane, in which the result is known to fit.
/// </summary>
/// <param name="operands">The operands of each group.</param>
/// <param name="matrices">The tiles for each group.</param>
/// <param name="firsts">The position of each group's first result.</param>
internal sealed class LinearOp<T, TProduct>(int[][] operands, LinearTile<T>[][] matrices, int[] firsts, int results, LaneType type) : LaneOp(operands, results, type)
    where T : unmanaged, IBinaryInteger<T>
    where TProduct : ILaneProduct<T>
{
    public override void Run(LaneWorkspace workspace)
    {
        var size = workspace.Lanes * Unsafe.SizeOf<T>();
        for (var g = 0; g < matrices.Length; g++)
        {
            foreach (var tile in matrices[g])
            {
                ref var target = ref workspace.At<T>(Target + (firsts[g] + tile.First) * size);
                if (!Vector512<T>.IsSupported)
                    Scalar(workspace, Operands[g], tile, ref target);
                else if (tile.Height == 4)
                    Four(workspace, Operands[g], tile, ref target);
                else
                    One(workspace, Operands[g], tile, ref target);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(LaneWorkspace workspace, int[] operands, LinearTile<T> tile, ref T target)
    {
        unchecked
        {
            var (places, factors, constants) = (tile.Places, tile.Factors, tile.Constants);
            var lanes = workspace.Lanes;
            ref var arena = ref workspace.At<T>(0);
            for (var lane = 0; lane < lanes; lane += 2 * Vector512<T>.Count)
            {
                Vector512<T> a0, b0, c0, d0;
                var a1 = a0 = Vector512.Create(constants[0]);
                var b1 = b0 = Vector512.Create(constants[1]);
                var c1 = c0 = Vector512.Create(constants[2]);
                var d1 = d0 = Vector512.Create(constants[3]);
                ref var factor = ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(factors);
                foreach (var place in places)
                {
                    ref var source = ref Unsafe.Add(ref Unsafe.AddByteOffset(ref arena, (nint)(uint)operands[place]), lane);
                    var (p, q) = (Vector512.LoadUnsafe(ref source), Vector512.LoadUnsafe(ref source, (nuint)Vector512<T>.Count));
                    var w = Vector512.Create(factor);
                    a0 += TProduct.Multiply(p, w);
                    a1 += TProduct.Multiply(q, w);
                    w = Vector512.Create(Unsafe.Add(ref factor, 1));
                    b0 += TProduct.Multiply(p, w);
                    b1 += TProduct.Multiply(q, w);
                    w = Vector512.Create(Unsafe.Add(ref factor, 2));
                    c0 += TProduct.Multiply(p, w);
                    c1 += TProduct.Multiply(q, w);
                    w = Vector512.Create(Unsafe.Add(ref factor, 3));
                    d0 += TProduct.Multiply(p, w);
                    d1 += TProduct.Multiply(q, w);
                    factor = ref Unsafe.Add(ref factor, 4);
                }
                Store(a0, a1, ref Unsafe.Add(ref target, lane));
                Store(b0, b1, ref Unsafe.Add(ref target, lane + lanes));
                Store(c0, c1, ref Unsafe.Add(ref target, lane + 2 * lanes));
                Store(d0, d1, ref Unsafe.Add(ref target, lane + 3 * lanes));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(LaneWorkspace workspace, int[] operands, LinearTile<T> tile, ref T target)
    {
        unchecked
        {
            var (places, factors) = (tile.Places, tile.Factors);
            ref var arena = ref workspace.At<T>(0);
            for (var lane = 0; lane < workspace.Lanes; lane += 2 * Vector512<T>.Count)
            {
                Vector512<T> a;
                var b = a = Vector512.Create(tile.Constants[0]);
                for (var k = 0; k < places.Length; k++)
                {
                    ref var source = ref Unsafe.Add(ref Unsafe.AddByteOffset(ref arena, (nint)(uint)operands[places[k]]), lane);
                    var w = Vector512.Create(factors[k]);
                    a += TProduct.Multiply(Vector512.LoadUnsafe(ref source), w);
                    b += TProduct.Multiply(Vector512.LoadUnsafe(ref source, (nuint)Vector512<T>.Count), w);
                }
                Store(a, b, ref Unsafe.Add(ref target, lane));
            }
        }
    }

    private static void Scalar(LaneWorkspace workspace, int[] operands, LinearTile<T> tile, ref T target)
    {
        unchecked
        {
            for (var row = 0; row < tile.Height; row++)
            {
                for (var lane = 0; lane < workspace.Lanes; lane++)
                {
                    var sum = tile.Constants[row];
                    for (var k = 0; k < tile.Places.Length; k++)
                        sum += Unsafe.Add(ref workspace.At<T>(operands[tile.Places[k]]), lane) * tile.Factors[k * tile.Height + row];
                    Unsafe.Add(ref target, row * workspace.Lanes + lane) = sum;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<T> first, Vector512<T> second, ref T target)
    {
        first.StoreUnsafe(ref target);
        second.StoreUnsafe(ref target, (nuint)Vector512<T>.Count);
    }
}

/// <summary>A multiplication, lane by lane.</summary>
internal interface ILaneProduct<T>
{
    static abstract Vector512<T> Multiply(Vector512<T> operand, Vector512<T> factor);
}

/// <summary>The low half of each product.</summary>
internal readonly struct LowProduct<T> : ILaneProduct<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Multiply(Vector512<T> operand, Vector512<T> factor) => operand * factor;
}

/// <summary>Products of numbers of 32 bits with sign in lanes of 64: one instruction where a full product takes several.</summary>
internal readonly struct NarrowProduct : ILaneProduct<long>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> Multiply(Vector512<long> operand, Vector512<long> factor) =>
        Avx512F.IsSupported ? Avx512F.Multiply(operand.AsInt32(), factor.AsInt32())
        : Avx2.IsSupported ? Vector512.Create(Avx2.Multiply(operand.GetLower().AsInt32(), factor.GetLower().AsInt32()), Avx2.Multiply(operand.GetUpper().AsInt32(), factor.GetUpper().AsInt32()))
        : operand * factor;
}

/// <summary>Each lane of 32 bits holds two numbers of 16, operands and factors alike: the sum of both products.</summary>
internal readonly struct PairProduct : ILaneProduct<int>
{
    /// <summary>Two numbers as one lane.</summary>
    public static int Pack(Int128 low, Int128 high) => unchecked((ushort)(short)low | ((int)high << 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Multiply(Vector512<int> operand, Vector512<int> factor)
    {
        if (Avx512BW.IsSupported)
            return Avx512BW.MultiplyAddAdjacent(operand.AsInt16(), factor.AsInt16());
        if (Avx2.IsSupported)
        {
            return Vector512.Create(Avx2.MultiplyAddAdjacent(operand.GetLower().AsInt16(), factor.GetLower().AsInt16()),
                Avx2.MultiplyAddAdjacent(operand.GetUpper().AsInt16(), factor.GetUpper().AsInt16()));
        }
        return (((operand << 16) >> 16) * ((factor << 16) >> 16)) + ((operand >> 16) * (factor >> 16));
    }
}
