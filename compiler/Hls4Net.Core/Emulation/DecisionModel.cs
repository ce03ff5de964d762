using System.Numerics;
using Hls4Net.Core.Netlists;

namespace Hls4Net.Core.Emulation;

/// <summary>
/// What <see cref="DecisionOptions"/> says, event by event: the meaning that hardware is held against. Events come in their order, in any number of
/// batches.
/// </summary>
/// <param name="options">What is kept.</param>
/// <param name="bits">Bits of the decision.</param>
public sealed class DecisionModel(DecisionOptions options, int bits)
{
    private readonly long[] _counts = new long[bits];
    private readonly BigInteger[][] _accepted = [new BigInteger[bits], new BigInteger[bits]];
    private readonly BigInteger[][] _rates = [new BigInteger[bits], new BigInteger[bits]];
    private readonly BigInteger _most = (BigInteger.One << options.RateBits) - 1;
    private long _place;
    private bool _runs;

    /// <summary>The outputs of events.</summary>
    /// <param name="trigger">The decisions, a bit for each.</param>
    /// <param name="restart">For each event whether everything starts over with it.</param>
    /// <param name="factors">Prescale factors, one for each bit, where they are settings; 0 lets nothing through.</param>
    /// <returns>By the names in <see cref="DecisionOptions"/>.</returns>
    public IReadOnlyDictionary<string, RawBatch> Run(RawBatch trigger, IReadOnlyList<bool> restart, IReadOnlyList<long> factors)
    {
        var passed = new long[trigger.Events * bits];
        var rates = new BigInteger[2][];
        rates[0] = new BigInteger[options.HasRates ? passed.Length : 0];
        rates[1] = new BigInteger[options.HasRates ? passed.Length : 0];
        for (var e = 0; e < trigger.Events; e++)
        {
            _place = restart[e] ? 0 : _place;
            _runs |= restart[e];
            var begins = options.Period > 0 ? _place == 0 : restart[e];
            for (var k = 0; k < bits; k++)
            {
                var accepts = !trigger[e, k].IsZero;
                var passes = Passes(k, accepts, restart[e], options.Factors.Count > 0 ? options.Factors[k] : options.PrescaleBits > 0 ? factors[k] : 1);
                passed[e * bits + k] = passes ? 1 : 0;
                for (var which = 0; which < 2 && options.HasRates; which++)
                    rates[which][e * bits + k] = Count(which, k, _runs && (which == 0 ? accepts : passes), begins);
            }
            _place = options.Period > 0 && _place == options.Period - 1 ? 0 : _place + 1;
        }
        var outputs = new Dictionary<string, RawBatch>(StringComparer.Ordinal);
        if (options.HasPrescale)
            outputs[DecisionOptions.Prescaled] = RawBatch.Of(bits, passed);
        if (options.HasRates)
            outputs[DecisionOptions.Rate] = ToBatch(rates[0]);
        if (options.HasRates && options.HasPrescale)
            outputs[DecisionOptions.PrescaledRate] = ToBatch(rates[1]);
        return outputs;
    }

    private RawBatch ToBatch(BigInteger[] numbers) => options.RateBits < 64 ? RawBatch.Of(bits, Array.ConvertAll(numbers, n => (long)n)) : RawBatch.Of(bits, numbers);

    /// <summary>The factor-th accepted event passes, and counting begins again.</summary>
    private bool Passes(int bit, bool accepts, bool restart, long factor)
    {
        var next = (restart ? 0 : _counts[bit]) + (accepts ? 1 : 0);
        var passes = factor != 0 && accepts && next >= factor;
        _counts[bit] = passes || factor == 0 ? 0 : next;
        return passes;
    }

    private BigInteger Count(int which, int bit, bool counts, bool begins)
    {
        var (accepted, rates) = (_accepted[which], _rates[which]);
        if (begins)
            (rates[bit], accepted[bit]) = (accepted[bit], 0);
        accepted[bit] = BigInteger.Min(_most, accepted[bit] + (counts ? 1 : 0));
        return rates[bit];
    }
}
