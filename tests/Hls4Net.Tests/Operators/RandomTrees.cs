using Hls4Net.Operators;
using Hls4Net.Operators.Trees;

namespace Hls4Net.Tests.Operators;

/// <summary>
/// Decision trees drawn at random, with an evaluation of their own: recursive, by the text of ONNX. Features, thresholds and leaves are dyadic numbers
/// of few bits, so that float64 holds every number and every sum exactly.
/// </summary>
internal sealed class RandomTrees
{
    private static readonly string[] Modes = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"];

    private readonly List<Node> _trees = [];
    private readonly Random _random;
    private readonly int _fraction;

    /// <param name="fraction">Fraction bits of the features; thresholds have up to three more.</param>
    public RandomTrees(int seed, int features, int targets, int fraction, int trees, int depth)
    {
        (_random, Features, Targets, _fraction) = (new Random(seed), features, targets, fraction);
        for (var t = 0; t < trees; t++)
            _trees.Add(Draw(depth, t % targets));
    }

    public int Features { get; }

    public int Targets { get; }

    /// <summary>All thresholds, by the feature that is held against them.</summary>
    public IEnumerable<(int Feature, double Threshold)> Thresholds => _trees.SelectMany(All).Where(n => n.Then is not null).Select(n => (n.Feature, n.Threshold));

    private sealed record Node(string Mode, int Feature, double Threshold, Node? Then, Node? Otherwise, int Target, double Weight);

    /// <summary>The ensemble as a model.</summary>
    public OperatorCase ToCase(string aggregate)
    {
        var nodes = _trees.SelectMany((t, k) => All(t).Select((n, id) => (Tree: k, Id: id, Node: n))).ToArray();
        var ids = nodes.ToDictionary(n => (object)n.Node, n => n.Id, ReferenceEqualityComparer.Instance);
        var leaves = nodes.Where(n => n.Node.Then is null).ToArray();
        return OperatorCase.Of("TreeEnsembleRegressor", "random", 3, TreeCases.Domain).Input(1, Features).With("n_targets", Targets).With("aggregate_function", aggregate)
            .With("nodes_treeids", Longs(nodes, n => n.Tree)).With("nodes_nodeids", Longs(nodes, n => n.Id)).With("nodes_featureids", Longs(nodes, n => n.Node.Feature))
            .With("nodes_modes", nodes.Select(n => n.Node.Mode).ToArray()).With("nodes_values", nodes.Select(n => (float)n.Node.Threshold).ToArray())
            .With("nodes_truenodeids", Longs(nodes, n => n.Node.Then is { } child ? ids[child] : 0))
            .With("nodes_falsenodeids", Longs(nodes, n => n.Node.Otherwise is { } child ? ids[child] : 0))
            .With("target_treeids", Longs(leaves, n => n.Tree)).With("target_nodeids", Longs(leaves, n => n.Id))
            .With("target_ids", Longs(leaves, n => n.Node.Target)).With("target_weights", leaves.Select(n => (float)n.Node.Weight).ToArray());
    }

    /// <summary>The results for one event.</summary>
    public double[] Evaluate(string aggregate, double[] features)
    {
        var reached = _trees.Select(t => Leaf(t, features)).ToLookup(l => l.Target, l => l.Weight);
        return [.. Enumerable.Range(0, Targets).Select(t => aggregate switch
        {
            "MIN" => reached[t].Min(),
            "MAX" => reached[t].Max(),
            "AVERAGE" => reached[t].Sum() / _trees.Count,
            _ => reached[t].Sum(),
        })];
    }

    private Node Draw(int depth, int target)
    {
        if (depth == 0 || _random.Next(8) == 0)
            return new("LEAF", 0, 0, null, null, target, _random.Next(-4000, 4000) / 64.0);
        // A third of the thresholds lies on the grid of the features, the others between its points; some lie outside of all of them.
        var steps = _random.Next(3) == 0 ? 1 : 8;
        var threshold = Math.ScaleB(_random.Next(-9 * steps << _fraction, 9 * steps << _fraction) / (double)steps, -_fraction);
        return new(Modes[_random.Next(Modes.Length)], _random.Next(Features), threshold, Draw(depth - 1, target), Draw(depth - 1, target), target, 0);
    }

    private static Node Leaf(Node node, double[] features)
    {
        while (node.Then is not null)
        {
            var (x, t) = (features[node.Feature], node.Threshold);
            var holds = node.Mode switch
            {
                "BRANCH_LEQ" => x <= t,
                "BRANCH_LT" => x < t,
                "BRANCH_GTE" => x >= t,
                "BRANCH_GT" => x > t,
                "BRANCH_EQ" => x == t,
                _ => x != t,
            };
            node = holds ? node.Then : node.Otherwise!;
        }
        return node;
    }

    private static IEnumerable<Node> All(Node node) => node.Then is null ? [node] : [node, .. All(node.Then), .. All(node.Otherwise!)];

    private static long[] Longs<T>(IEnumerable<T> items, Func<T, int> number) => [.. items.Select(i => (long)number(i))];
}
