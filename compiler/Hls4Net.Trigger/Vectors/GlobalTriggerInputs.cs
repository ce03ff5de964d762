namespace Hls4Net.Trigger.Vectors;

/// <summary>Units of the objects of CMS's Global Trigger as a network takes them.</summary>
public enum GlobalTriggerUnits
{
    /// <summary>As CMSSW prepares the inputs of AXOL1TL: momenta in whole GeV, that is half the hardware's integer without its last bit; angles as integers.</summary>
    Axol1tl,

    /// <summary>The hardware's integers: momenta of 0.5 GeV, azimuth of 2π/144 (2π/576 for muons), pseudorapidity of 0.0435 (0.010875).</summary>
    Hardware,
}

/// <summary>
/// The 57 numbers that networks at CMS's Global Trigger take from a crossing: pT, eta and phi of the missing transverse energy (eta 0), of 4
/// electrons or photons, 4 muons (at the vertex) and 10 jets. Azimuths are unsigned, pseudorapidities signed; an object that is absent is
/// all zeros, as its link words are.
/// </summary>
public static class GlobalTriggerInputs
{
    private const int Electrons = 4;
    private const int Muons = 4;
    private const int Jets = 10;
    private const int MissingEnergy = 2;

    /// <summary>How many numbers there are.</summary>
    public const int Count = 3 * (1 + Electrons + Muons + Jets);

    /// <summary>The numbers of a crossing.</summary>
    public static double[] Of(GlobalTriggerCrossing crossing, GlobalTriggerUnits units)
    {
        var (values, next) = (new double[Count], 0);
        Add(Field(crossing.Sums[MissingEnergy], 0, 12), 0, Field(crossing.Sums[MissingEnergy], 12, 8));
        foreach (var word in crossing.Electrons.Take(Electrons))
            Add(Field(word, 0, 9), Signed(word, 9, 8), Field(word, 17, 8));
        foreach (var word in crossing.Muons.Take(Muons))
            Add(Field(word, 10, 9), Signed(word, 23, 9), Field(word, 0, 10));
        foreach (var word in crossing.Jets.Take(Jets))
            Add(Field(word, 0, 11), Signed(word, 11, 8), Field(word, 19, 8));
        return values;

        void Add(long pt, long eta, long phi)
        {
            values[next++] = units == GlobalTriggerUnits.Axol1tl ? pt / 2 : pt;
            values[next++] = eta;
            values[next++] = phi;
        }
    }

    private static long Field(ulong word, int low, int width) => (long)((word >> low) & ((1UL << width) - 1));

    private static long Signed(ulong word, int low, int width) => Field(word, low, width) is var value && value >= 1L << (width - 1) ? value - (1L << width) : value;
}
