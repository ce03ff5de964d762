using Hls4Net.Core.Numbers;

namespace Hls4Net.Operators;

/// <summary>The weights by which an element between two others is made of its neighbours.</summary>
internal static class NeighbourWeights
{
    /// <summary>The weight of each of the extent's elements for a coordinate; neighbours beyond an end count as the element there.</summary>
    /// <param name="coordinate">Where the result lies.</param>
    /// <param name="extent">How many elements there are.</param>
    /// <param name="cubic">The coefficient of cubic interpolation, or null for linear.</param>
    /// <param name="excludeOutside">Whether neighbours beyond an end are left out, and the other weights made larger for it.</param>
    public static Dyadic[] Of(Dyadic coordinate, int extent, Dyadic? cubic, bool excludeOutside)
    {
        var below = (int)Casting.Round(coordinate.Mantissa, -coordinate.Exponent, Rounding.Trn);
        var ratio = coordinate - below;
        var (first, taps) = cubic is { } a ? (below - 1, Cubic(ratio, a)) : (below, new[] { Dyadic.One - ratio, ratio });
        var weights = new Dyadic[extent];
        Array.Fill(weights, Dyadic.Zero);
        var total = Dyadic.Zero;
        for (var k = 0; k < taps.Length; k++)
        {
            if (excludeOutside && (first + k < 0 || first + k >= extent))
                continue;
            weights[Math.Clamp(first + k, 0, extent - 1)] += taps[k];
            total += taps[k];
        }
        return excludeOutside ? Array.ConvertAll(weights, w => w / total) : weights;
    }

    /// <summary>Keys' cubic convolution: the weights of the elements at −1, 0, 1 and 2 for a place between 0 and 1.</summary>
    private static Dyadic[] Cubic(Dyadic ratio, Dyadic a) =>
        [Outer(ratio + Dyadic.One, a), Inner(ratio, a), Inner(Dyadic.One - ratio, a), Outer(2 - ratio, a)];

    private static Dyadic Inner(Dyadic s, Dyadic a) => ((a + 2) * s - (a + 3)) * s * s + 1;

    private static Dyadic Outer(Dyadic s, Dyadic a) => ((a * s - a * 5) * s + a * 8) * s - a * 4;
}
