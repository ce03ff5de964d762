using Hls4Net.Cli.Reporting;
using Hls4Net.Cli.Tuning;
using Hls4Net.Emission;
using OxyPlot;

namespace Hls4Net.Cli.Reports;

/// <summary>What a search for narrower types found.</summary>
internal static partial class ReportPage
{
    private static string Tuning(TuneResult? tuning)
    {
        if (tuning is null)
            return "";
        var all = tuning.Front.Prepend(tuning.Chosen).Prepend(tuning.Default).ToList();
        var (least, most) = (all.Min(p => 100 * p.SearchLoss), all.Max(p => 100 * p.SearchLoss));
        var margin = Math.Max(0.01, 0.08 * (most - least));
        var (low, high) = (0.0, 1.05 * all.Max(p => p.Luts));
        var svg = Charts.Draw("loss against look-up tables", new("LUT", low, Math.Max(1, high), false), new("loss in the search, %", least - margin, most + margin, false),
        [
            new(1, LineStyle.Solid, IsSteps: false, [.. tuning.Front.OrderBy(p => p.Luts).Select(p => ((double)p.Luts, 100 * p.SearchLoss))]),
            Upright(2, tuning.Default, least - margin, most + margin), Upright(3, tuning.Chosen, least - margin, most + margin),
        ]);
        return Templates.Render("report/tuning.html", Model(
            ("candidates", Count(tuning.Candidates)), ("metric", CellText.OneLine(tuning.Metric)), ("events", Count(tuning.HeldOutEvents)), ("svg", svg),
            ("points", tuning.Front.Select(p => Point("", p)).Prepend(Point("chosen", tuning.Chosen)).Prepend(Point("default", tuning.Default)).ToList()),
            ("choices", tuning.Choices.Select(c => Model(("target", Short(c.Target)), ("kind", CellText.OneLine(c.Kind)), ("before", CellText.OneLine(c.Default)), ("after", CellText.OneLine(c.Chosen)))).ToList())));
    }

    /// <summary>One design as a line from bottom to top.</summary>
    private static ChartLine Upright(int colour, TunePoint point, double low, double high) => new(colour, LineStyle.Dot, IsSteps: false, [(point.Luts, low), (point.Luts, high)]);

    private static Dictionary<string, object> Point(string name, TunePoint p) => Model(("kind", name == "chosen" ? "total" : ""), ("name", name), ("luts", Count(p.Luts)), ("ffs", Count(p.FlipFlops)), ("dsps", Count(p.Dsps)),
        ("cycles", Count(p.LatencyCycles)), ("interval", Count(p.Interval)), ("search", Number(100 * p.SearchLoss)), ("loss", p.HeldOutLoss is { } loss ? Number(100 * loss) : "–"));
}
