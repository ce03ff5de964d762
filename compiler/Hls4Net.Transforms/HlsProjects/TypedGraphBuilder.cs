using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators;

namespace Hls4Net.Transforms.HlsProjects;

/// <summary>A typed graph while it is written: values with their types and ranges.</summary>
internal sealed class TypedGraphBuilder
{
    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Interval[]> _ranges = new(StringComparer.Ordinal);
    private readonly HashSet<string> _nodeNames = new(StringComparer.Ordinal);
    private readonly HashSet<string> _reserved;
    private readonly List<Node> _nodes = [];

    /// <param name="reserved">Names that values of the file will get.</param>
    public TypedGraphBuilder(IEnumerable<string> reserved) => _reserved = new(reserved, StringComparer.Ordinal);

    public FixedType TypeOf(string value) => _values[value].Type!.Value;

    public Seq<int> ShapeOf(string value) => _values[value].Shape;

    /// <summary>The range that every element of a value lies in.</summary>
    public Interval HullOf(string value) => RangeAnalysis.HullOf(_ranges[value]);

    public void AddInput(string name, Seq<int> shape, FixedType type)
    {
        var range = type.Range;
        Set(new(name, shape, type, null), [.. Enumerable.Repeat(range, Shapes.Count(shape))]);
    }

    /// <summary>A constant of known integers.</summary>
    public string AddConstant(string name, Seq<int> shape, FixedType type, long[] raw)
    {
        var free = Free(name);
        var values = raw.Select(r => new Dyadic(r, -type.Fraction)).ToSeq();
        Set(new(free, shape, type, new(shape, values, type, Seq.Own(raw))), Array.ConvertAll(raw, r => new Interval(r, r, type.Fraction)));
        return free;
    }

    /// <summary>Applies an operator; the result keeps what is exact.</summary>
    /// <param name="suffix">Tells the nodes of one origin apart; empty for the main one.</param>
    /// <param name="output">The value's name, or null for one made of the origin and the suffix.</param>
    public string Apply(Operator op, Origin origin, string suffix, string? output, params string[] inputs)
    {
        var name = output ?? Free($"{origin.Node}.{suffix}");
        var shape = op.InferShapes([.. inputs.Select(i => (Seq<int>?)_values[i].Shape)])[0];
        var ranges = Evaluate(op, origin, inputs, name);
        var type = op is Quantize quantize ? quantize.Quantizer.Type
            : op.IsWiring && inputs.Length == 1 ? TypeOf(inputs[0])
            : op.IsWiring && inputs.All(i => TypeOf(i) == TypeOf(inputs[0])) ? TypeOf(inputs[0])
            : RangeAnalysis.HullOf(ranges).Type;
        Set(new(name, shape, type, null), Array.ConvertAll(ranges, r => r.WithFraction(Math.Max(type.Fraction, r.Fraction))));
        _nodes.Add(new(NodeName(suffix.Length == 0 ? origin.Node : $"{origin.Node}.{suffix}"), op, inputs.ToSeq(), [name], origin));
        return name;
    }

    /// <summary>A cast, unless the value has that type already and its name is free to choose.</summary>
    public string Cast(string value, Quantizer quantizer, Origin origin, string suffix, string? output)
    {
        if (TypeOf(value) == quantizer.Type && output is null)
            return value;
        if (TypeOf(value) == quantizer.Type && _nodes.Count > 0 && _nodes[^1].Outputs[0] == value && !_reserved.Contains(value))
            return Rename(value, output!);
        return Apply(new Quantize(quantizer), origin, suffix, output, value);
    }

    /// <summary>The last value under another name.</summary>
    public string Rename(string value, string name)
    {
        _nodes[^1] = _nodes[^1] with { Outputs = [name] };
        Set(_values[value] with { Name = name }, _ranges[value]);
        _values.Remove(value);
        _ranges.Remove(value);
        return name;
    }

    public Graph ToGraph(Graph imported) => imported.With(values: _values.Values, nodes: _nodes).WithoutDeadNodes();

    private Interval[] Evaluate(Operator op, Origin origin, string[] inputs, string output)
    {
        var handles = inputs.Select(i => (TensorHandle?)new TensorHandle(i, _values[i].Shape)).ToArray();
        var definition = new Definition(origin.Node, handles, [output]);
        op.Define(definition);
        var local = new Dictionary<string, Interval[]>(StringComparer.Ordinal);
        foreach (var (computation, operands, result, _) in definition.Steps)
        {
            var ranges = operands.Select(i => i.Length == 0 ? [] : local.TryGetValue(i, out var own) ? own : _ranges[i]).ToArray();
            local[result] = RangeAnalysis.Evaluate(computation, ranges);
        }
        return local[output];
    }

    private void Set(Value value, Interval[] ranges)
    {
        _values[value.Name] = value;
        _ranges[value.Name] = ranges;
    }

    private string Free(string name)
    {
        var free = name;
        for (var n = 2; _values.ContainsKey(free) || _reserved.Contains(free); n++)
            free = $"{name}_{n}";
        return free;
    }

    private string NodeName(string name)
    {
        var free = name;
        for (var n = 2; !_nodeNames.Add(free); n++)
            free = $"{name}_{n}";
        return free;
    }
}
