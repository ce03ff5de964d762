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

    /// <summary>The figures of a sample: one for each kind of signal, else one.</summary>
    /// <param name="outputs">Event-major.</param>
    /// <param name="sample">The events.</param>
    public double[] Of(double[] outputs, TuneSample sample)
    {
        switch (Kind)
        {
            case MetricKind.Accuracy:
                return [Accuracy(outputs, sample.Labels!)];
            case MetricKind.Mse:
                return [sample.Targets!.Zip(outputs, (t, o) => (t - o) * (t - o)).Average() / sample.Variance];
            default:
                var background = ScoreSample.Of(sample.Of(outputs, 0));
                return [.. sample.Signals.Select(s => Of(background, ScoreSample.Of(sample.Of(outputs, s))))];
        }
    }

    /// <summary>What is lost against other figures, the worst one of all kinds of signal.</summary>
    public double Loss(double[] figures, double[] reference) => Kind == MetricKind.Mse ? figures[0] : reference.Zip(figures, (r, f) => r - f).Max();

    private double Of(ScoreSample background, ScoreSample signal) => Kind == MetricKind.Auc ? ScoreSample.Area(background, signal)
        : signal.ShareAbove(background.ThresholdFor((int)Math.Floor(Share * background.Count)));

    private static double Accuracy(double[] outputs, int[] labels)
    {
        var (classes, right) = (outputs.Length / labels.Length, 0);
        for (var e = 0; e < labels.Length; e++)
        {
            var best = 0;
            for (var c = 1; c < classes; c++)
                best = outputs[(e * classes) + c] > outputs[(e * classes) + best] ? c : best;
            right += best == labels[e] ? 1 : 0;
        }
        return right / (double)labels.Length;
    }
}
