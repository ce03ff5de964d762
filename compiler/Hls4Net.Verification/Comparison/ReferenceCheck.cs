using Hls4Net.Core.Data;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Verification.OnnxRuntime;

namespace Hls4Net.Verification.Comparison;

/// <summary>What came out of holding the imported network against ONNX Runtime.</summary>
/// <param name="Passed">Whether every output agrees.</param>
/// <param name="Rule">The comparison that was made, in words.</param>
/// <param name="Largest">The largest difference, relative to the largest magnitude of that output.</param>
/// <param name="First">Where the first disagreement is; empty if there is none.</param>
/// <param name="Quantisation">For each output of the model the error of fixed point against real numbers.</param>
public sealed record ReferenceResult(bool Passed, string Rule, double Largest, string First, IReadOnlyList<QuantisationError> Quantisation);

/// <summary>The error of fixed point, in units of the value.</summary>
public sealed record QuantisationError(string Output, double Largest, double Mean, double Scale);

/// <summary>
/// Holds our reading of the model against ONNX Runtime: the imported graph in float64 against the library in float32. A model whose own
/// quantisers make every value an integer of at most 24 bits must agree exactly, emulator included; float32 is no reference beyond that:
/// where a quantiser behind a float computation rounds a number at the edge between two steps, float32 may take the other one.
/// </summary>
public static class ReferenceCheck
{
    private const double Tolerance = 1e-5;

    /// <summary>The part of the events in which float32's error may decide a rounding of the model's quantisers: one in twenty is many.</summary>
    private const double MostRounded = 0.05;

    /// <summary>Bits of an integer that float32 holds exactly.</summary>
    private const int Float32Bits = 24;

    /// <summary>Runs the comparison.</summary>
    /// <param name="session">The model cut to the compiled outputs.</param>
    /// <param name="imported">The imported graph.</param>
    /// <param name="design">The typed design.</param>
    /// <param name="events">Raw inputs.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    public static ReferenceResult Run(OnnxSession session, Graph imported, Design design, IReadOnlyDictionary<string, RawBatch> events, CancellationToken cancellation)
    {
        var count = events.Values.First().Events;
        var reals = events.ToDictionary(e => e.Key, e => InputConversion.ToDoubles(e.Value, design.Channel(e.Key).Type!.Value), StringComparer.Ordinal);
        var outputs = session.Outputs.Select(o => o.Name).Where(imported.Outputs.Contains).ToList();
        var inputs = new Dictionary<string, double[]>(reals, StringComparer.Ordinal);
        foreach (var setting in imported.Settings)
            inputs[setting] = new double[Shapes.Count(imported[setting].Shape)];
        var undecided = new bool[count];
        // Behind a description of events the model's input is a value like any other.
        var read = session.Inputs.Select(i => i.Name).ToDictionary(i => i, i => reals.ContainsKey(i) ? ReadByModel(imported, i) : i, StringComparer.Ordinal);
        var reference = new RealEvaluator(DesignBuilder.Build(imported), applyCasts: true).Run(inputs, count, [.. outputs, .. read.Values.Except(reals.Keys)], undecided);
        var given = read.ToDictionary(r => r.Key, r => Shape(reals.TryGetValue(r.Value, out var value) ? value : reference[r.Value], count, imported[r.Key].Shape), StringComparer.Ordinal);
        var found = session.RunRows(given, outputs, cancellation);
        var emulated = Emulate(design, events, outputs);
        var isExact = RangeAnalysis.Run(design).WorkingWidth <= Float32Bits && outputs.TrueForAll(o => reference[o].AsSpan().SequenceEqual(emulated[o]));
        return Compare(outputs, found, reference, emulated, isExact ? null : undecided);
    }

    /// <summary>What the model of the file reads for an input: the input, or what a stage of the configuration makes of it.</summary>
    private static string ReadByModel(Graph imported, string input)
    {
        while (imported.Nodes.FirstOrDefault(n => n.Origin.Operator == Origin.InputStage && n.Inputs[0] == input) is { } step)
            input = step.Outputs[0];
        return input;
    }

    private static Dictionary<string, double[]> Emulate(Design design, IReadOnlyDictionary<string, RawBatch> events, List<string> outputs)
    {
        var all = new Dictionary<string, RawBatch>(events, StringComparer.Ordinal);
        foreach (var setting in design.Settings)
        {
            var size = Shapes.Count(design.ShapeOf(setting));
            all[setting] = RawBatch.Of(size, new long[size]);
        }
        return new Emulator(design).Run(all, outputs).ToDictionary(r => r.Key, r => InputConversion.ToDoubles(r.Value, design.Channel(r.Key).Type!.Value), StringComparer.Ordinal);
    }

    /// <param name="undecided">Events in which a quantiser of the model rounds what float32 may see on the other side of an edge; null for an exact comparison.</param>
    private static ReferenceResult Compare(List<string> outputs, OrderedDictionary<string, NpyArray> found,
        IReadOnlyDictionary<string, double[]> reference, Dictionary<string, double[]> emulated, bool[]? undecided)
    {
        var isExact = undecided is null;
        var rounded = new HashSet<int>();
        var first = "";
        var largest = 0.0;
        var errors = new List<QuantisationError>();
        foreach (var output in outputs)
        {
            var (ours, theirs) = (reference[output], found[output].ToDoubles());
            var scale = theirs.Select(Math.Abs).DefaultIfEmpty(0).Max();
            var allowed = isExact ? 0 : Tolerance * Math.Max(scale, double.Epsilon);
            for (var i = 0; i < ours.Length; i++)
            {
                var difference = Math.Abs(ours[i] - theirs[i]);
                var @event = i / Math.Max(1, ours.Length / Math.Max(1, undecided?.Length ?? 1));
                if (difference > allowed && undecided is not null && undecided[@event])
                {
                    rounded.Add(@event);
                    continue;
                }
                largest = Math.Max(largest, scale == 0 ? difference : difference / scale);
                if (!(difference <= allowed) && first.Length == 0)
                    first = FormattableString.Invariant($"'{output}', number {i}: {ours[i]:R} here, {theirs[i]:R} in ONNX Runtime");
            }
            errors.Add(new(output, ours.Zip(emulated[output], (a, b) => Math.Abs(a - b)).DefaultIfEmpty(0).Max(),
                ours.Zip(emulated[output], (a, b) => Math.Abs(a - b)).DefaultIfEmpty(0).Average(), scale));
        }
        var rule = isExact ? "equal in every bit, emulator included" : "reals within 1e-5 of the largest value";
        if (rounded.Count > 0)
            rule += FormattableString.Invariant($", but for {rounded.Count} events in which a quantiser rounds float32's error");
        if (rounded.Count > MostRounded * (undecided?.Length ?? 0) && first.Length == 0)
            first = FormattableString.Invariant($"{rounded.Count} events differ by a step of a quantiser, more than float32's error explains");
        return new(first.Length == 0, rule, largest, first, errors);
    }

    private static NpyArray Shape(double[] values, int count, Seq<int> shape)
    {
        Seq<int> rows = shape.Count > 0 && shape[0] == 1 ? [count, .. shape.Span[1..]] : [count, .. shape];
        return NpyArray.Of(rows, values);
    }
}
