using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Trigger.Metrics;

namespace Hls4Net.Cli.Tuning;

/// <summary>What a candidate is judged by.</summary>
internal enum MetricKind
{
    /// <summary>Area under the ROC curve of one output, for each kind of signal against the background (label 0).</summary>
    Auc,

    /// <summary>Share of events whose largest output is that of their label.</summary>
    Accuracy,

    /// <summary>Mean squared difference from the network in real numbers, or from labels, as a share of the variance.</summary>
    Mse,

    /// <summary>Signal efficiency at a share of background.</summary>
    Tpr,
}

/// <summary>A figure of merit.</summary>
/// <param name="Share">Of the background that is accepted, for <see cref="MetricKind.Tpr"/>.</param>
/// <param name="Text">As the user wrote it.</param>
internal sealed record TuneMetric(MetricKind Kind, double Share, string Text)
{
    /// <summary>Whether events need labels.</summary>
    public bool NeedsLabels => Kind != MetricKind.Mse;

    /// <summary>Whether one number for each event orders them.</summary>
    public bool IsOfOneOutput => Kind is MetricKind.Auc or MetricKind.Tpr;

    /// <exception cref="UserErrorException">There is no such metric (HLS5205).</exception>
    public static TuneMetric Parse(string text)
    {
        if (text.StartsWith("tpr@", StringComparison.Ordinal))
        {
            return double.TryParse(text[4..], NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is > 0 and < 1 ? new(MetricKind.Tpr, share, text)
                : throw new UserErrorException(Messages.BadOptionValue("--metric", text, "tpr@ and a share of the background between 0 and 1, such as tpr@1e-5"));
        }
        return text switch
        {
            "auc" => new(MetricKind.Auc, 0, text),
            "accuracy" => new(MetricKind.Accuracy, 0, text),
            "mse" => new(MetricKind.Mse, 0, text),
            _ => throw new UserErrorException(Messages.UnknownOptionValue("--metric", text, ["auc", "accuracy", "mse", "tpr@1e-5"])),
        };
    }

    /// <summary>The figures of a sample.</summary>
    /// <param name="outputs">Event-major.</param>
    /// <param name="sample">The events.</param>
    public TuneFigures Of(double[] outputs, TuneSample sample)
    {
        if (Kind is MetricKind.Accuracy or MetricKind.Mse)
        {
            var each = Kind == MetricKind.Accuracy ? Right(outputs, sample.Labels!) : Errors(outputs, sample);
            return new([each.Average()], [[each]], Kind == MetricKind.Mse);
        }
        var background = sample.Of(outputs, 0);
        var ascending = Ascending(background);
        var contributions = sample.Signals.Select(s => Kind == MetricKind.Auc ? Placements(background, ascending, sample.Of(outputs, s)) : Accepted(background, sample.Of(outputs, s))).ToArray();
        return new([.. contributions.Select(c => c[0].Average())], contributions, IsError: false);
    }

    /// <summary>For each signal event the share of background below it, and for each background event that of signal above it, ties counted half: the mean of either is the area.</summary>
    /// <param name="low">The background, ascending.</param>
    private static double[][] Placements(double[] background, double[] low, double[] signal)
    {
        var high = Ascending(signal);
        return [Array.ConvertAll(signal, s => Below(low, s)), Array.ConvertAll(background, b => 1 - Below(high, b))];
    }

    private static double[] Ascending(double[] values)
    {
        var sorted = (double[])values.Clone();
        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>The share of sorted numbers below one, ties counted half.</summary>
    private static double Below(double[] sorted, double value) => (Count(sorted, value, isEqual: false) + Count(sorted, value, isEqual: true)) / (2.0 * sorted.Length);

    private static int Count(double[] sorted, double value, bool isEqual)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle] < value || (isEqual && sorted[middle] == value) ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    /// <summary>Which signal events are accepted; and which background events are, times what one more of them is worth in signal: their choice is what a threshold is uncertain by.</summary>
    private double[][] Accepted(double[] background, double[] signal)
    {
        var (low, high) = (ScoreSample.Of(background), ScoreSample.Of(signal));
        var threshold = low.ThresholdFor((int)Math.Floor(Share * background.Length));
        var slope = (At(2 * Share) - At(Share / 2)) / (1.5 * Share);
        return [Array.ConvertAll(signal, s => s > threshold ? 1.0 : 0), Array.ConvertAll(background, b => b > threshold ? slope : 0)];

        double At(double share) => high.ShareAbove(low.ThresholdFor((int)Math.Floor(share * background.Length)));
    }

    private static double[] Errors(double[] outputs, TuneSample sample)
    {
        var width = outputs.Length / sample.Events;
        var errors = new double[sample.Events];
        for (var i = 0; i < outputs.Length; i++)
            errors[i / width] += Math.Pow(outputs[i] - sample.Targets![i], 2) / (sample.Variance * width);
        return errors;
    }

    private static double[] Right(double[] outputs, int[] labels)
    {
        var classes = outputs.Length / labels.Length;
        var right = new double[labels.Length];
        for (var e = 0; e < labels.Length; e++)
        {
            var best = 0;
            for (var c = 1; c < classes; c++)
                best = outputs[(e * classes) + c] > outputs[(e * classes) + best] ? c : best;
            right[e] = best == labels[e] ? 1 : 0;
        }
        return right;
    }
}
