using System.Globalization;
using Hls4Net.Cli.Compilation;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hls4Net.Cli.Reporting;

/// <summary>What synthesis is estimated to take: by layer, in all, and in per cent of the part and of a logic region.</summary>
internal static class ResourceView
{
    private const int NameWidth = 30;

    public static IRenderable Of(HardwareEntry hardware, EstimateEntry estimate)
    {
        var table = Reporter.Table("layer", ">LUT", ">LUT as memory", ">FF", ">DSP", ">BRAM", ">URAM");
        foreach (var layer in hardware.Layers.Where(l => l.Resources is not null))
            Row(table, CellText.Shorten(layer.Node, NameWidth), layer.Resources!);
        if (estimate.Between != new ResourceEntry(0, 0, 0, 0, 0, 0))
            Row(table, "between layers", estimate.Between);
        table.AddEmptyRow();
        Row(table, "total", estimate.Total);
        if (estimate.Part is { } part)
        {
            Shares(table, $"of {CellText.Shorten(hardware.Part, NameWidth)}", estimate.Total, part, 1);
            if (estimate.Regions is > 1 and var regions)
                Shares(table, $"of one of {regions} SLR", estimate.Total, part, regions);
        }
        var parts = new List<IRenderable> { new Text($"resources, estimated for {CellText.OneLine(estimate.Tool)}:"), table };
        if (estimate is { PackedLutsLeast: { } least, PackedLutsMost: { } most })
            parts.Add(new Text($"a vendor's tool, unverified here: {Number(least)} to {Number(most)} LUTs (one for each position of a carry chain; small functions may share)"));
        return new Rows(parts);
    }

    /// <summary>What an event takes to compute.</summary>
    public static IRenderable Of(WorkEntry[] work)
    {
        var table = Reporter.Table("work", "operator", ">MACs", ">FLOPs (ADC2021)", ">bit operations", ">without zero weights");
        foreach (var w in work)
            Reporter.Row(table, CellText.Shorten(w.Node, NameWidth), CellText.Shorten(w.Operator, NameWidth / 2), Number(w.Macs), Number(w.Flops), Number(w.BitOperations), Number(w.EffectiveBitOperations));
        table.AddEmptyRow();
        Reporter.Row(table, "total", "", Sum(w => w.Macs), Sum(w => w.Flops), Sum(w => w.BitOperations), Sum(w => w.EffectiveBitOperations));
        return table;

        // Numbers from a file can be absurd.
        string Sum(Func<WorkEntry, long> part) => Number(work.Sum(w => (double)part(w)));
    }

    private static void Row(Table table, string name, ResourceEntry r) =>
        Reporter.Row(table, name, Number(r.Luts), Number(r.MemoryLuts), Number(r.FlipFlops), Number(r.Dsps), Number(r.Brams), Number(r.Urams));

    private static void Shares(Table table, string name, ResourceEntry used, ResourceEntry part, int regions) =>
        Reporter.Row(table, name, Share(used.Luts + used.MemoryLuts, part.Luts, regions), "", Share(used.FlipFlops, part.FlipFlops, regions),
            Share(used.Dsps, part.Dsps, regions), Share(used.Brams, part.Brams, regions), Share(used.Urams, part.Urams, regions));

    private static string Share(double used, double all, int regions) =>
        all > 0 ? string.Create(CultureInfo.InvariantCulture, $"{100 * used * regions / all:0.##} %") : used > 0 ? "has none" : "";

    private static string Number(double number) => number.ToString("#,0.#", CultureInfo.InvariantCulture);
}
