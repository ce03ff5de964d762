using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Transforms.Typing;

/// <summary>How large the values of a network are on the user's own events: the float network run on calibration data.</summary>
public sealed class Calibration
{
    private readonly Dictionary<string, Range[]> _ranges;
    private readonly Dictionary<string, Moments[]> _moments;
    private readonly RealEvaluator _evaluator;
    private readonly Dictionary<string, double[]> _inputs;

    private Calibration(Dictionary<string, Range[]> ranges, Dictionary<string, Moments[]> moments, RealEvaluator evaluator, Dictionary<string, double[]> inputs, int events) =>
        (_ranges, _moments, _evaluator, _inputs, Events) = (ranges, moments, evaluator, inputs, events);

    /// <summary>Number of events.</summary>
    public int Events { get; }

    /// <summary>Runs the imported graph on events.</summary>
    /// <param name="graph">The imported graph, with the passes that keep its real meaning applied.</param>
    /// <param name="inputs">Event-major values for each input that is not a setting.</param>
    /// <param name="events">Number of events.</param>
    public static Calibration Run(Graph graph, IReadOnlyDictionary<string, double[]> inputs, int events)
    {
        var design = DesignBuilder.Build(graph);
        var all = new Dictionary<string, double[]>(inputs, StringComparer.Ordinal);
        foreach (var setting in graph.Settings)
            all[setting] = new double[Shapes.Count(graph[setting].Shape)];
        var observed = design.Channels.Where(c => c.Source.Length > 0 && !graph.Settings.Contains(c.Name)).Select(c => c.Name).ToList();
        var evaluator = new RealEvaluator(design, applyCasts: true);
        var values = evaluator.Run(all, events, observed);
        var ranges = values.ToDictionary(v => v.Key, v => RangesOf(v.Value, Shapes.Count(design.ShapeOf(v.Key))), StringComparer.Ordinal);
        var moments = values.ToDictionary(v => v.Key, v => MomentsIn(v.Value, Shapes.Count(design.ShapeOf(v.Key))), StringComparer.Ordinal);
        return new(ranges, moments, evaluator, all, events);
    }

    /// <summary>
    /// The same without ranges: they choose no types then, and nothing is said of values outside. For many typings of one graph whose types are all named.
    /// </summary>
    public Calibration WithoutRanges() => new(new(StringComparer.Ordinal), _moments, _evaluator, _inputs, Events);

    /// <summary>How many numbers of a value, over all events and elements, lie outside a range; and how many there are.</summary>
    public (long Outside, long All) CountOutside(string value, double low, double high)
    {
        var ranges = _ranges[value];
        if (Array.TrueForAll(ranges, r => r.Low >= low && r.High <= high))
            return (0, (long)ranges.Length * Events);
        var numbers = _evaluator.Run(_inputs, Events, [value])[value];
        return (numbers.LongCount(n => n < low || n > high), numbers.LongLength);
    }

    /// <summary>Smallest and largest value of each element; null if the value was not seen.</summary>
    public IReadOnlyList<Range>? Of(string value) => _ranges.GetValueOrDefault(value);

    /// <summary>Mean and mean square of each element; null if the value was not seen.</summary>
    public IReadOnlyList<Moments>? MomentsOf(string value) => _moments.GetValueOrDefault(value);

    private static Moments[] MomentsIn(double[] values, int elements)
    {
        var sums = new Moments[elements];
        for (var i = 0; i < values.Length; i++)
            sums[i % elements] = new(sums[i % elements].Mean + values[i], sums[i % elements].Square + (values[i] * values[i]));
        var events = Math.Max(1, values.Length / Math.Max(1, elements));
        return Array.ConvertAll(sums, s => new Moments(s.Mean / events, s.Square / events));
    }

    private static Range[] RangesOf(double[] values, int elements)
    {
        var ranges = new Range[elements];
        Array.Fill(ranges, new Range(double.PositiveInfinity, double.NegativeInfinity));
        for (var i = 0; i < values.Length; i++)
        {
            var range = ranges[i % elements];
            ranges[i % elements] = new(Math.Min(range.Low, values[i]), Math.Max(range.High, values[i]));
        }
        return ranges;
    }

    /// <summary>Mean and mean square of one element over all events.</summary>
    public readonly record struct Moments(double Mean, double Square);

    /// <summary>The values of one element over all events.</summary>
    public readonly record struct Range(double Low, double High)
    {
        /// <summary>The largest magnitude.</summary>
        public double Largest => Math.Max(Math.Abs(Low), Math.Abs(High));
    }
}
