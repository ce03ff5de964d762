using Hls4Net.Core.Text;
using Hls4Net.Trigger.Events;

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
        var slots = Enumerable.Repeat((ObjectKinds.None, 0), 1)
            .Concat(Enumerable.Range(0, Electrons).Select(i => (ObjectKinds.ElectronOrPhoton, i)))
            .Concat(Enumerable.Range(0, Muons).Select(i => (ObjectKinds.Muon, i)))
            .Concat(Enumerable.Range(0, Jets).Select(i => (ObjectKinds.AnyJet, i)));
        return [.. slots.SelectMany(s => new[] { "pt", "eta", "phi" }.Select(q => (double)(Number(crossing, s.Item1, s.Item2, q, units) ?? 0)))];
    }

    /// <summary>A number of an object.</summary>
    /// <param name="kind">What it is; none for the missing transverse energy.</param>
    /// <param name="slot">Which of them, by falling pT.</param>
    /// <param name="quantity">pt, eta or phi.</param>
    /// <returns>The number, or null if there is none: the missing energy has an eta of 0.</returns>
    public static long? Number(GlobalTriggerCrossing crossing, ObjectKinds kind, int slot, string quantity, GlobalTriggerUnits units)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slot);
        var (word, pt, eta, phi) = kind switch
        {
            ObjectKinds.None => (slot == 0 ? crossing.Sums[MissingEnergy] : (ulong?)null, (0, 12), (0, 0), (12, 8)),
            ObjectKinds.ElectronOrPhoton => (At(crossing.Electrons, slot), (0, 9), (9, 8), (17, 8)),
            ObjectKinds.Muon => (slot < crossing.Muons.Count ? crossing.Muons[slot] : null, (10, 9), (23, 9), (0, 10)),
            ObjectKinds.AnyJet => (At(crossing.Jets, slot), (0, 11), (11, 8), (19, 8)),
            _ => ((ulong?)null, (0, 0), (0, 0), (0, 0)),
        };
        return word is not { } bits ? null : quantity switch
        {
            "pt" => Field(bits, pt.Item1, pt.Item2) / (units == GlobalTriggerUnits.Axol1tl ? 2 : 1),
            "eta" => eta.Item2 == 0 ? 0 : Signed(bits, eta.Item1, eta.Item2),
            "phi" => Field(bits, phi.Item1, phi.Item2),
            _ => null,
        };

        static ulong? At(Seq<uint> words, int index) => index < words.Count ? words[index] : null;
    }

    private static long Field(ulong word, int low, int width) => (long)((word >> low) & ((1UL << width) - 1));

    private static long Signed(ulong word, int low, int width) => Field(word, low, width) is var value && value >= 1L << (width - 1) ? value - (1L << width) : value;
}
