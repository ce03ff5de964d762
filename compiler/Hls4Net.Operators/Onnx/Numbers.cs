using System.Numerics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators.Onnx;

/// <summary>Exact numbers from floats, and types from exact numbers.</summary>
internal static class Numbers
{
    /// <summary>The exact value of a finite float64; the same as <see cref="Dyadic.FromDouble"/>, without its big-integer steps.</summary>
    public static Dyadic Exact(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var fraction = bits & 0xFFFFFFFFFFFFFL;
        var mantissa = exponent == 0 ? fraction : fraction | (1L << 52);
        if (mantissa == 0)
            return Dyadic.Zero;
        var zeros = BitOperations.TrailingZeroCount(mantissa);
        mantissa >>= zeros;
        return new(bits < 0 ? -mantissa : mantissa, Math.Max(exponent, 1) - 1075 + zeros);
    }

    /// <summary>Whether the number is 2^k.</summary>
    public static bool IsPowerOfTwo(Dyadic value) => value.Mantissa.IsOne;

    /// <summary>
    /// The tensor with the smallest type that holds all its values exactly, for constants whose integers the model itself fixes; without a
    /// type if none of at most 63 bits does.
    /// </summary>
    public static ConstantTensor WithExactType(ConstantTensor tensor)
    {
        var fraction = int.MinValue;
        foreach (var value in tensor.Values.Span)
            fraction = Math.Max(fraction, value.IsZero ? int.MinValue : -value.Exponent);
        if (fraction == int.MinValue)
            fraction = 0;
        var (low, high) = (BigInteger.Zero, BigInteger.Zero);
        foreach (var value in tensor.Values.Span)
        {
            if (!value.IsZero && value.Exponent + fraction > ConstantTensor.MaximumWidth)
                return tensor;
            var raw = value.ToRaw(fraction);
            (low, high) = (BigInteger.Min(low, raw), BigInteger.Max(high, raw));
        }
        var type = new Interval(low, high, fraction).Type;
        return type.Width > ConstantTensor.MaximumWidth ? tensor : tensor.Quantize(new Quantizer(type, Rounding.Trn, Overflow.Wrap));
    }

    /// <summary>The values of a constant as whole numbers, or null if one is not or exceeds 64 bits.</summary>
    public static long[]? Integers(Seq<Dyadic> values)
    {
        var result = new long[values.Count];
        for (var k = 0; k < result.Length; k++)
        {
            if (values[k].Exponent < 0 || (!values[k].IsZero && values[k].Magnitude > 62))
                return null;
            result[k] = (long)values[k].ToRaw(0);
        }
        return result;
    }
}
