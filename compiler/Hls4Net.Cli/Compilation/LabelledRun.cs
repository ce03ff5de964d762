using Hls4Net.Cli.Reports;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Profiling;
using Hls4Net.Core.Text;
using Hls4Net.Trigger.Metrics;

namespace Hls4Net.Cli.Compilation;

/// <summary>
/// How well a design's output fits labels. An output of one element is a score: label 0 is background, each other label a signal. One of
/// several elements is a classifier: the largest is the class, and each element is a score of its class against the others.
/// </summary>
/// <param name="folder">The design.</param>
internal sealed class LabelledRun(CompiledFolder folder)
{
    private const int BlockEvents = 4096;

    /// <param name="events">X.npy, or X.npz with one array for each input.</param>
    /// <param name="labels">Y.npy with a whole number for each event.</param>
    /// <exception cref="UserErrorException">A file cannot be read, or the labels do not fit the events or the output (HLS5401).</exception>
    public EvaluationEntry Run(string events, string labels, CancellationToken cancellation)
    {
        var output = OutputOf(labels);
        var (rounded, real) = Outputs(events, output, cancellation);
        var elements = Shapes.Count(output.Shape.ToSeq());
        var kinds = Read(labels, rounded.Length / elements, events);
        return elements == 1 ? Scores(output, kinds, rounded, real, labels) : Classes(output, kinds, rounded, real, elements, labels);
    }

    private PortEntry OutputOf(string labels)
    {
        var judged = LayerCosts.JudgedOutputs(folder.Design);
        var outputs = folder.Manifest.Outputs.Where(o => judged.Contains(o.Name)).ToList();
        return outputs.Find(o => o.Name.StartsWith("score", StringComparison.Ordinal) && Shapes.Count(o.Shape.ToSeq()) == 1)
            ?? (outputs.Count == 1 ? outputs[0] : throw new UserErrorException(Messages.LabelsDoNotFit(labels, $"the design has no output 'score' and not just one output, but {string.Join(", ", outputs.Select(o => o.Name))}")));
    }

    private (double[] Fixed, double[] Real) Outputs(string events, PortEntry output, CancellationToken cancellation)
    {
        var design = DesignBuilder.Build(folder.ReadImported());
        var (emulator, reals) = (new Emulator(folder.Design), new RealEvaluator(design, applyCasts: true));
        var settings = design.Settings.ToDictionary(s => s, s => new double[Shapes.Count(design.ShapeOf(s))], StringComparer.Ordinal);
        var (rounded, real) = (new List<double>(), new List<double>());
        foreach (var (values, count) in RealChunks.Read(events, [.. folder.DataInputs.Select(i => (i.Name, i.Shape.ToSeq()))], BlockEvents))
        {
            cancellation.ThrowIfCancellationRequested();
            var raw = folder.SettingValues(0, isRaw: true).Concat(folder.DataInputs.Select(i => KeyValuePair.Create(i.Name, InputConversion.Quantize(values[i.Name], Shapes.Count(i.Shape.ToSeq()), i.Quantizer))))
                .ToDictionary(StringComparer.Ordinal);
            rounded.AddRange(InputConversion.ToDoubles(emulator.Run(raw, [output.Name], new() { Cancellation = cancellation })[output.Name], output.Quantizer.Type));
            real.AddRange(reals.Run(values.Concat(settings).ToDictionary(StringComparer.Ordinal), count, [output.Name])[output.Name]);
        }
        return ([.. rounded], [.. real]);
    }

    private static int[] Read(string path, int events, string eventsPath)
    {
        var numbers = Npy.Read(path).ToDoubles();
        if (numbers.Length != events)
            throw new UserErrorException(Messages.LabelsDoNotFit(path, FormattableString.Invariant($"it has {numbers.Length} labels, and {eventsPath} {events} events")));
        return Array.TrueForAll(numbers, n => n == Math.Floor(n) && n is >= 0 and < 1000) ? Array.ConvertAll(numbers, n => (int)n)
            : throw new UserErrorException(Messages.LabelsDoNotFit(path, "one whole number from 0 on is needed for each event"));
    }

    private EvaluationEntry Scores(PortEntry output, int[] labels, double[] rounded, double[] real, string path)
    {
        var samples = labels.Distinct().Order().Select(label =>
        {
            var places = Enumerable.Range(0, labels.Length).Where(e => labels[e] == label).ToArray();
            return new EvaluationSample(label == 0 ? "background" : NameOf(label), Choose(rounded, places), Choose(real, places), [], [], [], [], 0);
        }).ToList();
        if (samples.Count < 2 || samples[0].Name != "background")
            throw new UserErrorException(Messages.LabelsDoNotFit(path, "a score needs background (label 0) and signal (labels from 1 on)"));
        return EvaluationEntry.Of(Evaluation.Of(folder, output, samples[0], samples[1..], EvaluationOptions.Default));
    }

    private static EvaluationEntry Classes(PortEntry output, int[] labels, double[] rounded, double[] real, int classes, string path)
    {
        if (labels.Max() >= classes)
            throw new UserErrorException(Messages.LabelsDoNotFit(path, FormattableString.Invariant($"there is a label {labels.Max()}, and '{output.Name}' has {classes} elements, for classes from 0 on")));
        var forms = new (string Name, double[] Values)[] { (EvaluationSample.FixedName, rounded), (EvaluationSample.FloatName, real) };
        var scores = forms.Select(f => ClassScores(f.Name, f.Values, labels, classes)).ToArray();
        var own = forms.Select(f => Split(f.Values, labels, classes)).ToList();
        var histograms = ScoreHistogram.Of([new("other classes", own[0].Other, own[1].Other, [], [], [], [], 0), new("the label's class", own[0].Right, own[1].Right, [], [], [], [], 0)]);
        var (best, wanted) = (Best(rounded, labels.Length), Best(real, labels.Length));
        return new(output.Name, output.Type, labels.Length, null, scores, [.. histograms])
        {
            Classes = new(classes, Share(best, labels), Share(wanted, labels), Share(best, wanted)),
        };
    }

    /// <summary>Each class that has events against all others.</summary>
    private static ScoreResult ClassScores(string form, double[] values, int[] labels, int classes)
    {
        var all = ScoreSample.Of(values);
        var results = labels.Distinct().Order().Where(c => labels.Any(l => l != c)).Select(c => Evaluation.Judge(NameOf(c),
            ScoreSample.Of([.. Enumerable.Range(0, labels.Length).Where(e => labels[e] != c).Select(e => values[e * classes + c])]),
            ScoreSample.Of([.. Enumerable.Range(0, labels.Length).Where(e => labels[e] == c).Select(e => values[e * classes + c])]), [])).ToList();
        return new(form, all.DistinctValues, all.Minimum, all.Maximum, results, [], []);
    }

    private static (double[] Right, double[] Other) Split(double[] values, int[] labels, int classes)
    {
        var places = Enumerable.Range(0, values.Length).ToLookup(k => k % classes == labels[k / classes]);
        return (Choose(values, [.. places[true]]), Choose(values, [.. places[false]]));
    }

    /// <summary>The place of the largest element of each event; the first of equals.</summary>
    private static int[] Best(double[] values, int events)
    {
        var classes = values.Length / events;
        return [.. Enumerable.Range(0, events).Select(e => Enumerable.Range(0, classes).MaxBy(c => values[e * classes + c]))];
    }

    private static double Share(int[] one, int[] other) => one.Zip(other, (a, b) => a == b ? 1 : 0).Sum() / (double)one.Length;

    private static double[] Choose(double[] values, int[] places) => Array.ConvertAll(places, p => values[p]);

    private static string NameOf(int label) => FormattableString.Invariant($"label {label}");
}
