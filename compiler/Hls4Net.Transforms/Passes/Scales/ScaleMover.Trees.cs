using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Trees;

namespace Hls4Net.Transforms.Passes.Scales;

/// <summary>Trees behind a scaled and shifted input compare the input itself: x · f + s ≤ t ⇔ x ≤ (t − s) / f, for f below 0 the other way round.</summary>
internal sealed partial class ScaleMover
{
    /// <summary>Inputs have fewer bits right of the point than this.</summary>
    private const int ThresholdFraction = 96;

    private bool Compare(Node node, TreeEnsemble trees)
    {
        if (!_scaled.TryGetValue(node.Inputs[0], out var value) || value.IsPlain || value.HasLimits || !IsInput(value.Base) || value.Factor.All(f => f.IsZero))
            return false;
        var shape = ShapeOf(value.Base);
        // A row for each event, so that a feature has the same scale in all of them; and no feature that is a constant.
        if (shape.Count != 2 || !value.Factor.IsUniformAlong(0, 2) || !value.Shift.IsUniformAlong(0, 2) || !value.Factor.All(f => !f.IsZero))
            return false;
        var writer = new TreeWriter();
        var children = new int[trees.Nodes.Count];
        for (var n = 0; n < children.Length; n++)
        {
            var (test, then, otherwise) = (trees.Tests[trees.Nodes[n].Test], Child(trees.Nodes[n].Then), Child(trees.Nodes[n].Otherwise));
            var (before, isTurned) = BeforeScale(test, value.Factor.At(test.Feature, shape), value.Shift.At(test.Feature, shape));
            children[n] = isTurned ? writer.Branch(before, otherwise, then) : writer.Branch(before, then, otherwise);
        }
        var moved = writer.ToOperator(trees.Roots.Select(r => r.Select(Child).ToSeq()), trees.Aggregate);
        Emit(node, "", moved, node.Outputs[0], [value.Base, .. node.Inputs.Skip(1).Where(i => i.Length > 0)]);
        return true;

        int Child(int child) => child < 0 ? child : children[child];
    }

    /// <summary>Whether a value is numbers on the grid of an input, perhaps in another order.</summary>
    private bool IsInput(string name) => graph.Inputs.Contains(name)
        || (_producers.TryGetValue(name, out var producer) && producer.Operator.IsWiring && producer.Inputs.Take(1).All(IsInput));

    /// <summary>The same comparison of the number before it was scaled, and whether its branches change places.</summary>
    /// <remarks>A threshold that is not dyadic is rounded to where no number of an input lies between it and the true one.</remarks>
    private static (TreeTest Test, bool IsTurned) BeforeScale(TreeTest test, Rational factor, Rational shift)
    {
        var threshold = ((Rational)test.Threshold - shift) / factor;
        var floor = new Dyadic(threshold.Scale(ThresholdFraction).Floor, -ThresholdFraction);
        var isExact = (Rational)floor == threshold;
        var unit = new Dyadic(1, -ThresholdFraction);
        if (test.Comparison == Comparison.Equal)
            return (test with { Threshold = isExact ? floor : floor + new Dyadic(1, -ThresholdFraction - 1) }, false);
        var isTurned = factor.Sign < 0;
        // x · f < t is x > t / f for f below 0, and that is not x <= t / f.
        var comparison = !isTurned ? test.Comparison : test.Comparison == Comparison.Less ? Comparison.LessOrEqual : Comparison.Less;
        return (new(test.Feature, comparison, comparison == Comparison.LessOrEqual || isExact ? floor : floor + unit), isTurned);
    }
}
