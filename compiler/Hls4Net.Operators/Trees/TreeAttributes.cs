using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators.Trees;

/// <summary>Reads the trees of TreeEnsembleClassifier and TreeEnsembleRegressor: parallel lists with an entry for each node, and for each weight.</summary>
internal static class TreeAttributes
{
    private static readonly string[] Modes = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ", "", "LEAF"];

    /// <param name="node">The ONNX node.</param>
    /// <param name="kind">How the names of the weights' attributes begin: "target" or "class".</param>
    /// <param name="targets">How many targets or classes there are.</param>
    public static TreeSource Read(OnnxNode node, string kind, int targets)
    {
        var attributes = node.Attributes;
        attributes.Ignore("nodes_hitrates");
        attributes.Ignore("nodes_hitrates_as_tensor");
        IgnoreMissingTracks(node);
        var modes = attributes.Strings("nodes_modes") ?? [];
        var (trees, ids) = (Integers(node, "nodes_treeids", modes.Length), Integers(node, "nodes_nodeids", modes.Length));
        var places = new Dictionary<(long, long), int>();
        for (var k = 0; k < modes.Length; k++)
        {
            if (!places.TryAdd((trees[k], ids[k]), k))
                throw node.Refuse(I($"node {ids[k]} of tree {trees[k]} is given twice"));
        }
        var nodes = ReadNodes(node, modes, trees, places);
        ReadWeights(node, kind, targets, nodes, places);
        var roots = Enumerable.Range(0, modes.Length).Where(k => k == 0 || trees[k] != trees[k - 1]).ToArray();
        return roots.Select(r => trees[r]).Distinct().Count() == roots.Length
            ? new(nodes, roots, targets)
            : throw node.Refuse("the nodes of a tree are not listed one after the other");
    }

    /// <summary>Numbers that an attribute gives as floats, or as a tensor in the attribute of the same name with "_as_tensor".</summary>
    public static Seq<Dyadic> Numbers(OnnxNode node, string name)
    {
        var floats = node.Attributes.Floats(name) ?? [];
        var tensor = node.Attributes.Tensor($"{name}_as_tensor") is { } given ? node.Read(given, name).Values : [];
        return floats.Length == 0 ? tensor : tensor.Count == 0 ? Seq.Own(floats) : throw node.Refuse($"'{name}' is given twice");
    }

    /// <summary>Where events without a value go does not matter: numbers in fixed point are all there.</summary>
    public static void IgnoreMissingTracks(OnnxNode node)
    {
        if (node.Attributes.IgnoredInts("nodes_missing_value_tracks_true").Any(t => t != 0))
            node.Warn(Messages.MissingValueTracks(node.Where));
    }

    private static TreeSourceNode[] ReadNodes(OnnxNode node, string[] modes, long[] trees, Dictionary<(long, long), int> places)
    {
        var features = Integers(node, "nodes_featureids", modes.Length);
        var (thens, otherwises) = (Integers(node, "nodes_truenodeids", modes.Length), Integers(node, "nodes_falsenodeids", modes.Length));
        var thresholds = Numbers(node, "nodes_values");
        if (thresholds.Count != modes.Length)
            throw node.Refuse(I($"'nodes_values' has {thresholds.Count} entries for {modes.Length} nodes"));
        var nodes = new TreeSourceNode[modes.Length];
        for (var k = 0; k < nodes.Length; k++)
        {
            var mode = modes[k].Length == 0 ? -1 : Array.IndexOf(Modes, modes[k]);
            if (mode < 0)
                throw node.Attributes.Value("nodes_modes", $"'{modes[k]}'", $"there are {string.Join(", ", Modes.Where(m => m.Length > 0))}");
            nodes[k] = mode == (int)TreeMode.Leaf
                ? new(TreeMode.Leaf, 0, [], -1, -1)
                : new((TreeMode)mode, Feature(node, features[k]), [thresholds[k]], Child(k, thens[k]), Child(k, otherwises[k]));
        }
        return nodes;

        int Child(int k, long id) => places.TryGetValue((trees[k], id), out var place) && place != k
            ? place
            : throw node.Refuse(I($"a branch of tree {trees[k]} leads to node {id}, which is not another node of it"));
    }

    private static void ReadWeights(OnnxNode node, string kind, int targets, TreeSourceNode[] nodes, Dictionary<(long, long), int> places)
    {
        var ids = node.Attributes.Ints($"{kind}_ids") ?? [];
        var (trees, leaves) = (Integers(node, $"{kind}_treeids", ids.Length), Integers(node, $"{kind}_nodeids", ids.Length));
        var weights = Numbers(node, $"{kind}_weights");
        if (weights.Count != ids.Length)
            throw node.Refuse(I($"'{kind}_weights' has {weights.Count} entries for {ids.Length} of '{kind}_ids'"));
        for (var k = 0; k < ids.Length; k++)
        {
            if (!places.TryGetValue((trees[k], leaves[k]), out var place))
                throw node.Refuse(I($"a weight belongs to node {leaves[k]} of tree {trees[k]}, which is not there"));
            // Old exporters give branches weights too, which nobody reads.
            if (nodes[place].Mode == TreeMode.Leaf)
                AddWeight(node, nodes[place], ids[k], targets, weights[k]);
        }
    }

    /// <summary>Gives a leaf a weight.</summary>
    public static void AddWeight(OnnxNode node, TreeSourceNode leaf, long target, int targets, Dyadic weight)
    {
        if (target < 0 || target >= targets)
            throw node.Refuse(I($"a weight is for target or class {target}, and there are {targets}"));
        if (leaf.Weights.Exists(w => w.Target == target))
            throw node.Refuse(I($"a leaf has two weights for target or class {target}"));
        leaf.Weights.Add(((int)target, weight));
    }

    /// <summary>A feature's place in a row.</summary>
    public static int Feature(OnnxNode node, long feature) => feature is >= 0 and < TensorReader.MaximumElements
        ? (int)feature
        : throw node.Refuse(I($"a branch reads feature {feature}"));

    private static long[] Integers(OnnxNode node, string name, int count)
    {
        var numbers = node.Attributes.Ints(name) ?? [];
        return numbers.Length == count ? numbers : throw node.Refuse(I($"'{name}' has {numbers.Length} entries where {count} are needed"));
    }

    private static string I(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
