using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Passes;

namespace Hls4Net.Transforms.Settings;

/// <summary>Which elements of a reconstruction count.</summary>
public enum ScoreMask
{
    /// <summary>All.</summary>
    None,

    /// <summary>Those whose input is not 0.</summary>
    NonZero,

    /// <summary>Those of objects with pT above 0, in an input of 57 interleaved or 56 grouped features of 19 objects.</summary>
    Pt,
}

/// <summary>How several scores become one.</summary>
public enum ScoreCombination
{
    /// <summary>The largest: unusual for any of them.</summary>
    Max,

    /// <summary>The smallest: unusual for all of them.</summary>
    Min,

    /// <summary>As <see cref="Min"/>: above a threshold where all are.</summary>
    And,

    /// <summary>As <see cref="Max"/>: above a threshold where any is.</summary>
    Or,

    /// <summary>The sum, of which the threshold absorbs the division.</summary>
    Average,
}

/// <summary>One score.</summary>
/// <param name="Kind">What is computed.</param>
/// <param name="Of">The values of the network that it is computed from; empty for the first outputs.</param>
/// <param name="Target">What a reconstruction is compared with; null for the network's input.</param>
/// <param name="Mask">Which elements of a reconstruction count.</param>
/// <param name="Centre">The point from which a distance is measured, one number for all elements or one for each.</param>
/// <param name="Steps">
/// A rising table in front of a combination: the number of steps that the score reaches takes its place. Empty for the score itself.
/// </param>
/// <param name="Line">Line in the configuration file; 0 for the command line.</param>
public sealed record ScoreHead(Score Kind, Seq<string> Of, string? Target, ScoreMask Mask, Seq<Dyadic> Centre, Seq<Dyadic> Steps, long Line)
{
    /// <summary>A score of the first outputs.</summary>
    public static ScoreHead Plain(Score kind) => new(kind, [], null, ScoreMask.NonZero, [], [], 0);

    /// <summary>For example <c>mse of reconstruction (mask pt)</c>.</summary>
    public string ToText()
    {
        var details = new List<string>();
        if (Target is not null)
            details.Add($"target {Target}");
        if (Kind is Score.Mse or Score.Mae)
            details.Add($"mask {Word(Mask)}");
        if (Steps.Count > 0)
            details.Add(FormattableString.Invariant($"table of {Steps.Count} steps"));
        return $"{Word(Kind)}{(Of.Count > 0 ? $" of {string.Join(", ", Of)}" : "")}{(details.Count > 0 ? $" ({string.Join(", ", details)})" : "")}";
    }

    /// <summary>A name of an enumeration as it is written in a configuration.</summary>
    internal static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}

/// <summary>The score behind a network, and its thresholds.</summary>
/// <param name="Heads">What is computed; combined where there are several; none for no score.</param>
/// <param name="Combine">How.</param>
/// <param name="Thresholds">Working points, each with a threshold and a bit of its own.</param>
public sealed record ScoreSettings(Seq<ScoreHead> Heads, ScoreCombination Combine, int Thresholds)
{
    /// <summary>What hardware keeps from event to event behind the decisions.</summary>
    public DecisionOptions Decision { get; init; } = DecisionOptions.None;

    /// <summary>No score.</summary>
    public static ScoreSettings None { get; } = new([], ScoreCombination.Max, 1);

    /// <summary>A score of the first outputs.</summary>
    public static ScoreSettings Of(Score score) => score == Score.None ? None : None with { Heads = [ScoreHead.Plain(score)] };

    /// <summary>For example <c>max(mu2, mae of recon (mask pt)), 3 thresholds</c>, or <c>none</c>.</summary>
    public string ToText()
    {
        if (Heads.Count == 0)
            return ScoreHead.Word(Score.None);
        var heads = string.Join(", ", Heads.Select(h => h.ToText()));
        return $"{(Heads.Count == 1 ? heads : $"{ScoreHead.Word(Combine)}({heads})")}{(Thresholds > 1 ? FormattableString.Invariant($", {Thresholds} thresholds") : "")}";
    }
}
