using System.Numerics;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Emulation.Programs;

/// <summary>Which of an item's operands are constants.</summary>
internal readonly record struct ConstantSides(bool Left, bool Right);

/// <summary>The steps for lanes that are only known when a program is written.</summary>
internal static class LaneOps
{
    public static LaneOp Binary(BinaryKind kind, LaneType type, int[] left, int[] right, ConstantSides constants) => type switch
    {
        LaneType.Int16 => Binary<short>(kind, type, left, right, constants),
        LaneType.Int32 => Binary<int>(kind, type, left, right, constants),
        LaneType.Int64 => Binary<long>(kind, type, left, right, constants),
        _ => Binary<Int128>(kind, type, left, right, constants),
    };

    public static LaneOp Select(LaneType type, int[] condition, int[] then, int[] otherwise, ConstantSides constants) => type switch
    {
        LaneType.Int16 => new SelectOp<short>(condition, then, otherwise, constants.Left, constants.Right, type),
        LaneType.Int32 => new SelectOp<int>(condition, then, otherwise, constants.Left, constants.Right, type),
        LaneType.Int64 => new SelectOp<long>(condition, then, otherwise, constants.Left, constants.Right, type),
        _ => new SelectOp<Int128>(condition, then, otherwise, constants.Left, constants.Right, type),
    };

    /// <summary>A conversion to the next wider or narrower lanes, or between lanes of 128 bits and any others.</summary>
    public static LaneOp Convert(LaneType from, LaneType to, int[] operands) => (from, to) switch
    {
        (LaneType.Int16, LaneType.Int32) => new ConvertOp<short, int, Int16ToInt32>(operands, to),
        (LaneType.Int32, LaneType.Int64) => new ConvertOp<int, long, Int32ToInt64>(operands, to),
        (LaneType.Int32, LaneType.Int16) => new ConvertOp<int, short, Int32ToInt16>(operands, to),
        (LaneType.Int64, LaneType.Int32) => new ConvertOp<long, int, Int64ToInt32>(operands, to),
        (LaneType.Int16, LaneType.Int128) => new ConvertOp<short, Int128, AnyToAny<short, Int128>>(operands, to),
        (LaneType.Int32, LaneType.Int128) => new ConvertOp<int, Int128, AnyToAny<int, Int128>>(operands, to),
        (LaneType.Int64, LaneType.Int128) => new ConvertOp<long, Int128, AnyToAny<long, Int128>>(operands, to),
        (LaneType.Int128, LaneType.Int16) => new ConvertOp<Int128, short, AnyToAny<Int128, short>>(operands, to),
        (LaneType.Int128, LaneType.Int32) => new ConvertOp<Int128, int, AnyToAny<Int128, int>>(operands, to),
        (LaneType.Int128, LaneType.Int64) => new ConvertOp<Int128, long, AnyToAny<Int128, long>>(operands, to),
        _ => throw new ArgumentException($"From {from} to {to} is more than a step.", nameof(to)),
    };

    /// <summary>Pairs of slots that both have the given lanes.</summary>
    public static LaneOp Pair(LaneType from, int[] low, int[] high) => from == LaneType.Int16 ? new PairOp<short>(low, high) : new PairOp<int>(low, high);

    public static LaneOp Coarser(LaneType type, int[] operands, int bits) => type switch
    {
        LaneType.Int16 => new CoarserOp<short>(operands, bits, type),
        LaneType.Int32 => new CoarserOp<int>(operands, bits, type),
        LaneType.Int64 => new CoarserOp<long>(operands, bits, type),
        _ => new CoarserOp<Int128>(operands, bits, type),
    };

    public static LaneOp Lookup(LaneType address, LaneType type, int[] operands, Primitives.TableData table, LaneTables tables) => address switch
    {
        LaneType.Int16 => Lookup<short>(type, operands, table, tables),
        LaneType.Int32 => Lookup<int>(type, operands, table, tables),
        LaneType.Int64 => Lookup<long>(type, operands, table, tables),
        _ => Lookup<Int128>(type, operands, table, tables),
    };

    public static LaneOp Load(int input, LaneType type, int[] elements) => type switch
    {
        LaneType.Int16 => new LoadOp<short>(input, elements, type),
        LaneType.Int32 => new LoadOp<int>(input, elements, type),
        LaneType.Int64 => new LoadOp<long>(input, elements, type),
        _ => new LoadOp<Int128>(input, elements, type),
    };

    private static LaneOp Binary<T>(BinaryKind kind, LaneType type, int[] left, int[] right, ConstantSides constants)
        where T : unmanaged, IBinaryInteger<T> => kind switch
        {
            BinaryKind.Multiply => new BinaryOp<T, MultiplyLanes<T>>(left, right, constants.Left, constants.Right, type),
            BinaryKind.Minimum => new BinaryOp<T, MinimumOfLanes<T>>(left, right, constants.Left, constants.Right, type),
            BinaryKind.Maximum => new BinaryOp<T, MaximumOfLanes<T>>(left, right, constants.Left, constants.Right, type),
            BinaryKind.Less => new BinaryOp<T, LessLanes<T>>(left, right, constants.Left, constants.Right, type),
            BinaryKind.LessOrEqual => new BinaryOp<T, LessOrEqualLanes<T>>(left, right, constants.Left, constants.Right, type),
            BinaryKind.Equal => new BinaryOp<T, EqualLanes<T>>(left, right, constants.Left, constants.Right, type),
            _ => new DivideOp<T>(left, right, constants.Left, constants.Right, type),
        };

    private static LaneOp Lookup<T>(LaneType type, int[] operands, Primitives.TableData table, LaneTables tables)
        where T : unmanaged, IBinaryInteger<T> => type switch
        {
            LaneType.Int16 => new LookupOp<T, short>(operands, tables.Of<short>(table, type), type),
            LaneType.Int32 => new LookupOp<T, int>(operands, tables.Of<int>(table, type), type),
            _ => new LookupOp<T, long>(operands, tables.Of<long>(table, type), type),
        };
}

/// <summary>The steps for casts: one kind for each rounding, overflow and pair of lanes.</summary>
internal static class CastOps
{
    /// <summary>How a cast is computed.</summary>
    /// <param name="Lanes">Lanes of the operand: they hold everything on the way.</param>
    /// <param name="Result">Lanes of the result: at most one step narrower.</param>
    /// <param name="Drop">Bits to drop; never more than show.</param>
    public readonly record struct Plan(LaneType Lanes, LaneType Result, int Drop);

    /// <summary>Plans a cast of integers in a range; null if not even the widest lanes do.</summary>
    public static Plan? For(CastNode node, BigInteger low, BigInteger high)
    {
        // Of a number far below half a unit it does not matter how far.
        var magnitude = (int)BigInteger.Max(BigInteger.Abs(low), BigInteger.Abs(high)).GetBitLength();
        var drop = Math.Min(node.Drop, magnitude + 2);
        var half = drop == 0 ? 0 : BigInteger.One << (drop - 1);
        if (LaneTypes.Fitting(low, BigInteger.Max(high + half, (BigInteger.One << drop) - 1)) is not { } lanes)
            return null;
        lanes = LaneTypes.Wider(lanes, node.Type);
        var result = lanes is LaneType.Int16 or LaneType.Int128 || lanes == node.Type ? lanes : lanes - 1;
        return new(lanes, result, drop);
    }

    public static LaneOp Of(Plan plan, CastNode node, int[] operands) => (plan.Lanes, plan.Result) switch
    {
        (LaneType.Int16, _) => Rounded<short, short, SameStore<short>>(plan, node, operands),
        (LaneType.Int32, LaneType.Int16) => Rounded<int, short, Int16Store>(plan, node, operands),
        (LaneType.Int32, _) => Rounded<int, int, SameStore<int>>(plan, node, operands),
        (LaneType.Int64, LaneType.Int32) => Rounded<long, int, Int32Store>(plan, node, operands),
        (LaneType.Int64, _) => Rounded<long, long, SameStore<long>>(plan, node, operands),
        _ => new WideCastOp(operands, node.Quantizer, plan.Drop),
    };

    private static LaneOp Rounded<T, TTarget, TStore>(Plan plan, CastNode node, int[] operands)
        where T : unmanaged, IBinaryInteger<T>
        where TTarget : unmanaged
        where TStore : ILaneStore<T, TTarget>
    {
        if (plan.Drop == 0)
            return Confined<T, TTarget, NoRounding, TStore>(plan, node, operands);
        return node.Quantizer.Rounding switch
        {
            Rounding.Trn => Confined<T, TTarget, TrnRounding, TStore>(plan, node, operands),
            Rounding.TrnZero => Confined<T, TTarget, TrnZeroRounding, TStore>(plan, node, operands),
            Rounding.Rnd => Confined<T, TTarget, RndRounding, TStore>(plan, node, operands),
            Rounding.RndZero => Confined<T, TTarget, RndZeroRounding, TStore>(plan, node, operands),
            Rounding.RndInf => Confined<T, TTarget, RndInfRounding, TStore>(plan, node, operands),
            Rounding.RndMinInf => Confined<T, TTarget, RndMinInfRounding, TStore>(plan, node, operands),
            _ => Confined<T, TTarget, RndConvRounding, TStore>(plan, node, operands),
        };
    }

    private static LaneOp Confined<T, TTarget, TRounding, TStore>(Plan plan, CastNode node, int[] operands)
        where T : unmanaged, IBinaryInteger<T>
        where TTarget : unmanaged
        where TRounding : ILaneRounding
        where TStore : ILaneStore<T, TTarget>
    {
        if (!node.Overflows)
            return Make<NoOverflow>();
        return node.Quantizer.Overflow switch
        {
            Overflow.Sat or Overflow.SatSym => Make<ClampOverflow>(),
            Overflow.SatZero => Make<ZeroOverflow>(),
            _ => node.Quantizer.Type.Signed ? Make<SignedWrap>() : Make<UnsignedWrap>(),
        };

        LaneOp Make<TOverflow>()
            where TOverflow : ILaneOverflow => new CastOp<T, TTarget, TRounding, TOverflow, TStore>(operands, node.Quantizer, plan.Drop, plan.Result);
    }
}
