using System.Numerics;

namespace Hls4Net.Core.Emulation.Programs;

/// <summary>Integers with sign that a lane can hold, the narrowest first.</summary>
internal enum LaneType
{
    Int16,
    Int32,
    Int64,
    Int128,
}

/// <summary>Which lanes hold which integers.</summary>
internal static class LaneTypes
{
    /// <summary>Bytes of a lane.</summary>
    public static int Size(this LaneType type) => 2 << (int)type;

    /// <summary>Bits of a lane, the sign among them.</summary>
    public static int Bits(this LaneType type) => 16 << (int)type;

    /// <summary>The narrowest lane that holds all integers from <paramref name="low"/> to <paramref name="high"/>; null if there is none.</summary>
    public static LaneType? Fitting(BigInteger low, BigInteger high)
    {
        var bits = Math.Max(BitsOf(low), BitsOf(high));
        return bits switch { <= 16 => LaneType.Int16, <= 32 => LaneType.Int32, <= 64 => LaneType.Int64, <= 128 => LaneType.Int128, _ => null };
    }

    public static LaneType Wider(LaneType a, LaneType b) => a > b ? a : b;

    /// <summary>Bits of a two's complement number, the sign among them.</summary>
    private static long BitsOf(BigInteger raw) => 1 + (raw.Sign < 0 ? ~raw : raw).GetBitLength();
}
