using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators.Trees;

/// <summary>
/// Comparisons of numbers on a grid. For x a multiple of the unit u, x ≤ t ⇔ x &lt; ⌊t/u⌋·u + u and x &lt; t ⇔ x &lt; ⌈t/u⌉·u: thresholds become
/// integers, and those of different modes and of nearby values become the same one.
/// </summary>
internal static class TreeThresholds
{
    /// <summary>The same trees for features that are multiples of their units: tests that always or never hold are gone, equal ones are one.</summary>
    /// <param name="features">What the elements of the features can be, row by row.</param>
    /// <param name="count">How many features a row has.</param>
    public static TreeEnsemble OnGrid(TreeEnsemble trees, IReadOnlyList<Interval> features, int count)
    {
        var writer = new TreeWriter();
        var ranges = Enumerable.Range(0, count).Select(f => Enumerable.Range(0, features.Count / count).Select(n => features[n * count + f])
            .Aggregate((a, b) => a.Union(b))).ToArray();
        var tests = trees.Tests.Select(t => OnGrid(t, ranges[t.Feature])).ToArray();
        var children = new int[trees.Nodes.Count];
        for (var n = 0; n < children.Length; n++)
        {
            var (test, then, otherwise) = (tests[trees.Nodes[n].Test], Child(trees.Nodes[n].Then), Child(trees.Nodes[n].Otherwise));
            children[n] = test.Test is { } open ? writer.Branch(open, then, otherwise) : test.Holds ? then : otherwise;
        }
        return writer.ToOperator(trees.Roots.Select(r => r.Select(Child).ToSeq()), trees.Aggregate);

        // Leaves keep their places.
        int Child(int child) => child < 0 ? child : children[child];
    }

    /// <summary>The test as "less than" or "equal to" a multiple of the unit, or null and whether it holds for all of the range.</summary>
    private static (TreeTest? Test, bool Holds) OnGrid(TreeTest test, Interval range)
    {
        var (fraction, threshold) = (range.Fraction, test.Threshold);
        var floor = new Dyadic(Casting.Round(threshold.Mantissa, -threshold.Exponent - fraction, Rounding.Trn), -fraction);
        var unit = new Dyadic(1, -fraction);
        if (test.Comparison == Comparison.Equal)
        {
            return floor != threshold || floor < range.Minimum || floor > range.Maximum ? (null, false)
                : range.Low == range.High ? (null, true)
                : (test, false);
        }
        var below = test.Comparison == Comparison.LessOrEqual || floor != threshold ? floor + unit : floor;
        return below > range.Maximum ? (null, true) : below <= range.Minimum ? (null, false) : (new(test.Feature, Comparison.Less, below), false);
    }
}
