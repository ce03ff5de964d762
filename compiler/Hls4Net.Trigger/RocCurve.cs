using Hls4Net.Trigger.Metrics;

namespace Hls4Net.Trigger;

/// <summary>How well a score separates signal from background, with ties treated as what they are.</summary>
public static class RocCurve
{
    /// <inheritdoc cref="ScoreSample.Area"/>
    /// <exception cref="ArgumentException">A sample is empty or holds a NaN.</exception>
    public static double Area(ReadOnlySpan<double> background, ReadOnlySpan<double> signal) => ScoreSample.Area(ScoreSample.Of(background), ScoreSample.Of(signal));

    /// <summary>The number of different values that a score takes; few of them make thresholds coarse.</summary>
    public static int DistinctValues(IEnumerable<double> scores) => scores.Distinct().Count();

    /// <summary>
    /// The working point for a wanted share of background: the lowest threshold t at which no more than that share scores above t, with
    /// the shares that are reached. A score counts as accepted if it is greater than t; nothing is interpolated within a tie.
    /// </summary>
    public static (double Threshold, double BackgroundShare, double SignalShare) WorkingPoint(
        ReadOnlySpan<double> background, ReadOnlySpan<double> signal, double wantedShare)
    {
        var point = Metrics.WorkingPoint.ForShare(ScoreSample.Of(background), ScoreSample.Of(signal), wantedShare);
        return (point.Threshold, point.BackgroundEfficiency, point.SignalEfficiency);
    }
}
