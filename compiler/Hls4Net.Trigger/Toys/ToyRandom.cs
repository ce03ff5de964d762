namespace Hls4Net.Trigger.Toys;

/// <summary>Random numbers that are the same everywhere: SplitMix64 (Steele, Lea, Flood 2014) and the distributions of the toy.</summary>
/// <param name="seed">Names the sequence.</param>
internal sealed class ToyRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>At least 0 and below 1, in steps of 2^-53.</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    public double Uniform(double low, double high) => low + (high - low) * Uniform();

    public double Angle() => Uniform(-Math.PI, Math.PI);

    /// <summary>Box and Muller's; the second number is thrown away.</summary>
    public double Normal(double mean, double deviation) =>
        mean + deviation * Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    public double Exponential(double mean) => -mean * Math.Log(1 - Uniform());

    /// <summary>A falling power: at least <paramref name="least"/>, the integral above x going as x^-power.</summary>
    public double Power(double least, double power) => least * Math.Pow(1 - Uniform(), -1 / power);

    /// <summary>Of a mean below some tens: Knuth's product of uniform numbers.</summary>
    public int Poisson(double mean)
    {
        var (limit, product, count) = (Math.Exp(-mean), Uniform(), 0);
        for (; product > limit; count++)
            product *= Uniform();
        return count;
    }

    /// <summary>How many trials it takes, the successful one included.</summary>
    public int Geometric(double chance) => 1 + (int)Math.Floor(Math.Log(1 - Uniform()) / Math.Log(1 - chance));

    /// <summary>Jöhnk's method: for parameters of this size about one in four pairs is taken.</summary>
    public double Beta(double a, double b)
    {
        while (true)
        {
            var (x, y) = (Math.Pow(Uniform(), 1 / a), Math.Pow(Uniform(), 1 / b));
            if (x + y is > 0 and <= 1)
                return x / (x + y);
        }
    }

    public int Choice(int count) => (int)(Uniform() * count);

    private ulong Next()
    {
        unchecked
        {
            var z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
