namespace Hls4Net.Core.Numbers;

/// <summary>Rounding to float32, for the dialect that folds constants in it.</summary>
public static class Float32
{
    /// <summary>The nearest float32, ties to even; subnormal numbers included.</summary>
    public static Dyadic Round(Dyadic value)
    {
        if (value.IsZero)
            return value;
        var exponent = Math.Max(value.Magnitude - 23, -149);
        return new(Casting.Round(value.Mantissa, exponent - value.Exponent, Rounding.RndConv), exponent);
    }
}
