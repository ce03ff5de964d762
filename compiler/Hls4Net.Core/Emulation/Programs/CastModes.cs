using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hls4Net.Core.Emulation.Programs;

/// <summary>A rounding mode on vectors: operand / 2^drop as an integer. Of a comparison that holds, the lanes are −1.</summary>
internal interface ILaneRounding
{
    static abstract Vector512<T> Apply<T>(Vector512<T> x, in CastVectors<T> c)
        where T : IBinaryInteger<T>;
}

/// <summary>Nothing is dropped.</summary>
internal readonly struct NoRounding : ILaneRounding
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Apply<T>(Vector512<T> x, in CastVectors<T> c)
        where T : IBinaryInteger<T> => x;
}

internal readonly struct TrnRounding : ILaneRounding
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Apply<T>(Vector512<T> x, in CastVectors<T> c)
        where T : IBinaryInteger<T> => x >> c.Drop;
}

internal readonly struct TrnZeroRounding : ILaneRounding
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Apply<T>(Vector512<T> x, in CastVectors<T> c)
        where T : IBinaryInteger<T> => (x + (Vector512.LessThan(x, Vector512<T>.Zero) & c.Mask)) >> c.Drop;
}

internal readonly struct RndRounding : ILaneRounding
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Apply<T>(Vector512<T> x, in CastVectors<T> c)
        where T : IBinaryInteger<T> => (x + c.Half) >> c.Drop;
}

internal readonly struct RndMinInfRounding : ILaneRounding
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Apply<T>(Vector512<T> x, in CastVectors<T> c)
        where T : IBinaryInteger<T> => (x + c.BelowHalf) >> c.Drop;
}

internal readonly struct RndZeroRounding : ILaneRounding
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Apply<T>(Vector512<T> x, in CastVectors<T> c)
        where T : IBinaryInteger<T> => (x + c.BelowHalf - Vector512.LessThan(x, Vector512<T>.Zero)) >> c.Drop;
}

internal readonly struct RndInfRounding : ILaneRounding
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Apply<T>(Vector512<T> x, in CastVectors<T> c)
        where T : IBinaryInteger<T> => (x + c.Half + Vector512.LessThan(x, Vector512<T>.Zero)) >> c.Drop;
}

internal readonly struct RndConvRounding : ILaneRounding
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Apply<T>(Vector512<T> x, in CastVectors<T> c)
        where T : IBinaryInteger<T> => (x + c.BelowHalf + ((x >> c.Drop) & Vector512<T>.One)) >> c.Drop;
}

/// <summary>What becomes of rounded numbers outside the type, on vectors.</summary>
internal interface ILaneOverflow
{
    static abstract Vector512<T> Apply<T>(Vector512<T> x, in CastVectors<T> c)
        where T : IBinaryInteger<T>;
}

/// <summary>Nothing is outside.</summary>
internal readonly struct NoOverflow : ILaneOverflow
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Apply<T>(Vector512<T> x, in CastVectors<T> c)
        where T : IBinaryInteger<T> => x;
}

/// <summary>SAT and SAT_SYM.</summary>
internal readonly struct ClampOverflow : ILaneOverflow
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Apply<T>(Vector512<T> x, in CastVectors<T> c)
        where T : IBinaryInteger<T> => Vector512.Min(Vector512.Max(x, c.Low), c.High);
}

/// <summary>SAT_ZERO.</summary>
internal readonly struct ZeroOverflow : ILaneOverflow
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Apply<T>(Vector512<T> x, in CastVectors<T> c)
        where T : IBinaryInteger<T> => x & Vector512.GreaterThanOrEqual(x, c.Low) & Vector512.LessThanOrEqual(x, c.High);
}

/// <summary>WRAP into a signed type.</summary>
internal readonly struct SignedWrap : ILaneOverflow
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Apply<T>(Vector512<T> x, in CastVectors<T> c)
        where T : IBinaryInteger<T> => (x << c.WrapShift) >> c.WrapShift;
}

/// <summary>WRAP into an unsigned type.</summary>
internal readonly struct UnsignedWrap : ILaneOverflow
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Apply<T>(Vector512<T> x, in CastVectors<T> c)
        where T : IBinaryInteger<T> => x & c.High;
}

/// <summary>Writes two vectors into lanes that hold what is in them.</summary>
internal interface ILaneStore<T, TTarget>
{
    static abstract void Store(Vector512<T> first, Vector512<T> second, ref TTarget target);
}

internal readonly struct SameStore<T> : ILaneStore<T, T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<T> first, Vector512<T> second, ref T target)
    {
        first.StoreUnsafe(ref target);
        second.StoreUnsafe(ref target, (nuint)Vector512<T>.Count);
    }
}

internal readonly struct Int16Store : ILaneStore<int, short>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> first, Vector512<int> second, ref short target) => Vector512.Narrow(first, second).StoreUnsafe(ref target);
}

internal readonly struct Int32Store : ILaneStore<long, int>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<long> first, Vector512<long> second, ref int target) => Vector512.Narrow(first, second).StoreUnsafe(ref target);
}
