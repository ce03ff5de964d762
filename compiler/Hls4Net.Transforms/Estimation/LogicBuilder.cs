using Hls4Net.Core.Netlists;

namespace Hls4Net.Transforms.Estimation;

/// <summary>A netlist without hierarchy, bit by bit: logic, and the blocks that bound it. A cell that is not known here is refused.</summary>
internal sealed partial class LogicBuilder
{
    private readonly Netlist _netlist;
    private readonly SynthesisRules _rules;
    private readonly StateFacts _facts;
    private readonly List<Block> _blocks = [];
    private readonly Dictionary<(int Next, int Enable), int> _held = [];
    private int _enable = LogicGraph.True;

    private readonly List<(int Literal, FlipFlop? Bit)> _states = [];
    private readonly Dictionary<int, FlipFlop> _registers = [];
    private readonly Additions _additions;
    private readonly List<int> _readers = [];

    private LogicBuilder(Netlist netlist, SynthesisRules rules, StateFacts facts)
    {
        (_netlist, _rules, _facts) = (netlist, rules, facts);
        _additions = new(Graph, rules, Readers);
    }

    /// <summary>The logic.</summary>
    public LogicGraph Graph { get; } = new();

    /// <summary>All blocks, used or not.</summary>
    public IReadOnlyList<Block> Blocks => _blocks;

    /// <summary>Multiplexers, by the literal of their result.</summary>
    public Dictionary<int, (int Condition, int Then, int Otherwise)> Choices { get; } = [];

    /// <summary>Literals that inverters give.</summary>
    public HashSet<int> Inverted { get; } = [];

    /// <summary>Literals of the top's outputs.</summary>
    public IReadOnlyList<int> Outputs { get; private set; } = [];

    /// <summary>Names of the modules in the top, in the order of layers from 1 on; layer 0 is the top itself.</summary>
    public List<string> Layers { get; } = [""];

    /// <summary>Builds again as long as bits of states turn out to be constants, or the same as others.</summary>
    /// <exception cref="InvalidOperationException">A kind of cell is not modelled.</exception>
    public static LogicBuilder Build(Netlist netlist, SynthesisRules rules)
    {
        var facts = new StateFacts();
        while (true)
        {
            var builder = BuildOnce(netlist, rules, facts);
            FlipFlopInference.Run(builder);
            if (!facts.Learn(builder._states))
                return builder;
        }
    }

    private static LogicBuilder BuildOnce(Netlist netlist, SynthesisRules rules, StateFacts facts)
    {
        var builder = new LogicBuilder(netlist, rules, facts);
        if (netlist.HasEnable)
            builder._enable = builder.Graph.Leaf();
        var top = netlist.Top;
        var nets = new int[top.Nets.Count][];
        foreach (var net in top.Inputs.SelectMany(p => p.Nets))
            nets[net] = builder.Leaves(top.Nets[net].Width);
        builder.Expand(top, nets, isTop: true);
        builder.Outputs = [.. top.Outputs.SelectMany(p => p.Nets).SelectMany(n => nets[n])];
        builder.Read([.. builder.Outputs]);
        builder._blocks.AddRange(builder._additions.Build());
        return builder;
    }

    /// <summary>How many ports of cells read a node.</summary>
    private int Readers(int node) => node < _readers.Count ? _readers[node] : 0;

    private void Read(int[] bits)
    {
        foreach (var bit in bits)
        {
            while (_readers.Count <= bit >> 1)
                _readers.Add(0);
            _readers[bit >> 1]++;
        }
    }

    private int[] Leaves(int width)
    {
        var bits = new int[width];
        for (var k = 0; k < width; k++)
            bits[k] = Graph.Leaf();
        return bits;
    }

    private void Expand(Module module, int[][] nets, bool isTop)
    {
        var outside = _lines;
        _lines = [];
        var states = new List<(State Cell, FlipFlop?[] Bits)>();
        foreach (var state in module.Cells.OfType<State>())
        {
            var bits = new FlipFlop?[module.Nets[state.Result].Width];
            nets[state.Result] = new int[bits.Length];
            for (var k = 0; k < bits.Length; k++)
                nets[state.Result][k] = StateBit(!(state.Initial >> k).IsEven, out bits[k]);
            states.Add((state, bits));
        }
        foreach (var cell in module.Cells)
        {
            if (cell is Instance instance)
                ExpandInstance(instance, nets, isTop);
            else if (cell is Function function and not State)
                nets[function.Result] = Bits(function, module, nets);
        }
        foreach (var (cell, bits) in states)
        {
            for (var k = 0; k < bits.Length; k++)
            {
                if (bits[k] is { } bit)
                    bit.Next = nets[cell.Source][k];
            }
            Read(nets[cell.Source]);
        }
        _lines = outside;
    }

    /// <summary>The literal of the next bit of a state: a flip-flop of its own, or what is known to be the same.</summary>
    private int StateBit(bool initial, out FlipFlop? bit)
    {
        bit = null;
        if (_facts.IsKnown(_states.Count, n => _states[n].Literal, out var literal))
        {
            _states.Add((literal, null));
            return literal;
        }
        _blocks.Add(bit = new(Graph.Layer, Graph.Leaf() >> 1) { Initial = initial, Enable = _enable });
        _states.Add((2 * bit.Node, bit));
        return 2 * bit.Node;
    }

    private void ExpandInstance(Instance instance, int[][] nets, bool isTop)
    {
        var used = _netlist[instance.Module];
        var inner = new int[used.Nets.Count][];
        foreach (var (port, feeds) in used.Inputs.Zip(instance.Inputs))
        {
            for (var k = 0; k < feeds.Count; k++)
                inner[port.Nets[k]] = nets[feeds[k]];
        }
        var outside = Graph.Layer;
        if (isTop)
        {
            if (!Layers.Contains(instance.Module))
                Layers.Add(instance.Module);
            Graph.Layer = Layers.IndexOf(instance.Module);
        }
        Expand(used, inner, isTop: false);
        Graph.Layer = outside;
        foreach (var (port, driven) in used.Outputs.Zip(instance.Outputs))
        {
            for (var k = 0; k < driven.Count; k++)
                nets[driven[k]] = inner[port.Nets[k]];
        }
    }

    private int[] Bits(Function cell, Module module, int[][] nets)
    {
        var width = module.Nets[cell.Result].Width;
        Graph.Kind = KindOf(cell);
        if (!cell.IsWiring && cell is not Await)
        {
            foreach (var operand in cell.Operands)
                Read(nets[operand]);
        }
        return cell switch
        {
            Constant c => [.. Enumerable.Range(0, width).Select(k => (c.Value >> k).IsEven ? LogicGraph.False : LogicGraph.True)],
            Slice c => nets[c.Source][c.Low..(c.Low + width)],
            Extension c => Extend(nets[c.Source], width, module.Nets[c.Source].Signed),
            Concatenation c => [.. c.Parts.SelectMany(p => nets[p])],
            Await c => nets[c.Source],
            Adder c => Sum(nets[c.Left], nets[c.Right], subtract: false),
            Subtractor c => Sum(nets[c.Left], nets[c.Right], subtract: true),
            Negator c => Sum(new int[width], nets[c.Source], subtract: true),
            TernaryAdder c => SumOfThree(c, nets),
            Multiplier c => Product(nets[c.Left], nets[c.Right], width, module.Nets[c.Left].Signed),
            LessThan c => [Less(c, module, nets)],
            EqualTo c => [Equal(nets[c.Left], nets[c.Right])],
            BitwiseAnd c => Pairwise(nets[c.Left], nets[c.Right], Graph.And),
            BitwiseOr c => Pairwise(nets[c.Left], nets[c.Right], Graph.Or),
            BitwiseXor c => Pairwise(nets[c.Left], nets[c.Right], Graph.Xor),
            BitwiseNot c => Invert(nets[c.Source]),
            OrReduction c => [Graph.Any(nets[c.Source])],
            AndReduction c => [Graph.All(nets[c.Source])],
            Multiplexer c => Choose(nets[c.Condition][0], nets[c.Then], nets[c.Otherwise]),
            Rom c => Look(c, module, nets[c.Address], width),
            Register c => Hold(nets[c.Source], 1, _enable),
            ShiftRegister c => Hold(nets[c.Source], c.Cycles, _enable),
            DelayLine c => Delay(c, module, nets[c.Source], Graph.And(_enable, nets[c.Enable][0])),
            BlockRom c => InBlocks(c, module, nets[c.Address]),
            _ => throw new InvalidOperationException($"No resources are known for {cell.GetType().Name}."),
        };
    }

    private static LogicKind KindOf(Function cell) => cell switch
    {
        Adder or Subtractor or Negator or TernaryAdder => LogicKind.Adder,
        LessThan or EqualTo => LogicKind.Comparison,
        Rom => LogicKind.Table,
        Multiplier => LogicKind.Product,
        _ => LogicKind.Gate,
    };

    private static int[] Extend(int[] bits, int width, bool signed)
    {
        var wide = new int[width];
        bits.CopyTo(wide, 0);
        if (signed)
            Array.Fill(wide, bits[^1], bits.Length, width - bits.Length);
        return wide;
    }

    private static int[] Pairwise(int[] left, int[] right, Func<int, int, int> operation)
    {
        var bits = new int[left.Length];
        for (var k = 0; k < bits.Length; k++)
            bits[k] = operation(left[k], right[k]);
        return bits;
    }

    private int Equal(int[] left, int[] right)
    {
        var result = Graph.All(Pairwise(left, right, (a, b) => LogicGraph.Not(Graph.Xor(a, b))));
        // A single bit that is compared with 0 is inverted.
        if (left.Length == 1 && result > LogicGraph.True && (left[0] == LogicGraph.False || right[0] == LogicGraph.False))
            Inverted.Add(result);
        return result;
    }

    private int[] Invert(int[] source)
    {
        var bits = Array.ConvertAll(source, LogicGraph.Not);
        Inverted.UnionWith(bits.Where(b => b > LogicGraph.True));
        return bits;
    }

    private int[] Choose(int condition, int[] then, int[] otherwise)
    {
        var bits = new int[then.Length];
        for (var k = 0; k < bits.Length; k++)
        {
            bits[k] = Graph.Choose(condition, then[k], otherwise[k]);
            Choices.TryAdd(bits[k], (condition, then[k], otherwise[k]));
        }
        return bits;
    }

    /// <summary>Bits some enabled cycles later.</summary>
    private int[] Hold(int[] source, int cycles, int enable)
    {
        var bits = (int[])source.Clone();
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            for (var k = 0; k < bits.Length; k++)
                bits[k] = Hold(bits[k], enable);
        }
        return bits;
    }

    /// <summary>One flip-flop for each bit and enable: what holds the same is built once.</summary>
    private int Hold(int next, int enable)
    {
        if (next >> 1 == 0 || _inside.Contains(next))
            return next;
        if (_held.TryGetValue((next, enable), out var known))
            return known;
        var node = Graph.Leaf();
        var bit = new FlipFlop(Graph.Layer, node >> 1) { Next = next, Enable = enable, HasOwnEnable = Graph.IsLeaf(enable >> 1) && Inverted.Contains(enable) };
        _blocks.Add(bit);
        _registers[node] = bit;
        return _held[(next, enable)] = node;
    }
}
