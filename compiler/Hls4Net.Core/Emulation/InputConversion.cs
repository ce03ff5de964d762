using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Emulation;

/// <summary>Numbers from files into the raw integers of an input, and back.</summary>
public static class InputConversion
{
    /// <summary>From this magnitude on whole numbers leave the last bits of 1.5 · 2^52, and the exact path decides.</summary>
    private const double ExactLimit = 1L << 50;

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
        var raw = GC.AllocateUninitializedArray<long>(values.Length);
        // Of a scale beyond what float64 multiplies by exactly, no number is common.
        var scale = Math.Abs(type.Fraction) < 512 ? Math.ScaleB(1.0, type.Fraction) : double.NaN;
        var low = (double)(quantizer.Overflow == Overflow.SatSym && type.Signed ? -type.MaximumRaw : type.MinimumRaw);
        var (lowest, highest) = (Vector512.Create(low), Vector512.Create((double)type.MaximumRaw));
        var done = 0;
        for (; done <= raw.Length - Vector512<double>.Count; done += Vector512<double>.Count)
        {
            var value = Vector512.Create(values[done..]);
            var scaled = value * scale;
            var rounded = Round(scaled, quantizer.Rounding);
            // Scaling by a power of two is exact unless the result is subnormal or zero; those, large values and NaN take the exact path.
            var size = Vector512.Abs(scaled);
            var isCommon = Vector512.LessThan(size, Vector512.Create(ExactLimit)) & Vector512.GreaterThanOrEqual(rounded, lowest) & Vector512.LessThanOrEqual(rounded, highest)
                & (Vector512.GreaterThan(size, Vector512.Create(1e-290)) | Vector512.Equals(value, Vector512<double>.Zero));
            if (Vector512.EqualsAll(isCommon.AsInt64(), Vector512<long>.AllBitsSet))
                ToIntegers(rounded).CopyTo(raw, done);
            else
                QuantizeExactly(values.Slice(done, Vector512<double>.Count), raw.AsSpan(done), quantizer);
        }
        QuantizeExactly(values[done..], raw.AsSpan(done), quantizer);
        return RawBatch.Of(elements, raw);
    }

    private static void QuantizeExactly(ReadOnlySpan<double> values, Span<long> raw, Quantizer quantizer)
    {
        for (var i = 0; i < values.Length; i++)
            raw[i] = (long)Casting.Cast(values[i], quantizer);
    }

    /// <summary>Whole numbers of magnitudes below 2^51: with 1.5 · 2^52 added they stand in the last bits.</summary>
    private static Vector512<long> ToIntegers(Vector512<double> whole)
    {
        var offset = Vector512.Create(1.5 * (1L << 52));
        return (whole + offset).AsInt64() - offset.AsInt64();
    }

    /// <summary>The values that raw integers stand for, as the nearest float64.</summary>
    public static double[] ToDoubles(RawBatch batch, FixedType type)
    {
        var values = new double[batch.Events * batch.Elements];
        // Within these bounds the product is as exact as the conversion, for no result is subnormal or infinite.
        var scale = Math.Abs(type.Fraction) < 512 ? Math.ScaleB(1.0, -type.Fraction) : 0;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = batch.Wide is not null ? new Dyadic(batch.Wide[i], -type.Fraction).ToDouble()
                : scale != 0 ? batch.Raw[i] * scale
                : Math.ScaleB((double)batch.Raw[i], -type.Fraction);
        }
        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Round(Vector512<double> x, Rounding rounding)
    {
        var floor = Vector512.Floor(x);
        var rest = x - floor;
        var (zero, half) = (Vector512<double>.Zero, Vector512.Create(0.5));
        var (isTie, isAbove) = (Vector512.Equals(rest, half), Vector512.GreaterThan(rest, half));
        var up = rounding switch
        {
            Rounding.Trn => zero,
            Rounding.TrnZero => Vector512.GreaterThan(rest, zero) & Vector512.LessThan(x, zero),
            Rounding.Rnd => isTie | isAbove,
            Rounding.RndMinInf => isAbove,
            Rounding.RndZero => isAbove | (isTie & Vector512.LessThan(x, zero)),
            Rounding.RndInf => isAbove | (isTie & Vector512.GreaterThan(x, zero)),
            // An even number is twice a whole one.
            _ => isAbove | Vector512.AndNot(isTie, Vector512.Equals(Vector512.Floor(floor * half), floor * half)),
        };
        return floor + (up & Vector512<double>.One);
    }
}
