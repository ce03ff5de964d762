using System.Globalization;
using System.Runtime.InteropServices;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using Hls4Net.Operators.Onnx.Proto;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators.Trees;

/// <summary>Reads the trees of TreeEnsemble, the operator of ai.onnx.ml 5: branches and leaves in lists of their own.</summary>
internal sealed class TreeAttributes5
{
    /// <summary>The largest number that ONNX Runtime keeps in a mask.</summary>
    private const int LargestInMask = 30;

    private readonly OnnxNode _node;
    private readonly List<TreeSourceNode> _nodes = [];

    private TreeAttributes5(OnnxNode node) => _node = node;

    public static TreeSource Read(OnnxNode node, int targets) => new TreeAttributes5(node).Read(targets);

    private TreeSource Read(int targets)
    {
        _node.Attributes.Ignore("nodes_hitrates");
        TreeAttributes.IgnoreMissingTracks(_node);
        var modes = Integers("nodes_modes", Numbers("nodes_modes"));
        var splits = Numbers("nodes_splits");
        var features = Ints("nodes_featureids", modes.Length);
        var (thens, thenLeaves) = (Ints("nodes_truenodeids", modes.Length), Ints("nodes_trueleafs", modes.Length));
        var (otherwises, otherwiseLeaves) = (Ints("nodes_falsenodeids", modes.Length), Ints("nodes_falseleafs", modes.Length));
        if (splits.Count != modes.Length)
            throw _node.Refuse(I($"'nodes_splits' has {splits.Count} entries for {modes.Length} nodes"));
        var weights = Numbers("leaf_weights");
        var ids = Ints("leaf_targetids", weights.Count);
        var sets = new Queue<Seq<Dyadic>>(Sets());
        for (var k = 0; k < modes.Length; k++)
        {
            if (modes[k] is < 0 or > (int)TreeMode.Member)
                throw _node.Attributes.Value("nodes_modes", modes[k].ToString(CultureInfo.InvariantCulture), "there are 0 to 6");
            var values = modes[k] != (int)TreeMode.Member ? [splits[k]]
                : sets.TryDequeue(out var set) ? set : throw _node.Refuse("'membership_values' has fewer sets than there are nodes that ask for one");
            var mode = modes[k] == (int)TreeMode.Member && !IsMask(values) ? TreeMode.MemberWithoutFraction : (TreeMode)modes[k];
            _nodes.Add(new(mode, TreeAttributes.Feature(_node, features[k]), values,
                Child(thens[k], thenLeaves[k], modes.Length, ids.Length), Child(otherwises[k], otherwiseLeaves[k], modes.Length, ids.Length)));
        }
        if (modes.Contains((int)TreeMode.Member))
            _node.Warn(Messages.CategoriesOfTrees(_node.Where));
        for (var k = 0; k < ids.Length; k++)
        {
            _nodes.Add(new(TreeMode.Leaf, 0, [], -1, -1));
            TreeAttributes.AddWeight(_node, _nodes[^1], ids[k], targets, weights[k]);
        }
        var roots = _node.Attributes.Ints("tree_roots") ?? [];
        return Array.TrueForAll(roots, r => r >= 0 && r < modes.Length)
            ? new(_nodes, [.. roots.Select(r => (int)r)], targets)
            : throw _node.Refuse("a tree begins at a node that is not there");
    }

    /// <summary>
    /// Whether ONNX Runtime keeps a set as a mask of bits, for which only whole features are members. Of other sets the feature without its fraction
    /// may be one; sets of numbers that are not whole it does not take at all.
    /// </summary>
    private static bool IsMask(Seq<Dyadic> values) =>
        values.All(v => v >= Dyadic.Zero && v <= LargestInMask) || values.Any(v => !v.IsZero && v.Exponent < 0);

    /// <summary>The place of a child, where the leaves stand behind the branches.</summary>
    private int Child(long id, long isLeaf, int nodes, int leaves) => id >= 0 && id < (isLeaf == 0 ? nodes : leaves)
        ? (int)id + (isLeaf == 0 ? 0 : nodes)
        : throw _node.Refuse(I($"a branch leads to {(isLeaf == 0 ? "node" : "leaf")} {id}, which is not there"));

    private Seq<Dyadic> Numbers(string name) => _node.Attributes.Tensor(name) is { } tensor ? _node.Read(tensor, name).Values : [];

    private long[] Integers(string name, Seq<Dyadic> numbers) =>
        Onnx.Numbers.Integers(numbers) ?? throw _node.Refuse($"'{name}' must be whole numbers");

    private long[] Ints(string name, int count)
    {
        var numbers = _node.Attributes.Ints(name) ?? [];
        return numbers.Length == count ? numbers : throw _node.Refuse(I($"'{name}' has {numbers.Length} entries where {count} are needed"));
    }

    /// <summary>The sets of the nodes that ask for membership, in their order; a NaN stands between two.</summary>
    private IEnumerable<Seq<Dyadic>> Sets()
    {
        var set = new List<Dyadic>();
        foreach (var value in _node.Attributes.Tensor("membership_values") is { } tensor ? Floats(tensor) : [])
        {
            if (double.IsNaN(value))
            {
                yield return set.ToSeq();
                set.Clear();
            }
            else
            {
                set.Add(double.IsFinite(value) ? Onnx.Numbers.Exact(value) : throw _node.Refuse("a number of 'membership_values' is infinite"));
            }
        }
        if (set.Count > 0)
            yield return set.ToSeq();
    }

    private double[] Floats(TensorProto tensor) => ((DataType)tensor.DataType, tensor.RawData.IsEmpty) switch
    {
        (DataType.Float, true) => [.. tensor.FloatData],
        (DataType.Float, false) when tensor.RawData.Length % sizeof(float) == 0 => [.. MemoryMarshal.Cast<byte, float>(tensor.RawData.Span)],
        (DataType.Double, true) => [.. tensor.DoubleData],
        (DataType.Double, false) when tensor.RawData.Length % sizeof(double) == 0 => MemoryMarshal.Cast<byte, double>(tensor.RawData.Span).ToArray(),
        _ => throw _node.Refuse("'membership_values' is no tensor of float or double"),
    };

    private static string I(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
