namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>
/// Random numbers whose sequence is fixed by a seed, on every platform and version (splitmix64 of Steele, Lea and Flood, 2014): a step draws dozens, and the
/// platform's own generator takes several times as long where a seed is given.
/// </summary>
internal sealed class SearchRandom(int seed)
{
    private ulong _state = unchecked((ulong)seed * 0xD1342543DE82EF95UL);

    /// <summary>From 0 to less than 1.</summary>
    public double NextDouble() => (Bits() >> 11) * (1.0 / (1L << 53));

    /// <summary>From 0 to less than a positive number.</summary>
    public int Next(int below) => (int)((Bits() >> 32) * (ulong)below >> 32);

    /// <summary>From a number to less than another one.</summary>
    public int Next(int from, int below) => from + Next(below - from);

    /// <summary>64 random bits.</summary>
    public ulong Bits()
    {
        unchecked
        {
            var z = _state += 0x9E3779B97F4A7C15UL;
            z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ z >> 27) * 0x94D049BB133111EBUL;
            return z ^ z >> 31;
        }
    }
}
