using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Transforms.Scheduling;

namespace Hls4Net.Cli.Compilation;

/// <summary>What a design may take at most.</summary>
/// <param name="Name">latency, ii, lut, ff, dsp or bram.</param>
/// <param name="Place">Where the user wrote it.</param>
/// <param name="Text">As the user wrote it.</param>
/// <param name="Limit">In nanoseconds, cycles or pieces.</param>
/// <param name="Unit">Of the limit: ns, cycles, or empty for pieces.</param>
internal sealed record Budget(string Name, string Place, string Text, double Limit, string Unit)
{
    /// <summary>All budgets that there are.</summary>
    public static IReadOnlyList<string> Names { get; } = ["latency", "ii", "lut", "ff", "dsp", "bram"];

    /// <summary>Reads a budget.</summary>
    /// <param name="part">The part that the user named; null if he named none.</param>
    /// <exception cref="UserErrorException">The unit is unknown or no number is there (HLS5205), or a share has no part (HLS5302).</exception>
    public static Budget Parse(string name, string place, string text, string? part)
    {
        var trimmed = text.Trim();
        if (name is "latency" or "ii")
            return Time(trimmed) is { } time ? new(name, place, trimmed, time.Value, time.Unit)
                : throw new UserErrorException(Messages.BadOptionValue(place, text, "a time or a number of cycles, such as 1us, 25ns or 12cycles"));
        if (trimmed.EndsWith('%') && Number(trimmed[..^1]) is { } share)
            return new(name, place, trimmed, share / 100 * Total(name, place, trimmed, part), "");
        return Number(trimmed) is { } pieces && pieces % (name == "bram" ? 0.5 : 1) == 0 ? new(name, place, trimmed, pieces, "")
            : throw new UserErrorException(Messages.BadOptionValue(place, text, "a number, or a share of the part such as 20%"));
    }

    private static (double Value, string Unit)? Time(string text)
    {
        (string Suffix, double Factor, string Unit)[] units = [("cycles", 1, "cycles"), ("cycle", 1, "cycles"), ("ns", 1, "ns"), ("us", 1000, "ns"), ("ms", 1e6, "ns"), ("ps", 0.001, "ns")];
        foreach (var (suffix, factor, unit) in units)
        {
            if (text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) && Number(text[..^suffix.Length]) is { } number)
                return (number * factor, unit);
        }
        return null;
    }

    private static double? Number(string text) =>
        double.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static double Total(string name, string place, string text, string? part)
    {
        if (part is null)
            throw new UserErrorException(Messages.BudgetWithoutPart(place, text, "and no part is named"));
        if (Device.Find(part).Totals is not { } totals)
            throw new UserErrorException(Messages.BudgetWithoutPart(place, text, $"and what {part} has is not known"));
        return name switch
        {
            "lut" => totals.Luts,
            "ff" => totals.FlipFlops,
            "dsp" => totals.Dsps,
            _ => totals.Brams,
        };
    }
}

/// <summary>A budget held against a design.</summary>
/// <param name="Found">What the design takes, in the unit of the limit.</param>
/// <param name="Layers">What the layers take, most first.</param>
/// <param name="Advice">What would help; empty if the budget is met.</param>
internal sealed record BudgetEntry(string Name, string Place, string Text, double Limit, double Found, string Unit, bool Met, BudgetShare[] Layers, string Advice = "");

/// <summary>What a layer takes of a budget.</summary>
internal sealed record BudgetShare(string Layer, double Amount);
