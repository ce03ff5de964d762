using System.Globalization;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;
using Hls4Net.Emission;
using OxyPlot;

namespace Hls4Net.Cli.Reports;

/// <summary>How well a score separates samples, and what a threshold costs in rate.</summary>
internal static partial class ReportPage
{
    /// <summary>Colours of the page's style.</summary>
    private const int Colours = 6;

    private static string Separation(EvaluationEntry? evaluation, Manifest design) => evaluation is null ? Templates.Render("report/separation.html", Model(("any", false), ("command", Advisor.LabelledCommand(design))))
        : Templates.Render("report/separation.html", Model(
            ("any", true), ("score", CellText.OneLine(evaluation.ScoreOutput)), ("type", CellText.OneLine(evaluation.ScoreType)), ("events", Count(evaluation.Background)),
            ("scores", evaluation.Scores.Select(s => s.Name).ToList()), ("areas", Areas(evaluation).ToList()), ("rocs", Rocs(evaluation).ToList()), ("histograms", Histograms(evaluation).ToList()),
            ("rates", evaluation.Bunches is { } bunches ? [Rate(evaluation, bunches)] : new List<Dictionary<string, object>>()), ("has_rates", evaluation.Bunches is not null),
            ("classes", evaluation.Classes is { } c ? string.Create(CultureInfo.InvariantCulture, $"Accuracy {100 * c.Fixed:0.00} % in fixed point, {100 * c.Float:0.00} % in float; both name the same class in {100 * c.Agreement:0.00} % of the events. Each class below against all others.") : ""), ("points", Points(evaluation).ToList()), ("any_signal", evaluation.Scores.Any(s => s.Signals.Count > 0)),
            ("lines", evaluation.Scores.Select((s, k) => Key(s.Name, ColourOf(k), StyleOf(s.Name))).ToList()),
            ("bunches", evaluation.Bunches is { } b ? string.Create(CultureInfo.InvariantCulture, $"{b.Bunches} bunches × {b.OrbitKHz} kHz = {b.CollisionKHz:#,0} kHz of collisions") : "")));

    private static IEnumerable<Dictionary<string, object>> Areas(EvaluationEntry evaluation) => SignalsOf(evaluation).Select(signal => Model(
        ("signal", CellText.OneLine(signal)),
        ("cells", evaluation.Scores.Select(s => s.Signals.FirstOrDefault(x => x.Signal == signal) is { } found
            ? string.Create(CultureInfo.InvariantCulture, $"{100 * found.Auc:0.00} ± {100 * found.AucError:0.00}") : "–").ToList())));

    private static IEnumerable<string> SignalsOf(EvaluationEntry evaluation) => evaluation.Scores.SelectMany(s => s.Signals).Select(s => s.Signal).Distinct(StringComparer.Ordinal);

    /// <summary>One chart for each signal: its efficiency against that of background, for every score.</summary>
    private static IEnumerable<Dictionary<string, object>> Rocs(EvaluationEntry evaluation)
    {
        var least = Math.Pow(10, Math.Floor(Math.Log10(1.0 / Math.Max(10, evaluation.Background))));
        foreach (var signal in SignalsOf(evaluation))
        {
            var lines = evaluation.Scores.Select((s, k) => (s, k)).Where(s => s.s.Signals.Any(x => x.Signal == signal)).Select(s => new ChartLine(ColourOf(s.k), StyleOf(s.s.Name), IsSteps: false,
                [.. s.s.Signals.First(x => x.Signal == signal).Curve.Where(p => p.BackgroundEfficiency > 0).Select(p => (p.BackgroundEfficiency, p.SignalEfficiency)).Append((1, 1))])).ToList();
            yield return Chart(signal, Charts.Draw($"ROC of {signal}", new("background efficiency", least, 1, true), new("signal efficiency", 0, 1, false), lines));
        }
    }

    private static IEnumerable<Dictionary<string, object>> Histograms(EvaluationEntry evaluation)
    {
        foreach (var histogram in evaluation.Histograms)
        {
            var least = histogram.Samples.Min(s => 0.5 / s.Events);
            var lines = histogram.Samples.Select((s, k) => new ChartLine(ColourOf(k), LineStyle.Solid, IsSteps: true,
                [.. s.Counts.Select((c, i) => (histogram.EdgeOf(i), Math.Max(least, (double)c / s.Events))).Append((histogram.High, least))])).ToList();
            var chart = Chart(histogram.Score == EvaluationSample.FixedName ? "score in fixed point" : "score in real numbers",
                Charts.Draw($"histogram of the score, {histogram.Score}", new("score; the last bins hold what lies beyond", histogram.Low, histogram.High, histogram.IsLogarithmic), new("share of events", least, 1, true), lines));
            chart["keys"] = histogram.Samples.Select((s, k) => Key(s.Name, ColourOf(k), LineStyle.Solid)).ToList();
            yield return chart;
        }
    }

    /// <summary>Of the design's own score: other scores have other thresholds.</summary>
    private static Dictionary<string, object> Rate(EvaluationEntry evaluation, BunchEntry bunches)
    {
        var own = evaluation.Scores.Where(s => s.Name is EvaluationSample.FixedName or EvaluationSample.FloatName).ToList();
        var rates = own.SelectMany(s => s.Rates).Where(r => r.RateKHz > 0).ToList();
        var (low, high) = (rates.Select(r => r.Threshold).DefaultIfEmpty(0).Min(), rates.Select(r => r.Threshold).DefaultIfEmpty(1).Max());
        var lines = own.Select((s, k) => new ChartLine(ColourOf(k), StyleOf(s.Name), IsSteps: false, [.. s.Rates.Where(r => r.RateKHz > 0).Select(r => (r.Threshold, r.RateKHz))])).ToList();
        var axis = new ChartAxis("rate (kHz)", bunches.CollisionKHz / Math.Max(10, evaluation.Background), bunches.CollisionKHz, true);
        return Chart("rate against threshold", Charts.Draw("rate against threshold", new("threshold", low, high > low ? high : low + 1, false), axis, lines));
    }

    /// <summary>Thresholds at each share of background that was asked for.</summary>
    private static IEnumerable<Dictionary<string, object>> Points(EvaluationEntry evaluation)
    {
        foreach (var score in evaluation.Scores.Where(s => s.Name == EvaluationSample.FixedName))
        {
            foreach (var p in score.Signals.SelectMany(s => s.Points.Select(p => (s.Signal, Point: p))))
            {
                yield return Model(("signal", CellText.OneLine(p.Signal)), ("wanted", p.Point.Wanted is { } wanted ? wanted.ToString("0e+0", CultureInfo.InvariantCulture) : "threshold"),
                    ("threshold", Small(p.Point.Threshold)), ("reached", string.Create(CultureInfo.InvariantCulture, $"{p.Point.BackgroundEfficiency:0.##e+0} ± {p.Point.BackgroundError:0.#e+0}")),
                    ("rate", evaluation.Bunches is { } bunches ? Number(bunches.CollisionKHz * p.Point.BackgroundEfficiency) : "–"),
                    ("efficiency", string.Create(CultureInfo.InvariantCulture, $"{100 * p.Point.SignalEfficiency:0.###} ± {100 * Math.Sqrt(Math.Pow(p.Point.SignalError, 2) + Math.Pow(p.Point.ThresholdError, 2)):0.##}")),
                    ("gain", p.Point.SignificanceImprovement is { } gain ? Number(gain) : "–"));
            }
        }
    }

    private static Dictionary<string, object> Chart(string title, string svg) => Model(("title", CellText.OneLine(title)), ("svg", svg), ("keys", new List<Dictionary<string, object>>()));

    private static Dictionary<string, object> Key(string name, int colour, LineStyle style) => Model(("name", CellText.OneLine(name)), ("colour", colour), ("style", style.ToString().ToLowerInvariant()));

    private static int ColourOf(int index) => index % Colours + 1;

    private static LineStyle StyleOf(string score) => score switch
    {
        EvaluationSample.FixedName => LineStyle.Solid,
        EvaluationSample.FloatName => LineStyle.Dash,
        _ => LineStyle.Dot,
    };
}
