using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Passes;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators;
using Hls4Net.Transforms.Pruning;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Transforms.Typing;

/// <summary>A typed graph and how numbers from outside get into its inputs.</summary>
/// <param name="Graph">Every value has a type; every loss is an explicit cast.</param>
/// <param name="InputQuantizers">For each input, the rounding and overflow by which a float becomes a raw integer.</param>
public sealed record TypedModel(Graph Graph, IReadOnlyDictionary<string, Quantizer> InputQuantizers)
{
    /// <summary>Layers whose weights were pruned or given fewer digits.</summary>
    public IReadOnlyList<WeightChange> WeightChanges { get; init; } = [];

    /// <summary>For constants that were real numbers in the user's file, how they became integers.</summary>
    public IReadOnlyDictionary<string, Quantizer> ConstantQuantizers { get; init; } = new Dictionary<string, Quantizer>(StringComparer.Ordinal);
}

/// <summary>
/// Gives every value a type. Constants become integers, once. Exact results keep the width that interval analysis with the actual
/// weights proves sufficient; a value is narrowed where something multiplies it, by a cast that cannot overflow. What the user or the
/// model's own quantisers say comes first.
/// </summary>
/// <param name="configuration">What the user says.</param>
/// <param name="calibration">The float network on the user's events, or null.</param>
[Pass(Promise.MayRound, "Gives every value a type: constants become integers, results stay exact, and values are narrowed where something multiplies them.")]
public sealed partial class ChooseTypes(Configuration configuration, Calibration? calibration)
{
    /// <summary>What was worked out for other types of the same network; null to work everything out.</summary>
    internal RangeMemory? Memory { get; init; }

    public TypedModel Run(Graph graph, DiagnosticBag diagnostics)
    {
        var layers = LayerResolver.Resolve(graph, configuration, diagnostics);
        foreach (var (name, (_, line)) in configuration.Inputs)
        {
            if (!graph.Inputs.Contains(name) || graph.Settings.Contains(name))
                diagnostics.Add(Messages.UnknownLayer(configuration.File, line, name, "input", [.. graph.Inputs.Except(graph.Settings)]));
        }
        return new Worker(graph, configuration, calibration, layers, diagnostics, Memory).Run();
    }

    /// <summary>What becomes of values that a type does not hold.</summary>
    internal static string Consequence(Quantizer quantizer) => quantizer.Overflow switch
    {
        Overflow.Wrap => "wrap around and change their sign or size",
        Overflow.SatZero => "become zero",
        _ => "are clipped",
    };

    private sealed partial class Worker(
        Graph graph, Configuration configuration, Calibration? calibration, Dictionary<Node, LayerTypes> layers, DiagnosticBag diagnostics, RangeMemory? memory)
    {
        private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);
        private readonly Dictionary<string, IReadOnlyList<Interval>> _ranges = new(StringComparer.Ordinal);
        private readonly Dictionary<string, Quantizer> _inputs = new(StringComparer.Ordinal);
        private readonly Dictionary<string, Quantizer> _constants = new(StringComparer.Ordinal);
        private readonly ILookup<string, Node> _consumers = graph.Nodes
            .SelectMany(n => n.Inputs.Distinct().Select(i => (Input: i, Node: n))).ToLookup(x => x.Input, x => x.Node, StringComparer.Ordinal);
        private readonly HashSet<string> _quantisedByModel = new(StringComparer.Ordinal);
        private readonly HashSet<string> _exact = new(StringComparer.Ordinal);
        private readonly List<Node> _nodes = [];

        public TypedModel Run()
        {
            foreach (var input in graph.Inputs.Except(graph.Settings))
                TypeInput(input);
            foreach (var node in graph.Nodes)
                TypeNode(node);
            foreach (var output in graph.Outputs.Where(o => !_values.ContainsKey(o)))
                TypeConstant(output, output, TypeRules.ForConstants(graph[output].Constant!.Values, TypeRules.WorstCaseBits, TypeRules.WorstCaseBits), "");
            return new(graph.With(values: _values.Values, nodes: _nodes), _inputs) { WeightChanges = _changes, ConstantQuantizers = _constants };
        }

        private void TypeInput(string name)
        {
            var quantizer = InputType(name);
            _inputs[name] = quantizer;
            _exact.Add(name);
            SetRange(graph[name] with { Type = quantizer.Type }, Enumerable.Repeat(quantizer.Type.Range, Shapes.Count(graph[name].Shape)).ToArray());
            if (calibration is null || calibration.Of(name) is null)
                return;
            var range = quantizer.Type.Range;
            var (outside, all) = calibration.CountOutside(name, range.Minimum.ToDouble(), range.Maximum.ToDouble());
            if (outside > 0)
                diagnostics.Add(Messages.CalibrationSaturates(name, quantizer.ToString(), outside, all));
        }

        private Quantizer InputType(string name)
        {
            if (configuration.Inputs.TryGetValue(name, out var declared))
            {
                if (graph[name].Type == FixedType.Bit && declared.Type.Type != FixedType.Bit)
                {
                    diagnostics.Add(Messages.BadType($"{configuration.File}:{declared.Line}", declared.Type.ToString(),
                        $"the input '{name}' is a truth value in the model; leave its type out"));
                    return new(FixedType.Bit, Rounding.Trn, Overflow.Sat);
                }
                return declared.Type;
            }
            if (graph[name].Type is { } integer)
                return new(integer, Rounding.RndConv, Overflow.Sat);
            if (ModelQuantizer(name) is { } quantizer)
                return quantizer;
            if (configuration.Precision is { } precision)
                return precision;
            if (calibration?.Of(name) is { } ranges)
            {
                var fraction = TypeRules.FractionFor(ranges.Select(r => r.Largest), configuration.ActivationBits);
                var low = Dyadic.FromDouble(Math.Floor(Math.ScaleB(ranges.Min(r => r.Low), fraction))).Scale(-fraction);
                var high = Dyadic.FromDouble(Math.Ceiling(Math.ScaleB(ranges.Max(r => r.High), fraction))).Scale(-fraction);
                return TypeRules.Enclosing(Interval.Between(low, high, fraction), fraction);
            }
            if (ForQuantiser(name) is { } suited)
                return suited;
            diagnostics.Add(Messages.DefaultInputType(name, TypeRules.UnknownInput.ToString()));
            return TypeRules.UnknownInput;
        }

        private void TypeNode(Node node)
        {
            var types = layers.GetValueOrDefault(node, LayerTypes.None);
            TypeSettings(node);
            if (configuration.Dialect == Dialect.Hls && _values.GetValueOrDefault(node.Inputs.FirstOrDefault("")) is { Type: { } operandType } operand)
                (node, types) = new HlsTyping(diagnostics).Type(node, types, operandType, operand.Shape);
            if (node.Operator is RoundToWhole { Type: null } round)
                node = node with { Operator = round.For(RangeAnalysis.HullOf([.. _ranges[node.Inputs[0]]])) };
            if (node.Operator is Apply apply)
                node = TypeTable(node, apply, types);
            if (node.Operator is UniformQuantize quantiser)
                node = Requantised(node, quantiser);
            if (types.Term is { } term)
                node = node with { Operator = node.Operator switch { SumSquares squares => squares with { TermType = term }, ReduceSum sum => sum with { TermType = term }, var op => op } };
            node = TypeConstants(node, types);
            node = TypeAccumulator(node, types);
            node = TypeInside(node, types);
            if (node.Operator is Quantize or Requantize or MultiThreshold
                || (node.Operator is not Apply && node.Inputs.Any(IsData) && node.Inputs.Where(IsData).All(_quantisedByModel.Contains)))
                _quantisedByModel.UnionWith(node.Outputs);
            if (node.Operator.IsWiring && types.Result is null && node.Inputs.All(i => i.Length == 0 || _exact.Contains(i)))
                _exact.UnionWith(node.Outputs);
            var intervals = Evaluate(node.Operator, node);
            if ((node.Operator.IsWiring && types.Result is null) || node.Operator is Quantize)
                Keep(node, intervals);
            else
                Narrow(node, intervals, types);
        }

        private bool IsData(string input) => input.Length > 0 && graph.Contains(input) && graph[input].Constant is null && !graph.Settings.Contains(input);

        /// <summary>A setting has the type of the value that it is compared with.</summary>
        private void TypeSettings(Node node)
        {
            foreach (var setting in node.Inputs.Where(i => graph.Settings.Contains(i) && !_values.ContainsKey(i)))
            {
                var partner = _values[node.Inputs.First(i => i != setting)];
                // value > t holds for a real t exactly if it holds for t rounded down to the value's grid.
                _inputs[setting] = new(partner.Type!.Value, Rounding.Trn, Overflow.Sat);
                SetRange(graph[setting] with { Type = partner.Type }, [.. Enumerable.Repeat(partner.Type.Value.Range, Shapes.Count(graph[setting].Shape))]);
            }
        }

        private Node TypeAccumulator(Node node, LayerTypes types)
        {
            if (types.Accumulator is not { } accumulator)
                return node;
            foreach (var hull in Evaluate(node.Operator, node).Select(RangeAnalysis.HullOf))
                WarnOfOverflow(node, $"{node.Origin}, accumulator", accumulator, hull, node.Outputs[0]);
            if (node.Operator is Multiplication)
                return CastProduct(node, accumulator);
            return node with { Operator = node.Operator.WithAccumulator(accumulator) };
        }

        /// <summary>Types of the steps inside an operator, which follow from those of its inputs and from what is wanted of its result.</summary>
        private Node TypeInside(Node node, LayerTypes types)
        {
            var output = node.Outputs[0];
            var wanted = types.Result;
            if (configuration.Precision is { } precision && (IsMultiplied(output) || IsOutput(output)) && !_quantisedByModel.Contains(output))
                wanted ??= precision;
            var ranges = node.Inputs.Select(i => i.Length == 0 ? null : _ranges[i]).ToArray();
            var shapes = node.Inputs.Select(i => i.Length == 0 ? (Seq<int>?)null : _values[i].Shape).ToArray();
            // A quantiser of the model that follows must not round what was rounded nearly as much before.
            var fraction = Math.Max(configuration.ActivationBits + 2, ModelQuantizer(output) is { } quantizer ? quantizer.Type.Fraction + 3 : 0);
            var typed = node.Operator.WithInnerTypes(new(shapes, ranges, wanted, fraction) { IsExact = _exact.Contains(node.Inputs[0]) });
            if (typed is Quotient { ZeroAs: not null } or Remainder { ZeroAs: not null })
                diagnostics.Add(Messages.DivisorCanBeZero(node.Origin.ToString()));
            return ReferenceEquals(typed, node.Operator) ? node : node with { Operator = typed };
        }

        /// <summary>A product of its own: it is written before the cast, which takes its place.</summary>
        private Node CastProduct(Node node, Quantizer accumulator)
        {
            var product = FreeName($"{node.Outputs[0]}.product");
            var intervals = Evaluate(node.Operator, node)[0];
            SetRange(graph[node.Outputs[0]] with { Name = product, Type = RangeAnalysis.HullOf(intervals).Type }, intervals);
            _nodes.Add(node with { Name = product, Outputs = [product] });
            var sum = FreeName($"{node.Outputs[0]}.accumulator");
            SetRange(graph[node.Outputs[0]] with { Name = sum, Type = accumulator.Type }, Cast(intervals, accumulator));
            _nodes.Add(new(sum, new Quantize(accumulator), [product], [sum], node.Origin));
            return node with { Operator = new Reshape(graph[node.Outputs[0]].Shape), Inputs = [sum] };
        }

        /// <summary>The intervals of each output's elements.</summary>
        private List<Interval[]> Evaluate(Operator op, Node node)
        {
            var handles = node.Inputs.Select(i => i.Length == 0 ? null : new TensorHandle(i, _values[i].Shape)).ToArray();
            var definition = new Definition(node.Name, handles, node.Outputs);
            op.Define(definition);
            var local = new Dictionary<string, Interval[]>(StringComparer.Ordinal);
            foreach (var (computation, inputs, output, _) in definition.Steps)
            {
                var ranges = inputs.Select(i => i.Length == 0 ? [] : local.TryGetValue(i, out var own) ? own : _ranges[i]).ToArray();
                local[output] = memory?.Evaluate($"{node.Name}\0{output}", computation, ranges) ?? RangeAnalysis.Evaluate(computation, ranges);
                if (RangeAnalysis.HullOf(local[output]).Type.Width is > TypeRules.WidestFollowed and var width)
                    throw new UserErrorException(Messages.TooWide(node.Origin.ToString(), width, TypeRules.WidestFollowed));
            }
            return [.. node.Outputs.Select(o => local[o])];
        }

        /// <summary>Wiring keeps the type of what it moves; a cast of the model has its own.</summary>
        private void Keep(Node node, List<Interval[]> intervals)
        {
            for (var i = 0; i < node.Outputs.Count; i++)
            {
                var hull = RangeAnalysis.HullOf(intervals[i]);
                var data = node.Inputs.Where(x => x.Length > 0).ToList();
                var type = node.Operator is Quantize quantize ? quantize.Quantizer.Type : data.Count == 1 ? _values[data[0]].Type!.Value : hull.Type;
                SetRange(graph[node.Outputs[i]] with { Type = type }, Array.ConvertAll(intervals[i], r => r.WithFraction(Math.Max(type.Fraction, r.Fraction))));
            }
            _nodes.Add(node);
        }

        private void Narrow(Node node, List<Interval[]> intervals, LayerTypes types)
        {
            var outputs = node.Outputs.ToArray();
            var casts = new List<Node>();
            for (var i = 0; i < outputs.Length; i++)
            {
                var hull = RangeAnalysis.HullOf(intervals[i]);
                var exact = graph[outputs[i]] with { Type = hull.Type };
                if (ResultType(node, outputs[i], hull, intervals[i], types) is not { } quantizer)
                {
                    SetRange(exact, intervals[i]);
                    continue;
                }
                var name = FreeName($"{outputs[i]}.exact");
                casts.Add(new($"{outputs[i]}.cast", new Quantize(quantizer), [name], [outputs[i]], node.Origin));
                SetRange(exact with { Name = name }, intervals[i]);
                SetRange(graph[outputs[i]] with { Type = quantizer.Type }, Cast(intervals[i], quantizer));
                outputs[i] = name;
            }
            _nodes.Add(node with { Outputs = outputs.ToSeq() });
            _nodes.AddRange(casts);
        }

        private static Interval[] Cast(Interval[] intervals, Quantizer quantizer)
        {
            var algebra = new IntervalAlgebra();
            return Array.ConvertAll(intervals, i => algebra.Cast(i, quantizer));
        }

        /// <summary>What a result is cast to, or null to keep it exact.</summary>
        private Quantizer? ResultType(Node node, string output, Interval hull, Interval[] intervals, LayerTypes types)
        {
            if (types.Result is { } named)
            {
                WarnOfOverflow(node, node.Origin.ToString(), named, hull, output);
                return named;
            }
            var multiplied = IsMultiplied(output);
            if (configuration.Precision is { } precision && (multiplied || IsOutput(output)) && !_quantisedByModel.Contains(output)
                && hull.Type != FixedType.Bit)
            {
                WarnOfOverflow(node, node.Origin.ToString(), precision, hull, output);
                return precision;
            }
            var isQuantised = _quantisedByModel.Contains(output);
            if (!multiplied || (isQuantised && hull.Type.Width <= TypeRules.WidestExact))
                return null;
            var fraction = calibration?.Of(output) is { } seen
                ? TypeRules.FractionFor(seen.Select(r => r.Largest), configuration.ActivationBits)
                : TypeRules.FractionFor(intervals.Select(r => r.Largest.ToDouble()), TypeRules.WorstCaseBits - 1);
            if (fraction >= hull.Fraction)
                return null;
            var narrowed = TypeRules.Enclosing(hull, fraction);
            if (isQuantised)
                diagnostics.Add(Messages.QuantisedNarrowed(node.Origin.ToString(), output, hull.Type.ToString(), narrowed.Type.ToString()));
            return narrowed;
        }

        /// <summary>Whether something multiplies the value, perhaps after it was rearranged.</summary>
        private bool IsMultiplied(string value) => _consumers[value].Any(n =>
            n.Operator.Multiplies || (n.Operator is Multiplication && n.Inputs.All(IsData))
            || (n.Operator.IsWiring && n.Outputs.Any(IsMultiplied)));

        private bool IsOutput(string value) => graph.Outputs.Contains(value)
            || _consumers[value].Any(n => n.Operator.IsWiring && n.Outputs.Any(IsOutput));

        private void WarnOfOverflow(Node node, string where, Quantizer quantizer, Interval exact, string value)
        {
            var drop = exact.Fraction - quantizer.Type.Fraction;
            var rounded = new Interval(Casting.Round(exact.Low, drop, quantizer.Rounding), Casting.Round(exact.High, drop, quantizer.Rounding),
                quantizer.Type.Fraction);
            if (quantizer.Type.Contains(rounded))
                return;
            var range = quantizer.Type.Range;
            var observed = "";
            if (calibration?.Of(value) is not null)
            {
                var (outside, all) = calibration.CountOutside(value, range.Minimum.ToDouble(), range.Maximum.ToDouble());
                observed = FormattableString.Invariant($" It happens in {outside} of {all} values of the calibration data.");
            }
            _ = node;
            diagnostics.Add(Messages.TypeOverflow(where, quantizer.ToString(), Consequence(quantizer), exact.Minimum.ToDouble(), exact.Maximum.ToDouble(), observed));
        }

        private void SetRange(Value value, IReadOnlyList<Interval> intervals)
        {
            _values[value.Name] = value;
            _ranges[value.Name] = intervals;
        }

        private string FreeName(string name)
        {
            var free = name;
            for (var n = 2; _values.ContainsKey(free) || graph.Contains(free); n++)
                free = $"{name}_{n}";
            return free;
        }
    }
}
