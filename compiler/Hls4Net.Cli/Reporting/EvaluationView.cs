using System.Globalization;
using System.Text;
using Hls4Net.Cli.Compilation;
using Hls4Net.Trigger.Metrics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hls4Net.Cli.Reporting;

/// <summary>An evaluation for people, as JSON and as CSV.</summary>
internal static class EvaluationView
{
    public static IRenderable Of(Evaluation evaluation, long dropped)
    {
        var parts = new List<IRenderable>
        {
            Line($"{evaluation.Folder}: '{evaluation.ScoreOutput}' of type {evaluation.ScoreType} over {evaluation.Background} background events"),
            Signals(evaluation),
            Line($"a score above the threshold accepts; ties are never split; ± the statistical error, and for TPR at 1e-5 that of the threshold too"),
            Rates(evaluation),
            Line($"rate = share of background × {evaluation.Bunches.Bunches} bunches × {evaluation.Bunches.OrbitKHz} kHz = share × {evaluation.Bunches.CollisionKHz:0} kHz"),
            Background(evaluation),
        };
        if (dropped > 0)
            parts.Add(Line($"{dropped} objects had no slot and were left out"));
        return new Rows(parts);
    }

    public static object ToJson(Evaluation evaluation) => new
    {
        evaluation.Folder,
        evaluation.ScoreOutput,
        evaluation.ScoreType,
        evaluation.Background,
        Bunches = new { evaluation.Bunches.Bunches, evaluation.Bunches.OrbitKHz, evaluation.Bunches.CollisionKHz },
        evaluation.Scores,
        evaluation.Histograms,
    };

    /// <summary>All curves in one table of numbers.</summary>
    public static string ToCsv(Evaluation evaluation)
    {
        var text = new StringBuilder("score,signal,threshold,background_efficiency,background_error,signal_efficiency,signal_error,rate_khz\n");
        foreach (var score in evaluation.Scores)
        {
            foreach (var signal in score.Signals)
            {
                foreach (var p in signal.Curve)
                    text.Append(CultureInfo.InvariantCulture, $"{score.Name},{signal.Signal.Replace(',', ' ')},{p.Threshold:R},{p.BackgroundEfficiency:R},{p.BackgroundError:R},{p.SignalEfficiency:R},{p.SignalError:R},{evaluation.Bunches.RateKHz(p.BackgroundEfficiency):R}\n");
            }
            foreach (var r in score.Signals.Count == 0 ? score.Rates : [])
                text.Append(CultureInfo.InvariantCulture, $"{score.Name},,{r.Threshold:R},{r.Efficiency:R},{r.RateError / evaluation.Bunches.CollisionKHz:R},,,{r.RateKHz:R}\n");
        }
        return text.ToString();
    }

    private static Table Signals(Evaluation evaluation)
    {
        var table = Reporter.Table("signal", "score", ">AUC %", ">eff % at 1e-2", ">1e-3", ">1e-4", ">SI 1e-2", ">1e-3", ">1e-4", ">TPR % at 1e-5", ">FPR reached");
        foreach (var name in evaluation.Scores.SelectMany(s => s.Signals).Select(s => s.Signal).Distinct())
        {
            foreach (var score in evaluation.Scores)
            {
                if (score.Signals.FirstOrDefault(s => s.Signal == name) is not { } signal)
                    continue;
                var points = signal.Points;
                var tight = points[3];
                Reporter.Row(table, name, score.Name, Text($"{100 * signal.Auc:0.00} ± {100 * signal.AucError:0.00}"),
                    Percent(points[0].SignalEfficiency), Percent(points[1].SignalEfficiency), Percent(points[2].SignalEfficiency), Gain(points[0]), Gain(points[1]), Gain(points[2]),
                    Text($"{100 * tight.SignalEfficiency:0.####} ± {100 * tight.SignalError:0.####} ± {100 * tight.ThresholdError:0.####}"),
                    Text($"{tight.BackgroundEfficiency:0.##E+0} ± {tight.BackgroundError:0.##E+0}"));
            }
        }
        return table;
    }

    /// <summary>Thresholds of the design's own score at each factor of ten of the rate, and those of the user.</summary>
    private static Table Rates(Evaluation evaluation)
    {
        var table = Reporter.Table("score", ">threshold", ">accepted", ">share", ">rate (kHz)");
        foreach (var score in evaluation.Scores)
        {
            var chosen = score.Signals.Count > 0
                ? score.Signals[0].Points.Select(p => score.Rates.FirstOrDefault(r => r.Threshold == p.Threshold))
                : score.Rates.Where((_, i) => i % 10 == 0);
            foreach (var point in chosen.OfType<RatePoint>().DistinctBy(p => p.Threshold))
            {
                Reporter.Row(table, score.Name, Text($"{point.Threshold:0.####}"), Text($"{point.Accepted}"), Text($"{point.Efficiency:0.##E+0}"),
                    Text($"{point.RateKHz:0.###} ± {point.RateError:0.###}"));
            }
        }
        return table;
    }

    private static Table Background(Evaluation evaluation)
    {
        var table = Reporter.Table("score", ">distinct values", ">min", ">max", "correlation with", ">of values", ">of ranks");
        foreach (var score in evaluation.Scores)
        {
            var first = true;
            foreach (var with in score.Correlations.DefaultIfEmpty(new("", double.NaN, double.NaN)))
            {
                Reporter.Row(table, first ? score.Name : "", first ? Text($"{score.DistinctValues}") : "", first ? Text($"{score.Minimum:0.####}") : "", first ? Text($"{score.Maximum:0.####}") : "",
                    with.With, double.IsNaN(with.Values) ? "" : Text($"{with.Values:0.000}"), double.IsNaN(with.Ranks) ? "" : Text($"{with.Ranks:0.000}"));
                first = false;
            }
        }
        return table;
    }

    private static string Percent(double share) => Text($"{100 * share:0.###}");

    private static string Gain(WorkingPoint point) => point.SignificanceImprovement is { } gain ? Text($"{gain:0.##}") : "";

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private static Text Line(FormattableString text) => new(CellText.OneLine(FormattableString.Invariant(text)) + "\n");
}
