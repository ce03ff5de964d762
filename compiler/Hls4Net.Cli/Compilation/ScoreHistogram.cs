namespace Hls4Net.Cli.Compilation;

/// <summary>How often a score falls where, by sample.</summary>
/// <param name="Score">fixed or float.</param>
/// <param name="Low">Where the first bin begins.</param>
/// <param name="High">Where the last bin ends; what lies above is counted in it.</param>
/// <param name="Samples">The background first.</param>
internal sealed record ScoreHistogram(string Score, double Low, double High, SampleCounts[] Samples)
{
    private const int Bins = 60;

    /// <summary>The share of all events that the bins hold without the last; a long tail would leave one bin for the rest.</summary>
    private const double Inside = 0.995;

    /// <summary>One histogram for each form of the design's score, all with the same bins.</summary>
    public static IReadOnlyList<ScoreHistogram> Of(IReadOnlyList<EvaluationSample> samples)
    {
        var forms = new (string Name, Func<EvaluationSample, double[]?> Scores)[] { (EvaluationSample.FixedName, s => s.Fixed), (EvaluationSample.FloatName, s => s.Float) };
        var (low, high) = (samples.Min(s => s.Fixed.Min()), samples.Max(s => Quantile(s.Fixed)));
        if (high <= low)
            high = low + 1;
        return [.. forms.Where(f => samples.All(s => f.Scores(s) is not null)).Select(f => new ScoreHistogram(f.Name, low, high,
            [.. samples.Select(s => new SampleCounts(s.Name, s.Events, Count(f.Scores(s)!, low, high)))]))];
    }

    private static double Quantile(double[] scores)
    {
        var sorted = scores.ToArray();
        Array.Sort(sorted);
        return sorted[(int)(Inside * (sorted.Length - 1))];
    }

    private static int[] Count(double[] scores, double low, double high)
    {
        var counts = new int[Bins];
        foreach (var score in scores)
            counts[Math.Clamp((int)(Bins * (score - low) / (high - low)), 0, Bins - 1)]++;
        return counts;
    }
}

/// <summary>Events of a sample in each bin.</summary>
internal sealed record SampleCounts(string Name, int Events, int[] Counts);
