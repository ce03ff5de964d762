using System.Globalization;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Numbers;
using Hls4Net.Emission;

namespace Hls4Net.Cli.Reports;

/// <summary>What fixed point costs, and numbers against the types that hold them.</summary>
internal static partial class ReportPage
{
    /// <summary>Nothing more precise than this is told apart in the bars.</summary>
    private const double MostDecibels = 120;

    private const int PowersOfATick = 4;

    private static string Errors(ProfileEntry? profile) => Templates.Render("report/errors.html", Model(
        ("any", profile is not null), ("events", Count(profile?.Events ?? 0)), ("sample", Count(profile?.Sample ?? 0)), ("most", Number(MostDecibels)),
        ("layers", (profile?.Layers ?? []).Select(l => Model(
            ("name", Short(l.Node)), ("title", CellText.OneLine(l.Node)), ("operator", CellText.OneLine(l.Operator)), ("share", Number(100 * l.Share)), ("decibels", Decibels(l.SignalToNoiseDb)),
            ("largest", Small(l.LargestError)))).ToList()),
        ("values", (profile?.Tensors ?? []).Select(t => Model(
            ("name", Short(t.Name)), ("title", CellText.OneLine(t.Name)), ("type", t.Type), ("decibels", Decibels(t.SignalToNoiseDb)), ("width", Number(100 * Math.Clamp((t.SignalToNoiseDb ?? MostDecibels) / MostDecibels, 0, 1))),
            ("largest", Small(t.LargestError)), ("mean", Small(t.MeanError)), ("clipped", Count(t.Clipped)), ("wrapped", Count(t.Wrapped)),
            ("verdict", t.Wrapped > 0 ? "bad" : t.Clipped > 0 ? "warning" : "good"))).ToList())));

    private static string Values(ProfileEntry? profile) => profile is null ? "" : Strips(
        $"What {Count(profile.Events)} events put into every value of the network, before rounding.",
        [.. profile.Tensors.Select(t => new Strip(t.Name, t.Operator, t.Type, t.Magnitudes, t.Count, $"{Small(t.Low)} to {Small(t.High)}{Lost(t)}"))]);

    private static string Lost(TensorEntry t) => (t.Clipped > 0 ? $", {Count(t.Clipped)} clipped" : "") + (t.Wrapped > 0 ? $", {Count(t.Wrapped)} wrapped" : "");

    private static string Weights(ConstantEntry[] constants) => constants.Length == 0 ? "" : Strips("Constants of the network, before rounding.",
        [.. constants.Select(c => new Strip(c.Name, $"{c.Role} of {c.Node}", c.Type, c.Magnitudes, c.Count,
            $"{Count(c.Count)} numbers, {Percent(c.Zeros, c.Count)} % zero in fixed point, error at most {Small(c.LargestError)}{(c.SignalToNoiseDb is { } d ? string.Create(CultureInfo.InvariantCulture, $", {d:0.0} dB") : "")}"))]);

    /// <summary>Numbers by magnitude, beside the type that holds them.</summary>
    private sealed record Strip(string Name, string Detail, string Type, MagnitudesEntry Magnitudes, long Count, string Text);

    /// <summary>All on one scale of powers of two, from the last bit of the finest type to the largest number or type.</summary>
    private static string Strips(string about, IReadOnlyList<Strip> strips)
    {
        var types = strips.Select(s => Quantizer.TryParse(s.Type, default, default, out var q, out _) ? q.Type : FixedType.Bit).ToList();
        var low = types.Min(t => -t.Fraction) - 3;
        var high = types.Zip(strips, (t, s) => Math.Max(Top(t), s.Magnitudes.LowestPower + s.Magnitudes.Counts.Length)).Max() + 1;
        double At(double power) => 100.0 * (Math.Clamp(power, low, high) - low) / (high - low);
        var ticks = Enumerable.Range(low, high - low + 1).Where(p => p % PowersOfATick == 0).Select(p => Model(("at", Number(At(p))), ("power", p))).ToList();
        return Templates.Render("report/strips.html", Model(("about", about), ("ticks", ticks), ("bins", high - low), ("strips", strips.Select((s, k) => Model(
            ("name", Short(s.Name)), ("title", CellText.OneLine(s.Name)), ("detail", CellText.Shorten(s.Detail, NameLength)), ("type", s.Type), ("text", s.Text),
            ("left", Number(At(-types[k].Fraction))), ("width", Number(At(Top(types[k])) - At(-types[k].Fraction))),
            ("bars", Bars(s, types[k], low).ToList()))).ToList())));
    }

    private static IEnumerable<Dictionary<string, object>> Bars(Strip strip, FixedType type, int low)
    {
        var most = (double)Math.Max(1, strip.Magnitudes.Counts.DefaultIfEmpty(0).Max());
        for (var k = 0; k < strip.Magnitudes.Counts.Length; k++)
        {
            var power = strip.Magnitudes.LowestPower + k;
            // What lies below the scale stands at its end.
            if (strip.Magnitudes.Counts[k] == 0)
                continue;
            var height = Math.Max(1, 26 * strip.Magnitudes.Counts[k] / most);
            yield return Model(("x", Number(Math.Max(0, power - low) + 0.08)), ("y", Number(28 - height)), ("height", Number(height)),
                ("kind", power < -type.Fraction ? "lost" : power >= Top(type) ? "over" : "held"),
                ("title", string.Create(CultureInfo.InvariantCulture, $"2^{power}: {100.0 * strip.Magnitudes.Counts[k] / strip.Count:0.##} %")));
        }
    }

    /// <summary>The power of two at which a type ends.</summary>
    private static int Top(FixedType type) => type.Integer - (type.Signed ? 1 : 0);

    private static string Decibels(double? decibels) => decibels is { } d ? string.Create(CultureInfo.InvariantCulture, $"{d:0.0} dB") : "exact";

    private static string Small(double x) => x.ToString("G4", CultureInfo.InvariantCulture);
}
