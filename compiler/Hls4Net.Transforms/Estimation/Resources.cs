namespace Hls4Net.Transforms.Estimation;

/// <summary>What a design takes of a device.</summary>
/// <param name="Luts">Look-up tables for logic.</param>
/// <param name="MemoryLuts">Look-up tables that hold bits: shift registers and small memories.</param>
/// <param name="FlipFlops">Flip-flops.</param>
/// <param name="Dsps">Multiplier blocks.</param>
/// <param name="HalfBrams">Block memories, in halves of the larger kind: of 18 kbit.</param>
/// <param name="Urams">Large block memories.</param>
public readonly record struct Resources(double Luts, double MemoryLuts, double FlipFlops, int Dsps, int HalfBrams, int Urams)
{
    /// <summary>Look-up tables of both uses.</summary>
    public double AllLuts => Luts + MemoryLuts;

    /// <summary>Block memories of the larger kind, of 36 kbit.</summary>
    public double Brams => HalfBrams / 2.0;

    public static Resources operator +(Resources a, Resources b) => new(a.Luts + b.Luts, a.MemoryLuts + b.MemoryLuts, a.FlipFlops + b.FlipFlops,
        a.Dsps + b.Dsps, a.HalfBrams + b.HalfBrams, a.Urams + b.Urams);
}
