using System.Globalization;
using System.Text.Json.Serialization;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Cli.Compilation;

/// <summary>What the hardware keeps from event to event behind the score's decisions.</summary>
/// <param name="Bits">Bits of the decision, one for each threshold.</param>
/// <param name="PrescaleBits">Bits of prescale factors that are run-time settings; 0 for none.</param>
/// <param name="Factors">Fixed prescale factors; none where there are no prescales or run-time ones.</param>
/// <param name="RateBits">Bits of the rate counters; 0 for none.</param>
/// <param name="Period">Events in a period of the counters; 0 for periods from restart to restart.</param>
internal sealed record DecisionEntry(int Bits, int PrescaleBits, long[] Factors, int RateBits, long Period)
{
    public static DecisionEntry? Of(DecisionOptions options, int bits) =>
        options.IsNone ? null : new(bits, options.PrescaleBits, [.. options.Factors], options.RateBits, options.Period);

    /// <summary>What it keeps.</summary>
    [JsonIgnore]
    public DecisionOptions Options => new(PrescaleBits, Factors.ToSeq(), RateBits, Period);

    /// <summary>The hardware's further outputs.</summary>
    public IEnumerable<PortEntry> Outputs()
    {
        if (Options.HasPrescale)
            yield return Output(DecisionOptions.Prescaled, 1);
        if (Options.HasRates)
            yield return Output(DecisionOptions.Rate, RateBits);
        if (Options is { HasRates: true, HasPrescale: true })
            yield return Output(DecisionOptions.PrescaledRate, RateBits);
    }

    /// <summary>In words, for the report.</summary>
    public string ToText()
    {
        var prescale = PrescaleBits > 0 ? string.Create(CultureInfo.InvariantCulture, $"prescales by run-time factors of {PrescaleBits} bits")
            : Factors.Length > 0 ? $"prescales by {string.Join(", ", Factors.Select(f => f.ToString(CultureInfo.InvariantCulture)))}" : "no prescale";
        var rates = RateBits == 0 ? "no rate counters"
            : string.Create(CultureInfo.InvariantCulture, $"rate counters of {RateBits} bits over {(Period > 0 ? FormattableString.Invariant($"{Period} events") : "the events from restart to restart")}");
        return string.Create(CultureInfo.InvariantCulture, $"{Bits} {(Bits == 1 ? "bit" : "bits")}, {prescale}, {rates}; Verilog only");
    }

    private PortEntry Output(string name, int bits) => new(name, name, name, [1, Bits], new FixedType(false, bits, bits).ToString(), null, null, null);
}
