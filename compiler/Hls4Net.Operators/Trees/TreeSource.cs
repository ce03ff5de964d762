using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators.Trees;

/// <summary>What a node of ONNX asks of its feature, in ONNX's numbering.</summary>
internal enum TreeMode
{
    LessOrEqual,
    Less,
    GreaterOrEqual,
    Greater,
    Equal,
    NotEqual,
    Member,
    Leaf,

    /// <summary>Membership of the feature without its fraction, which ONNX does not have.</summary>
    MemberWithoutFraction,
}

/// <summary>A node of a tree as a model has it.</summary>
/// <param name="Values">The threshold, or the numbers of a set.</param>
/// <param name="Then">Place of the child where the comparison holds.</param>
/// <param name="Otherwise">Place of the child where it does not.</param>
internal sealed record TreeSourceNode(TreeMode Mode, int Feature, Seq<Dyadic> Values, int Then, int Otherwise)
{
    /// <summary>What a leaf gives to which target.</summary>
    public List<(int Target, Dyadic Weight)> Weights { get; } = [];
}

/// <summary>An ensemble as a model has it.</summary>
internal sealed record TreeSource(IReadOnlyList<TreeSourceNode> Nodes, IReadOnlyList<int> Roots, int Targets)
{
    /// <summary>Deeper trees are refused, as ONNX Runtime does.</summary>
    private const int MostLevels = 1000;

    /// <summary>Whether every event has a weight for the target: in some tree, all leaves have one.</summary>
    public bool IsAlwaysGiven(int target) => Roots.Any(r => LeavesOf(r).All(l => Gives(l, target)));

    /// <summary>Whether in each tree either all leaves have a weight for the target or none.</summary>
    public bool IsGivenByTree(int target) => Roots.All(r => LeavesOf(r).Select(l => Gives(l, target)).Distinct().Count() == 1);

    /// <summary>Writes the trees that lead to the targets.</summary>
    /// <param name="targets">The targets, in the order of the result.</param>
    /// <param name="value">The number that a leaf with a weight has; one without has 0.</param>
    /// <param name="aggregate">How the trees of a target are combined.</param>
    public (TreeEnsemble Trees, Seq<Dyadic> Leaves) Write(IReadOnlyList<int> targets, Func<Dyadic, Dyadic> value, Reduction aggregate)
    {
        var writer = new TreeWriter();
        var roots = targets.Select(_ => new List<int>()).ToArray();
        foreach (var root in Roots)
        {
            var order = Walk(root);
            for (var k = 0; k < roots.Length; k++)
            {
                if (order.Exists(n => Gives(Nodes[n], targets[k])))
                    roots[k].Add(Write(writer, order, targets[k], value));
            }
        }
        // An ensemble without leaves for these targets still has an input of values.
        if (writer.Leaves.Count == 0)
            writer.Leaf(Dyadic.Zero);
        return (writer.ToOperator(roots.Select(r => r.ToSeq()), aggregate), writer.Leaves.ToSeq());
    }

    private IEnumerable<TreeSourceNode> LeavesOf(int root) => Walk(root).Select(n => Nodes[n]).Where(n => n.Mode == TreeMode.Leaf);

    private static bool Gives(TreeSourceNode node, int target) => node.Weights.Exists(w => w.Target == target);

    private int Write(TreeWriter writer, List<int> order, int target, Func<Dyadic, Dyadic> value)
    {
        var written = new Dictionary<int, int>();
        foreach (var place in order)
        {
            var node = Nodes[place];
            written[place] = node.Mode == TreeMode.Leaf
                ? writer.Leaf(node.Weights.Where(w => w.Target == target).Select(w => value(w.Weight)).FirstOrDefault())
                : Branch(writer, node, written[node.Then], written[node.Otherwise]);
        }
        return written[order[^1]];
    }

    private static int Branch(TreeWriter writer, TreeSourceNode node, int then, int otherwise)
    {
        TreeTest Test(Comparison comparison, int value = 0) => new(node.Feature, comparison, node.Values[value]);
        return node.Mode switch
        {
            TreeMode.LessOrEqual => writer.Branch(Test(Comparison.LessOrEqual), then, otherwise),
            TreeMode.Less => writer.Branch(Test(Comparison.Less), then, otherwise),
            TreeMode.GreaterOrEqual => writer.Branch(Test(Comparison.Less), otherwise, then),
            TreeMode.Greater => writer.Branch(Test(Comparison.LessOrEqual), otherwise, then),
            TreeMode.Equal => writer.Branch(Test(Comparison.Equal), then, otherwise),
            TreeMode.NotEqual => writer.Branch(Test(Comparison.Equal), otherwise, then),
            TreeMode.MemberWithoutFraction => node.Values.Aggregate(otherwise, (rest, value) => Truncated(writer, node.Feature, value, then, rest)),
            _ => Enumerable.Range(0, node.Values.Count).Aggregate(otherwise, (rest, k) => writer.Branch(Test(Comparison.Equal, k), then, rest)),
        };
    }

    /// <summary>Whether a feature whose fraction is cut off toward zero is a whole number.</summary>
    private static int Truncated(TreeWriter writer, int feature, Dyadic number, int then, int otherwise)
    {
        var (low, high) = (number.Sign > 0 ? number : number - 1, number.Sign < 0 ? number : number + 1);
        var isBelow = number.Sign < 0 ? Comparison.LessOrEqual : Comparison.Less;
        var isTooLow = number.Sign > 0 ? Comparison.Less : Comparison.LessOrEqual;
        return writer.Branch(new(feature, isTooLow, low), otherwise, writer.Branch(new(feature, isBelow, high), then, otherwise));
    }

    /// <summary>The places of a tree's nodes, children first.</summary>
    /// <exception cref="TreeException">There is a cycle, or the tree is too deep.</exception>
    private List<int> Walk(int root)
    {
        var order = new List<int>();
        var done = new HashSet<int>();
        var open = new HashSet<int>();
        var pending = new Stack<int>([root]);
        while (pending.TryPeek(out var place))
        {
            var node = Nodes[place];
            if (node.Mode == TreeMode.Leaf || !open.Add(place))
            {
                pending.Pop();
                open.Remove(place);
                if (done.Add(place))
                    order.Add(place);
                continue;
            }
            foreach (var child in new[] { node.Then, node.Otherwise }.Where(c => !done.Contains(c)))
            {
                if (open.Contains(child))
                    throw new TreeException("a node is its own descendant");
                pending.Push(child);
            }
            if (open.Count > MostLevels)
                throw new TreeException($"a tree has more than {MostLevels} levels");
        }
        return order;
    }
}

/// <summary>The nodes of a file are no trees.</summary>
internal sealed class TreeException(string message) : Exception(message);
