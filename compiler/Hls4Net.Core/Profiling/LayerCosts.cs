using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Core.Profiling;

/// <summary>
/// Which node costs the accuracy: each in turn is computed in fixed point (its weights, its casts, its tables) while everything else stays
/// in real numbers, and the outputs are compared with those of real numbers alone.
/// </summary>
public sealed class LayerCosts
{
    private readonly Design _imported;
    private readonly Design _typed;
    private readonly IReadOnlyList<string> _judged;
    private readonly IReadOnlyDictionary<string, Quantizer> _inputs;
    private readonly List<(Origin Origin, List<Stage> Real, List<Stage> Fixed)> _groups;
    private readonly Dictionary<string, double[][]> _realConstants;
    private readonly Dictionary<string, double[][]> _typedConstants;

    /// <param name="imported">The network in real numbers.</param>
    /// <param name="typed">The same in fixed point.</param>
    /// <param name="inputs">How a real number becomes an input's integer.</param>
    public LayerCosts(Design imported, Design typed, IReadOnlyDictionary<string, Quantizer> inputs)
    {
        (_imported, _typed, _inputs, _judged) = (imported, typed, inputs, JudgedOutputs(imported));
        var (reals, roundeds) = (Runs(imported), Runs(typed));
        _groups = [.. reals.Zip(roundeds, (real, rounded) => (real[0].Origin, real, rounded))];
        if (reals.Count != roundeds.Count || _groups.Exists(g => g.Origin != g.Fixed[0].Origin))
            throw new InvalidOperationException("The typed design does not follow the imported one.");
        _realConstants = imported.Constants.ToDictionary(c => c.Name, c => c.Tensor.Values.Select(v => new[] { v.ToDouble() }).ToArray(), StringComparer.Ordinal);
        _typedConstants = typed.Constants.ToDictionary(
            c => c.Name, c => Enumerable.Range(0, c.Tensor.Raw.Count).Select(k => new[] { c.Tensor.Typed(k).ToDouble() }).ToArray(), StringComparer.Ordinal);
    }

    /// <summary>
    /// The outputs on which a network is judged: those that no setting decides, because its value is not known here; all if there are no others.
    /// </summary>
    public static IReadOnlyList<string> JudgedOutputs(Design design)
    {
        var decided = new HashSet<string>(design.Settings, StringComparer.Ordinal);
        foreach (var stage in design.Stages.Where(s => s.Inputs.Any(decided.Contains)))
            decided.Add(stage.Output);
        return design.Outputs.All(decided.Contains) ? [.. design.Outputs] : [.. design.Outputs.Where(o => !decided.Contains(o))];
    }

    /// <summary>Runs one block of events.</summary>
    /// <param name="inputs">Event-major real values of each input that is not a setting; settings are zero.</param>
    /// <param name="events">Number of events.</param>
    /// <param name="cancellation">Looked at between nodes.</param>
    /// <returns>Inputs and nodes in the order of computation, those that cost nothing included.</returns>
    public IReadOnlyList<LayerProfile> Run(IReadOnlyDictionary<string, double[]> inputs, int events, CancellationToken cancellation)
    {
        var real = RealValues(inputs, events);
        var found = new List<(Origin Origin, double Largest, double Noise)>();
        foreach (var (name, values) in inputs)
        {
            var rounded = InputConversion.ToDoubles(InputConversion.Quantize(values, Shapes.Count(_typed.ShapeOf(name)), _inputs[name]), _inputs[name].Type);
            var changed = new Dictionary<string, double[][]>(StringComparer.Ordinal)
            {
                [name] = RealEvaluator.Load(rounded, Shapes.Count(_typed.ShapeOf(name)), 0, events, events),
            };
            found.Add(Compare(new(name, "Input"), real, Propagate(changed, real, 0, events), events));
        }
        for (var k = 0; k < _groups.Count; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            var changed = RunFixed(_groups[k].Fixed, real, events);
            found.Add(Compare(_groups[k].Origin, real, Propagate(changed, real, k + 1, events), events));
        }
        var all = found.Sum(f => f.Noise);
        return [.. found.Select(f => new LayerProfile(f.Origin, f.Largest, new(f.Noise), all == 0 ? 0 : f.Noise / all))];
    }

    /// <summary>Stages of one node, in order: the typed design has the same nodes in the same order, with more stages.</summary>
    private static List<List<Stage>> Runs(Design design)
    {
        var runs = new List<List<Stage>>();
        foreach (var stage in design.Stages)
        {
            if (runs.Count == 0 || runs[^1][0].Origin != stage.Origin)
                runs.Add([]);
            runs[^1].Add(stage);
        }
        return runs;
    }

    private Dictionary<string, double[][]> RealValues(IReadOnlyDictionary<string, double[]> inputs, int events)
    {
        var values = new Dictionary<string, double[][]>(_realConstants, StringComparer.Ordinal);
        foreach (var name in _imported.Inputs)
        {
            var elements = Shapes.Count(_imported.ShapeOf(name));
            values[name] = inputs.TryGetValue(name, out var given)
                ? RealEvaluator.Load(given, elements, 0, events, events)
                : [.. Enumerable.Range(0, elements).Select(_ => new double[1])];
        }
        var algebra = RealAlgebraOf(events);
        foreach (var stage in _imported.Stages)
            values[stage.Output] = Evaluate(algebra, stage, name => values[name]);
        return values;
    }

    private static RealLanes RealAlgebraOf(int events) => new(new RealAlgebra(applyCasts: true), applyCasts: true, events);

    /// <summary>What a node gives in fixed point for real inputs.</summary>
    private Dictionary<string, double[][]> RunFixed(List<Stage> stages, Dictionary<string, double[][]> real, int events)
    {
        var algebra = new RealLanes(new RoundedAlgebra(), applyCasts: true, events);
        var values = new Dictionary<string, double[][]>(StringComparer.Ordinal);
        foreach (var stage in stages)
        {
            values[stage.Output] = Evaluate(algebra, stage,
                name => values.TryGetValue(name, out var own) ? own : _typedConstants.TryGetValue(name, out var constant) ? constant : real[name]);
        }
        return values;
    }

    /// <summary>Computes in real numbers whatever depends on the changed values.</summary>
    private Dictionary<string, double[][]> Propagate(Dictionary<string, double[][]> changed, Dictionary<string, double[][]> real, int from, int events)
    {
        var algebra = RealAlgebraOf(events);
        foreach (var stage in _groups.Skip(from).SelectMany(g => g.Real).Where(s => s.Inputs.Any(changed.ContainsKey)))
            changed[stage.Output] = Evaluate(algebra, stage, name => changed.TryGetValue(name, out var own) ? own : real[name]);
        return changed;
    }

    private static double[][] Evaluate(RealLanes algebra, Stage stage, Func<string, double[][]> value)
    {
        var inputs = stage.Inputs.Select(i => i.Length == 0 ? [] : value(i)).ToArray();
        return Evaluations.Run(algebra, stage.Computation, (input, element) => inputs[input][element]);
    }

    private (Origin Origin, double Largest, double Noise) Compare(
        Origin origin, Dictionary<string, double[][]> real, Dictionary<string, double[][]> changed, int events)
    {
        var (largest, ratio) = (0.0, 0.0);
        foreach (var output in _judged.Where(changed.ContainsKey))
        {
            var (signal, noise) = (0.0, 0.0);
            for (var k = 0; k < real[output].Length; k++)
            {
                var (a, b) = (real[output][k], changed[output][k]);
                for (var lane = 0; lane < events; lane++)
                {
                    var difference = Math.Abs(a[a.Length == 1 ? 0 : lane] - b[b.Length == 1 ? 0 : lane]);
                    largest = Math.Max(largest, difference);
                    noise += difference * difference;
                    signal += a[a.Length == 1 ? 0 : lane] * a[a.Length == 1 ? 0 : lane];
                }
            }
            ratio += SignalToNoise.Of(signal, noise).Noise;
        }
        return (origin, largest, ratio / _judged.Count);
    }
}
