namespace Hls4Net.Transforms.Scheduling;

/// <summary>
/// The smallest cut between a source and a sink, by Dinic's method. Arcs can be added after a cut was found: the flow so far is kept, so
/// that the next cut costs only what it adds.
/// </summary>
internal sealed class MinimumCut
{
    /// <summary>The capacity of an arc that no cut may cross.</summary>
    public const long Uncuttable = long.MaxValue / 4;

    private const int Source = 0;
    private const int Sink = 1;

    private readonly List<int> _heads = [];
    private readonly List<int> _next = [];
    private readonly List<long> _residual = [];
    private readonly int[] _first;
    private readonly int[] _levels;
    private readonly int[] _current;
    private readonly int[] _queue;

    /// <param name="nodes">Nodes 0 to <paramref name="nodes"/> − 1 are the caller's.</param>
    public MinimumCut(int nodes)
    {
        _first = new int[nodes + 2];
        Array.Fill(_first, -1);
        (_levels, _current, _queue) = (new int[nodes + 2], new int[nodes + 2], new int[nodes + 2]);
    }

    /// <summary>An arc between two nodes.</summary>
    public void Add(int from, int to, long capacity) => Link(from + 2, to + 2, capacity);

    /// <summary>An arc from the source.</summary>
    public void AddFromSource(int to, long capacity) => Link(Source, to + 2, capacity);

    /// <summary>An arc to the sink.</summary>
    public void AddToSink(int from, long capacity) => Link(from + 2, Sink, capacity);

    /// <summary>What the smallest cut costs.</summary>
    public long Capacity { get; private set; }

    /// <summary>Finds the smallest cut; of several alike the one with the fewest nodes on the source's side.</summary>
    public void Solve()
    {
        while (Layer())
        {
            _first.CopyTo(_current, 0);
            while (Augment() is var more && more > 0)
                Capacity += more;
        }
    }

    /// <summary>Whether a node is on the source's side.</summary>
    public bool IsWithSource(int node) => _levels[node + 2] >= 0;

    private void Link(int from, int to, long capacity)
    {
        Half(from, to, capacity);
        Half(to, from, 0);
    }

    private void Half(int from, int to, long capacity)
    {
        _heads.Add(to);
        _residual.Add(capacity);
        _next.Add(_first[from]);
        _first[from] = _heads.Count - 1;
    }

    /// <summary>Numbers nodes by their distance from the source over arcs that are not full; true if the sink is reached.</summary>
    private bool Layer()
    {
        Array.Fill(_levels, -1);
        _levels[Source] = 0;
        var count = 1;
        _queue[0] = Source;
        for (var k = 0; k < count; k++)
        {
            for (var arc = _first[_queue[k]]; arc >= 0; arc = _next[arc])
            {
                var to = _heads[arc];
                if (_residual[arc] == 0 || _levels[to] >= 0)
                    continue;
                _levels[to] = _levels[_queue[k]] + 1;
                _queue[count++] = to;
            }
        }
        return _levels[Sink] >= 0;
    }

    private readonly Stack<int> _path = new();

    /// <summary>Sends flow along one path over ascending distances; the path is walked without recursion, for it can be long.</summary>
    private long Augment()
    {
        _path.Clear();
        var node = Source;
        while (node != Sink)
        {
            var arc = _current[node];
            while (arc >= 0 && (_residual[arc] == 0 || _levels[_heads[arc]] != _levels[node] + 1))
                arc = _next[arc];
            _current[node] = arc;
            if (arc >= 0)
            {
                _path.Push(arc);
                node = _heads[arc];
            }
            else if (_path.TryPop(out var back))
            {
                node = _heads[back ^ 1];
                _current[node] = _next[back];
            }
            else
            {
                return 0;
            }
        }
        var flow = _path.Min(a => _residual[a]);
        foreach (var arc in _path)
        {
            _residual[arc] -= flow;
            _residual[arc ^ 1] += flow;
        }
        return flow;
    }
}
