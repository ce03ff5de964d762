using System.Globalization;
using Hls4Net.Cli.Compilation;
using Hls4Net.Trigger.Events;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hls4Net.Cli.Reporting;

/// <summary>What a file of events holds, as a table and as JSON.</summary>
internal static class EventsView
{
    public static IRenderable Of(IEventReader reader, EventSummary summary, EventConversion? conversion)
    {
        var lines = new List<IRenderable> { Line($"{reader.Path}: {NameOf(reader.Format)}, {summary.Events} events{(summary.HasIds ? ", numbered" : "")}") };
        if (summary.Weight is { } weight)
            lines.Add(Line($"sum of weights {weight:G6}"));
        lines.Add(summary.Features.Count > 0 ? Features(reader, summary) : Objects(summary));
        if (summary.Ghosts > 0)
            lines.Add(Line($"{summary.Ghosts} slots have no momentum and are not all zero: they are taken as empty"));
        if (conversion is not null)
            lines.Add(Line($"written: {conversion.Path}{(conversion.Dropped > 0 ? $"; {conversion.Dropped} objects had no slot and were left out" : "")}"));
        return new Rows(lines);
    }

    public static object ToJson(IEventReader reader, EventSummary summary, EventConversion? conversion) => new
    {
        File = reader.Path,
        reader.Format,
        summary.Events,
        summary.HasIds,
        SumOfWeights = summary.Weight,
        summary.Ghosts,
        Met = RangeOf(summary.Met),
        Ht = RangeOf(summary.Ht),
        Objects = summary.Kinds.Select(k => new { Kind = NameOf(k.Kind), k.Pt.Count, MostInAnEvent = k.Most, Pt = RangeOf(k.Pt), Eta = RangeOf(k.Eta), Phi = RangeOf(k.Phi) }),
        Features = summary.Features.Select((f, i) => new { Name = FeatureName(reader, i), Range = RangeOf(f) }),
        Output = conversion?.Path,
        ObjectsWithoutSlot = conversion?.Dropped,
    };

    private static Table Objects(EventSummary summary)
    {
        var table = Reporter.Table("object", ">count", ">an event", ">most", ">pT min", ">mean", ">max (GeV)", ">eta min", ">max", ">phi min", ">max");
        Reporter.Row(table, "MET", Text(summary.Met.Count), "1", "1", Text(summary.Met.Minimum), Text(summary.Met.Mean), Text(summary.Met.Maximum), "", "", "", "");
        Reporter.Row(table, "HT", Text(summary.Ht.Count), "", "", Text(summary.Ht.Minimum), Text(summary.Ht.Mean), Text(summary.Ht.Maximum), "", "", "", "");
        foreach (var kind in summary.Kinds)
        {
            Reporter.Row(table, NameOf(kind.Kind), Text(kind.Pt.Count), Text((double)kind.Pt.Count / summary.Events), Text(kind.Most),
                Text(kind.Pt.Minimum), Text(kind.Pt.Mean), Text(kind.Pt.Maximum), Text(kind.Eta.Minimum), Text(kind.Eta.Maximum), Text(kind.Phi.Minimum), Text(kind.Phi.Maximum));
        }
        return table;
    }

    private static Table Features(IEventReader reader, EventSummary summary)
    {
        var table = Reporter.Table("feature", ">min", ">mean", ">max");
        for (var i = 0; i < summary.Features.Count; i++)
            Reporter.Row(table, FeatureName(reader, i), Text(summary.Features[i].Minimum), Text(summary.Features[i].Mean), Text(summary.Features[i].Maximum));
        return table;
    }

    private static string FeatureName(IEventReader reader, int index) =>
        reader.FeatureNames.Count > index ? reader.FeatureNames[index] : index.ToString(CultureInfo.InvariantCulture);

    private static object? RangeOf(RunningRange range) => range.Count == 0 ? null : new { range.Minimum, range.Mean, range.Maximum };

    private static string NameOf(EventFormat format) => format switch
    {
        EventFormat.Adc2021 => "ADC2021 (HDF5)",
        EventFormat.DarkMachines => "Dark Machines (text)",
        EventFormat.Hdf5Table => "feature table (HDF5)",
        EventFormat.Csv => "feature table (CSV)",
        _ => "NumPy array",
    };

    private static string NameOf(ObjectKinds kind) => kind switch
    {
        ObjectKinds.ElectronOrPhoton => "electron or photon",
        ObjectKinds.BJet => "b jet",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static string Text(double value) => double.IsFinite(value) ? value.ToString("0.###", CultureInfo.InvariantCulture) : "";

    private static Text Line(FormattableString text) => new(CellText.OneLine(FormattableString.Invariant(text)) + "\n");
}
