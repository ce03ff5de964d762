using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hls4Net.Core.Emulation;

/// <summary>
/// Adds up lanes, all of them in one sweep over the events, with the partial sums in registers. Wherever a factor or a shift would
/// overflow, the sum is still right modulo the width of T, and the range analysis has proved that the sum itself fits.
/// </summary>
internal struct LaneSum<T>(int capacity)
    where T : IBinaryInteger<T>
{
    private readonly T[][] _sources = new T[capacity][];
    private readonly T[] _factors = new T[capacity];
    private int _count;

    /// <summary>How many of the sources, from the front, can be multiplied as 32-bit numbers.</summary>
    private int _narrow;
    private T _constant = T.Zero;

    /// <summary>Adds a term, brought to a grid that is no coarser than its own.</summary>
    public void Add(Lanes<T> term, int fraction)
    {
        var shift = fraction - term.Fraction;
        if (term.IsUniform)
        {
            _constant += term[0] << shift;
            return;
        }
        var factor = term.Factor << shift;
        (_sources[_count], _factors[_count]) = (term.Source, factor);
        if (term.IsNarrow && factor == T.CreateTruncating(int.CreateTruncating(factor)))
        {
            (_sources[_count], _sources[_narrow]) = (_sources[_narrow], _sources[_count]);
            (_factors[_count], _factors[_narrow]) = (_factors[_narrow], _factors[_count]);
            _narrow++;
        }
        _count++;
    }

    /// <summary>The sum for each event, or a single one if it is the same for all.</summary>
    public readonly T[] ToArray()
    {
        if (_count == 0)
            return [_constant];
        var sum = new T[_sources[0].Length];
        var done = sum is long[] longs && Vector256.IsHardwareAccelerated ? AddVectors(longs) : 0;
        for (var lane = done; lane < sum.Length; lane++)
        {
            var total = _constant;
            for (var k = 0; k < _count; k++)
                total = unchecked(total + _sources[k][lane] * _factors[k]);
            sum[lane] = total;
        }
        return sum;
    }

    /// <summary>As many whole groups of vectors as there are; the number of lanes done.</summary>
    private readonly int AddVectors(long[] sum)
    {
        var sources = (long[][])(object)_sources;
        var factors = (long[])(object)_factors;
        var constant = Vector256.Create(long.CreateTruncating(_constant));
        var group = 4 * Vector256<long>.Count;
        var lane = 0;
        for (; lane <= sum.Length - group; lane += group)
        {
            var (a, b, c, d) = (constant, constant, constant, constant);
            for (var k = 0; k < _count; k++)
            {
                ref var source = ref MemoryMarshal.GetReference(sources[k].AsSpan(lane, group));
                var factor = Vector256.Create(factors[k]);
                var (p, q) = (Vector256.LoadUnsafe(ref source), Vector256.LoadUnsafe(ref source, 4));
                var (r, s) = (Vector256.LoadUnsafe(ref source, 8), Vector256.LoadUnsafe(ref source, 12));
                if (k < _narrow && Avx2.IsSupported)
                {
                    // Multiplies the low halves with sign: one instruction where a full product takes several.
                    var low = factor.AsInt32();
                    a += Avx2.Multiply(p.AsInt32(), low);
                    b += Avx2.Multiply(q.AsInt32(), low);
                    c += Avx2.Multiply(r.AsInt32(), low);
                    d += Avx2.Multiply(s.AsInt32(), low);
                }
                else
                {
                    a += p * factor;
                    b += q * factor;
                    c += r * factor;
                    d += s * factor;
                }
            }
            a.CopyTo(sum, lane);
            b.CopyTo(sum, lane + 4);
            c.CopyTo(sum, lane + 8);
            d.CopyTo(sum, lane + 12);
        }
        return lane;
    }
}
