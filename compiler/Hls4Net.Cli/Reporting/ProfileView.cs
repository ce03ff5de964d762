using System.Globalization;
using Hls4Net.Cli.Compilation;
using Hls4Net.Core.Profiling;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hls4Net.Cli.Reporting;

/// <summary>A profile for people: every value with its range, type and error, then the layers that cost the most.</summary>
internal static class ProfileView
{
    private const int NameWidth = 28;

    public static Rows Of(NetworkProfile profile)
    {
        var tensors = Reporter.Table("value", "type", ">float min", ">float max", ">clipped", ">wrapped", ">max error", ">mean error", ">SQNR dB");
        foreach (var t in profile.Tensors)
        {
            Reporter.Row(tensors, CellText.Shorten(t.Name, NameWidth), t.Type.ToString(), Number(t.Low), Number(t.High), Count(t.Clipped, t.Count), Count(t.Wrapped, t.Count),
                Number(t.LargestError), Number(t.MeanError), Decibels(t.SignalToNoise));
        }
        var layers = Reporter.Table("layer, alone in fixed point", "operator", ">max error at outputs", ">SQNR dB at outputs", ">share of the noise");
        foreach (var l in profile.Layers.OrderByDescending(l => l.Share).ThenBy(l => l.Origin.Node, StringComparer.Ordinal))
        {
            Reporter.Row(layers, CellText.Shorten(l.Origin.Node, NameWidth), l.Origin.Operator, Number(l.LargestError), Decibels(l.SignalToNoise),
                string.Create(CultureInfo.InvariantCulture, $"{100 * l.Share:0.0} %"));
        }
        return new Rows((IRenderable)tensors, layers, new Text(Verdict(profile) + "\n"));
    }

    /// <summary>The result in a sentence.</summary>
    public static string Verdict(NetworkProfile profile)
    {
        var outputs = profile.Tensors.Where(t => profile.Outputs.Contains(t.Name))
            .Select(t => $"'{CellText.Shorten(t.Name, NameWidth)}' {(t.LargestError == 0 ? "exact" : $"{Decibels(t.SignalToNoise)} dB")}");
        var worst = profile.Layers.MaxBy(l => l.Share);
        var cost = worst is { Share: > 0 }
            ? string.Create(CultureInfo.InvariantCulture, $" '{CellText.Shorten(worst.Origin.Node, NameWidth)}' ({worst.Origin.Operator}) causes {100 * worst.Share:0} % of the noise that the layers make one by one ({profile.Sample} events).")
            : " No layer makes any noise.";
        return string.Create(CultureInfo.InvariantCulture, $"{profile.Events} events; outputs: {string.Join(", ", outputs)}.{cost}");
    }

    public static string Number(double x) => x.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>A ratio in decibels, or that there is no noise.</summary>
    public static string Decibels(SignalToNoise ratio) =>
        double.IsPositiveInfinity(ratio.Decibels) ? "exact" : ratio.Decibels.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Count(long part, long all) => part == 0 ? "0"
        : string.Create(CultureInfo.InvariantCulture, $"{part} ({100.0 * part / Math.Max(1, all):0.##} %)");
}
