using System.Globalization;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Netlists;
using Hls4Net.Emission;

namespace Hls4Net.Cli.Reports;

/// <summary>When layers work and what they take.</summary>
internal static partial class ReportPage
{
    private const double BunchCrossingNs = 25;

    /// <summary>More bunch crossings than this are a scale of cycles only.</summary>
    private const int MostCrossings = 24;

    private static string Timeline(Manifest design)
    {
        if (design.Hardware is not { LatencyCycles: > 0 } hardware)
            return "";
        // Of a streamed design the layers' cycles are those of one position; its event takes as long as its pixels come.
        var isStream = design.Target.Pixels is not null;
        var last = Math.Max(isStream ? 1 : hardware.LatencyCycles, hardware.Layers.Select(l => l.LastCycle).DefaultIfEmpty(1).Max());
        var ns = hardware.ClockMHz is { } clock ? 1000 / clock : 0;
        var crossings = ns > 0 && last * ns / BunchCrossingNs <= MostCrossings ? (int)Math.Floor(last * ns / BunchCrossingNs + 1e-9) : 0;
        return Templates.Render("report/timeline.html", Model(
            ("ticks", Ticks(last).Select(t => Model(("at", Number(100.0 * t / last)), ("cycle", Count(t)), ("ns", ns > 0 ? Number(t * ns) : ""))).ToList()),
            ("crossings", Enumerable.Range(1, crossings).Select(k => Model(("at", Number(Math.Min(100, 100 * k * BunchCrossingNs / (last * ns)))), ("name", k))).ToList()),
            ("has_crossings", crossings > 0), ("is_stream", isStream), ("latency", Count(hardware.LatencyCycles)),
            ("layers", hardware.Layers.Select(l => Model(
                ("name", Short(l.Node)), ("title", CellText.OneLine(l.Node)), ("operator", CellText.Shorten(l.Operator, NameLength)), ("left", Number(100.0 * l.FirstCycle / last)),
                ("width", Number(100.0 * (l.LastCycle - l.FirstCycle) / last)),
                ("text", l.FirstCycle == l.LastCycle ? $"in cycle {Count(l.FirstCycle)}" : $"cycles {Count(l.FirstCycle)}–{Count(l.LastCycle)}{(ns > 0 ? $", {Number((l.LastCycle - l.FirstCycle) * ns)} ns" : "")}"))).ToList()),
            ("path", hardware.Timing.CriticalPath.Select(p => Model(("node", Short(p.Node)), ("cell", p.Cell), ("delay", Number(p.DelayNs)), ("arrival", Number(p.ArrivalNs)))).ToList()),
            ("has_path", hardware.Timing.CriticalPath.Length > 0),
            ("longest", Number(hardware.Timing.LongestNs)), ("allowed", hardware.Timing.PeriodNs is { } period ? $" of {Number(period)} ns that fit" : ""), ("clock", Number(hardware.Timing.MaximumClockMHz))));
    }

    /// <summary>About six round numbers of cycles.</summary>
    private static IEnumerable<int> Ticks(int last)
    {
        var step = new[] { 1, 2, 5 }.SelectMany(m => Enumerable.Range(0, 9).Select(d => m * (int)Math.Pow(10, d))).Order().First(s => last / s <= 8);
        return Enumerable.Range(0, last / step + 1).Select(k => k * step);
    }

    private static string Resources(Manifest design)
    {
        if (design.Hardware is not { Estimate: { } estimate } hardware)
            return "";
        var all = estimate.Total;
        var rows = hardware.Layers.Where(l => l.Resources is not null).Select(l => Row(Short(l.Node), CellText.OneLine(l.Node), $"{CellText.Shorten(l.Operator, NameLength)} · {CellText.OneLine(l.Type)}{(l.Reuse > 1 ? $" · reuse {Count(l.Reuse)}" : "")}", l.Resources!, all)).ToList();
        if (estimate.Between != new ResourceEntry(0, 0, 0, 0, 0, 0))
            rows.Add(Row("between layers", "between layers", "registers and lines that carry values past layers", estimate.Between, all));
        return Templates.Render("report/resources.html", Model(
            ("rows", rows), ("total", Row("total", "", "", all, all)), ("part", CellText.OneLine(hardware.Part)),
            ("shares", Shares.Of(estimate).Select(s => Model(("name", s.Name), ("used", Count(s.Used)), ("part", $"{Number(100 * s.OfPart)} %"), ("region", estimate.Regions is > 1 ? $"{Number(100 * s.OfRegion)} %" : "–"))).ToList()),
            ("regions", estimate.Regions is > 1 and var n ? $"one of {n} SLR" : "an SLR"), ("has_shares", estimate.Part is not null), ("tool", CellText.OneLine(estimate.Tool)),
            ("packed", estimate is { PackedLutsLeast: { } least, PackedLutsMost: { } most } ? $"A vendor's tool packs two small functions into one look-up table: {Count(least)} to {Count(most)} LUTs there, not verified here." : ""),
            ("work", Work(design.Work)), ("tables", (design.Tables ?? []).Select(TableRow).ToList()), ("has_tables", design.Tables is { Length: > 0 })));
    }

    private static Dictionary<string, object> Row(string name, string title, string detail, ResourceEntry r, ResourceEntry all) => Model(
        ("name", name), ("title", title), ("detail", detail), ("lut", Count(r.Luts + r.MemoryLuts)), ("lut_share", Percent(r.Luts + r.MemoryLuts, all.Luts + all.MemoryLuts)),
        ("ff", Count(r.FlipFlops)), ("ff_share", Percent(r.FlipFlops, all.FlipFlops)), ("dsp", Count(r.Dsps)), ("dsp_share", Percent(r.Dsps, all.Dsps)),
        ("bram", Count(r.Brams)), ("bram_share", Percent(r.Brams, all.Brams)));

    private static string Percent(double part, double all) => Number(all > 0 ? 100 * part / all : 0);

    private static string Work(WorkEntry[]? work)
    {
        if (work is not { Length: > 0 })
            return "";
        // Numbers from a file can be absurd.
        double Sum(Func<WorkEntry, long> part) => work.Sum(w => (double)part(w));
        return string.Create(CultureInfo.InvariantCulture,
            $"An event takes {Sum(w => w.Macs):N0} MACs, {Sum(w => w.Flops):N0} FLOPs by the rule of ADC2021, {Sum(w => w.BitOperations):N0} bit operations ({Sum(w => w.EffectiveBitOperations):N0} without zero weights).");
    }

    private static Dictionary<string, object> TableRow(TableEntry t) => Model(("name", Short(t.Node)), ("function", CellText.OneLine(t.Function)), ("type", t.Type), ("entries", Count(t.Entries)), ("bits", Count(t.Bits)),
        ("error", t.Error is { } error ? string.Create(CultureInfo.InvariantCulture, $"{error:G3} = {t.ErrorUnits:0.###} units") : "not stated"));

    /// <summary>Depths with the reason for each, and the argument why nothing can block.</summary>
    private static string Channels(Manifest design) => design.Hardware is null ? "" : Templates.Render("report/channels.html", Model(
        ("any", design.Hardware.Channels is { Length: > 0 }), ("argument", LineFigures.Argument),
        ("channels", (design.Hardware.Channels ?? []).Select(c => Model(("from", Short(c.Producer)), ("to", Short(c.Consumer)), ("lines", Count(c.Lines)), ("width", Count(c.Width)), ("depth", Count(c.Depth)),
            ("bits", Count(c.Bits)), ("share", Percent(c.Bits, design.Hardware.Channels!.Max(x => x.Bits))), ("why", CellText.OneLine(c.Why)))).ToList())));
}
