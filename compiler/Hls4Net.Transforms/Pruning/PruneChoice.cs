using System.Globalization;
using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.Pruning;

/// <summary>Which weights go first.</summary>
public enum PruneOrder
{
    /// <summary>The smallest.</summary>
    Magnitude,

    /// <summary>Those that save most bits of adders for the error that they cause, on calibration events.</summary>
    Cost,
}

/// <summary>What goes together.</summary>
public enum PruneShape
{
    /// <summary>Each weight by itself.</summary>
    Weights,

    /// <summary>All weights of an output: a neuron, or a filter.</summary>
    Outputs,

    /// <summary>All weights of an input: a feature, or a channel.</summary>
    Inputs,

    /// <summary>All weights that one multiplier of a folded layer works on, so that it is not built.</summary>
    Multipliers,
}

/// <summary>Weights of a layer that become zero; written <c>50%</c>, or <c>50%, cost, outputs</c>.</summary>
/// <param name="Sparsity">The share of weights, or of groups, that are zero afterwards; those that are zero anyway count. Below 1.</param>
public sealed record PruneChoice(double Sparsity, PruneOrder Order = PruneOrder.Magnitude, PruneShape Shape = PruneShape.Weights)
{
    /// <summary>What a choice looks like, for messages.</summary>
    public static string Form { get; } =
        $"a share such as 50%, and then perhaps {string.Join(" or ", MemberNames.Of<PruneOrder>())}, and {string.Join(", ", MemberNames.Of<PruneShape>())}";

    /// <summary>Reads a choice; null if the text is none.</summary>
    public static PruneChoice? Parse(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        if (ParseShare(parts[0]) is not { } sparsity)
            return null;
        var result = new PruneChoice(sparsity);
        foreach (var part in parts.Skip(1))
        {
            if (MemberNames.Find<PruneOrder>(part) is { } order)
                result = result with { Order = order };
            else if (MemberNames.Find<PruneShape>(part) is { } shape)
                result = result with { Shape = shape };
            else
                return null;
        }
        return result;
    }

    /// <summary>Reads a share such as <c>2.5%</c>, from 0 to below 100 %; null if the text is none.</summary>
    public static double? ParseShare(string text) =>
        text.EndsWith('%') && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 0 and < 100 ? number / 100 : null;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Sparsity * 100:0.####}%, {MemberNames.Of(Order)}, {MemberNames.Of(Shape)}");
}
