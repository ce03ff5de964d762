namespace Hls4Net.Trigger;

/// <summary>How well a score separates signal from background, with ties treated as what they are.</summary>
public static class RocCurve
{
    /// <summary>
    /// The area under the ROC curve: the probability that a signal event scores higher than a background event, a tie counted half
    /// (Mann-Whitney). 0.5 for a score that takes one value only.
    /// </summary>
    /// <exception cref="ArgumentException">A sample is empty or holds a NaN.</exception>
    public static double Area(ReadOnlySpan<double> background, ReadOnlySpan<double> signal)
    {
        var (b, s) = (Sorted(background, nameof(background)), Sorted(signal, nameof(signal)));
        var (below, upTo) = (0, 0);
        var sum = 0.0;
        foreach (var value in s)
        {
            while (below < b.Length && b[below] < value)
                below++;
            upTo = Math.Max(upTo, below);
            while (upTo < b.Length && b[upTo] <= value)
                upTo++;
            sum += (below + upTo) / 2.0;
        }
        return sum / ((double)b.Length * s.Length);
    }

    /// <summary>The number of different values that a score takes; few of them make thresholds coarse.</summary>
    public static int DistinctValues(IEnumerable<double> scores) => scores.Distinct().Count();

    /// <summary>
    /// The working point for a wanted share of background: the lowest threshold t at which no more than that share scores above t, with
    /// the shares that are reached. A score counts as accepted if it is greater than t; nothing is interpolated within a tie.
    /// </summary>
    public static (double Threshold, double BackgroundShare, double SignalShare) WorkingPoint(
        ReadOnlySpan<double> background, ReadOnlySpan<double> signal, double wantedShare)
    {
        var b = Sorted(background, nameof(background));
        var allowed = (int)Math.Floor(wantedShare * b.Length);
        var threshold = b[^(allowed + 1)];
        return (threshold, ShareAbove(b, threshold), ShareAbove(Sorted(signal, nameof(signal)), threshold));
    }

    private static double ShareAbove(double[] sorted, double threshold) => sorted.Count(v => v > threshold) / (double)sorted.Length;

    private static double[] Sorted(ReadOnlySpan<double> values, string name)
    {
        var sorted = values.ToArray();
        if (sorted.Length == 0 || Array.Exists(sorted, double.IsNaN))
            throw new ArgumentException("A sample of scores is empty or holds a NaN.", name);
        Array.Sort(sorted);
        return sorted;
    }
}
