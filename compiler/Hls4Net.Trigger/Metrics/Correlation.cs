namespace Hls4Net.Trigger.Metrics;

/// <summary>How much two quantities of the same events go together, from −1 to 1; 0 where one of them never changes.</summary>
public static class Correlation
{
    /// <summary>Pearson's: of the values, for straight lines.</summary>
    public static double OfValues(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var (meanX, meanY) = (Mean(x), Mean(y));
        var (xx, yy, xy) = (0.0, 0.0, 0.0);
        for (var i = 0; i < x.Length; i++)
        {
            var (dx, dy) = (x[i] - meanX, y[i] - meanY);
            (xx, yy, xy) = (xx + dx * dx, yy + dy * dy, xy + dx * dy);
        }
        return xx == 0 || yy == 0 ? 0 : xy / Math.Sqrt(xx * yy);
    }

    /// <summary>Spearman's: of the ranks, which any rising function of a score leaves as it is; equal values share their mean rank.</summary>
    public static double OfRanks(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => OfValues(Ranks(x), Ranks(y));

    /// <summary>The place of each value in rising order, equal ones in the middle of theirs.</summary>
    public static double[] Ranks(ReadOnlySpan<double> values)
    {
        var (sorted, order, ranks) = (values.ToArray(), Enumerable.Range(0, values.Length).ToArray(), new double[values.Length]);
        Array.Sort(sorted, order);
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            while (end < order.Length && sorted[end] == sorted[start])
                end++;
            for (var i = start; i < end; i++)
                ranks[order[i]] = (start + end - 1) / 2.0;
            start = end;
        }
        return ranks;
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum / values.Length;
    }
}
