using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators;
using Hls4Net.Operators.Trees;

namespace Hls4Net.Transforms.Passes.Scales;

/// <summary>
/// Writes the nodes of a graph anew. A value whose scaled form is known is written only if something needs the value itself: then from its
/// base if that is new, else by its own node.
/// </summary>
internal sealed partial class ScaleMover(Graph graph, IReadOnlySet<string> pinned)
{
    private readonly Dictionary<string, Value> _values = graph.Values.ToDictionary(v => v.Name, StringComparer.Ordinal);
    private readonly Dictionary<string, ScaledValue> _scaled = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Node> _producers = graph.Nodes.SelectMany(n => n.Outputs.Select(o => (o, n))).ToDictionary(p => p.o, p => p.n, StringComparer.Ordinal);
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);
    private readonly HashSet<string> _quantised = graph.Inputs.Where(i => graph[i].Type is not null).ToHashSet(StringComparer.Ordinal);
    private readonly HashSet<string> _nodeNames = graph.Nodes.Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
    private readonly List<Node> _nodes = [];
    private bool _changed;

    public Graph Run()
    {
        foreach (var node in graph.Nodes)
        {
            if (node.Outputs.Count != 1 || node.Origin.Operator == Origin.Events || node.Origin.Names.Append(node.Name).Concat(node.Outputs).Any(pinned.Contains) || !Rewrite(node))
                Keep(node);
        }
        foreach (var output in graph.Outputs)
            Write(output);
        return _changed ? graph.With(_values.Values, _nodes).WithoutDeadNodes() : graph;
    }

    private bool Rewrite(Node node) => node.Operator switch
    {
        UniformQuantize quantiser => Absorb(node, quantiser),
        Quantize quantise => Absorb(node, quantise),
        Multiplication => Multiply(node),
        Addition or Subtraction => Add(node),
        Negation => Note(node, Of(node.Inputs[0]).Times(Spread.Of(-1))),
        ScaleShift affine => Affine(node, affine),
        Rectify => Limit(node, Spread.Zero, isLow: true),
        ElementwiseMaximum => LimitByConstant(node, isLow: true),
        ElementwiseMinimum => LimitByConstant(node, isLow: false),
        Dense { Accumulator: null } => MultiplyByMatrix(node),
        Convolution { Accumulator: null } convolution => Convolve(node, convolution),
        MatrixProduct { Accumulator: null } => MultiplyMatrices(node),
        MaxPool pool => Largest(node, pool.Windows.Kernel.Count),
        ReduceExtremum => LargestOfAll(node),
        WindowSum { Accumulator: null } => SumOfWindow(node),
        ReduceSum { Accumulator: null, Of: SumOf.Elements } sum => SumOver(node, sum),
        Pad pad => PadWithZeros(node, pad),
        TreeEnsemble trees => Compare(node, trees),
        { IsWiring: true } => Rearrange(node),
        _ => false,
    };

    private bool IsConstant(string name) => _values[name].Constant is not null;

    private Seq<int> ShapeOf(string name) => _values[name].Shape;

    private ScaledValue Of(string name) =>
        _scaled.GetValueOrDefault(name) ?? ScaledValue.Of(Write(name), _quantised.Contains(name));

    /// <summary>Remembers what a node's result is instead of writing it; false if it cannot be said.</summary>
    private bool Note(Node node, ScaledValue? value)
    {
        if (value is null || ShapeOf(value.Base) != ShapeOf(node.Outputs[0]))
            return false;
        _scaled[node.Outputs[0]] = value;
        return true;
    }

    /// <summary>Writes a node as it is.</summary>
    private void Keep(Node node)
    {
        foreach (var input in node.Inputs)
            Write(input);
        var data = node.Inputs.Where(i => i.Length > 0 && !IsConstant(i)).ToArray();
        var isExact = node.Inputs.Where(i => i.Length > 0 && IsConstant(i)).All(i => _values[i].Constant!.Type is not null);
        if (node.Operator is UniformQuantize or Quantize or MultiThreshold || (data.Length > 0 && isExact && data.All(_quantised.Contains) && KeepsIntegers(node.Operator)))
            _quantised.UnionWith(node.Outputs);
        _nodes.Add(node);
        _written.UnionWith(node.Outputs);
    }

    private static bool KeepsIntegers(Operator op) => op.IsWiring || op is Dense or Convolution or MatrixProduct or Addition or Subtraction
        or Multiplication or Rectify or MaxPool or ReduceExtremum or ElementwiseMaximum or ElementwiseMinimum or WindowSum or ReduceSum or Negation;

    /// <summary>Makes sure that a value is written, and gives its name.</summary>
    private string Write(string name)
    {
        if (name.Length == 0 || _written.Contains(name) || !_producers.TryGetValue(name, out var producer))
            return name;
        var scaled = _scaled[name];
        if (scaled.IsNew)
            WriteScaled(name, scaled, producer);
        else
            Keep(producer);
        return name;
    }

    /// <summary>Writes a value from its base: product, sum, limits.</summary>
    private void WriteScaled(string name, ScaledValue value, Node node)
    {
        var steps = new List<(Operator Operator, string Suffix, Spread Constant)>();
        if (value.Factor.All(f => f == Rational.One) is false)
            steps.Add((new Multiplication(), "scale", value.Factor));
        if (value.HasShift)
            steps.Add((new Addition(), "shift", value.Shift));
        if (value.Low is { } low)
            steps.Add((new ElementwiseMaximum(), "low", low));
        if (value.High is { } high)
            steps.Add((new ElementwiseMinimum(), "high", high));
        if (steps.Count == 0)
            Emit(node, "copy", new Reshape(ShapeOf(name)), name, value.Base);
        var current = value.Base;
        for (var k = 0; k < steps.Count; k++)
        {
            var (op, suffix, constant) = steps[k];
            current = Emit(node, suffix, op, k == steps.Count - 1 ? name : null, current, Constant($"{name}.{suffix}", constant.ToConstant()));
        }
        _quantised.Add(name);
    }

    /// <summary>Adds a node with the place in the user's file of another.</summary>
    /// <param name="output">The value that it writes, or null for a new one of the shape that follows.</param>
    private string Emit(Node origin, string suffix, Operator op, string? output, params string[] inputs)
    {
        _changed = true;
        var shape = op.InferShapes([.. inputs.Select(i => (Seq<int>?)ShapeOf(i))])[0];
        var name = output ?? FreeName($"{origin.Outputs[0]}.{suffix}");
        if (output is null)
            _values[name] = new(name, shape, null, null);
        var nodeName = suffix.Length == 0 ? origin.Name : Unique($"{origin.Name}.{suffix}");
        _nodes.Add(new(nodeName, op, inputs.ToSeq(), [name], origin.Origin));
        _written.Add(name);
        return name;
    }

    /// <summary>Adds a constant with the type that holds it exactly, if there is one.</summary>
    private string Constant(string name, ConstantTensor tensor)
    {
        var free = FreeName(name);
        var typed = ExactConstants.WithExactType(tensor);
        _values[free] = new(free, typed.Shape, typed.Type, typed);
        return free;
    }

    private string FreeName(string name)
    {
        var free = name;
        for (var n = 2; _values.ContainsKey(free); n++)
            free = FormattableString.Invariant($"{name}_{n}");
        return free;
    }

    private string Unique(string name)
    {
        var free = name;
        for (var n = 2; !_nodeNames.Add(free); n++)
            free = FormattableString.Invariant($"{name}_{n}");
        return free;
    }

    /// <summary>A value as a multiple of a base: whole offsets and limits are added to the base, others force the value to be written.</summary>
    private ScaledValue Multiple(Node node, string name)
    {
        var value = Of(name);
        if (value.IsMultiple || !value.IsQuantised)
            return value.IsMultiple ? value : ScaledValue.Of(Write(name), _quantised.Contains(name));
        if (value.Factor.All(f => f.Sign > 0))
        {
            var steps = new (Operator Operator, string Suffix, Spread? Constant)[]
            {
                (new Addition(), "shift", value.HasShift ? value.Shift / value.Factor : null),
                (new ElementwiseMaximum(), "low", value.Low is { } low ? low / value.Factor : null),
                (new ElementwiseMinimum(), "high", value.High is { } high ? high / value.Factor : null),
            };
            if (steps.All(s => s.Constant is null || s.Constant.All(IsWhole)))
            {
                var current = value.Base;
                foreach (var (op, suffix, constant) in steps.Where(s => s.Constant is not null))
                    current = Emit(node, suffix, op, null, current, Constant($"{name}.{suffix}", constant!.ToConstant()));
                return _scaled[name] = value.On(current) with { Shift = Spread.Zero, Low = null, High = null };
            }
        }
        return ScaledValue.Of(Write(name), isQuantised: true);
    }

    /// <summary>Whether a number is whole, and no wider than makes sense for an offset of a sum.</summary>
    private static bool IsWhole(Rational value) => value.IsInteger && System.Numerics.BigInteger.Abs(value.Numerator).GetBitLength() <= 40;
}
