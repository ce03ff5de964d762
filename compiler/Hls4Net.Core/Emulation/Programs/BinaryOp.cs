using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hls4Net.Core.Emulation.Programs;

/// <summary>A function of two lanes. Items are pairs of slots; on either side there may be constants, of which a slot holds one.</summary>
internal sealed class BinaryOp<T, TFunction>(int[] left, int[] right, bool isLeftConstant, bool isRightConstant, LaneType type) : LaneOp([left, right], left.Length, type)
    where T : unmanaged, IBinaryInteger<T>
    where TFunction : ILaneFunction<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(LaneWorkspace workspace)
    {
        var lanes = workspace.Lanes;
        for (var i = 0; i < Results; i++)
        {
            ref var a = ref workspace.At<T>(Operands[0][i]);
            ref var b = ref workspace.At<T>(Operands[1][i]);
            ref var result = ref workspace.At<T>(Target + i * lanes * Unsafe.SizeOf<T>());
            if (!Vector512<T>.IsSupported)
            {
                for (var lane = 0; lane < lanes; lane++)
                    Unsafe.Add(ref result, lane) = TFunction.Apply(Unsafe.Add(ref a, isLeftConstant ? 0 : lane), Unsafe.Add(ref b, isRightConstant ? 0 : lane));
            }
            else if (isRightConstant)
            {
                var y = Vector512.Create(b);
                for (nuint lane = 0; lane < (nuint)lanes; lane += (nuint)Vector512<T>.Count)
                    TFunction.Apply(Vector512.LoadUnsafe(ref a, lane), y).StoreUnsafe(ref result, lane);
            }
            else if (isLeftConstant)
            {
                var x = Vector512.Create(a);
                for (nuint lane = 0; lane < (nuint)lanes; lane += (nuint)Vector512<T>.Count)
                    TFunction.Apply(x, Vector512.LoadUnsafe(ref b, lane)).StoreUnsafe(ref result, lane);
            }
            else
            {
                for (nuint lane = 0; lane < (nuint)lanes; lane += (nuint)Vector512<T>.Count)
                    TFunction.Apply(Vector512.LoadUnsafe(ref a, lane), Vector512.LoadUnsafe(ref b, lane)).StoreUnsafe(ref result, lane);
            }
        }
    }
}

/// <summary>A function of two numbers.</summary>
internal interface ILaneFunction<T>
{
    static abstract Vector512<T> Apply(Vector512<T> left, Vector512<T> right);

    static abstract T Apply(T left, T right);
}

internal readonly struct MultiplyLanes<T> : ILaneFunction<T>
    where T : IBinaryInteger<T>
{
    public static Vector512<T> Apply(Vector512<T> left, Vector512<T> right) => left * right;

    public static T Apply(T left, T right) => unchecked(left * right);
}

internal readonly struct MinimumOfLanes<T> : ILaneFunction<T>
    where T : IBinaryInteger<T>
{
    public static Vector512<T> Apply(Vector512<T> left, Vector512<T> right) => Vector512.Min(left, right);

    public static T Apply(T left, T right) => T.Min(left, right);
}

internal readonly struct MaximumOfLanes<T> : ILaneFunction<T>
    where T : IBinaryInteger<T>
{
    public static Vector512<T> Apply(Vector512<T> left, Vector512<T> right) => Vector512.Max(left, right);

    public static T Apply(T left, T right) => T.Max(left, right);
}

internal readonly struct LessLanes<T> : ILaneFunction<T>
    where T : IBinaryInteger<T>
{
    public static Vector512<T> Apply(Vector512<T> left, Vector512<T> right) => Vector512.LessThan(left, right) & Vector512<T>.One;

    public static T Apply(T left, T right) => left < right ? T.One : T.Zero;
}

internal readonly struct LessOrEqualLanes<T> : ILaneFunction<T>
    where T : IBinaryInteger<T>
{
    public static Vector512<T> Apply(Vector512<T> left, Vector512<T> right) => Vector512.LessThanOrEqual(left, right) & Vector512<T>.One;

    public static T Apply(T left, T right) => left <= right ? T.One : T.Zero;
}

internal readonly struct EqualLanes<T> : ILaneFunction<T>
    where T : IBinaryInteger<T>
{
    public static Vector512<T> Apply(Vector512<T> left, Vector512<T> right) => Vector512.Equals(left, right) & Vector512<T>.One;

    public static T Apply(T left, T right) => left == right ? T.One : T.Zero;
}

/// <summary>Quotients, truncated toward zero.</summary>
internal sealed class DivideOp<T>(int[] left, int[] right, bool isLeftConstant, bool isRightConstant, LaneType type) : LaneOp([left, right], left.Length, type)
    where T : unmanaged, IBinaryInteger<T>
{
    public override void Run(LaneWorkspace workspace)
    {
        for (var i = 0; i < Results; i++)
        {
            ref var a = ref workspace.At<T>(Operands[0][i]);
            ref var b = ref workspace.At<T>(Operands[1][i]);
            ref var result = ref workspace.At<T>(Target + i * workspace.Lanes * Unsafe.SizeOf<T>());
            for (var lane = 0; lane < workspace.Lanes; lane++)
                Unsafe.Add(ref result, lane) = Unsafe.Add(ref a, isLeftConstant ? 0 : lane) / Unsafe.Add(ref b, isRightConstant ? 0 : lane);
        }
    }
}

/// <summary>The second operand where the first is not zero, else the third.</summary>
internal sealed class SelectOp<T>(int[] condition, int[] then, int[] otherwise, bool isThenConstant, bool isOtherwiseConstant, LaneType type)
    : LaneOp([condition, then, otherwise], condition.Length, type)
    where T : unmanaged, IBinaryInteger<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(LaneWorkspace workspace)
    {
        var lanes = workspace.Lanes;
        for (var i = 0; i < Results; i++)
        {
            ref var c = ref workspace.At<T>(Operands[0][i]);
            ref var a = ref workspace.At<T>(Operands[1][i]);
            ref var b = ref workspace.At<T>(Operands[2][i]);
            ref var result = ref workspace.At<T>(Target + i * lanes * Unsafe.SizeOf<T>());
            if (Vector512<T>.IsSupported)
            {
                for (nuint lane = 0; lane < (nuint)lanes; lane += (nuint)Vector512<T>.Count)
                {
                    var isZero = Vector512.Equals(Vector512.LoadUnsafe(ref c, lane), Vector512<T>.Zero);
                    var then = isThenConstant ? Vector512.Create(a) : Vector512.LoadUnsafe(ref a, lane);
                    var otherwise = isOtherwiseConstant ? Vector512.Create(b) : Vector512.LoadUnsafe(ref b, lane);
                    Vector512.ConditionalSelect(isZero, otherwise, then).StoreUnsafe(ref result, lane);
                }
            }
            else
            {
                for (var lane = 0; lane < lanes; lane++)
                {
                    Unsafe.Add(ref result, lane) = T.IsZero(Unsafe.Add(ref c, lane))
                        ? Unsafe.Add(ref b, isOtherwiseConstant ? 0 : lane)
                        : Unsafe.Add(ref a, isThenConstant ? 0 : lane);
                }
            }
        }
    }
}
