using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Emulation.Programs;

/// <summary>
/// Casts in lanes that hold the operand, half a unit more than it, and the result. The same law as <see cref="Casting"/>: something is
/// added that depends on the rounding, the dropped bits are shifted out, and what is outside the type is brought in.
/// </summary>
internal sealed class CastOp<T, TTarget, TRounding, TOverflow, TStore>(int[] operands, Quantizer quantizer, int drop, LaneType type) : LaneOp([operands], operands.Length, type)
    where T : unmanaged, IBinaryInteger<T>
    where TTarget : unmanaged
    where TRounding : ILaneRounding
    where TOverflow : ILaneOverflow
    where TStore : ILaneStore<T, TTarget>
{
    private readonly CastConstants<T> _constants = new(quantizer, drop);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(LaneWorkspace workspace)
    {
        var constants = new CastVectors<T>(_constants);
        var lanes = (nuint)workspace.Lanes;
        for (var i = 0; i < Results; i++)
        {
            ref var source = ref workspace.At<T>(Operands[0][i]);
            ref var result = ref workspace.At<TTarget>(Target + i * workspace.Lanes * Unsafe.SizeOf<TTarget>());
            for (nuint lane = 0; lane < lanes; lane += 2 * (nuint)Vector512<T>.Count)
            {
                var a = TRounding.Apply(Vector512.LoadUnsafe(ref source, lane), constants);
                var b = TRounding.Apply(Vector512.LoadUnsafe(ref source, lane + (nuint)Vector512<T>.Count), constants);
                TStore.Store(TOverflow.Apply(a, constants), TOverflow.Apply(b, constants), ref Unsafe.Add(ref result, lane));
            }
        }
    }
}

/// <summary>Casts of numbers wider than 64 bits, one by one.</summary>
internal sealed class WideCastOp(int[] operands, Quantizer quantizer, int drop) : LaneOp([operands], operands.Length, LaneType.Int128)
{
    private readonly CastStep<Int128> _step = new(quantizer, drop);

    public override void Run(LaneWorkspace workspace)
    {
        for (var i = 0; i < Results; i++)
        {
            ref var source = ref workspace.At<Int128>(Operands[0][i]);
            ref var result = ref workspace.At<Int128>(Target + i * workspace.Lanes * Unsafe.SizeOf<Int128>());
            for (var lane = 0; lane < workspace.Lanes; lane++)
                Unsafe.Add(ref result, lane) = _step.Apply(Unsafe.Add(ref source, lane));
        }
    }
}

/// <summary>What a cast needs to know.</summary>
internal readonly struct CastConstants<T>
    where T : IBinaryInteger<T>
{
    public CastConstants(Quantizer quantizer, int drop)
    {
        var type = quantizer.Type;
        Drop = drop;
        Mask = unchecked((T.One << drop) - T.One);
        Low = T.CreateSaturating(quantizer.Overflow == Overflow.SatSym && type.Signed ? -type.MaximumRaw : type.MinimumRaw);
        High = T.CreateSaturating(type.MaximumRaw);
        WrapShift = Math.Max(0, 8 * Unsafe.SizeOf<T>() - type.Width);
    }

    public int Drop { get; }

    /// <summary>The dropped bits.</summary>
    public T Mask { get; }

    /// <summary>The smallest number that is not outside.</summary>
    public T Low { get; }

    /// <summary>The largest number of the type; of an unsigned one its bits.</summary>
    public T High { get; }

    /// <summary>Bits of a lane beyond those of the type.</summary>
    public int WrapShift { get; }
}

/// <summary><see cref="CastConstants{T}"/> in all lanes of a vector.</summary>
internal readonly struct CastVectors<T>(in CastConstants<T> constants)
    where T : IBinaryInteger<T>
{
    public readonly int Drop = constants.Drop;
    public readonly int WrapShift = constants.WrapShift;
    public readonly Vector512<T> Mask = Vector512.Create(constants.Mask);

    /// <summary>Half a unit.</summary>
    public readonly Vector512<T> Half = Vector512.Create(constants.Mask - (constants.Mask >> 1));

    /// <summary>The largest number below half a unit.</summary>
    public readonly Vector512<T> BelowHalf = Vector512.Create(constants.Mask >> 1);

    public readonly Vector512<T> Low = Vector512.Create(constants.Low);
    public readonly Vector512<T> High = Vector512.Create(constants.High);
}
