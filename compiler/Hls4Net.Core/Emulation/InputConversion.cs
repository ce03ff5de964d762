using System.Numerics;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Emulation;

/// <summary>Numbers from files into the raw integers of an input, and back.</summary>
public static class InputConversion
{
    /// <summary>Beyond this magnitude a float64 has no fraction bits left, and the exact path decides.</summary>
    private const double ExactLimit = 1L << 51;

    /// <summary>Casts float64 values to raw integers; the result is exactly that of <see cref="Casting.Cast(double, Quantizer)"/>.</summary>
    /// <param name="values">Event-major values.</param>
    /// <param name="elements">Elements an event.</param>
    /// <param name="quantizer">The input's type with rounding and overflow.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is NaN.</exception>
    public static RawBatch Quantize(ReadOnlySpan<double> values, int elements, Quantizer quantizer)
    {
        var type = quantizer.Type;
        if (type.Width > 63)
        {
            var wide = new BigInteger[values.Length];
            for (var i = 0; i < wide.Length; i++)
                wide[i] = Casting.Cast(values[i], quantizer);
            return RawBatch.Of(elements, wide);
        }
        var raw = new long[values.Length];
        var scale = Math.Abs(type.Fraction) < 512 ? Math.ScaleB(1.0, type.Fraction) : 0;
        var high = (long)type.MaximumRaw;
        var low = quantizer.Overflow == Overflow.SatSym && type.Signed ? -high : (long)type.MinimumRaw;
        for (var i = 0; i < raw.Length; i++)
        {
            var scaled = values[i] * scale;
            // Scaling by a power of two is exact unless the result is subnormal or zero; those and large values take the exact path.
            if (scale != 0 && Math.Abs(scaled) < ExactLimit && (Math.Abs(scaled) > 1e-290 || values[i] == 0))
            {
                var rounded = (long)Round(scaled, quantizer.Rounding);
                if (rounded >= low && rounded <= high)
                {
                    raw[i] = rounded;
                    continue;
                }
            }
            raw[i] = (long)Casting.Cast(values[i], quantizer);
        }
        return RawBatch.Of(elements, raw);
    }

    /// <summary>The values that raw integers stand for, as the nearest float64.</summary>
    public static double[] ToDoubles(RawBatch batch, FixedType type)
    {
        var values = new double[batch.Events * batch.Elements];
        for (var i = 0; i < values.Length; i++)
            values[i] = batch.Wide is null ? Math.ScaleB((double)batch.Raw[i], -type.Fraction) : new Dyadic(batch.Wide[i], -type.Fraction).ToDouble();
        return values;
    }

    private static double Round(double x, Rounding rounding)
    {
        var floor = Math.Floor(x);
        var rest = x - floor;
        var up = rounding switch
        {
            Rounding.Trn => false,
            Rounding.TrnZero => rest > 0 && x < 0,
            Rounding.Rnd => rest >= 0.5,
            Rounding.RndMinInf => rest > 0.5,
            Rounding.RndZero => rest > 0.5 || (rest == 0.5 && x < 0),
            Rounding.RndInf => rest > 0.5 || (rest == 0.5 && x > 0),
            _ => rest > 0.5 || (rest == 0.5 && floor % 2 != 0),
        };
        return up ? floor + 1 : floor;
    }
}
