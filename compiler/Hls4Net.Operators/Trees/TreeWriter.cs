using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators.Trees;

/// <summary>Lists the parts of trees, each distinct test, leaf value and subtree once.</summary>
public sealed class TreeWriter
{
    private readonly List<TreeTest> _tests = [];
    private readonly List<TreeNode> _nodes = [];
    private readonly List<Dyadic> _leaves = [];
    private readonly Dictionary<TreeTest, int> _testPlaces = [];
    private readonly Dictionary<TreeNode, int> _nodePlaces = [];
    private readonly Dictionary<Dyadic, int> _leafPlaces = [];

    /// <summary>The leaf values in the order in which they were first met.</summary>
    public IReadOnlyList<Dyadic> Leaves => _leaves;

    /// <summary>A leaf, as children are written.</summary>
    public int Leaf(Dyadic value) => -1 - Place(_leafPlaces, _leaves, value);

    /// <summary>A branch, as children are written; one whose children are the same is that child.</summary>
    public int Branch(TreeTest test, int then, int otherwise) =>
        then == otherwise ? then : Place(_nodePlaces, _nodes, new(Place(_testPlaces, _tests, test), then, otherwise));

    /// <summary>What was written, from these roots on.</summary>
    public TreeEnsemble ToOperator(IEnumerable<Seq<int>> roots, Reduction aggregate) => new(_tests.ToSeq(), _nodes.ToSeq(), roots.ToSeq(), aggregate);

    private static int Place<T>(Dictionary<T, int> places, List<T> items, T item) where T : notnull
    {
        if (places.TryGetValue(item, out var place))
            return place;
        items.Add(item);
        return places[item] = items.Count - 1;
    }
}
