using System.Globalization;
using Hls4Net.Cli.Tuning;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hls4Net.Cli.Reporting;

/// <summary>What <c>tune</c> found, for people.</summary>
internal static class TuneView
{
    public static IRenderable Of(TuneResult result)
    {
        var isError = result.Metric == "mse";
        var figures = result.Signals.Count > 0 ? result.Signals : [result.Metric];
        var columns = new List<string> { "", ">LUTs", ">FFs", ">DSPs", ">cycles", ">II", ">loss in search", ">+ 2σ", ">held out" };
        columns.AddRange(figures.Select(f => $">{f}"));
        var table = Reporter.Table([.. columns]);
        if (!isError)
            Reporter.Row(table, ["float", "", "", "", "", "", "", "", "", .. result.Float.Select(Percent)]);
        Row(table, "default", result.Default);
        Row(table, "chosen", result.Chosen);
        table.AddEmptyRow();
        foreach (var point in result.Front)
            Row(table, "", point);
        var choices = Reporter.Table("layer or input", "what", "default", "chosen");
        foreach (var choice in result.Choices)
            Reporter.Row(choices, CellText.Shorten(choice.Target, 40), choice.Kind, choice.Default, choice.Chosen);
        return new Rows(choices, table, new Text(string.Create(CultureInfo.InvariantCulture,
            $"""
            {Events(result)}
            The rows below the chosen one take and lose least. Resources are estimates, latency is exact.
            {result.Output} is written. Next: {result.Command}

            """)));
    }

    /// <summary>What the figures are of.</summary>
    public static string Events(TuneResult result) => string.Create(CultureInfo.InvariantCulture,
        $"{result.Candidates} candidates judged on {result.SearchEvents} events, {result.Estimates} of them estimated; {result.Metric} is of {result.HeldOutEvents} events that the search never saw.");

    private static void Row(Table table, string name, TunePoint point) => Reporter.Row(table,
        [name, Number(point.Luts), Number(point.FlipFlops), Number(point.Dsps), Number(point.LatencyCycles), Number(point.Interval), Percent(point.SearchLoss), Percent(point.SureLoss), $"{Percent(point.HeldOutLoss!.Value)} ± {Percent(point.HeldOutError!.Value)}", .. point.HeldOut!.Select(Percent)]);

    /// <summary>A share in points.</summary>
    public static string Percent(double share) => (share * 100).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
