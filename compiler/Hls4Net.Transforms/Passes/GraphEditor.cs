using System.Numerics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.Passes;

/// <summary>A graph while a pass rewrites it: nodes in order, values by name.</summary>
internal sealed class GraphEditor
{
    private readonly Graph _graph;
    private readonly Dictionary<string, Value> _values;

    public GraphEditor(Graph graph)
    {
        _graph = graph;
        Nodes = [.. graph.Nodes];
        _values = graph.Values.ToDictionary(v => v.Name, StringComparer.Ordinal);
    }

    /// <summary>The nodes, in topological order.</summary>
    public List<Node> Nodes { get; }

    public Value this[string name] => _values[name];

    /// <summary>The constant tensor of a value, or null.</summary>
    public ConstantTensor? Constant(string name) => _values.TryGetValue(name, out var value) ? value.Constant : null;

    /// <summary>The only node that reads a value, if there is just one and the value is no output.</summary>
    public Node? OnlyConsumer(string value)
    {
        if (_graph.Outputs.Contains(value))
            return null;
        var consumers = Nodes.Where(n => n.Inputs.Contains(value)).Take(2).ToList();
        return consumers.Count == 1 && consumers[0].Inputs.Count(i => i == value) == 1 ? consumers[0] : null;
    }

    /// <summary>Adds a constant under a name that is free and starts with <paramref name="name"/>.</summary>
    public string AddConstant(string name, Seq<int> shape, Seq<Dyadic> values)
    {
        var free = FreeName(name);
        _values[free] = new(free, shape, null, ConstantTensor.Of(shape, values));
        return free;
    }

    /// <summary>Adds a constant in the narrowest type that holds all its numbers, under a name that is free and starts with <paramref name="name"/>.</summary>
    public string AddExactConstant(string name, Seq<int> shape, Seq<Dyadic> values)
    {
        var fraction = values.Where(v => !v.IsZero).Select(v => -v.Exponent).DefaultIfEmpty(0).Max();
        var raw = values.Select(v => v.ToRaw(fraction)).Append(BigInteger.Zero).ToList();
        var exact = new Interval(raw.Min(), raw.Max(), fraction).Type;
        var tensor = ConstantTensor.Of(shape, values).Quantize(new Quantizer(exact, Rounding.Trn, Overflow.Wrap));
        var free = FreeName(name);
        Set(new(free, shape, exact, tensor));
        return free;
    }

    /// <summary>A name that no value has yet.</summary>
    public string FreeName(string name)
    {
        var free = name;
        for (var n = 2; _values.ContainsKey(free); n++)
            free = $"{name}_{n}";
        return free;
    }

    public void Set(Value value) => _values[value.Name] = value;

    /// <summary>Puts one node in the place of two neighbours, of which the second read the first.</summary>
    public void Fuse(Node first, Node second, Node fused)
    {
        Nodes[Nodes.IndexOf(second)] = fused with
        {
            Origin = first.Origin with { Merged = [.. first.Origin.Merged, .. second.Origin.Names] },
        };
        Nodes.Remove(first);
    }

    /// <summary>The graph without what has become unused.</summary>
    public Graph ToGraph(IEnumerable<string>? inputs = null, IEnumerable<string>? outputs = null, IEnumerable<string>? settings = null) =>
        _graph.With(_values.Values, Nodes, inputs, outputs, settings).WithoutDeadNodes();
}
