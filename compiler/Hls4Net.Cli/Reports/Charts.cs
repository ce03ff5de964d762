using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Hls4Net.Cli.Reports;

/// <summary>A line of a chart.</summary>
/// <param name="Colour">From 1; the page's style says which colour that is.</param>
/// <param name="Style">Solid for what the firmware does, dashed for real numbers, dotted for what needs no network.</param>
/// <param name="IsSteps">Whether each point is the left end of a step.</param>
internal sealed record ChartLine(int Colour, LineStyle Style, bool IsSteps, IReadOnlyList<(double X, double Y)> Points);

/// <summary>An axis of a chart.</summary>
internal sealed record ChartAxis(string Title, double Low, double High, bool IsLogarithmic);

/// <summary>
/// Charts as SVG inside a page, drawn by OxyPlot. It draws with marks for colours, which become those of the page's style, so that one drawing
/// serves light and dark.
/// </summary>
internal static partial class Charts
{
    private const double Width = 400;
    private const double Height = 270;
    private const byte Mark = 250;

    /// <summary>The mark of texts and axes, and that of grid lines; those of lines have the number in red.</summary>
    private static readonly OxyColor Text = OxyColor.FromRgb(0, 1, Mark);

    private static readonly OxyColor Grid = OxyColor.FromRgb(0, 2, Mark);

    /// <summary>The drawing as an element <c>svg</c>.</summary>
    /// <param name="about">What it shows, for those who cannot see it.</param>
    public static string Draw(string about, ChartAxis x, ChartAxis y, IReadOnlyList<ChartLine> lines)
    {
        var model = new PlotModel
        {
            DefaultFontSize = 12.5,
            TextColor = Text,
            PlotAreaBorderThickness = new(1, 0, 0, 1),
            PlotAreaBorderColor = Text,
            Padding = new(2, 6, 12, 0),
        };
        model.Axes.Add(AxisOf(x, AxisPosition.Bottom));
        model.Axes.Add(AxisOf(y, AxisPosition.Left));
        foreach (var line in lines)
            model.Series.Add(SeriesOf(line));
        using var stream = new MemoryStream();
        new SvgExporter { Width = Width, Height = Height, IsDocument = false }.Export(model, stream);
        return Inline(Encoding.UTF8.GetString(stream.ToArray()), about);
    }

    private static Axis AxisOf(ChartAxis axis, AxisPosition position)
    {
        Axis made = axis.IsLogarithmic ? new LogarithmicAxis { LabelFormatter = Power } : new LinearAxis { StringFormat = "#,0.##########" };
        made.Position = position;
        (made.Title, made.Minimum, made.Maximum) = (axis.Title, axis.Low, axis.High);
        (made.MajorGridlineStyle, made.MajorGridlineColor, made.TicklineColor) = (LineStyle.Solid, Grid, OxyColors.Transparent);
        (made.AxisTitleDistance, made.IntervalLength) = (position == AxisPosition.Bottom ? 4 : 14, position == AxisPosition.Bottom ? 70 : 45);
        return made;
    }

    /// <summary>A power of ten as people write it.</summary>
    private static string Power(double value)
    {
        var power = (int)Math.Round(Math.Log10(value));
        return power is >= -2 and <= 3 ? value.ToString("#,0.##", CultureInfo.InvariantCulture)
            : $"10{string.Concat(power.ToString(CultureInfo.InvariantCulture).Select(c => c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0']))}";
    }

    private static Series SeriesOf(ChartLine line)
    {
        var series = line.IsSteps ? new StairStepSeries() : new LineSeries();
        (series.Color, series.LineStyle, series.StrokeThickness) = (OxyColor.FromRgb((byte)line.Colour, 0, Mark), line.Style, line.Style == LineStyle.Solid ? 2 : 1.5);
        series.Decimator = Decimator.Decimate;
        series.Points.AddRange(line.Points.Select(p => new DataPoint(p.X, p.Y)));
        return series;
    }

    private static string Inline(string svg, string about)
    {
        var start = svg.IndexOf("<svg", StringComparison.Ordinal);
        var body = svg[(svg.IndexOf('>', start) + 1)..];
        body = FontOf().Replace(body, "");
        body = PaintAttribute().Replace(body, m => $"style=\"{m.Groups[1].Value}:{m.Groups[2].Value}\"");
        body = MarkOf().Replace(body, m => (m.Groups[1].Value, m.Groups[2].Value) switch
        {
            ("0", "1") => "var(--dim)",
            ("0", _) => "var(--line)",
            var (number, _) => $"var(--s{number})",
        });
        // Every drawing is clipped to its own frame, which is the same for all.
        return string.Create(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{System.Net.WebUtility.HtmlEncode(about)}\">{body.ReplaceLineEndings("\n")}");
    }

    [GeneratedRegex(" font-family=\"[^\"]*\"")]
    private static partial Regex FontOf();

    [GeneratedRegex("\\b(fill|stroke)=\"(rgb\\([0-9, ]+\\))\"")]
    private static partial Regex PaintAttribute();

    [GeneratedRegex("rgb\\(([0-9]+), ?([0-9]+), ?250\\)")]
    private static partial Regex MarkOf();
}
