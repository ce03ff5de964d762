namespace Hls4Net.Transforms.Scheduling;

/// <summary>
/// The smallest cut between a source and a sink, by Dinic's method with a search for shortest paths from both ends. Arcs can be added after a
/// cut was found: the flow so far is kept, so that the next cut costs only what it adds.
/// </summary>
/// <remarks>Arcs from the source and to the sink are numbers at the nodes, and what can flow straight through a node is not looked for.</remarks>
internal sealed class MinimumCut
{
    /// <summary>The capacity of an arc that no cut may cross.</summary>
    public const long Uncuttable = long.MaxValue / 4;

    private readonly int _nodes;
    private readonly List<(int From, int To, long Capacity)> _added = [];
    private readonly long[] _fromSource;
    private readonly long[] _toSink;
    private readonly int[] _levels;
    private readonly int[] _behind;
    private readonly int[] _current;
    private readonly int[] _forward;
    private readonly int[] _backward;
    private readonly int[] _path;
    private Arcs _arcs;
    private int _distance;

    /// <param name="nodes">Nodes are 0 to <paramref name="nodes"/> − 1.</param>
    public MinimumCut(int nodes)
    {
        _nodes = nodes;
        (_fromSource, _toSink) = (new long[nodes], new long[nodes]);
        (_levels, _behind, _current) = (new int[nodes], new int[nodes], new int[nodes]);
        (_forward, _backward, _path) = (new int[nodes], new int[nodes], new int[nodes]);
        _arcs = new(nodes, 0);
    }

    /// <summary>
    /// Both directions of all arcs, those that leave a node side by side: where they lead, how much more can flow there and back, and
    /// where the other direction is.
    /// </summary>
    private sealed class Arcs(int nodes, int count)
    {
        public int[] First { get; } = new int[nodes + 1];

        public int[] Heads { get; } = new int[2 * count];

        public long[] Rest { get; } = new long[2 * count];

        public long[] Back { get; } = new long[2 * count];

        public int[] Turned { get; } = new int[2 * count];
    }

    /// <summary>An arc between two nodes.</summary>
    public void Add(int from, int to, long capacity) => _added.Add((from, to, capacity));

    /// <summary>An arc from the source.</summary>
    public void AddFromSource(int to, long capacity) => _fromSource[to] = Math.Min(Uncuttable, _fromSource[to] + capacity);

    /// <summary>An arc to the sink.</summary>
    public void AddToSink(int from, long capacity) => _toSink[from] = Math.Min(Uncuttable, _toSink[from] + capacity);

    /// <summary>What the smallest cut costs.</summary>
    public long Capacity { get; private set; }

    /// <summary>Whether a node is on the source's side.</summary>
    public bool IsWithSource(int node) => _levels[node] >= 0;

    /// <summary>Finds the smallest cut; of several alike the one with the fewest nodes on the source's side.</summary>
    public void Solve()
    {
        Arrange();
        for (var n = 0; n < _nodes; n++)
        {
            var through = Math.Min(_fromSource[n], _toSink[n]);
            if (through == 0)
                continue;
            Capacity += through;
            _fromSource[n] -= through;
            _toSink[n] -= through;
        }
        while (Layer() is var roots && roots > 0)
        {
            Array.Copy(_arcs.First, _current, _nodes);
            for (var k = 0; k < roots; k++)
                Augment(_forward[k]);
        }
    }

    /// <summary>Puts added arcs among the others.</summary>
    private void Arrange()
    {
        if (_added.Count == 0)
            return;
        var old = _arcs;
        var all = new Arcs(_nodes, (old.Heads.Length / 2) + _added.Count);
        for (var n = 0; n < _nodes; n++)
            all.First[n + 1] = old.First[n + 1] - old.First[n];
        foreach (var (from, to, _) in _added)
        {
            all.First[from + 1]++;
            all.First[to + 1]++;
        }
        for (var n = 0; n < _nodes; n++)
            all.First[n + 1] += all.First[n];
        var next = all.First.AsSpan(0, _nodes).ToArray();
        var moved = new int[old.Heads.Length];
        for (var n = 0; n < _nodes; n++)
        {
            for (var arc = old.First[n]; arc < old.First[n + 1]; arc++)
                moved[arc] = next[n]++;
        }
        for (var arc = 0; arc < moved.Length; arc++)
        {
            var place = moved[arc];
            (all.Heads[place], all.Rest[place], all.Back[place], all.Turned[place]) = (old.Heads[arc], old.Rest[arc], old.Back[arc], moved[old.Turned[arc]]);
        }
        foreach (var (from, to, capacity) in _added)
        {
            var (there, back) = (next[from]++, next[to]++);
            (all.Heads[there], all.Rest[there], all.Back[there], all.Turned[there]) = (to, capacity, 0, back);
            (all.Heads[back], all.Rest[back], all.Back[back], all.Turned[back]) = (from, 0, capacity, there);
        }
        _added.Clear();
        _arcs = all;
    }

    /// <summary>
    /// Numbers nodes by their distance from the source on shortest paths to the sink. Without a path, all nodes that can be reached from the
    /// source have a number, and no others.
    /// </summary>
    /// <returns>How many nodes the paths can begin with; they are the first of the queue. None without a path.</returns>
    private int Layer()
    {
        Array.Fill(_levels, -1);
        Array.Fill(_behind, -1);
        var (roots, leaves) = (0, 0);
        for (var n = 0; n < _nodes; n++)
        {
            if (_fromSource[n] > 0)
                (_forward[roots++], _levels[n]) = (n, 0);
            else if (_toSink[n] > 0)
                (_backward[leaves++], _behind[n]) = (n, 0);
        }
        _distance = 0;
        var (next, reached, nextBehind, reachedBehind) = (0, roots, 0, leaves);
        while (_distance == 0 && next < reached)
        {
            // From the end where less has to be looked at; without one at the sink, all that the source reaches is wanted.
            if (nextBehind == reachedBehind || reached - next <= reachedBehind - nextBehind)
            {
                for (var end = reached; next < end; next++)
                    Expand(_forward[next], ref reached);
            }
            else
            {
                for (var end = reachedBehind; nextBehind < end; nextBehind++)
                    ExpandBehind(_backward[nextBehind], ref reachedBehind);
            }
        }
        if (_distance == 0)
            return 0;
        for (var k = 0; k < reachedBehind; k++)
            _levels[_backward[k]] = _distance - _behind[_backward[k]];
        return roots;
    }

    private void Expand(int node, ref int reached)
    {
        var (heads, rest, end) = (_arcs.Heads, _arcs.Rest, _arcs.First[node + 1]);
        for (var arc = _arcs.First[node]; arc < end; arc++)
        {
            var to = heads[arc];
            if (_levels[to] >= 0 || rest[arc] == 0)
                continue;
            if (_behind[to] >= 0)
            {
                _distance = _levels[node] + 1 + _behind[to];
                continue;
            }
            _levels[to] = _levels[node] + 1;
            _forward[reached++] = to;
        }
    }

    private void ExpandBehind(int node, ref int reached)
    {
        var (heads, back, end) = (_arcs.Heads, _arcs.Back, _arcs.First[node + 1]);
        for (var arc = _arcs.First[node]; arc < end; arc++)
        {
            var from = heads[arc];
            if (_behind[from] >= 0 || back[arc] == 0)
                continue;
            if (_levels[from] >= 0)
            {
                _distance = _levels[from] + 1 + _behind[node];
                continue;
            }
            _behind[from] = _behind[node] + 1;
            _backward[reached++] = from;
        }
    }

    /// <summary>Sends what can flow from one node over ascending distances; without recursion, for paths can be long.</summary>
    private void Augment(int root)
    {
        var (node, length) = (root, 0);
        while (_fromSource[root] > 0)
        {
            if (_levels[node] == _distance && _toSink[node] > 0)
            {
                length = Send(root, node, length);
                node = length == 0 ? root : _arcs.Heads[_path[length - 1]];
                continue;
            }
            var (arc, end, wanted) = (_current[node], _arcs.First[node + 1], _levels[node] + 1);
            while (arc < end && (_arcs.Rest[arc] == 0 || _levels[_arcs.Heads[arc]] != wanted))
                arc++;
            _current[node] = arc;
            if (arc < end)
            {
                _path[length++] = arc;
                node = _arcs.Heads[arc];
                continue;
            }
            if (length == 0)
                return;
            node = _arcs.Heads[_arcs.Turned[_path[--length]]];
            _current[node]++;
        }
    }

    /// <summary>Sends what can flow along a path, and returns how long it is up to its first full arc.</summary>
    private int Send(int root, int leaf, int length)
    {
        var flow = Math.Min(_fromSource[root], _toSink[leaf]);
        for (var k = 0; k < length; k++)
            flow = Math.Min(flow, _arcs.Rest[_path[k]]);
        Capacity += flow;
        _fromSource[root] -= flow;
        _toSink[leaf] -= flow;
        var open = length;
        for (var k = length - 1; k >= 0; k--)
        {
            var arc = _path[k];
            var turned = _arcs.Turned[arc];
            _arcs.Back[turned] = _arcs.Rest[arc] -= flow;
            _arcs.Back[arc] = _arcs.Rest[turned] += flow;
            if (_arcs.Rest[arc] == 0)
                open = k;
        }
        return open;
    }
}
