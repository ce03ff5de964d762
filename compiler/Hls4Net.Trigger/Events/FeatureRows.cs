using System.Globalization;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Trigger.Events;

/// <summary>Rows of numbers as events: 57 or 56 of them are those of the ADC2021 layout, others are features of which nothing is known.</summary>
internal static class FeatureRows
{
    /// <summary>The layout of so many features, or null.</summary>
    public static EventLayout? LayoutOf(int features)
    {
        EventLayout[] known = [EventLayout.Adc2021(FeatureOrder.Interleaved), EventLayout.Adc2021(FeatureOrder.Grouped)];
        return Array.Find(known, l => l.Features == features);
    }

    /// <summary>A block of rows.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">Row after row.</param>
    /// <param name="width">Numbers in a row.</param>
    /// <param name="first">The number of the first row in the file.</param>
    /// <param name="units">What the user says of the units.</param>
    public static EventBlock ToBlock(string path, double[] rows, int width, long first, EventUnits units)
    {
        var count = rows.Length / width;
        if (LayoutOf(width) is { } layout)
        {
            var builder = new EventBuilder(path, EventUnits.GeV, units, "event");
            for (var i = 0; i < count; i++)
                Add(builder, layout, first + i, rows.AsSpan(i * width, width));
            return builder.Build(first, features: rows);
        }
        if (Array.FindIndex(rows, v => !double.IsFinite(v)) is >= 0 and var at)
            throw new UserErrorException(Messages.EventMalformed(path, string.Create(CultureInfo.InvariantCulture, $"event {first + at / width}"),
                string.Create(CultureInfo.InvariantCulture, $"feature {at % width} is {(double.IsNaN(rows[at]) ? "NaN" : "infinite")}")));
        return new EventBlock { First = first, Count = count, Features = rows };
    }

    private static void Add(EventBuilder builder, EventLayout layout, long number, ReadOnlySpan<double> row)
    {
        builder.Begin(number, row[layout.IndexOf(0, 0)], row[layout.IndexOf(0, 2)]);
        var slot = 1;
        foreach (var group in layout.Groups)
        {
            for (var i = 0; i < group.Count; i++, slot++)
                builder.Add(group.Kinds == ObjectKinds.AnyJet ? ObjectKinds.Jet : group.Kinds, 0, (sbyte)i, row[layout.IndexOf(slot, 0)], row[layout.IndexOf(slot, 1)], row[layout.IndexOf(slot, 2)]);
        }
        builder.End();
    }
}
