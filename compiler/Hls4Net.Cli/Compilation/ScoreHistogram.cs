namespace Hls4Net.Cli.Compilation;

/// <summary>How often a score falls where, by sample.</summary>
/// <param name="Score">fixed or float.</param>
/// <param name="IsLogarithmic">Whether the bins are equally wide in the logarithm of the score.</param>
/// <param name="Low">Where the first bin begins; what lies below is counted in it.</param>
/// <param name="High">Where the last bin ends; what lies above is counted in it.</param>
/// <param name="Samples">The background first.</param>
internal sealed record ScoreHistogram(string Score, bool IsLogarithmic, double Low, double High, SampleCounts[] Samples)
{
    private const int Bins = 60;

    /// <summary>The share of the events of each sample that lies below the last bin; a long tail would leave one bin for the rest.</summary>
    private const double Inside = 0.999;

    /// <summary>A score whose median is so many times smaller than its tail is looked at by its logarithm.</summary>
    private const double LongTail = 20;

    /// <summary>Where a bin begins.</summary>
    public double EdgeOf(int bin) => IsLogarithmic ? Low * Math.Pow(High / Low, (double)bin / Bins) : Low + (High - Low) * bin / Bins;

    /// <summary>One histogram for each form of the design's score, all with the same bins.</summary>
    public static IReadOnlyList<ScoreHistogram> Of(IReadOnlyList<EvaluationSample> samples)
    {
        var forms = new (string Name, Func<EvaluationSample, double[]?> Scores)[] { (EvaluationSample.FixedName, s => s.Fixed), (EvaluationSample.FloatName, s => s.Float) };
        var sorted = samples.Select(s => s.Fixed.Order().ToArray()).ToList();
        var (low, high, median) = (sorted.Min(s => s[0]), sorted.Max(s => At(s, Inside)), At(sorted[0], 0.5));
        var isLogarithmic = low >= 0 && high > LongTail * Math.Max(median, 0) && high > 0;
        if (isLogarithmic)
            low = sorted.Select(s => At(s[Math.Min(s.Length - 1, Array.FindIndex(s, x => x > 0) is >= 0 and var first ? first : s.Length - 1)..], 1 - Inside)).Where(x => x > 0).DefaultIfEmpty(high / 10).Min();
        if (high <= low)
            high = low + Math.Max(1, Math.Abs(low));
        return [.. forms.Where(f => samples.All(s => f.Scores(s) is not null)).Select(f => new ScoreHistogram(f.Name, isLogarithmic, low, high,
            [.. samples.Select(s => new SampleCounts(s.Name, s.Events, Count(f.Scores(s)!, isLogarithmic, low, high)))]))];
    }

    private static double At(double[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];

    private static int[] Count(double[] scores, bool isLogarithmic, double low, double high)
    {
        var counts = new int[Bins];
        foreach (var score in scores)
        {
            var place = !isLogarithmic ? (score - low) / (high - low) : score <= low ? 0 : Math.Log(score / low) / Math.Log(high / low);
            counts[(int)Math.Clamp(Bins * place, 0, Bins - 1)]++;
        }
        return counts;
    }
}

/// <summary>Events of a sample in each bin.</summary>
internal sealed record SampleCounts(string Name, int Events, int[] Counts);
