using System.Globalization;
using Hls4Net.Cli.Compilation;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Text;

namespace Hls4Net.Cli.Tuning;

/// <summary>The user's events in two parts: one to search with, and one that only the reported figures are from.</summary>
/// <param name="Calibration">Those of the first part from which types are chosen: without events of --signal.</param>
/// <param name="Names">Of the kinds of signal.</param>
internal sealed record TuneData(TuneSample Search, TuneSample HeldOut, TuneSample Calibration, IReadOnlyList<string> Names)
{
    /// <summary>More events say little more of a candidate.</summary>
    private const int MostEvents = 40_000;

    /// <exception cref="UserErrorException">A file cannot be read or does not fit, or there are too few events for the metric.</exception>
    public static TuneData Read(TuneOptions options, Graph graph)
    {
        var inputs = graph.Inputs.Except(graph.Settings).Select(i => (i, graph[i].Shape)).ToList();
        var (sample, names) = ReadAll(options, inputs);
        var (search, held) = Split(sample, options);
        var data = new TuneData(sample.Choose(search), sample.Choose(held), sample.Choose([.. search.Where(i => options.Signals.Count == 0 || sample.Labels![i] == 0)]), names);
        data.Demand(options);
        return data;
    }

    private static (TuneSample Sample, IReadOnlyList<string> Names) ReadAll(TuneOptions options, IReadOnlyList<(string Name, Seq<int> Shape)> inputs)
    {
        var path = options.Compile.Calibration!;
        var (values, events) = ReadEvents(path, inputs);
        if (options.Signals.Count > 0)
        {
            var labels = new List<int>(Enumerable.Repeat(0, events));
            for (var k = 0; k < options.Signals.Count; k++)
            {
                var (more, count) = ReadEvents(options.Signals[k].Path, inputs);
                values = values.ToDictionary(v => v.Key, v => (double[])[.. v.Value, .. more[v.Key]], StringComparer.Ordinal);
                labels.AddRange(Enumerable.Repeat(k + 1, count));
            }
            return (new(labels.Count, values, [.. labels], [.. Enumerable.Range(1, options.Signals.Count)]), [.. options.Signals.Select(s => s.Name)]);
        }
        if (options.Labels is not { } file)
            return (new(events, values, null, []), []);
        var array = Npy.Read(file);
        if (array.Shape.Count == 0 || array.Shape[0] != events)
            throw new UserErrorException(Messages.LabelsDoNotFit(file, $"it has {(array.Shape.Count == 0 ? 0 : array.Shape[0])} labels, and {path} {events} events"));
        var numbers = array.ToDoubles();
        DataChecks.RequireFinite(file, numbers, array.Shape.Skip(1).ToSeq());
        if (options.Metric.Kind == MetricKind.Mse)
            return (new TuneSample(events, values, null, []) { Targets = numbers }, []);
        if (numbers.Length != events || Array.Exists(numbers, n => n != Math.Floor(n) || n is < 0 or > 1000))
            throw new UserErrorException(Messages.LabelsDoNotFit(file, "one whole number from 0 on is needed for each event"));
        int[] all = Array.ConvertAll(numbers, n => (int)n);
        int[] signals = [.. all.Where(l => l > 0).Distinct().Order()];
        return (new(events, values, all, signals), [.. signals.Select(s => string.Create(CultureInfo.InvariantCulture, $"label {s}"))]);
    }

    private static (IReadOnlyDictionary<string, double[]> Values, int Events) ReadEvents(string path, IReadOnlyList<(string Name, Seq<int> Shape)> inputs)
    {
        var arrays = EventData.Read(path, inputs);
        foreach (var (name, shape) in inputs)
            DataChecks.RequireFinite(path, arrays[name].ToDoubles(), EventData.RowShape(arrays[name].Shape.Count, shape));
        return (arrays.ToDictionary(a => a.Key, a => a.Value.ToDoubles(), StringComparer.Ordinal), arrays[inputs[0].Name].Shape[0]);
    }

    /// <summary>A share of each kind of event goes to the second part; which events is drawn from the seed.</summary>
    private static (int[] Search, int[] HeldOut) Split(TuneSample sample, TuneOptions options)
    {
        var random = new Random(options.Seed);
        var (search, held) = (new List<int>(), new List<int>());
        foreach (var kind in Enumerable.Range(0, sample.Events).GroupBy(e => sample.Labels?[e] ?? 0).OrderBy(g => g.Key))
        {
            var places = kind.ToArray();
            random.Shuffle(places);
            var count = (int)Math.Round(places.Length * options.HeldOut);
            held.AddRange(places[..count]);
            search.AddRange(places[count..]);
        }
        if (search.Count > MostEvents)
        {
            var some = search.ToArray();
            random.Shuffle(some);
            search = [.. some[..MostEvents]];
        }
        return ([.. search.Order()], [.. held.Order()]);
    }

    private void Demand(TuneOptions options)
    {
        var path = options.Labels ?? options.Compile.Calibration!;
        foreach (var part in (TuneSample[])[Search, HeldOut])
        {
            if (part.Events == 0)
                throw new UserErrorException(Messages.LabelsDoNotFit(path, "there are not enough events for two parts"));
            if (!options.Metric.IsOfOneOutput)
                continue;
            var counts = part.Labels!.CountBy(l => l).ToDictionary(c => c.Key, c => c.Value);
            if (part.Signals.Count == 0 || part.Signals.Prepend(0).Any(s => !counts.ContainsKey(s)))
                throw new UserErrorException(Messages.LabelsDoNotFit(path, $"{options.Metric.Text} needs background (label 0) and signal (labels from 1 on) in both parts of the events"));
            if (options.Metric.Kind == MetricKind.Tpr && counts[0] * options.Metric.Share < 1)
                throw new UserErrorException(Messages.LabelsDoNotFit(path, string.Create(CultureInfo.InvariantCulture,
                    $"{options.Metric.Text} needs at least {1 / options.Metric.Share:0} background events in each part, and one has {counts[0]}")));
        }
    }
}
