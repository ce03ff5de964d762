using System.Runtime.InteropServices;

namespace Hls4Net.Transforms.Scheduling;

/// <summary>
/// The cycles that take the fewest bits of registers, for a given latency and period; exactly the fewest.
/// <para>
/// Bits that several nodes read are held until the last of them. With c(n) the cycle of node n, the cost is the sum over pieces of nets of
/// width · (max over readers c(reader) − c(driver)), and all conditions have the form c(v) − c(u) ≥ constant: a reader is not before what
/// it reads, and if the logic from u to v exceeds the period, v is a cycle later than u (Leiserson and Saxe, Retiming Synchronous
/// Circuitry, Algorithmica 6, 1991). Such a cost is L-natural convex, so that steepest descent from the earliest cycles, each step moving
/// the best set of nodes one cycle later, ends at the optimum after as many steps as any node moves (Murota and Shioura, Exact bounds for
/// steepest descent algorithms of L-convex function minimization, Operations Research Letters 42, 2014). The best set is a minimum cut.
/// </para>
/// <para>
/// Conditions between nodes far apart are many and few matter: a set that breaks the period shows some, and those are added until none
/// is broken.
/// </para>
/// </summary>
internal sealed class FewestRegisters
{
    private readonly TimingGraph _graph;
    private readonly Timetable _timetable;
    private readonly int[] _cycles;
    private readonly bool[] _isFixed;
    private readonly List<Piece> _pieces = [];
    private readonly HashSet<(int Before, int After, int Cycles)> _apart = [];
    private readonly List<int> _edges = [];
    private readonly List<int> _readers = [];
    private readonly int[] _rank;
    private readonly int[] _behind;
    private readonly List<int> _seen = [];
    private readonly PriorityQueue<int, int> _next = new();

    private FewestRegisters(Timetable timetable)
    {
        (_graph, _timetable) = (timetable.Graph, timetable);
        _cycles = [.. Enumerable.Range(0, _graph.Nodes.Count).Select(timetable.Cycle)];
        _isFixed = [.. Enumerable.Range(0, _graph.Nodes.Count).Select(n => _graph.IsAlways[n] || _graph.IsEvent[n] || _graph.Nodes[n].IsKept)];
        foreach (var output in _graph.Outputs)
            _isFixed[output] = true;
        _rank = new int[_cycles.Length];
        _behind = new int[_cycles.Length];
        Array.Fill(_behind, -1);
        for (var k = 0; k < _rank.Length; k++)
            _rank[_graph.Order[k]] = k;
        foreach (var value in _graph.Values)
            AddPieces(value);
    }

    /// <summary>Bits of a net that the same nodes read.</summary>
    private readonly record struct Piece(int Driver, long Bits, int[] Readers);

    /// <param name="earliest">The earliest cycles, of which only the latency stays.</param>
    public static Timetable Run(Timetable earliest)
    {
        var search = new FewestRegisters(earliest);
        while (search.Step())
        {
            // Every step takes bits away.
        }
        return earliest.With(search._cycles);
    }

    private void AddPieces(TimedValue value)
    {
        _edges.Clear();
        foreach (var read in value.Reads)
        {
            if (_graph.IsAlways[read.Reader])
                continue;
            _edges.Add(read.Low);
            _edges.Add(read.High + 1);
        }
        _edges.Sort();
        var first = _pieces.Count;
        for (var k = 0; k + 1 < _edges.Count; k++)
        {
            if (_edges[k] == _edges[k + 1])
                continue;
            _readers.Clear();
            foreach (var read in value.Reads)
            {
                if (!_graph.IsAlways[read.Reader] && read.Low <= _edges[k] && read.High >= _edges[k])
                    _readers.Add(read.Reader);
            }
            AddPiece(value, (long)(_edges[k + 1] - _edges[k]) * value.Uses, first);
        }
    }

    /// <summary>Adds bits with the readers that were found for them.</summary>
    /// <param name="first">The first piece of the same value.</param>
    private void AddPiece(TimedValue value, long bits, int first)
    {
        _readers.Sort();
        var count = 0;
        for (var k = 0; k < _readers.Count; k++)
        {
            if (k == 0 || _readers[k] != _readers[count - 1])
                _readers[count++] = _readers[k];
        }
        if (count == 0)
            return;
        var readers = CollectionsMarshal.AsSpan(_readers)[..count];
        for (var p = first; p < _pieces.Count; p++)
        {
            if (!readers.SequenceEqual(_pieces[p].Readers))
                continue;
            _pieces[p] = _pieces[p] with { Bits = _pieces[p].Bits + bits };
            return;
        }
        _pieces.Add(new(value.Driver, bits, readers.ToArray()));
    }

    /// <summary>Moves the best set of nodes one cycle later; false if none takes bits away.</summary>
    private bool Step()
    {
        var cut = Conditions(out var gain);
        while (true)
        {
            cut.Solve();
            if (cut.Capacity >= gain)
                return false;
            var moved = (int[])_cycles.Clone();
            for (var n = 0; n < moved.Length; n++)
                moved[n] += !_isFixed[n] && cut.IsWithSource(n) ? 1 : 0;
            if (Broken(moved, cut))
                continue;
            moved.CopyTo(_cycles, 0);
            return true;
        }
    }

    /// <summary>
    /// The network whose smallest cut is the best set: moving a driver takes its bits away; moving one of the last readers of a piece adds
    /// that piece's bits.
    /// </summary>
    /// <param name="gain">What all drivers together could take away; the cut costs that less what its set takes away.</param>
    private MinimumCut Conditions(out long gain)
    {
        var cut = new MinimumCut(_cycles.Length + _pieces.Count);
        gain = 0;
        for (var p = 0; p < _pieces.Count; p++)
        {
            var (driver, bits, readers) = (_pieces[p].Driver, _pieces[p].Bits, _pieces[p].Readers);
            if (!_isFixed[driver])
            {
                cut.AddFromSource(driver, bits);
                gain += bits;
            }
            var last = int.MinValue;
            foreach (var reader in readers)
                last = Math.Max(last, _cycles[reader]);
            var (open, count) = (-1, 0);
            foreach (var reader in readers)
            {
                if (_cycles[reader] == last && !_isFixed[reader])
                    (open, count) = (reader, count + 1);
            }
            if (count == 1)
            {
                cut.AddToSink(open, bits);
                continue;
            }
            foreach (var reader in readers)
            {
                if (_cycles[reader] == last && !_isFixed[reader])
                    cut.Add(reader, _cycles.Length + p, MinimumCut.Uncuttable);
            }
            cut.AddToSink(_cycles.Length + p, bits);
        }
        for (var v = 0; v < _cycles.Length; v++)
        {
            foreach (var u in _graph.Predecessors(v))
            {
                if (_cycles[v] == _cycles[u] + _timetable.Lag(u))
                    Follow(cut, u, v);
            }
        }
        foreach (var (u, v, _) in _apart.Where(p => _cycles[p.After] == _cycles[p.Before] + p.Cycles))
            Follow(cut, u, v);
        return cut;
    }

    /// <summary>If u moves, v has to.</summary>
    private void Follow(MinimumCut cut, int u, int v)
    {
        if (_isFixed[u])
            return;
        if (_isFixed[v])
            cut.AddToSink(u, MinimumCut.Uncuttable);
        else
            cut.Add(u, v, MinimumCut.Uncuttable);
    }

    /// <summary>Adds the conditions that a set of moved nodes breaks; false if there are none.</summary>
    private bool Broken(int[] moved, MinimumCut cut)
    {
        var timetable = _timetable.With(moved);
        var isBroken = false;
        foreach (var v in _graph.Order)
        {
            if (_graph.IsAlways[v])
                continue;
            if (timetable.Start(v) > timetable.Room(v))
            {
                FollowAllBefore(timetable, cut, v);
                isBroken = true;
            }
        }
        return isBroken;
    }

    /// <summary>Ties v to all nodes from which the logic up to it does not fit into one cycle: if they move, it has to.</summary>
    private void FollowAllBefore(Timetable timetable, MinimumCut cut, int v)
    {
        var room = timetable.Room(v);
        // The most picoseconds of logic between a node's result and v, within the cycle of v.
        _behind[v] = 0;
        _seen.Add(v);
        // Last things first, so that what lies behind a node is known when it is looked at.
        _next.Enqueue(v, 0);
        while (_next.TryDequeue(out var node, out _))
        {
            foreach (var u in _graph.Predecessors(node))
            {
                if (timetable.Ready(u) != timetable.Cycle(node) || _graph.Nodes[u].IsState)
                    continue;
                var needed = _behind[node] + timetable.Share(u);
                if (needed > room)
                {
                    if (_apart.Add((u, v, timetable.Cycle(v) - timetable.Cycle(u) + 1)))
                        Follow(cut, u, v);
                    continue;
                }
                if (_behind[u] < 0)
                {
                    _seen.Add(u);
                    if (timetable.Lag(u) == 0 || _graph.Nodes[u].Cell is Core.Netlists.Await)
                        _next.Enqueue(u, -_rank[u]);
                }
                _behind[u] = Math.Max(_behind[u], needed);
            }
        }
        foreach (var node in _seen)
            _behind[node] = -1;
        _seen.Clear();
    }
}
