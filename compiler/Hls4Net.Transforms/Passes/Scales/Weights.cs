using System.Numerics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.Passes.Scales;

/// <summary>Constant weights as integers with a factor for all of them or for each result: what a quantiser had made them of.</summary>
/// <param name="Integers">In the weights' order.</param>
/// <param name="Factors">One for all results, or one for each.</param>
internal sealed record Weights(Seq<Dyadic> Integers, Rational[] Factors)
{
    /// <summary>Wider integers than these are no quantiser's, but floats.</summary>
    private const int WidestUntyped = 16;

    /// <summary>Splits weights; null if no integers of a sensible size come out.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="scaleOf">Another factor of the weight at a position.</param>
    /// <param name="resultOf">The result that the weight at a position is summed into.</param>
    /// <param name="results">How many results there are.</param>
    public static Weights? Split(ConstantTensor weights, Func<int, Rational> scaleOf, Func<int, int> resultOf, int results)
    {
        var values = weights.Values.Select((w, k) => w * scaleOf(k)).ToArray();
        var single = new Rational[results];
        for (var k = 0; k < values.Length; k++)
            single[resultOf(k)] = Rational.GreatestCommonDivisor(single[resultOf(k)], values[k]);
        var common = single.Aggregate(Rational.Zero, Rational.GreatestCommonDivisor);
        for (var r = 0; r < results; r++)
            single[r] = single[r].IsZero ? Rational.One : single[r];
        var (byResult, together) = (Largest(values, k => single[resultOf(k)]), common.IsZero ? BigInteger.Zero : Largest(values, _ => common));
        // One factor for all is simpler behind the sum, and costs nothing if the integers have the same width.
        var isCommon = together.GetBitLength() <= byResult.GetBitLength();
        var factors = isCommon ? [common.IsZero ? Rational.One : common] : single;
        var most = isCommon ? together : byResult;
        if (most.GetBitLength() > (weights.Type is null ? WidestUntyped : ConstantTensor.MaximumWidth - 1))
            return null;
        return new(values.Select((v, k) => new Dyadic((v / factors[isCommon ? 0 : resultOf(k)]).Numerator, 0)).ToSeq(), factors);
    }

    private static BigInteger Largest(Rational[] values, Func<int, Rational> factorOf)
    {
        var largest = BigInteger.Zero;
        for (var k = 0; k < values.Length; k++)
            largest = BigInteger.Max(largest, BigInteger.Abs((values[k] / factorOf(k)).Numerator));
        return largest;
    }
}
