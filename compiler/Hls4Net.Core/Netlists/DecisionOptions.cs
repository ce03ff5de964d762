using Hls4Net.Core.Emulation;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Netlists;

/// <summary>
/// What hardware keeps from event to event behind a score's decisions: a prescale, which lets one in so many accepted events of a bit through, and
/// counters of what each bit accepts. An input bit <c>restart</c>, which comes with an event, starts all of it over with that event; counters begin with the first one.
/// </summary>
/// <param name="PrescaleBits">Bits of prescale factors that are run-time settings; 0 for none.</param>
/// <param name="Factors">Prescale factors that are fixed, one for each bit of the decision; empty for none.</param>
/// <param name="RateBits">Bits of the counters, which stay at their largest number; 0 for no counters.</param>
/// <param name="Period">Events in a period of the counters; 0 for periods from one restart to the next.</param>
public sealed record DecisionOptions(int PrescaleBits, Seq<long> Factors, int RateBits, long Period)
{
    /// <summary>The input bit that starts everything over.</summary>
    public const string Restart = "restart";

    /// <summary>The setting with a factor for each bit.</summary>
    public const string Prescale = "prescale";

    /// <summary>The output of the bits behind their prescales.</summary>
    public const string Prescaled = "prescaled";

    /// <summary>The output of how many events each bit accepted in the last period that is complete.</summary>
    public const string Rate = "rate";

    /// <summary>The same behind the prescales.</summary>
    public const string PrescaledRate = "rate_prescaled";

    /// <summary>Whether there are prescales.</summary>
    public bool HasPrescale => PrescaleBits > 0 || Factors.Count > 0;

    /// <summary>Whether there are counters.</summary>
    public bool HasRates => RateBits > 0;

    /// <summary>Whether there is anything at all.</summary>
    public bool IsNone => !HasPrescale && !HasRates;

    /// <summary>The hardware's further inputs for events.</summary>
    /// <param name="restarts">For each event whether everything starts over.</param>
    /// <param name="factors">Prescale factors, one for each bit; of no matter where they are fixed.</param>
    public IEnumerable<KeyValuePair<string, RawBatch>> Inputs(IReadOnlyList<bool> restarts, IReadOnlyList<long> factors)
    {
        yield return new(Restart, RawBatch.Of(1, [.. restarts.Select(r => r ? 1L : 0)]));
        if (PrescaleBits > 0)
            yield return new(Prescale, RawBatch.Of(factors.Count, [.. factors]));
    }

    /// <summary>Nothing is kept.</summary>
    public static DecisionOptions None { get; } = new(0, [], 0, 0);
}
