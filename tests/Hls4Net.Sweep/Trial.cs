using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;
using Hls4Net.Verification.Comparison;
using Hls4Net.Verification.Stimuli;

namespace Hls4Net.Sweep;

/// <summary>What became of a model.</summary>
public enum Outcome
{
    /// <summary>Everything that was compared agrees.</summary>
    Agrees,

    /// <summary>The compiler refuses the model with a diagnostic.</summary>
    Refused,

    /// <summary>Nothing to compare with: the oracle refuses the model.</summary>
    NoReference,

    /// <summary>A shape or a number is another than the reference's, or outside its bound; or the compiler failed.</summary>
    Differs,
}

/// <summary>The verdict on one model with the reason.</summary>
public sealed record Finding(Outcome Outcome, string Detail);

/// <summary>One event: a value's shape and its elements in row-major order.</summary>
public sealed record Sample(Seq<int> Shape, double[] Values)
{
    /// <summary>How far float32 arithmetic of a few terms can be off, relative to the largest element.</summary>
    public const double Default = 1e-5;

    /// <summary>How far results may be off: the resolution of the element type, where that is coarser than float32.</summary>
    public double Tolerance { get; init; } = Default;
}

/// <summary>One model through the compiler: shapes and reals against a reference, the emulator against the reals.</summary>
public static class Trial
{
    private const int EmulatedEvents = 12;

    /// <summary>Results are compared relative to their largest element, but not finer than float32 resolves the inputs, which are up to 4.</summary>
    private const double SmallestScale = 0.05;

    /// <summary>Compares the real evaluation with a reference, and the emulation under default types with the real evaluation.</summary>
    /// <param name="model">The ONNX file.</param>
    /// <param name="inputs">The event by input name.</param>
    /// <param name="reference">What the outputs must be.</param>
    public static Finding Run(byte[] model, IReadOnlyDictionary<string, double[]> inputs, IReadOnlyDictionary<string, Sample> reference)
    {
        try
        {
            var graph = OnnxImporter.Import(model, "model", null, new ImportOptions(), new DiagnosticBag());
            var found = CompareReals(graph, inputs, reference) ?? (graph.Inputs.Count > 0 ? Emulate(graph) : null);
            return new(found is null ? Outcome.Agrees : Outcome.Differs, found ?? "");
        }
        catch (UserErrorException e)
        {
            return new(Outcome.Refused, string.Join("; ", e.Diagnostics.Where(d => d.Rule.Severity == Severity.Error).Select(d => $"{d.Rule.Id} {d.Message}")));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new(Outcome.Differs, $"{e.GetType().Name}: {e.Message} {e.StackTrace}");
        }
    }

    private static string? CompareReals(Graph graph, IReadOnlyDictionary<string, double[]> inputs, IReadOnlyDictionary<string, Sample> reference)
    {
        var reals = new RealEvaluator(DesignBuilder.Build(graph), applyCasts: true).Run(inputs, 1);
        foreach (var (name, expected) in reference)
        {
            if (graph[name].Shape != expected.Shape)
                return $"{name} has the shape {graph[name].Shape}, not {expected.Shape}";
            var scale = Math.Max(SmallestScale, expected.Values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max());
            for (var k = 0; k < expected.Values.Length; k++)
            {
                // Outside the domain of a function neither has a value.
                if (!(Math.Abs(expected.Values[k] - reals[name][k]) <= expected.Tolerance * scale) && !expected.Values[k].Equals(reals[name][k]))
                    return FormattableString.Invariant($"{name}[{k}] is {reals[name][k]}, not {expected.Values[k]}");
            }
        }
        return null;
    }

    /// <summary>What is wrong with the emulation under default types, or null.</summary>
    private static string? Emulate(Graph graph)
    {
        var diagnostics = new DiagnosticBag();
        if (Pipelines.ToDesign(graph, Score.None, Configuration.Default, null, diagnostics) is not { Design: var design })
            throw new UserErrorException([.. diagnostics.Items]);
        var raw = new StimulusGenerator(design).Generate(EmulatedEvents, 1);
        string[] outputs = [.. design.Outputs];
        var emulator = new Emulator(design);
        var emulated = emulator.Run(raw, outputs);
        if (BatchComparison.Compare(new ReferenceEmulator(design).Run(raw, outputs), emulated, outputs).First is { } first)
            return $"emulated, {first}";
        var reals = new RealEvaluator(design, applyCasts: false)
            .Run(raw.ToDictionary(i => i.Key, i => InputConversion.ToDoubles(i.Value, design.Channel(i.Key).Type!.Value)), EmulatedEvents, outputs);
        var errors = ErrorAnalysis.Run(design);
        foreach (var output in outputs)
        {
            for (var k = 0; k < reals[output].Length; k++)
            {
                var (number, element) = Math.DivRem(k, emulated[output].Elements);
                var value = new Dyadic(emulated[output][number, element], -emulator.FractionOf(output)).ToDouble();
                if (errors[output][element].Error is { } bound && !(Math.Abs(value - reals[output][k]) <= bound.ToDouble() + 1e-12 * (1 + Math.Abs(value))))
                    return FormattableString.Invariant($"emulated, {output}[{element}] is {value}, farther from {reals[output][k]} than {bound.ToDouble()}");
            }
        }
        return null;
    }
}
