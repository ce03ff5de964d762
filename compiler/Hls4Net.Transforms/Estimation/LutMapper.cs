namespace Hls4Net.Transforms.Estimation;

/// <summary>What look-up tables of a number of inputs take, as a synthesis tool weighs them, and how many of the device's they are.</summary>
/// <param name="Inputs">The widest function that is built in one piece.</param>
/// <param name="Weight">For each number of inputs from 0 on, what the tool minimises.</param>
/// <param name="Count">For each number of inputs from 0 on, the look-up tables of the device.</param>
internal sealed record LutCosts(int Inputs, double[] Weight, int[] Count)
{
    /// <summary>Inputs of a look-up table; functions of more are made of several.</summary>
    public int Plain { get; } = Array.LastIndexOf(Count, 1);
}

/// <summary>
/// Covers logic with look-up tables as synthesis does: a few best cuts of each node (Mishchenko et al., "Combinational and sequential mapping
/// with priority cuts", 2007), first for the fewest levels, then for area where there is time, at last by exact local area.
/// </summary>
internal sealed class LutMapper
{
    private readonly LogicGraph _graph;
    private readonly LutCosts _costs;
    private readonly int _widest;
    private readonly int[] _roots;
    private readonly int[] _order;
    private readonly int[] _pairs;

    // By node; nodes that are not logic keep zeros.
    private readonly int[] _arrival;
    private readonly int[] _required;
    private readonly int[] _uses;
    private readonly double[] _flow;
    private readonly double[] _readers;
    private readonly int[] _best;

    private CutSets _cuts;

    /// <param name="widest">Inputs of the functions with which levels are counted.</param>
    /// <param name="roots">Nodes that must be there.</param>
    public LutMapper(LogicGraph graph, LutCosts costs, int widest, IReadOnlyList<int> roots)
    {
        (_graph, _costs, _widest) = (graph, costs, widest);
        var count = graph.Count;
        _readers = new double[count];
        var order = Collect([.. roots.Where(r => !graph.IsLeaf(r))]);
        foreach (var node in order)
        {
            var (a, b) = graph.Inputs(node);
            _readers[a >> 1]++;
            _readers[b >> 1]++;
        }
        // Most of a network of adders: two bits in front of a carry chain that no other logic reads. There is nothing to choose.
        _pairs = Array.FindAll(order, n => _readers[n] == 0 && graph.IsLeaf(graph.Inputs(n).A >> 1) && graph.IsLeaf(graph.Inputs(n).B >> 1));
        var isPair = new bool[count];
        foreach (var node in _pairs)
            isPair[node] = true;
        _order = Array.FindAll(order, n => !isPair[n]);
        _roots = [.. roots.Where(r => !graph.IsLeaf(r) && !isPair[r])];
        foreach (var root in _roots)
            _readers[root]++;
        (_arrival, _required, _uses, _flow, _best) = (new int[count], new int[count], new int[count], new double[count], new int[count]);
        _cuts = new(costs.Inputs, _order.Length, count);
    }

    /// <summary>The nodes that are built, each with the inputs of its look-up table.</summary>
    public IEnumerable<(int Node, int Inputs)> Map()
    {
        Array.Fill(_required, int.MaxValue);
        Enumerate(null);
        Require();
        foreach (var node in _order)
            _readers[node] = (2 * _readers[node] + _uses[node]) / 3;
        var first = _cuts;
        _cuts = new(_costs.Inputs, _order.Length, _graph.Count);
        Enumerate(first);
        Require();
        for (var round = 0; round < 2; round++)
        {
            ImproveExactly();
            Require();
        }
        return Chosen();
    }

    private IEnumerable<(int, int)> Chosen()
    {
        foreach (var node in _pairs)
            yield return (node, 2);
        foreach (var node in _order)
        {
            if (_uses[node] > 0)
                yield return (node, _cuts.LeavesOf(_best[node]).Length);
        }
    }

    /// <summary>Nodes above the roots, inputs first: a node is made after what it is made of.</summary>
    private int[] Collect(int[] roots)
    {
        var seen = new bool[_graph.Count];
        var stack = new Stack<int>(roots);
        var count = 0;
        while (stack.TryPop(out var node))
        {
            if (seen[node] || _graph.IsLeaf(node))
                continue;
            seen[node] = true;
            count++;
            var (a, b) = _graph.Inputs(node);
            stack.Push(a >> 1);
            stack.Push(b >> 1);
        }
        var order = new int[count];
        for (int node = 0, place = 0; place < count; node++)
        {
            if (seen[node])
                order[place++] = node;
        }
        return order;
    }

    /// <summary>The best cuts of all nodes: by time at first, then by area among those that are in time.</summary>
    /// <param name="before">Cuts of the round before, of which each node keeps the chosen one, so that it is never late; null in the first round.</param>
    private void Enumerate(CutSets? before)
    {
        var found = new CutList(before is null ? _widest : _costs.Inputs, before is not null);
        foreach (var node in _order)
        {
            var (a, b) = (_graph.Inputs(node).A >> 1, _graph.Inputs(node).B >> 1);
            found.Clear(_required[node]);
            if (_cuts.CountOf(a) + _cuts.CountOf(b) == 0)
            {
                found.Offer([Math.Min(a, b), Math.Max(a, b)], this);
            }
            else
            {
                if (before is not null)
                    found.Offer(before.LeavesOf(_best[node]), this);
                for (var left = 0; left <= _cuts.CountOf(a); left++)
                {
                    for (var right = 0; right <= _cuts.CountOf(b); right++)
                        found.OfferUnion(_cuts.CutOf(a, left, 0), _cuts.CutOf(b, right, 1), this);
                }
            }
            _cuts.Add(node, found);
            Choose(node, _cuts.FirstOf(node));
        }
    }

    private void Choose(int node, int cut)
    {
        _best[node] = cut;
        (_arrival[node], var flow) = Weigh(_cuts.LeavesOf(cut));
        _flow[node] = flow / Math.Max(1, _readers[node]);
    }

    /// <summary>When the result of a cut is there, and what it takes with its share of what it reads.</summary>
    public (int Arrival, double Flow) Weigh(ReadOnlySpan<int> leaves)
    {
        var (arrival, flow) = (0, _costs.Weight[leaves.Length]);
        foreach (var leaf in leaves)
            (arrival, flow) = (Math.Max(arrival, _arrival[leaf]), flow + _flow[leaf]);
        return (arrival + 1, flow);
    }

    /// <summary>What is used by the chosen cuts, and when it must be there so that no root comes later than the last has to.</summary>
    private void Require()
    {
        Array.Clear(_uses);
        Array.Fill(_required, int.MaxValue);
        var last = _roots.Length == 0 ? 0 : _roots.Max(r => _arrival[r]);
        foreach (var root in _roots)
        {
            _uses[root]++;
            _required[root] = last;
        }
        for (var k = _order.Length - 1; k >= 0; k--)
        {
            var node = _order[k];
            if (_uses[node] == 0)
                continue;
            foreach (var leaf in _cuts.LeavesOf(_best[node]))
            {
                _uses[leaf]++;
                _required[leaf] = Math.Min(_required[leaf], _required[node] - 1);
            }
        }
    }

    private void ImproveExactly()
    {
        foreach (var node in _order)
        {
            if (_uses[node] > 0 && _cuts.CountOf(node) > 1)
            {
                Drop(_best[node]);
                _best[node] = Smallest(node);
                Take(_best[node]);
            }
            _arrival[node] = Weigh(_cuts.LeavesOf(_best[node])).Arrival;
        }
    }

    /// <summary>The cut in time that adds least to what is used already.</summary>
    private int Smallest(int node)
    {
        var (best, area) = (_best[node], double.MaxValue);
        for (var cut = _cuts.FirstOf(node); cut < _cuts.FirstOf(node) + _cuts.CountOf(node); cut++)
        {
            if (Weigh(_cuts.LeavesOf(cut)).Arrival > _required[node])
                continue;
            var taken = Take(cut);
            Drop(cut);
            if (taken < area)
                (best, area) = (cut, taken);
        }
        return best;
    }

    /// <summary>Uses a cut; the weight of what was not there before.</summary>
    private double Take(int cut)
    {
        var leaves = _cuts.LeavesOf(cut);
        var area = _costs.Weight[leaves.Length];
        foreach (var leaf in leaves)
        {
            if (_uses[leaf]++ == 0 && _cuts.CountOf(leaf) > 0)
                area += Take(_best[leaf]);
        }
        return area;
    }

    private void Drop(int cut)
    {
        foreach (var leaf in _cuts.LeavesOf(cut))
        {
            if (--_uses[leaf] == 0 && _cuts.CountOf(leaf) > 0)
                Drop(_best[leaf]);
        }
    }
}
