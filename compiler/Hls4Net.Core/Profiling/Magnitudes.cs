namespace Hls4Net.Core.Profiling;

/// <summary>Counts numbers by the power of two of their magnitude: what a fixed-point type has to hold and what it cannot tell from zero.</summary>
public sealed class Magnitudes
{
    /// <summary>Smaller numbers count as 2^Smallest.</summary>
    public const int Smallest = -64;

    /// <summary>Greater numbers count as 2^Greatest.</summary>
    public const int Greatest = 63;

    private readonly long[] _counts = new long[Greatest - Smallest + 1];

    /// <summary>Numbers that are zero.</summary>
    public long Zeros { get; private set; }

    /// <summary>The power of two of the smallest number that is not zero; 0 if there is none.</summary>
    public int LowestPower => Array.FindIndex(_counts, c => c > 0) is >= 0 and var first ? first + Smallest : 0;

    /// <summary>Numbers from 2^p up to 2^(p+1), from p = <see cref="LowestPower"/> up to the last that there is.</summary>
    public IReadOnlyList<long> Counts =>
        Array.FindIndex(_counts, c => c > 0) is >= 0 and var first ? _counts[first..(Array.FindLastIndex(_counts, c => c > 0) + 1)] : [];

    public void Add(double value)
    {
        if (value == 0)
            Zeros++;
        else
            _counts[Math.Clamp(Math.ILogB(value), Smallest, Greatest) - Smallest]++;
    }
}
