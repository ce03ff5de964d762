using Hls4Net.Core.Netlists;

namespace Hls4Net.Transforms.Scheduling;

/// <summary>
/// Something that happens in one clock cycle: a cell that is not wiring, an element of a module's port, or all cells of a loop but its
/// states.
/// </summary>
/// <param name="Net">The net that it drives in the module; for an element of an output port the net that it shows.</param>
/// <param name="Delay">Picoseconds from its operands to its result.</param>
/// <param name="Cell">Null for an element of a port; the last cell of a loop.</param>
/// <param name="IsInLoop">Part of a loop.</param>
internal sealed record TimingNode(Module Module, int Net, int Delay, Function? Cell, bool IsInLoop = false)
{
    /// <summary>Whether the result is there at the beginning of the cycle, whenever in it the operand is.</summary>
    public bool IsState => Cell is State or DelayLine;

    /// <summary>A table in a block of memory, which takes its address at a clock edge.</summary>
    public bool IsBlock => Cell is Rom { Memory: MemoryKind.Block };

    /// <summary>Whether it holds more than what an event brings, so that it stays in its earliest cycle.</summary>
    public bool IsKept => IsInLoop || Cell is State or DelayLine or Await;
}

/// <summary>Who reads which bits of a value.</summary>
internal readonly record struct TimingRead(int Reader, int Low, int High);

/// <summary>A net that registers may delay.</summary>
/// <param name="Driver">The node whose result it is.</param>
/// <param name="Uses">In how many instances the net is there.</param>
internal sealed record TimedValue(int Driver, int Uses, List<TimingRead> Reads);

/// <summary>
/// A combinational netlist as nodes that each happen in one cycle, and arcs between them. Wiring is seen through: an arc leads from what
/// makes bits to what reads them. A module that is used several times is there once, so that all its uses do the same in the same cycle;
/// an element of one of its ports follows whatever drives it in any use.
/// </summary>
internal sealed class TimingGraph
{
    private readonly Netlist _netlist;
    private readonly DelayTable _delays;
    private readonly List<TimingNode> _nodes = [];
    private readonly List<TimedValue> _values = [];
    private readonly Dictionary<string, Places> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _uses = new(StringComparer.Ordinal);
    private readonly List<List<int>> _predecessors = [];
    private readonly Dictionary<int, int> _loops = [];
    private int[] _before = [];
    private int[] _firstBefore = [];

    private TimingGraph(Netlist netlist, DelayTable delays)
    {
        (_netlist, _delays) = (netlist, delays);
        foreach (var module in netlist.Modules)
            _uses[module.Name] = 0;
        _uses[netlist.Top.Name] = 1;
        foreach (var module in netlist.Modules.Reverse())
        {
            foreach (var instance in module.Cells.OfType<Instance>())
                _uses[instance.Module] += _uses[module.Name];
        }
    }

    /// <summary>Where the parts of a module are in the graph.</summary>
    /// <param name="Inputs">The node of each element of the input ports, in their order.</param>
    /// <param name="Outputs">The node of each element of the output ports, in their order.</param>
    /// <param name="Drivers">For each net the node whose result it is; −1 for wiring.</param>
    internal sealed record Places(int[] Inputs, int[] Outputs, int[] Drivers);

    public IReadOnlyList<TimingNode> Nodes => _nodes;

    /// <summary>Picoseconds through a look-up table, with the net to it.</summary>
    public int LevelDelay => (int)Math.Ceiling(_delays.Level);

    public IReadOnlyList<TimedValue> Values => _values;

    /// <summary>The nodes that a node reads from.</summary>
    public ReadOnlySpan<int> Predecessors(int node) => _before.AsSpan(_firstBefore[node].._firstBefore[node + 1]);

    /// <summary>All nodes, each after those that it reads from.</summary>
    public int[] Order { get; private set; } = [];

    /// <summary>For each node whether its result is the same for every event: no register ever delays it.</summary>
    public bool[] IsAlways { get; private set; } = [];

    /// <summary>Whether a node is an element of an input of the top.</summary>
    public bool[] IsEvent { get; private set; } = [];

    public Places this[string module] => _places[module];

    /// <summary>The elements of the top's outputs.</summary>
    public IReadOnlyList<int> Outputs => _places[_netlist.Top.Name].Outputs;

    public static TimingGraph Of(Netlist netlist, DelayTable delays)
    {
        var graph = new TimingGraph(netlist, delays);
        foreach (var module in netlist.Modules)
            graph.Add(module);
        graph.Sort();
        return graph;
    }

    private void Add(Module module)
    {
        var drivers = new int[module.Nets.Count];
        Array.Fill(drivers, -1);
        var values = new TimedValue?[module.Nets.Count];
        void Drive(int net, int node)
        {
            drivers[net] = node;
            _values.Add(values[net] = new(node, _uses[module.Name], []));
        }
        var inputs = module.Inputs.SelectMany(p => p.Nets).Select(n => AddNode(new(module, n, 0, null))).ToArray();
        foreach (var (net, node) in module.Inputs.SelectMany(p => p.Nets).Zip(inputs))
            Drive(net, node);
        var reads = new WiringReads(module, (net, low, high, reader) =>
        {
            // Loops are closed inside one cycle.
            if (_nodes[reader].IsInLoop && _nodes[drivers[net]].IsInLoop && _loops[reader] == _loops[drivers[net]])
                return;
            values[net]!.Reads.Add(new(reader, low, high));
            _predecessors[reader].Add(drivers[net]);
        });
        foreach (var piece in Loops.Of(module))
        {
            var cells = piece.Select(c => module.Cells[c]).ToArray();
            if (cells.Length > 1)
                AddLoop(module, [.. cells.OfType<Function>().Where(c => !c.IsWiring)], reads, Drive);
            else if (cells[0] is Instance instance)
                AddInstance(instance, reads, Drive);
            else if (!cells[0].IsWiring)
                Drive(cells[0].Results[0], AddFunction(module, (Function)cells[0], reads));
        }
        var outputs = module.Outputs.SelectMany(p => p.Nets).Select(n => AddNode(new(module, n, 0, null))).ToArray();
        foreach (var (net, node) in module.Outputs.SelectMany(p => p.Nets).Zip(outputs))
            reads.Read(net, node);
        _places[module.Name] = new(inputs, outputs, drivers);
    }

    private int AddFunction(Module module, Function cell, WiringReads reads)
    {
        var node = AddNode(new(module, cell.Result, _delays.Of(cell, module.Nets), cell));
        reads.ReadAll(cell.Operands, node);
        return node;
    }

    /// <summary>
    /// A loop: one node for its logic, which takes as long as its longest path, and one for each of its states.
    /// </summary>
    private void AddLoop(Module module, Function[] cells, WiringReads reads, Action<int, int> drive)
    {
        var ends = new int[module.Nets.Count];
        Function? last = null;
        foreach (var cell in cells.Where(c => c is not State))
        {
            var start = 0;
            new WiringReads(module, (net, _, _, _) => start = Math.Max(start, ends[net])).ReadAll(cell.Operands, -1);
            ends[cell.Result] = start + _delays.Of(cell, module.Nets);
            last = last is null || ends[cell.Result] >= ends[last.Result] ? cell : last;
        }
        var logic = AddNode(new(module, cells[0].Result, last is null ? 0 : ends[last.Result], last, IsInLoop: true));
        var nodes = cells.ToDictionary(c => c.Result, c => c is State ? AddNode(new(module, c.Result, 0, c, IsInLoop: true)) : logic);
        foreach (var (net, node) in nodes)
        {
            _loops[node] = logic;
            drive(net, node);
            if (node != logic)
                _predecessors[node].Add(logic);
        }
        foreach (var cell in cells)
            reads.ReadAll(cell.Operands, nodes[cell.Result]);
    }

    private void AddInstance(Instance instance, WiringReads reads, Action<int, int> drive)
    {
        var used = _places[instance.Module];
        foreach (var (net, node) in instance.Operands.Zip(used.Inputs))
            reads.Read(net, node);
        foreach (var (net, node) in instance.Results.Zip(used.Outputs))
            drive(net, node);
    }

    private int AddNode(TimingNode node)
    {
        _nodes.Add(node);
        _predecessors.Add([]);
        return _nodes.Count - 1;
    }

    /// <summary>Puts the nodes in order, and finds those that no event reaches.</summary>
    private void Sort()
    {
        var top = _netlist.Top;
        IsEvent = new bool[_nodes.Count];
        foreach (var (isSetting, node) in top.Inputs.SelectMany(p => p.Nets.Select(_ => p.IsSetting)).Zip(_places[top.Name].Inputs))
            IsEvent[node] = !isSetting;
        var successors = new List<int>[_nodes.Count];
        var waiting = new int[_nodes.Count];
        for (var n = 0; n < _nodes.Count; n++)
        {
            waiting[n] = _predecessors[n].Count;
            foreach (var p in _predecessors[n])
                (successors[p] ??= []).Add(n);
        }
        var order = new List<int>(Enumerable.Range(0, _nodes.Count).Where(n => waiting[n] == 0));
        IsAlways = new bool[_nodes.Count];
        for (var k = 0; k < order.Count; k++)
        {
            IsAlways[order[k]] = !IsEvent[order[k]] && !_nodes[order[k]].IsKept && _predecessors[order[k]].TrueForAll(p => IsAlways[p]);
            foreach (var s in successors[order[k]] ?? [])
            {
                if (--waiting[s] == 0)
                    order.Add(s);
            }
        }
        Order = order.Count == _nodes.Count ? [.. order]
            : throw new InvalidOperationException("A module depends on another use of itself, so that its uses cannot work in the same cycle.");
        _values.RemoveAll(v => IsAlways[v.Driver] || v.Reads.Count == 0);
        Line();
    }

    /// <summary>Puts the nodes that each node waits for side by side.</summary>
    private void Line()
    {
        _firstBefore = new int[_nodes.Count + 1];
        var before = new List<int>();
        var seen = new int[_nodes.Count];
        for (var n = 0; n < _nodes.Count; n++)
        {
            foreach (var p in _predecessors[n])
            {
                // Parts of one net are read one by one, and are there at once.
                if (IsAlways[p] || seen[p] == n + 1)
                    continue;
                seen[p] = n + 1;
                before.Add(p);
            }
            _firstBefore[n + 1] = before.Count;
        }
        _before = [.. before];
        _predecessors.Clear();
    }
}
