using System.Globalization;
using System.Text;
using Hls4Net.Transforms.Inputs;

namespace Hls4Net.Emission;

/// <summary>The part of the page about ports that says which integer of which object is where.</summary>
public static class EventPage
{
    /// <summary>A table of the numbers of an event, objects of one kind together.</summary>
    public static string Of(EventDescription events)
    {
        var text = new StringBuilder();
        Line(text, $"");
        Line(text, $"## Events: what feeds `{events.Input}`");
        Line(text, $"");
        Line(text, $"| object | quantity | port | element k of the port | bits | integer | one step | a turn | offset | shift | not there |");
        Line(text, $"|---|---|---|---|---|---|---|---:|---|---|---|");
        foreach (var group in events.Features.Where(f => f.IsPresent).GroupBy(f => (f.Object, f.Quantity)))
        {
            var (slots, first) = (group.ToList(), group.First());
            Line(text, $"| {Cell(first.Object)}{(slots.Count > 1 ? $" 0 to {slots.Count - 1}" : "")} | {Cell(first.Quantity)} | `{first.Port}` | {List(slots.Select(s => s.Element))} | {(first.IsInWord ? List(slots.Select(s => s.Low)) + $" and {first.Type.Type.Width - 1} above" : $"all {first.Type.Type.Width}")} | {first.Type} | {first.Unit} | {(first.Period > 0 ? first.Period : "")} | {List(slots.Select(s => s.Offset.ToDouble()))} | {List(slots.Select(s => s.Shift))} | {(first.Key is { } key ? $"{key} = {first.Code}" : "")} |");
        }
        Line(text, $"");
        if (events.Kind is EventPorts.Words or EventPorts.Links)
            Line(text, $"Words are elements of {EventDescription.WordBits} bits; a word of 64 bits is two of them, the low one first, so that the words stand on the port one after the other.");
        Line(text, $"The network reads {(events.ReadsValues ? "values: an integer times its step, angles from half a turn below zero to half a turn above" : "the integers themselves")}, after offset and shift{(events.Arithmetic is { } a ? $" in {a}" : "")}{(events.Result is { } r ? $", cast to {r}" : "")}.");
        if (events.Features.Any(f => f.Key is not null))
            Line(text, $"All numbers of an object that is not there are 0 for the network.");
        return text.ToString();
    }

    /// <summary>Equal numbers once, consecutive ones as a range.</summary>
    private static string List<T>(IEnumerable<T> numbers)
        where T : struct, IConvertible
    {
        var all = numbers.Select(n => n.ToDouble(CultureInfo.InvariantCulture)).ToList();
        if (all.TrueForAll(n => n == all[0]))
            return all[0].ToString(CultureInfo.InvariantCulture);
        var step = all[1] - all[0];
        return all.Count > 2 && Enumerable.Range(1, all.Count - 1).All(i => all[i] - all[i - 1] == step)
            ? string.Create(CultureInfo.InvariantCulture, $"{all[0]}, {all[1]}, … {all[^1]}")
            : string.Join(", ", all.Select(n => n.ToString(CultureInfo.InvariantCulture)));
    }

    private static string Cell(string text) => string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' ? c : '?'));

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
