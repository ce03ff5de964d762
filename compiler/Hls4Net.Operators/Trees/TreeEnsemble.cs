using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators.Trees;

/// <summary>Whether a comparison of a feature with a threshold holds: feature ∘ threshold.</summary>
public sealed record TreeTest(int Feature, Comparison Comparison, Dyadic Threshold);

/// <summary>
/// A branch. A child is a place in the list of nodes, or below zero a leaf: −1 is the first leaf value, −2 the second.
/// </summary>
/// <param name="Test">Place in the list of tests.</param>
/// <param name="Then">The child where the test holds.</param>
/// <param name="Otherwise">The child where it does not.</param>
public sealed record TreeNode(int Test, int Then, int Otherwise);

/// <summary>
/// Decision trees with one number per leaf: result [n, t] combines the leaves that row n of the first input reaches in the trees of target t.
/// Inputs: features of shape [N, F], the leaf values, and optionally a number that is added to each target.
/// </summary>
/// <param name="Tests">All comparisons, each once.</param>
/// <param name="Nodes">All branches, children before those that lead to them.</param>
/// <param name="Roots">For each target where its trees begin, as children are written.</param>
/// <param name="Aggregate">How the trees of a target are combined; the sum of no trees is 0.</param>
public sealed record TreeEnsemble(Seq<TreeTest> Tests, Seq<TreeNode> Nodes, Seq<Seq<int>> Roots, Reduction Aggregate = Reduction.Sum) : Operator
{
    public override ConstantRole RoleOf(int input) => input == 1 ? ConstantRole.Leaf : ConstantRole.Bias;

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var x = inputs[0]!.Value;
        var needed = Tests.Select(t => t.Feature + 1).DefaultIfEmpty(1).Max();
        return x.Count == 2 && x[1] >= needed
            ? [[x[0], Roots.Count]]
            : throw new ShapeException($"trees that read {needed} features, of a tensor of shape {x}");
    }

    /// <summary>
    /// Thresholds on the grid of the features, which changes no comparison of numbers on it. Not where the features are rounded from real
    /// numbers: those are to be compared with the thresholds as they are.
    /// </summary>
    public override Operator WithInnerTypes(InnerTyping typing) => typing.IsExact ? TreeThresholds.OnGrid(this, typing.Inputs[0]!, typing.Shapes[0]!.Value[1]) : this;

    public override void Define(Definition definition)
    {
        var x = definition.Input(0);
        var rows = new TreeRows(definition, x.Shape[0]);
        var tests = DefineTests(rows, x);
        List<(TensorHandle Tensor, int Row)> values = [(definition.Input(1), 0)];
        var places = new (int Source, int Element)[Nodes.Count];
        var height = 0;
        foreach (var level in Levels())
        {
            height++;
            var condition = rows.Gather($"conditions{height}", tests.Tensors, [.. level.Select(n => tests.Places[Nodes[n].Test])]);
            var children = level.Select(n => Place(Nodes[n].Then)).Concat(level.Select(n => Place(Nodes[n].Otherwise))).ToArray();
            var child = rows.Gather($"children{height}", values, children);
            var count = level.Length;
            var chosen = definition.Temporary($"level{height}", [rows.Count, count],
                (b, i) => b.At(condition, i).Select(b.At(child, i), b.At(child, i[0], i[1] + count)));
            for (var k = 0; k < count; k++)
                places[level[k]] = (values.Count, k);
            values.Add((chosen, count));
        }
        DefineResult(definition, rows, values, Place);

        (int Source, int Element) Place(int child) => child < 0 ? (0, -1 - child) : places[child];
    }

    /// <summary>The truth values of the tests: one comparison with a constant for each.</summary>
    private (List<(TensorHandle Tensor, int Row)> Tensors, (int Source, int Element)[] Places) DefineTests(TreeRows rows, TensorHandle x)
    {
        var tensors = new List<(TensorHandle, int)>();
        var places = new (int Source, int Element)[Tests.Count];
        foreach (var group in Enumerable.Range(0, Tests.Count).GroupBy(k => Tests[k].Comparison).OrderBy(g => g.Key))
        {
            var members = group.ToArray();
            var features = rows.Gather($"features{tensors.Count + 1}", [(x, x.Shape[1])], [.. members.Select(k => (0, Tests[k].Feature))]);
            var thresholds = rows.Literals($"thresholds{tensors.Count + 1}", [.. members.Select(k => Tests[k].Threshold)]);
            var bits = rows.Definition.Temporary($"tests{tensors.Count + 1}", [rows.Count, members.Length], (b, i) =>
            {
                var (feature, threshold) = (b.At(features, i), b.At(thresholds, i[1]));
                return group.Key switch
                {
                    Comparison.Less => feature.Less(threshold),
                    Comparison.LessOrEqual => feature.LessOrEqual(threshold),
                    _ => feature.EqualTo(threshold),
                };
            });
            for (var k = 0; k < members.Length; k++)
                places[members[k]] = (tensors.Count, k);
            tensors.Add((bits, members.Length));
        }
        return (tensors, places);
    }

    /// <summary>The places of the nodes by their height above the leaves, the lowest first.</summary>
    private IEnumerable<int[]> Levels()
    {
        var heights = new int[Nodes.Count];
        for (var n = 0; n < heights.Length; n++)
            heights[n] = 1 + Math.Max(Height(Nodes[n].Then), Height(Nodes[n].Otherwise));
        return Enumerable.Range(0, heights.Length).GroupBy(n => heights[n]).OrderBy(g => g.Key).Select(g => g.ToArray());

        int Height(int child) => child < 0 ? 0 : heights[child];
    }

    private void DefineResult(Definition definition, TreeRows rows, List<(TensorHandle Tensor, int Row)> values, Func<int, (int, int)> place)
    {
        var most = Math.Max(1, Roots.Max(r => r.Count));
        var roots = rows.Gather("trees", values, [.. Roots.SelectMany(r => Enumerable.Range(0, most).Select(k => k < r.Count ? place(r[k]) : Absent(r)))]);
        definition.Output(0, [rows.Count, Roots.Count], [rows.Count, Roots.Count], (b, i) =>
        {
            Term? initial = definition.Has(2) ? b.At(definition.Input(2), i[1]) : null;
            Func<BlockBuilder, Affine[], Term> tree = (t, k) => t.At(roots, i[0], i[1] * most + k[0]);
            if (Aggregate == Reduction.Sum)
                return b.Sum([most], tree, initial);
            var extreme = Aggregate == Reduction.Maximum ? b.Max([most], tree) : b.Min([most], tree);
            return initial is { } added ? extreme + added : extreme;
        });

        // In a sum zero stands for a tree that is not there, in an extreme another tree.
        (int, int) Absent(Seq<int> trees) => Aggregate == Reduction.Sum || trees.Count == 0 ? TreeRows.Zero : place(trees[0]);
    }
}
