using System.Globalization;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Profiling;
using Hls4Net.Emission;

namespace Hls4Net.Cli.Reports;

/// <summary>A profile as one HTML page with plots in SVG, which needs nothing from the network to be shown.</summary>
internal static class ProfilePage
{
    private const int NameWidth = 40;
    private const int RowHeight = 22;
    private const double PlotWidth = 520;

    /// <summary>Nothing more precise than this is told apart in the plots.</summary>
    private const double MostDecibels = 120;

    public static string Of(NetworkProfile profile)
    {
        var ranges = Ranges(profile.Tensors);
        return PageFrame.Of(profile.Model, "what fixed point costs", ProfileView.Verdict(profile), Templates.Render("report/profile.html", new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["sample"] = profile.Sample,
            ["plot_width"] = Number(PlotWidth),
            ["tensor_height"] = (profile.Tensors.Count * RowHeight) + 24,
            ["layer_height"] = (profile.Layers.Count * RowHeight) + 24,
            ["low_power"] = ranges.Low,
            ["high_power"] = ranges.High,
            ["most_decibels"] = Number(MostDecibels),
            ["tensors"] = profile.Tensors.Select((t, k) => TensorModel(t, k, ranges)).ToList(),
            ["layers"] = profile.Layers.Select(LayerModel).ToList(),
        }), Versions.Compiler);
    }

    private static Dictionary<string, object> TensorModel(TensorProfile t, int row, (int Low, int High) ranges)
    {
        // Of the type: the last bit and the largest magnitude; of the values: the largest magnitude.
        var (last, top) = (Position(-t.Type.Fraction, ranges), Position(t.Type.Integer - (t.Type.Signed ? 1 : 0), ranges));
        var largest = Math.Max(Math.Abs(t.Low), Math.Abs(t.High));
        var seen = largest == 0 ? last : Position(Math.Log2(largest), ranges);
        return new(StringComparer.Ordinal)
        {
            ["name"] = OneLine(CellText.Shorten(t.Name, NameWidth)),
            ["node"] = OneLine(t.Origin is { } origin ? $"{CellText.Shorten(origin.Node, NameWidth)} ({origin.Operator})" : "input"),
            ["type"] = OneLine(t.Type.ToString()),
            ["low"] = ProfileView.Number(t.Low),
            ["high"] = ProfileView.Number(t.High),
            ["clipped"] = t.Clipped,
            ["wrapped"] = t.Wrapped,
            ["largest_error"] = ProfileView.Number(t.LargestError),
            ["mean_error"] = ProfileView.Number(t.MeanError),
            ["decibels"] = ProfileView.Decibels(t.SignalToNoise),
            ["text_y"] = (row * RowHeight) + 15,
            ["bar_y"] = (row * RowHeight) + 4,
            ["type_x"] = Number(last),
            ["type_width"] = Number(Math.Max(1, top - last)),
            ["seen_x"] = Number(seen),
            ["seen_class"] = t.Clipped + t.Wrapped > 0 ? "bad" : "good",
            ["decibel_width"] = Number(PlotWidth * Math.Clamp(Math.Min(t.SignalToNoise.Decibels, MostDecibels) / MostDecibels, 0, 1)),
        };
    }

    private static Dictionary<string, object> LayerModel(LayerProfile l, int row) => new(StringComparer.Ordinal)
    {
        ["name"] = OneLine(CellText.Shorten(l.Origin.Node, NameWidth)),
        ["operator"] = OneLine(l.Origin.Operator),
        ["largest_error"] = ProfileView.Number(l.LargestError),
        ["decibels"] = ProfileView.Decibels(l.SignalToNoise),
        ["share"] = Number(100 * l.Share),
        ["text_y"] = (row * RowHeight) + 15,
        ["bar_y"] = (row * RowHeight) + 4,
        ["share_width"] = Number(PlotWidth * l.Share),
    };

    /// <summary>The powers of two that the plot of ranges goes from and to.</summary>
    private static (int Low, int High) Ranges(IReadOnlyList<TensorProfile> tensors)
    {
        var low = tensors.Min(t => -t.Type.Fraction);
        var high = tensors.Max(t => Math.Max(t.Type.Integer, (int)Math.Ceiling(Math.Log2(Math.Max(1e-30, Math.Max(Math.Abs(t.Low), Math.Abs(t.High)))))));
        return (low - 1, Math.Max(high, low) + 1);
    }

    private static double Position(double power, (int Low, int High) ranges) => PlotWidth * Math.Clamp((power - ranges.Low) / (ranges.High - ranges.Low), 0, 1);

    private static string Number(double x) => x.ToString("0.##", CultureInfo.InvariantCulture);

    private static string OneLine(string text) => CellText.OneLine(text);
}
