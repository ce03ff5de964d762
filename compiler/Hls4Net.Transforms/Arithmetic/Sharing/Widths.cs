using System.Numerics;

namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>Widths of integers whose bounds are known about; they rank choices and decide no bit.</summary>
internal static class Widths
{
    /// <summary>The bits of an integer between two bounds, its sign included if it has one.</summary>
    public static int Of(double low, double high)
    {
        var above = high < 1 ? 0 : Magnitude(high);
        return low >= 0 ? above : 1 + Math.Max(above, low >= -1 ? 0 : Magnitude(-low - 1));
    }

    /// <summary>Numbers beyond float64 all count as equally wide.</summary>
    private static int Magnitude(double value) =>
        value < 1L << 62 ? 64 - BitOperations.LeadingZeroCount((ulong)value) : 1 + Math.Min(Math.ILogB(value), 1 << 16);
}
