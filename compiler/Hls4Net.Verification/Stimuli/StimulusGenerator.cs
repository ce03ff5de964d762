using System.Numerics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Verification.Stimuli;

/// <summary>
/// Events that look for trouble: the corners of the input types first, then seeded random numbers. The same seed gives the same events
/// on every machine.
/// </summary>
public sealed class StimulusGenerator
{
    private const int ExtremePatterns = 32;
    private readonly IReadOnlyList<(string Name, FixedType Type, int Elements)> _inputs;
    private readonly int _elements;

    /// <param name="design">A typed design; settings get no stimuli.</param>
    public StimulusGenerator(Design design)
    {
        _inputs = [.. design.Inputs.Where(i => !design.Settings.Contains(i))
            .Select(i => design.Channel(i)).Select(c => (c.Name, c.Type!.Value, Shapes.Count(c.Shape)))];
        _elements = _inputs.Sum(i => i.Elements);
    }

    /// <summary>The number of corner cases.</summary>
    public int CornerCount => Corners(new SplitMix(0)).Count();

    /// <summary>
    /// Corners, then random events, <paramref name="count"/> in all (corners are cut off if there are more). Corners: all zero, all
    /// smallest, all largest, one element smallest or largest and the rest zero, every element at one end or the other at random, and
    /// numbers next to the ends.
    /// </summary>
    public IReadOnlyDictionary<string, RawBatch> Generate(int count, ulong seed)
    {
        var random = new SplitMix(seed);
        var batches = _inputs.ToDictionary(i => i.Name, i => i.Type.Width <= 63
            ? RawBatch.Of(i.Elements, new long[count * i.Elements])
            : RawBatch.Of(i.Elements, new BigInteger[count * i.Elements]), StringComparer.Ordinal);
        var number = 0;
        foreach (var corner in Corners(random).Take(count))
            Put(corner, number++, batches);
        while (number < count)
            Put(RandomEvent(random), number++, batches);
        return batches;
    }

    private void Put(BigInteger[] values, int number, Dictionary<string, RawBatch> batches)
    {
        var at = 0;
        foreach (var (name, _, elements) in _inputs)
        {
            var (wide, raw) = (batches[name].Wide, batches[name].Raw);
            for (var k = number * elements; k < (number + 1) * elements; k++, at++)
            {
                if (wide is null)
                    raw[k] = (long)values[at];
                else
                    wide[k] = values[at];
            }
        }
    }

    private IEnumerable<BigInteger[]> Corners(SplitMix random)
    {
        yield return Each((_, _) => BigInteger.Zero);
        yield return Each((_, t) => t.MinimumRaw);
        yield return Each((_, t) => t.MaximumRaw);
        yield return Each((_, t) => t.Signed ? -1 : BigInteger.One);
        yield return Each((k, t) => k % 2 == 0 ? t.MinimumRaw : t.MaximumRaw);
        for (var p = 0; p < ExtremePatterns; p++)
            yield return Each((_, t) => (random.Next() & 1) == 0 ? t.MinimumRaw : t.MaximumRaw);
        for (var p = 0; p < ExtremePatterns; p++)
            yield return Each((_, t) => (random.Next() & 1) == 0 ? t.MinimumRaw + random.Next() % 2 : t.MaximumRaw - random.Next() % 2);
        for (var hot = 0; hot < _elements; hot++)
        {
            var at = hot;
            yield return Each((k, t) => k == at ? t.MaximumRaw : 0);
            yield return Each((k, t) => k == at ? t.MinimumRaw : 0);
        }
    }

    /// <summary>Numbers of all sizes: uniform in the number of bits, so that small values and saturation both occur.</summary>
    private BigInteger[] RandomEvent(SplitMix random)
    {
        var isUniform = random.Next() % 4 == 0;
        return Each((_, type) =>
        {
            var bits = isUniform ? type.Width : 1 + (int)(random.Next() % (ulong)type.Width);
            if (type.Width < 64)
            {
                // The same numbers, without big integers: the low bits of either sign, wrapped into the type.
                var small = unchecked((long)(random.Next() & ((1UL << bits) - 1)));
                return type.Signed ? (random.Next() & 1) == 0 ? Wrapped(small, type) : Wrapped(-small, type) : small;
            }
            var raw = random.NextBits(bits);
            return type.Signed ? Casting.Confine((random.Next() & 1) == 0 ? raw : -raw, type, Overflow.Wrap) : raw;
        });
    }

    private BigInteger[] Each(Func<int, FixedType, BigInteger> value)
    {
        var result = new BigInteger[_elements];
        var at = 0;
        foreach (var (_, type, elements) in _inputs)
        {
            var (low, high) = (type.MinimumRaw, type.MaximumRaw);
            for (var i = 0; i < elements; i++, at++)
                result[at] = BigInteger.Min(high, BigInteger.Max(low, value(at, type)));
        }
        return result;
    }

    private static long Wrapped(long raw, FixedType type) => (raw << (64 - type.Width)) >> (64 - type.Width);

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014): small, fast, and the same everywhere.</summary>
    private sealed class SplitMix(ulong seed)
    {
        private ulong _state = seed;

        public ulong Next()
        {
            unchecked
            {
                _state += 0x9E3779B97F4A7C15UL;
                var z = _state;
                z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
                z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
                return z ^ (z >> 31);
            }
        }

        public BigInteger NextBits(int bits)
        {
            var result = BigInteger.Zero;
            for (var have = 0; have < bits; have += 64)
                result = (result << 64) | Next();
            return result & ((BigInteger.One << bits) - 1);
        }
    }
}
