namespace Hls4Net.Trigger.Metrics;

/// <summary>A threshold and what it accepts; nothing is interpolated within a tie.</summary>
/// <param name="Wanted">The share of background that was asked for; null where a threshold was given.</param>
/// <param name="Threshold">A score above it accepts an event.</param>
/// <param name="BackgroundAccepted">Background events above it.</param>
/// <param name="BackgroundEfficiency">Their share: the false positive rate that is reached.</param>
/// <param name="BackgroundError">Statistical error of the share: the square root of the events over all events.</param>
/// <param name="SignalEfficiency">Share of the signal above it: the true positive rate.</param>
/// <param name="SignalError">Its statistical error for this threshold, binomial.</param>
/// <param name="ThresholdError">
/// Its error because the background is counted and the threshold therefore uncertain: half of the difference between the thresholds that one
/// standard deviation more and fewer background events give.
/// </param>
public sealed record WorkingPoint(
    double? Wanted, double Threshold, int BackgroundAccepted, double BackgroundEfficiency, double BackgroundError, double SignalEfficiency, double SignalError, double ThresholdError)
{
    /// <summary>ε_S / √ε_B: by how much a cut here improves a significance; null where no background is left.</summary>
    public double? SignificanceImprovement => BackgroundAccepted == 0 ? null : SignalEfficiency / Math.Sqrt(BackgroundEfficiency);

    /// <summary>The lowest threshold that accepts no more than a share of the background.</summary>
    public static WorkingPoint ForShare(ScoreSample background, ScoreSample signal, double wanted) =>
        At(background, signal, background.ThresholdFor((int)Math.Floor(wanted * background.Count)), wanted);

    /// <summary>What a threshold accepts.</summary>
    public static WorkingPoint At(ScoreSample background, ScoreSample signal, double threshold, double? wanted = null)
    {
        var accepted = background.Above(threshold);
        var efficiency = signal.ShareAbove(threshold);
        var deviation = Math.Sqrt(Math.Max(1, accepted));
        var (tighter, looser) = (background.ThresholdFor((int)Math.Max(0, Math.Floor(accepted - deviation))), background.ThresholdFor((int)Math.Ceiling(accepted + deviation)));
        return new(wanted, threshold, accepted, accepted / (double)background.Count, Math.Sqrt(accepted) / background.Count, efficiency,
            Math.Sqrt(efficiency * (1 - efficiency) / signal.Count), (signal.ShareAbove(looser) - signal.ShareAbove(tighter)) / 2);
    }

    /// <summary>Points along the ROC curve, from tight to loose, ten for each factor of ten in background; equal thresholds once.</summary>
    public static IReadOnlyList<WorkingPoint> Curve(ScoreSample background, ScoreSample signal)
    {
        const int steps = 10;
        var decades = (int)Math.Ceiling(Math.Log10(background.Count));
        return [.. Enumerable.Range(0, decades * steps).Select(i => Math.Pow(10, (double)i / steps - decades))
            .Select(share => ForShare(background, signal, share)).DistinctBy(p => p.Threshold)];
    }
}
