using Hls4Net.Core.Netlists;

namespace Hls4Net.Transforms.Scheduling;

/// <summary>What decides where registers can go.</summary>
/// <param name="Period">Picoseconds of logic that fit between two registers.</param>
/// <param name="RegisterInputs">The inputs of the top go into registers first.</param>
/// <param name="Stages">The latency in cycles if it is more than the period asks for; 0 for as few as can be.</param>
internal sealed record TimingRules(int Period, bool RegisterInputs = false, int Stages = 0)
{
    /// <summary>No registers: everything happens in cycle 0.</summary>
    public static TimingRules Combinational { get; } = new(int.MaxValue);

    public bool IsCombinational => Period == int.MaxValue;
}

/// <summary>
/// The cycle in which each node of a graph happens, and when in it its result is there. A node starts when what it reads is there: in
/// the same cycle if its delay still fits into the period, else in a later one, behind registers. The elements of the top's outputs come
/// from registers and all in one cycle.
/// </summary>
internal sealed class Timetable
{
    private readonly int[] _cycles;
    private readonly int[] _ends;
    private readonly int[] _starts;

    // What the rules and the graph alone decide; timetables of other cycles share it.
    private readonly int[] _lags;
    private readonly int[] _shares;
    private readonly int[] _rooms;
    private readonly bool[] _endsFresh;

    private Timetable(TimingGraph graph, TimingRules rules)
    {
        (Graph, Rules) = (graph, rules);
        var count = graph.Nodes.Count;
        (_cycles, _ends, _starts) = (new int[count], new int[count], []);
        (_lags, _shares, _rooms, _endsFresh) = (new int[count], new int[count], new int[count], new bool[count]);
        var fromRegisters = new bool[count];
        if (!rules.IsCombinational)
        {
            foreach (var output in graph.Outputs)
                fromRegisters[output] = true;
        }
        for (var n = 0; n < count; n++)
        {
            _lags[n] = LagOf(n);
            _shares[n] = ShareOf(n);
            _rooms[n] = RoomOf(n, fromRegisters[n]);
            _endsFresh[n] = graph.Nodes[n].IsState || graph.Nodes[n].IsBlock;
        }
    }

    private Timetable(Timetable other, int[] cycles)
    {
        (Graph, Rules, Latency) = (other.Graph, other.Rules, other.Latency);
        (_lags, _shares, _rooms, _endsFresh) = (other._lags, other._shares, other._rooms, other._endsFresh);
        (_cycles, _ends, _starts) = ((int[])cycles.Clone(), new int[cycles.Length], new int[cycles.Length]);
        foreach (var node in Graph.Order)
        {
            _starts[node] = Arrival(node, cycles[node]).Offset;
            _ends[node] = EndAfter(node, _starts[node]);
        }
    }

    private int LagOf(int node) => Graph.Nodes[node] switch
    {
        _ when Graph.IsEvent[node] => Rules.RegisterInputs ? 1 : 0,
        { Cell: Await wait } => wait.Cycles,
        // A second register behind a block of memory, which is part of it, where the first leaves no time for a look-up table.
        { IsBlock: true } block => block.Delay + UsualLogic > Rules.Period ? 2 : 1,
        // Nothing can be put into a loop, even if it is too slow.
        { IsInLoop: true } => 0,
        var other => Math.Max(0, (other.Delay - 1) / Rules.Period),
    };

    public TimingGraph Graph { get; }

    public TimingRules Rules { get; }

    /// <summary>Cycles from the inputs of the top to its outputs; 0 without registers, and if no event changes any output.</summary>
    public int Latency { get; private set; }

    /// <summary>The cycle in which a node reads its operands.</summary>
    public int Cycle(int node) => _cycles[node];

    /// <summary>
    /// Cycles until the node's result is there: more than none for what does not fit into one period. Its registers stand behind it, and
    /// synthesis moves them into it.
    /// </summary>
    public int Lag(int node) => _lags[node];

    /// <summary>
    /// The cycle from which on registers hold the result: where nothing but waiting lies between, that in which it is there; for a block of memory
    /// that behind its address.
    /// </summary>
    public int Native(int node) => Graph.Nodes[node] switch
    {
        { Cell: Await } => Ready(node),
        { IsBlock: true } => Cycle(node) + 1,
        _ => Cycle(node),
    };

    /// <summary>The cycle in which the result is there.</summary>
    public int Ready(int node) => _cycles[node] + _lags[node];

    /// <summary>Picoseconds from the start of that cycle to the result.</summary>
    public int End(int node) => _ends[node];

    /// <summary>The share of a node's delay that lies in one cycle.</summary>
    public int Share(int node) => _shares[node];

    private int ShareOf(int node) => Graph.Nodes[node].IsBlock ? _lags[node] > 1 ? 0 : Graph.Nodes[node].Delay
        : (Graph.Nodes[node].Delay + _lags[node]) / (_lags[node] + 1);

    /// <summary>How late in a cycle a node can start; a state follows its loop even if that is too slow.</summary>
    public int Room(int node) => _rooms[node];

    private int RoomOf(int node, bool isFromRegisters) => Graph.Nodes[node] switch
    {
        { IsState: true } => int.MaxValue,
        { IsBlock: true } => Math.Max(0, Rules.Period - UsualLogic),
        // It cannot start but at the beginning of a cycle.
        { Delay: var delay } when isFromRegisters || (_lags[node] > 0 && delay > 0) => 0,
        _ => Math.Max(0, Rules.Period - _shares[node]),
    };

    /// <summary>Everything as soon as it can be.</summary>
    public static Timetable Earliest(TimingGraph graph, TimingRules rules)
    {
        var timetable = new Timetable(graph, rules);
        foreach (var node in graph.Order)
            timetable.Place(node);
        var outputs = graph.Outputs.Where(o => !graph.IsAlways[o]).ToArray();
        if (outputs.Length > 0 && !rules.IsCombinational)
            timetable.Latency = Math.Max(Math.Max(1, rules.Stages), outputs.Max(o => timetable._cycles[o]));
        foreach (var output in graph.Outputs)
            timetable._cycles[output] = timetable.Latency;
        return timetable;
    }

    /// <summary>The same with other cycles, in which it has to be feasible.</summary>
    public Timetable With(int[] cycles) => new(this, cycles);

    /// <summary>The longest time for logic in any cycle.</summary>
    public int Longest() => Graph.Order.Where(n => !Graph.IsAlways[n]).Select(End).DefaultIfEmpty(0).Max();

    private void Place(int node)
    {
        if (Graph.IsAlways[node])
            return;
        var (cycle, offset) = Arrival(node, 0);
        if (offset > Room(node))
            (cycle, offset) = (cycle + 1, 0);
        (_cycles[node], _ends[node]) = (cycle, EndAfter(node, offset));
    }

    private int EndAfter(int node, int offset) => _endsFresh[node] ? _shares[node] : offset + _shares[node];

    /// <summary>Picoseconds that a block of memory needs its address before the clock edge, and that a look-up table behind it takes.</summary>
    private int UsualLogic => Graph.LevelDelay;

    /// <summary>Picoseconds from the start of the cycle to the last operand.</summary>
    public int Start(int node) => _starts.Length > 0 ? _starts[node] : Arrival(node, _cycles[node]).Offset;

    /// <summary>When the last operand is there, not before the given cycle.</summary>
    private (int Cycle, int Offset) Arrival(int node, int cycle)
    {
        var offset = 0;
        foreach (var p in Graph.Predecessors(node))
        {
            var ready = Ready(p);
            if (ready > cycle)
                (cycle, offset) = (ready, _ends[p]);
            else if (ready == cycle)
                offset = Math.Max(offset, _ends[p]);
        }
        return (cycle, offset);
    }
}
