using System.Numerics;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Emulation;

/// <summary>A cast from a known number of dropped bits, on integers of any width. The same law as <see cref="Casting"/>, without big integers.</summary>
internal readonly struct CastStep<T>
    where T : IBinaryInteger<T>
{
    private readonly Quantizer _quantizer;
    private readonly int _drop;
    private readonly T _low;
    private readonly T _high;
    private readonly T _half;
    private readonly T _mask;
    private readonly T _modulusMask;

    public CastStep(Quantizer quantizer, int drop)
    {
        var type = quantizer.Type;
        _quantizer = quantizer;
        _drop = drop;
        _low = T.CreateSaturating(quantizer.Overflow == Overflow.SatSym && type.Signed ? -type.MaximumRaw : type.MinimumRaw);
        _high = T.CreateSaturating(type.MaximumRaw);
        _half = T.CreateSaturating(drop == 0 ? BigInteger.Zero : BigInteger.One << (drop - 1));
        _mask = T.CreateSaturating((BigInteger.One << drop) - 1);
        // Saturates only where T is no wider than the type, and then nothing that T holds overflows but by its sign.
        _modulusMask = T.CreateSaturating((BigInteger.One << type.Width) - 1);
    }

    /// <summary>Casts every integer of <paramref name="source"/> into <paramref name="result"/>.</summary>
    public void Apply(T[] source, T[] result)
    {
        for (var lane = 0; lane < result.Length; lane++)
            result[lane] = Apply(source[lane]);
    }

    /// <summary>How many of the integers are outside the type once they are rounded.</summary>
    public int CountOutside(T[] source)
    {
        var outside = 0;
        foreach (var raw in source)
        {
            var rounded = _drop == 0 ? raw : Round(raw);
            if (rounded < _low || rounded > _high)
                outside++;
        }
        return outside;
    }

    /// <summary>Casts one integer.</summary>
    public T Apply(T raw)
    {
        var rounded = _drop == 0 ? raw : Round(raw);
        if (rounded >= _low && rounded <= _high)
            return rounded;
        return _quantizer.Overflow switch
        {
            Overflow.Wrap => Wrap(rounded),
            Overflow.SatZero => T.Zero,
            _ => rounded < _low ? _low : _high,
        };
    }

    private T Wrap(T raw)
    {
        var low = raw & _modulusMask;
        return low > _high ? low - _modulusMask - T.One : low;
    }

    private T Round(T raw)
    {
        var floor = raw >> _drop;
        var rest = raw & _mask;
        if (T.IsZero(rest))
            return floor;
        var up = _quantizer.Rounding switch
        {
            Rounding.Trn => false,
            Rounding.TrnZero => T.IsNegative(raw),
            Rounding.Rnd => rest >= _half,
            Rounding.RndMinInf => rest > _half,
            Rounding.RndZero => rest > _half || (rest == _half && T.IsNegative(raw)),
            Rounding.RndInf => rest > _half || (rest == _half && !T.IsNegative(raw)),
            _ => rest > _half || (rest == _half && !T.IsEvenInteger(floor)),
        };
        return up ? floor + T.One : floor;
    }
}
