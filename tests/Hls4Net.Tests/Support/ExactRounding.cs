using System.Numerics;

namespace Hls4Net.Tests.Support;

/// <summary>
/// The roundings of QONNX and ONNX quantisers on quotients of integers, as their specifications write them: the tests' own, so that a mistake in
/// the compiler's cannot hide.
/// </summary>
internal static class ExactRounding
{
    public static readonly string[] Modes = ["ROUND", "FLOOR", "CEIL", "ROUND_TO_ZERO", "UP", "HALF_UP", "HALF_DOWN"];

    /// <summary>numerator / denominator as a whole number.</summary>
    public static BigInteger Round(BigInteger numerator, BigInteger denominator, string mode)
    {
        if (denominator.Sign < 0)
            (numerator, denominator) = (-numerator, -denominator);
        var sign = numerator.Sign < 0 ? -1 : 1;
        var size = BigInteger.DivRem(BigInteger.Abs(numerator), denominator, out var rest);
        if (rest.IsZero)
            return sign * size;
        var side = (2 * rest).CompareTo(denominator);
        var away = mode switch
        {
            "FLOOR" => sign < 0,
            "CEIL" => sign > 0,
            "ROUND_TO_ZERO" or "DOWN" => false,
            "UP" => true,
            "HALF_UP" => side >= 0,
            "HALF_DOWN" => side > 0,
            "ROUND" or "HALF_EVEN" => side > 0 || (side == 0 && !size.IsEven),
            _ => throw new ArgumentException(mode, nameof(mode)),
        };
        return sign * (away ? size + 1 : size);
    }

    /// <summary>The integer of a quantiser: rounded, then brought into its range.</summary>
    public static BigInteger Code(BigInteger numerator, BigInteger denominator, string mode, bool signed, bool narrow, int bits)
    {
        var high = BigInteger.Pow(2, signed ? bits - 1 : bits) - (narrow && !signed ? 2 : 1);
        var low = signed ? -BigInteger.Pow(2, bits - 1) + (narrow ? 1 : 0) : BigInteger.Zero;
        return BigInteger.Max(low, BigInteger.Min(high, Round(numerator, denominator, mode)));
    }
}
