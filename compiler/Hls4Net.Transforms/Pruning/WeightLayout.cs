using Hls4Net.Core.Graphs;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators;

namespace Hls4Net.Transforms.Pruning;

/// <summary>What each weight of a layer multiplies, and for which output.</summary>
/// <param name="Inputs">Features or channels that are read.</param>
/// <param name="Outputs">Neurons or filters.</param>
/// <param name="Terms">Products of one output.</param>
/// <param name="Of">From the place of a weight in its tensor to its input, its output and its place in the output's sum.</param>
internal sealed record WeightLayout(int Inputs, int Outputs, int Terms, Func<int, (int Input, int Output, int Term)> Of)
{
    /// <summary>The layout of an operator's weights; null for those of which nothing is known.</summary>
    public static WeightLayout? For(Operator op, Seq<int> weights)
    {
        if (op is Dense)
            return new(weights[0], weights[1], weights[0], i => (i / weights[1], i % weights[1], i / weights[1]));
        if (op is not Convolution convolution)
            return null;
        var window = Shapes.Count(weights.Skip(2).ToSeq());
        var (channels, terms, filters) = (weights[1], weights[1] * window, weights[0] / convolution.Groups);
        return new(channels * convolution.Groups, weights[0], terms, i => ((i / terms / filters * channels) + (i % terms / window), i / terms, i % terms));
    }

    /// <summary>The input that an element of the layer's operand belongs to.</summary>
    public static int InputOf(Operator op, Seq<int> operand, int element) =>
        op is Dense ? element % operand[^1] : element / Shapes.Count(operand.Skip(2).ToSeq()) % operand[1];

    /// <summary>
    /// The multiplier that works on a weight in a folded layer: R is split into a part of the terms and a part of the outputs, and in each phase
    /// of the terms the multipliers of a lane take neighbouring ones.
    /// </summary>
    public int MultiplierOf(int weight, int reuse)
    {
        var inner = (int)System.Numerics.BigInteger.GreatestCommonDivisor(reuse, Terms);
        var (slots, outer) = (Terms / inner, reuse / inner);
        var (_, output, term) = Of(weight);
        return (output / outer * slots) + (term % slots);
    }
}
