using System.Globalization;
using Hls4Net.Cli.Reporting;
using Hls4Net.Cli.Tuning;
using Hls4Net.Emission;

namespace Hls4Net.Cli.Reports;

/// <summary>What candidates take and lose, as one HTML page with a plot, which needs nothing from the network to be shown.</summary>
internal static class TunePage
{
    private const double Width = 900;
    private const double Height = 460;
    private const double Left = 70;
    private const double Right = 880;
    private const double Top = 30;
    private const double Bottom = 410;
    private const int Ticks = 5;

    /// <summary>Losses beyond this many budgets are drawn at the edge.</summary>
    private const double MostBudgets = 4;

    public static string Of(TuneResult result)
    {
        var most = result.Measured.Append(result.Default).Max(m => CostOf(result, m));
        var low = Math.Min(0, result.Measured.Min(m => m.SureLoss));
        var high = MostBudgets * result.Budget;
        return PageFrame.Of(result.Model, "what candidates take and lose", Verdict(result), Templates.Render("report/pareto.html", Model(
            ("metric", result.Metric), ("cost", NameOf(result)),
            ("events", TuneView.Events(result)), ("command", CellText.OneLine(result.Command)),
            ("width", Number(Width)), ("height", Number(Height)), ("left", Number(Left)), ("right", Number(Right)), ("label_y", Number(Height - 8)), ("limit_y", Number(Y(result.Budget))),
            ("rows", Steps(low, high).Select(v => Model(("y", Number(Y(v))), ("x", Number(Left - 8)), ("text_y", Number(Y(v) + 4)), ("text", TuneView.Percent(v)))).ToList()),
            ("columns", Steps(0, most).Select(v => Model(("x", Number(X(v))), ("y", Number(Bottom + 20)), ("text", v.ToString("N0", CultureInfo.InvariantCulture)))).ToList()),
            ("points", result.Measured.Select(m => Point(m, "point", 3)).Concat(result.Front.Select(m => Point(m, "front", 4))).Append(Point(result.Chosen, "chosen", 7)).ToList()),
            ("path", string.Join(' ', result.Front.Select(m => $"{Number(X(CostOf(result, m)))},{Number(Y(m.SureLoss))}"))),
            ("table", new[] { ("default", result.Default), ("chosen", result.Chosen) }.Concat(result.Front.Select(p => ("", p))).Select(p => Row(p.Item1, p.Item2)).ToList()))), Versions.Compiler);

        double X(double cost) => Left + ((Right - Left) * cost / Math.Max(1e-9, most));

        double Y(double loss) => Bottom - ((Bottom - Top) * (Math.Clamp(loss, low, high) - low) / (high - low));

        Dictionary<string, object> Point(TunePoint m, string kind, int r) => Model(("x", Number(X(CostOf(result, m)))), ("y", Number(Y(m.SureLoss))), ("r", r), ("kind", kind),
            ("title", string.Create(CultureInfo.InvariantCulture, $"{m.Luts:N0} LUTs, {m.Dsps} DSPs, {m.LatencyCycles} cycles; loss {TuneView.Percent(m.SureLoss)}")));
    }

    private static string Verdict(TuneResult result) => string.Create(CultureInfo.InvariantCulture,
        $"{NameOf(result)}: {CostOf(result, result.Chosen):N0} in place of {CostOf(result, result.Default):N0}, at a loss of {TuneView.Percent(result.Chosen.HeldOutLoss ?? 0)} ± {TuneView.Percent(result.Chosen.HeldOutError ?? 0)} points of {result.Metric} on events that the search never saw.");

    private static string NameOf(TuneResult result) => result.Objective switch { "lut" => "LUTs", "dsp" => "DSPs", _ => "cycles of latency" };

    private static double CostOf(TuneResult result, TunePoint point) => result.Objective switch
    {
        "lut" => point.Luts,
        "dsp" => point.Dsps,
        _ => point.LatencyCycles,
    };

    private static IEnumerable<double> Steps(double low, double high) => Enumerable.Range(0, Ticks + 1).Select(i => low + ((high - low) * i / Ticks));

    private static Dictionary<string, object> Row(string name, TunePoint p) => Model(("name", name), ("luts", Whole(p.Luts)), ("ffs", Whole(p.FlipFlops)), ("dsps", Whole(p.Dsps)), ("cycles", Whole(p.LatencyCycles)),
        ("ii", Whole(p.Interval)), ("loss", TuneView.Percent(p.SearchLoss)), ("sure", TuneView.Percent(p.SureLoss)), ("held", p.HeldOutLoss is { } held ? $"{TuneView.Percent(held)} ± {TuneView.Percent(p.HeldOutError ?? 0)}" : ""));

    private static Dictionary<string, object> Model(params ReadOnlySpan<(string Name, object Value)> entries)
    {
        var model = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var (name, value) in entries)
            model[name] = value;
        return model;
    }

    private static string Whole(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double x) => x.ToString("0.#", CultureInfo.InvariantCulture);
}
