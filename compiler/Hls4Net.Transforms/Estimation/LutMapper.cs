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
/// with priority cuts", 2007), first for the fewest levels of plain look-up tables, then for area where there is time, at last by exact local area.
/// </summary>
internal sealed class LutMapper
{
    private const int MostCuts = 8;
    private const int Widest = 9;

    private readonly LogicGraph _graph;
    private readonly LutCosts _costs;
    private readonly int[] _roots;
    private readonly int[] _order;
    private readonly int[] _place;
    private readonly int[] _fanout;
    private readonly Cut[][] _cuts;
    private readonly Cut[] _best;
    private readonly int[] _arrival;
    private readonly int[] _required;
    private readonly double[] _flow;
    private readonly int[] _uses;

    /// <summary>Nodes, ascending, from which another can be computed.</summary>
    private sealed record Cut(int[] Leaves, ulong Mark)
    {
        public int Arrival { get; set; }

        public double Flow { get; set; }
    }

    /// <param name="roots">Nodes that must be there.</param>
    public LutMapper(LogicGraph graph, LutCosts costs, IEnumerable<int> roots)
    {
        (_graph, _costs) = (graph, costs);
        _roots = [.. roots.Where(r => !graph.IsLeaf(r))];
        _place = new int[graph.Count];
        Array.Fill(_place, -1);
        _order = Collect();
        for (var k = 0; k < _order.Length; k++)
            _place[_order[k]] = k;
        _fanout = new int[_order.Length];
        foreach (var node in _order)
        {
            CountUse(graph.Inputs(node).A >> 1);
            CountUse(graph.Inputs(node).B >> 1);
        }
        foreach (var root in _roots)
            CountUse(root);
        (_cuts, _best, _arrival, _required, _flow, _uses) = (new Cut[_order.Length][], new Cut[_order.Length], new int[_order.Length], new int[_order.Length], new double[_order.Length], new int[_order.Length]);

        void CountUse(int node)
        {
            if (_place[node] >= 0)
                _fanout[_place[node]]++;
        }
    }

    /// <summary>The nodes that are built, each with the inputs of its look-up table.</summary>
    public IEnumerable<(int Node, int Inputs)> Map()
    {
        Array.Fill(_required, int.MaxValue);
        Enumerate(byArea: false);
        Require();
        Enumerate(byArea: true);
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
        for (var k = 0; k < _order.Length; k++)
        {
            if (_uses[k] > 0)
                yield return (_order[k], _best[k].Leaves.Length);
        }
    }

    /// <summary>Nodes above the roots, inputs first: a node is made after what it is made of.</summary>
    private int[] Collect()
    {
        var seen = new HashSet<int>();
        var stack = new Stack<int>(_roots);
        while (stack.TryPop(out var node))
        {
            if (_graph.IsLeaf(node) || !seen.Add(node))
                continue;
            var (a, b) = _graph.Inputs(node);
            stack.Push(a >> 1);
            stack.Push(b >> 1);
        }
        return [.. seen.Order()];
    }

    private void Enumerate(bool byArea)
    {
        var found = new List<Cut>();
        for (var k = 0; k < _order.Length; k++)
        {
            found.Clear();
            var (a, b) = _graph.Inputs(_order[k]);
            foreach (var left in CutsOf(a >> 1))
            {
                foreach (var right in CutsOf(b >> 1))
                {
                    if (Merge(left, right, byArea ? _costs.Inputs : _costs.Plain) is { } cut && !found.Exists(f => IsWithin(f, cut)))
                    {
                        found.RemoveAll(f => IsWithin(cut, f));
                        Weigh(cut);
                        found.Add(cut);
                    }
                }
            }
            // What takes too long is better than nothing, but comes last.
            var limit = _required[k];
            found.Sort((x, y) => byArea ? CompareByArea(x, y, limit) : CompareByTime(x, y));
            _cuts[k] = [.. found.Take(MostCuts)];
            Choose(k, _cuts[k][0]);
        }
    }

    private static int CompareByTime(Cut x, Cut y) =>
        x.Arrival != y.Arrival ? x.Arrival.CompareTo(y.Arrival) : x.Flow != y.Flow ? x.Flow.CompareTo(y.Flow) : x.Leaves.Length.CompareTo(y.Leaves.Length);

    private static int CompareByArea(Cut x, Cut y, int limit)
    {
        var late = (x.Arrival > limit).CompareTo(y.Arrival > limit);
        return late != 0 ? late : x.Flow != y.Flow ? x.Flow.CompareTo(y.Flow) : CompareByTime(x, y);
    }

    private void Choose(int place, Cut cut)
    {
        _best[place] = cut;
        _arrival[place] = cut.Arrival;
        _flow[place] = cut.Flow / Math.Max(1, _fanout[place]);
    }

    private void Weigh(Cut cut)
    {
        var (arrival, flow) = (0, _costs.Weight[cut.Leaves.Length]);
        foreach (var leaf in cut.Leaves)
        {
            if (_place[leaf] is var place && place >= 0)
                (arrival, flow) = (Math.Max(arrival, _arrival[place]), flow + _flow[place]);
        }
        (cut.Arrival, cut.Flow) = (arrival + 1, flow);
    }

    /// <summary>The cuts of a node, itself alone last.</summary>
    private IEnumerable<Cut> CutsOf(int node)
    {
        if (_place[node] is var place && place >= 0)
        {
            foreach (var cut in _cuts[place])
                yield return cut;
        }
        yield return new([node], 1UL << (node & 63));
    }

    private static Cut? Merge(Cut left, Cut right, int most)
    {
        var mark = left.Mark | right.Mark;
        if (System.Numerics.BitOperations.PopCount(mark) > most)
            return null;
        Span<int> leaves = stackalloc int[Widest];
        var (i, j, count) = (0, 0, 0);
        var (a, b) = (left.Leaves, right.Leaves);
        while (i < a.Length || j < b.Length)
        {
            if (count == most)
                return null;
            var next = j == b.Length || (i < a.Length && a[i] <= b[j]) ? a[i] : b[j];
            if (i < a.Length && a[i] == next)
                i++;
            if (j < b.Length && b[j] == next)
                j++;
            leaves[count++] = next;
        }
        return new(leaves[..count].ToArray(), mark);
    }

    /// <summary>Whether the first cut's leaves are all among the second's.</summary>
    private static bool IsWithin(Cut inner, Cut outer)
    {
        if (inner.Leaves.Length > outer.Leaves.Length || (inner.Mark & ~outer.Mark) != 0)
            return false;
        var at = 0;
        foreach (var leaf in inner.Leaves)
        {
            while (at < outer.Leaves.Length && outer.Leaves[at] < leaf)
                at++;
            if (at == outer.Leaves.Length || outer.Leaves[at] != leaf)
                return false;
        }
        return true;
    }

    /// <summary>What is used by the chosen cuts, and when it must be there so that no root comes later than the last has to.</summary>
    private void Require()
    {
        Array.Clear(_uses);
        Array.Fill(_required, int.MaxValue);
        var last = _roots.Length == 0 ? 0 : _roots.Max(r => _arrival[_place[r]]);
        foreach (var root in _roots)
        {
            _uses[_place[root]]++;
            _required[_place[root]] = last;
        }
        for (var k = _order.Length - 1; k >= 0; k--)
        {
            if (_uses[k] == 0)
                continue;
            foreach (var leaf in _best[k].Leaves)
            {
                if (_place[leaf] is var place && place >= 0)
                {
                    _uses[place]++;
                    _required[place] = Math.Min(_required[place], _required[k] - 1);
                }
            }
        }
    }

    private void ImproveExactly()
    {
        for (var k = 0; k < _order.Length; k++)
        {
            if (_uses[k] == 0 || _cuts[k].Length == 1)
            {
                Weigh(_best[k]);
                _arrival[k] = _best[k].Arrival;
                continue;
            }
            Drop(_best[k]);
            var (best, area) = (default(Cut), 0.0);
            foreach (var cut in _cuts[k])
            {
                Weigh(cut);
                if (cut.Arrival > _required[k])
                    continue;
                var taken = Take(cut);
                Drop(cut);
                if (best is null || taken < area)
                    (best, area) = (cut, taken);
            }
            _best[k] = best ?? _best[k];
            Take(_best[k]);
            Weigh(_best[k]);
            _arrival[k] = _best[k].Arrival;
        }
    }

    /// <summary>Uses a cut; the weight of what was not there before.</summary>
    private double Take(Cut cut)
    {
        var area = _costs.Weight[cut.Leaves.Length];
        foreach (var leaf in cut.Leaves)
        {
            if (_place[leaf] is var place && place >= 0 && _uses[place]++ == 0)
                area += Take(_best[place]);
        }
        return area;
    }

    private void Drop(Cut cut)
    {
        foreach (var leaf in cut.Leaves)
        {
            if (_place[leaf] is var place && place >= 0 && --_uses[place] == 0)
                Drop(_best[place]);
        }
    }
}
