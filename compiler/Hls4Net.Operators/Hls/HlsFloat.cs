using System.Numerics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Operators.Hls;

/// <summary>
/// The float32 and float64 computations by which deployed HLS firmware defines its tables, carried out in exact arithmetic, each result
/// rounded to the nearest number of its format: the same on every machine. Null stands for plus infinity.
/// </summary>
internal static class HlsFloat
{
    /// <summary>Beyond these arguments e^x is infinite, or less than half of the smallest float32.</summary>
    private const int LargestExponent = 90;

    private const int SmallestExponent = -105;

    /// <summary>From here up numbers round to infinity: the largest float32 and half a step more.</summary>
    private static readonly Dyadic Infinite = new((BigInteger.One << 25) - 1, 103);

    private static readonly RealFunction Exponential = new("exp", []);

    /// <summary>e^x to the nearest float32.</summary>
    public static Dyadic? Exp(Dyadic x)
    {
        if (x.IsZero)
            return Dyadic.One;
        if (x > LargestExponent)
            return null;
        return x < SmallestExponent ? Dyadic.Zero : ToFloat32(bits => ExpBetween(x, bits));
    }

    /// <summary>The hyperbolic tangent to the nearest float32.</summary>
    public static Dyadic Tanh(Dyadic x)
    {
        if (x.IsZero)
            return x;
        return ToFloat32(bits =>
        {
            var (low, high) = ExpBetween(x.Scale(1), bits);
            return ((low - Dyadic.One) / (low + Dyadic.One), (high - Dyadic.One) / (high + Dyadic.One));
        })!.Value;
    }

    /// <summary>The natural logarithm to the nearest float32, of a number above 1.</summary>
    public static Dyadic Log(Dyadic x)
    {
        // Float64 gives a near candidate; whether it is the nearest, exponentials of the halves between neighbours tell exactly.
        var candidate = (float)Math.Log(x.ToDouble());
        while (Halfway(candidate, MathF.BitIncrement(candidate)) < x)
            candidate = MathF.BitIncrement(candidate);
        while (Halfway(candidate, MathF.BitDecrement(candidate)) > x)
            candidate = MathF.BitDecrement(candidate);
        return Dyadic.FromDouble(candidate);
    }

    /// <summary>a / b to the nearest float64, then float32; b zero gives infinity.</summary>
    public static Dyadic? Divide(Dyadic a, Dyadic b) => b.IsZero ? null : Narrow(Float64(a / b));

    /// <summary>The nearest float64.</summary>
    public static Dyadic Float64(Dyadic value) => Dyadic.FromDouble(value.ToDouble());

    /// <summary>The nearest float32; null where that is infinite.</summary>
    public static Dyadic? Narrow(Dyadic value) => value >= Infinite ? null : Float32.Round(value);

    /// <summary>The raw integer of a cast; an infinity becomes the largest number under saturation and 0 otherwise, as in ap_fixed.</summary>
    public static long Cast(Dyadic? value, Quantizer quantizer) =>
        (long)(value is { } number ? Casting.Cast(number, quantizer) : Casting.Cast(double.PositiveInfinity, quantizer));

    /// <summary>e^((a + b) / 2), to so many bits that no number of the table's own computation is nearer to it than the error.</summary>
    private static Dyadic Halfway(float a, float b) =>
        ExpBetween((Dyadic.FromDouble(a) + Dyadic.FromDouble(b)).Scale(-1), 128).Low;

    /// <summary>Numbers between which e^x lies, apart by 2^−bits of it.</summary>
    private static (Dyadic Low, Dyadic High) ExpBetween(Dyadic x, int bits)
    {
        // e = 2^1.4427: the leading bit of e^x is worth about 2^(1.4427 x).
        var leading = (int)Math.Ceiling(x.ToDouble() * 1.4427) + 1;
        var type = new FixedType(false, bits + 4, leading + 2);
        var raw = RealFunctions.Quantize(Exponential, x, new Quantizer(type, Rounding.Trn, Overflow.Sat));
        return (new Dyadic(raw, -type.Fraction), new Dyadic(raw + 1, -type.Fraction));
    }

    /// <summary>The nearest float32 of a number that is known to more and more bits, until both ends round alike.</summary>
    private static Dyadic? ToFloat32(Func<int, (Dyadic Low, Dyadic High)> between)
    {
        for (var bits = 64; ; bits *= 2)
        {
            var (low, high) = between(bits);
            var (a, b) = (Narrow(low), Narrow(high));
            if (a == b)
                return a;
        }
    }
}
