using System.Globalization;
using Hls4Net.Cli.Compilation;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hls4Net.Cli.Reporting;

/// <summary>Which integers of which objects come to the firmware, for people.</summary>
internal static class EventInputView
{
    private const int NameWidth = 18;
    private const int TypeWidth = 24;

    public static IRenderable Of(EventsEntry events)
    {
        var table = Reporter.Table("events", "quantity", "port", "bits", "integer", "one step", ">a turn", "not there");
        foreach (var group in events.Features.Where(f => f.Port is not null).GroupBy(f => (f.Object, f.Quantity)))
        {
            var first = group.First();
            var count = group.Count();
            Reporter.Row(table, CellText.Shorten(count > 1 ? $"{count} {first.Object}" : first.Object, NameWidth), CellText.Shorten(first.Quantity, NameWidth), CellText.Shorten(first.Port!, NameWidth),
                first.Bit is { } bit ? string.Create(CultureInfo.InvariantCulture, $"from {bit} on") : "all", CellText.Shorten(first.Type!, TypeWidth), CellText.Shorten(first.Step!, NameWidth),
                first.Period is { } period ? period.ToString(CultureInfo.InvariantCulture) : "", CellText.Shorten(first.Invalid ?? "", NameWidth));
        }
        return new Rows(table, new Text($"the network reads {events.Reads}; ports.md says where each number is\n"));
    }
}
