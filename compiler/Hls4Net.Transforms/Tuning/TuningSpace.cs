using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Passes;
using Hls4Net.Operators;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Pruning;
using Hls4Net.Transforms.Reuse;
using Hls4Net.Transforms.Settings;
using Hls4Net.Transforms.Typing;

namespace Hls4Net.Transforms.Tuning;

/// <summary>
/// The choices that can be made for a network, layer by layer: widths of inputs, weights and results, pruning, weights of fewer digits, reuse factors. A
/// candidate is a level for each knob. It is typed and lowered exactly as <c>compile</c> would: the real graph, its calibration and what the user
/// said are worked out once.
/// </summary>
public sealed class TuningSpace
{
    private const int MostFraction = 9;
    private const int MostInteger = 4;
    private const int FewestBits = 2;
    private static readonly double[] Sparsities = [.. Enumerable.Range(0, 20).Select(i => i * 0.05)];
    private static readonly double[] Errors = [0, 0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.07, 0.1, 0.14, 0.2];

    private readonly Graph _graph;
    private readonly Configuration _configuration;
    private readonly Calibration _moments;
    private readonly Dictionary<string, Quantizer> _inputs;
    private readonly Dictionary<string, Quantizer> _results = new(StringComparer.Ordinal);
    private readonly List<Knob> _knobs = [];
    private readonly RangeMemory _memory = new();

    private TuningSpace(Graph graph, Configuration configuration, Calibration seen, TypedModel typed, int interval)
    {
        (_graph, _configuration, _moments) = (graph, configuration, seen.WithoutRanges());
        _inputs = graph.Inputs.Except(graph.Settings).ToDictionary(i => i, i => typed.InputQuantizers[i], StringComparer.Ordinal);
        foreach (var (name, quantizer) in _inputs)
            AddInput(name, quantizer);
        foreach (var node in graph.Nodes)
            AddLayer(node, typed, interval);
    }

    /// <summary>All knobs, in the network's order.</summary>
    public IReadOnlyList<Knob> Knobs => _knobs;

    /// <summary>The network in real numbers, score included.</summary>
    public Graph Real => _graph;

    /// <summary>The choices for a network.</summary>
    /// <param name="imported">What the front end read.</param>
    /// <param name="score">The score to append.</param>
    /// <param name="configuration">What the user says; it is kept where no knob turns it.</param>
    /// <param name="calibration">Event-major values of each input, with the number of events.</param>
    /// <param name="interval">The most cycles between two events: reuse factors up to it are tried; 1 leaves them as they are.</param>
    /// <param name="diagnostics">Receives problems; the result is null if there are some.</param>
    public static TuningSpace? Of(Graph imported, Score score, Configuration configuration, (IReadOnlyDictionary<string, double[]> Inputs, int Events) calibration, int interval, DiagnosticBag diagnostics)
    {
        if (configuration.Events is { } events)
            diagnostics.Add(Messages.EventDescription(events.Place, "tuning reads rows of numbers as the network does, and no description of events", "Leave the section out while tuning."));
        var first = new PassRunner<Graph>(IrKind.Graph).Run(imported, Pipelines.RealPasses(score, configuration), diagnostics);
        if (diagnostics.HasErrors)
            return null;
        Unrolling.Check(first, configuration.Stream is null ? Unrolling.MaximumOperations : Unrolling.MaximumOperationsOfStreams);
        // What is named stays where it is in some passes, so that names come first: those of all layers that may get a choice.
        var named = configuration with { Layers = new Dictionary<string, LayerTypes>(configuration.Layers, StringComparer.Ordinal) };
        foreach (var node in first.Nodes.Where(n => IsTunable(first, n)))
            ((Dictionary<string, LayerTypes>)named.Layers).TryAdd(node.Outputs[0], LayerTypes.None);
        var graph = new PassRunner<Graph>(IrKind.Graph).Run(imported, Pipelines.RealPasses(score, named), diagnostics);
        var seen = Calibration.Run(graph, calibration.Inputs, calibration.Events);
        var typed = new ChooseTypes(configuration, seen).Run(graph, diagnostics);
        return diagnostics.HasErrors ? null : new(graph, named, seen, typed, interval);
    }

    /// <summary>A candidate as a typed design.</summary>
    /// <param name="levels">One for each knob.</param>
    /// <returns>Null if the levels do not go together.</returns>
    public CompiledModel? Build(IReadOnlyList<int> levels)
    {
        try
        {
            return Pipelines.ToDesign(_graph, ConfigurationOf(levels), _moments, new DiagnosticBag());
        }
        catch (UserErrorException)
        {
            return null;
        }
    }

    /// <summary>A candidate as far as emulating it needs: without schedules, and not verified.</summary>
    /// <inheritdoc cref="Build"/>
    public CompiledModel? BuildArithmetic(IReadOnlyList<int> levels)
    {
        try
        {
            return Pipelines.ToArithmetic(_graph, ConfigurationOf(levels), _moments, _memory, new DiagnosticBag());
        }
        catch (UserErrorException)
        {
            return null;
        }
    }

    /// <summary>The reuse factors of a candidate's layers.</summary>
    public ReuseFactors ReuseOf(IReadOnlyList<int> levels) => ReuseFactors.Of(_graph, ConfigurationOf(levels));

    /// <summary>The configuration of a candidate. Those of pruning and rounding depend on the calibration events.</summary>
    public Configuration ConfigurationOf(IReadOnlyList<int> levels)
    {
        var inputs = new Dictionary<string, (Quantizer, long)>(_configuration.Inputs, StringComparer.Ordinal);
        foreach (var (name, quantizer) in _inputs)
            inputs[name] = (Narrowed(quantizer, LevelOf(KnobKind.InputFraction, name, levels), LevelOf(KnobKind.InputInteger, name, levels)), 0);
        var layers = new Dictionary<string, LayerTypes>(_configuration.Layers, StringComparer.Ordinal);
        // Candidates are typed without calibration, so that what it chose is named.
        foreach (var (target, quantizer) in _results)
            layers[target] = layers.GetValueOrDefault(target, LayerTypes.None) with { Result = quantizer };
        for (var k = 0; k < _knobs.Count; k++)
        {
            if (_knobs[k].Apply is { } apply)
                layers[_knobs[k].Target] = apply(layers.GetValueOrDefault(_knobs[k].Target, LayerTypes.None), levels[k]);
        }
        return _configuration with { Inputs = inputs, Layers = layers };
    }

    /// <summary>
    /// The same as a file that needs no events: types are named, and weights that were pruned or rounded are given as integers.
    /// </summary>
    /// <param name="levels">One for each knob.</param>
    /// <param name="file">The user's own configuration; empty if there is none.</param>
    /// <param name="header">Lines of comment.</param>
    public string ToYaml(IReadOnlyList<int> levels, string file, IReadOnlyList<string> header)
    {
        var configuration = ConfigurationOf(levels);
        var model = Build(levels) ?? throw new InvalidOperationException("A candidate that was judged cannot be built.");
        var writer = new ConfigurationWriter(file);
        foreach (var name in _inputs.Keys)
            writer.Set("inputs", name, null, configuration.Inputs[name].Type.ToString());
        foreach (var target in _knobs.Where(k => k.Apply is not null).Select(k => k.Target).Union(_results.Keys))
            WriteLayer(writer, target, configuration.Layers[target], model.Typed.Graph);
        return writer.ToText(header);
    }

    private void WriteLayer(ConfigurationWriter writer, string target, LayerTypes types, Graph typed)
    {
        var node = _graph.Nodes.First(n => n.Outputs.Contains(target));
        var isEdited = types.Prune is { Sparsity: > 0 } || types.RoundWeights > 0;
        if (types.Result is { } result)
            writer.Set("layers", target, "result", result.ToString());
        if (types.ReuseFactor is { } reuse)
            writer.Set("layers", target, "reuse_factor", reuse.ToString(CultureInfo.InvariantCulture));
        if (types.Weight is { } weight)
            writer.Set("layers", target, "weight", weight.ToString());
        if (!isEdited)
            return;
        var made = typed.Nodes.First(n => n.Name == node.Name && n.Operator.GetType() == node.Operator.GetType());
        writer.Set("layers", target, "weight_integers", typed[made.Inputs[1]].Constant!.Raw);
        if (made.Inputs.Count > 2 && made.Inputs[2].Length > 0 && typed[made.Inputs[2]].Constant is { } bias && _graph[node.Inputs[2]].Constant is { Type: null })
        {
            writer.Set("layers", target, "bias", new Quantizer(bias.Type!.Value, Rounding.Rnd, Overflow.Sat).ToString());
            writer.Set("layers", target, "bias_integers", bias.Raw);
        }
    }

    private int LevelOf(KnobKind kind, string target, IReadOnlyList<int> levels)
    {
        for (var k = 0; k < _knobs.Count; k++)
        {
            if (_knobs[k].Kind == kind && _knobs[k].Target == target)
                return levels[k];
        }
        return 0;
    }

    private static bool IsTunable(Graph graph, Node node) => HasWeights(graph, node) || (!node.Operator.IsWiring && node.Outputs.Count == 1);

    /// <summary>Whether a node multiplies by weights of the model whose types are still to be chosen.</summary>
    private static bool HasWeights(Graph graph, Node node) =>
        node.Operator is Dense or Convolution && graph[node.Inputs[1]].Constant is { Type: null } && graph[node.Inputs[0]].Constant is null;

    private static Quantizer Narrowed(Quantizer quantizer, int fraction, int integer) =>
        quantizer with { Type = new(quantizer.Type.Signed, quantizer.Type.Width - fraction - integer, quantizer.Type.Integer - integer) };

    private void AddInput(string name, Quantizer quantizer)
    {
        if (_graph[name].Type is not null)
            return;
        var room = quantizer.Type.Width - (quantizer.Type.Signed ? 2 : 1);
        Add(KnobKind.InputFraction, name, Math.Min(MostFraction, room - MostInteger), l => Narrowed(quantizer, l, 0).ToString());
        Add(KnobKind.InputInteger, name, Math.Min(MostInteger, room / 2), l => Narrowed(quantizer, 0, l).ToString());
    }

    private void AddLayer(Node node, TypedModel typed, int interval)
    {
        var target = node.Outputs[0];
        if (HasWeights(_graph, node))
            AddWeights(node, target);
        if (interval > 1)
            AddReuse(node, typed, interval);
        // A result that is narrowed because something multiplies it.
        if (typed.Graph.Nodes.FirstOrDefault(n => n.Outputs[0] == target && n.Origin == node.Origin && n.Operator is Quantize)?.Operator is not Quantize { Quantizer: var quantizer }
            || node.Operator is Quantize or UniformQuantize)
            return;
        _results[target] = quantizer;
        var room = quantizer.Type.Width - (quantizer.Type.Signed ? 2 : 1);
        Add(KnobKind.ResultFraction, target, Math.Min(MostFraction, room), l => Narrowed(quantizer, l, 0).ToString(),
            (t, l) => t with { Result = Narrowed(t.Result!.Value, l, 0) });
        // Range that the calibration events do not use costs nothing to give up, and the default type holds all that is possible.
        Add(KnobKind.ResultInteger, target, Math.Min(Math.Max(MostInteger, quantizer.Type.Width - 12), room - MostFraction), l => Narrowed(quantizer, 0, l).ToString(),
            (t, l) => t with { Result = Narrowed(t.Result!.Value, 0, l) });
    }

    private void AddWeights(Node node, string target)
    {
        var values = _graph[node.Inputs[1]].Constant!.Values;
        var own = _configuration.Layers.GetValueOrDefault(target)?.Weight ?? _configuration.Precision;
        var most = own?.Type.Width ?? _configuration.WeightBits;
        var types = Enumerable.Range(0, Math.Max(1, most - FewestBits + 1)).Select(l => l == 0 && own is { } chosen ? chosen : TypeRules.ForConstants(values, most - l, most - l)).ToArray();
        Add(KnobKind.WeightBits, target, types.Length - 1, l => types[l].ToString(), (t, l) => t with { Weight = types[l] });
        var order = _moments.MomentsOf(node.Inputs[0]) is null ? PruneOrder.Magnitude : PruneOrder.Cost;
        Add(KnobKind.Prune, target, Sparsities.Length - 1, l => new PruneChoice(Sparsities[l], order).ToString(), (t, l) => t with { Prune = new(Sparsities[l], order) });
        Add(KnobKind.Round, target, Errors.Length - 1, l => string.Create(CultureInfo.InvariantCulture, $"{Errors[l] * 100:0.##}%"), (t, l) => t with { RoundWeights = Errors[l] });
    }

    private void AddReuse(Node node, TypedModel typed, int interval)
    {
        if (!HasWeights(_graph, node))
            return;
        var design = DesignBuilder.Build(typed.Graph);
        var group = StageGroup.Of(design).FirstOrDefault(g => g.Stages[0].Origin == node.Origin && FoldableKernel.Of(design, g) is not null);
        if (group is null)
            return;
        var products = FoldableKernel.Of(design, group)!.Products;
        int[] factors = [.. Enumerable.Range(1, interval).Where(f => products % f == 0)];
        Add(KnobKind.Reuse, node.Outputs[0], factors.Length - 1, l => factors[l].ToString(CultureInfo.InvariantCulture), (t, l) => t with { ReuseFactor = factors[l] });
    }

    private void Add(KnobKind kind, string target, int last, Func<int, string> text, Func<LayerTypes, int, LayerTypes>? apply = null)
    {
        if (last > 0)
            _knobs.Add(new(kind, target, [.. Enumerable.Range(0, last + 1).Select(text)]) { Apply = apply });
    }
}
