namespace Hls4Net.Trigger.Metrics;

/// <summary>The scores of a sample of events in rising order. An event is accepted if its score is greater than the threshold, as in firmware.</summary>
public sealed class ScoreSample
{
    private readonly double[] _sorted;

    private ScoreSample(double[] sorted) => _sorted = sorted;

    public int Count => _sorted.Length;

    public double Minimum => _sorted[0];

    public double Maximum => _sorted[^1];

    /// <summary>How many different values there are; few of them make thresholds coarse.</summary>
    public int DistinctValues
    {
        get
        {
            var count = 1;
            for (var i = 1; i < _sorted.Length; i++)
                count += _sorted[i] != _sorted[i - 1] ? 1 : 0;
            return count;
        }
    }

    /// <summary>A sample of scores in any order.</summary>
    /// <exception cref="ArgumentException">It is empty or holds a NaN.</exception>
    public static ScoreSample Of(ReadOnlySpan<double> scores)
    {
        var sorted = scores.ToArray();
        if (sorted.Length == 0 || Array.Exists(sorted, double.IsNaN))
            throw new ArgumentException("A sample of scores is empty or holds a NaN.", nameof(scores));
        Array.Sort(sorted);
        return new(sorted);
    }

    /// <summary>How many events have a score greater than a threshold.</summary>
    public int Above(double threshold)
    {
        var (low, high) = (0, _sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _sorted[middle] <= threshold ? (middle + 1, high) : (low, middle);
        }
        return _sorted.Length - low;
    }

    /// <summary>The share of events above a threshold.</summary>
    public double ShareAbove(double threshold) => Above(threshold) / (double)Count;

    /// <summary>The lowest threshold above which there are no more than so many events.</summary>
    public double ThresholdFor(int most) => _sorted[^(Math.Min(most, Count - 1) + 1)];

    /// <summary>
    /// The area under the ROC curve: the probability that a signal event scores higher than a background event, a tie counted half
    /// (Mann-Whitney). 0.5 for a score that takes one value only.
    /// </summary>
    public static double Area(ScoreSample background, ScoreSample signal)
    {
        var (b, below, upTo, sum) = (background._sorted, 0, 0, 0.0);
        foreach (var value in signal._sorted)
        {
            while (below < b.Length && b[below] < value)
                below++;
            upTo = Math.Max(upTo, below);
            while (upTo < b.Length && b[upTo] <= value)
                upTo++;
            sum += (below + upTo) / 2.0;
        }
        return sum / ((double)b.Length * signal.Count);
    }

    /// <summary>The statistical error of an area (Hanley and McNeil, Radiology 143 (1982) 29).</summary>
    public static double AreaError(double area, int background, int signal)
    {
        var (q1, q2) = (area / (2 - area), 2 * area * area / (1 + area));
        var variance = (area * (1 - area) + (signal - 1.0) * (q1 - area * area) + (background - 1.0) * (q2 - area * area)) / ((double)background * signal);
        return Math.Sqrt(Math.Max(0, variance));
    }
}
