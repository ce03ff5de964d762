using Hls4Net.Cli.Compilation;
using Hls4Net.Trigger.Metrics;

namespace Hls4Net.Cli.Reports;

/// <summary>What labelled events say of a design.</summary>
/// <param name="ScoreOutput">The output that orders events, or that has an element for each class.</param>
/// <param name="Background">Background events; for classes all events.</param>
/// <param name="Bunches">How often bunches collide; null where nobody asks for a rate.</param>
/// <param name="Scores">The design's score in fixed point and in real numbers, and cuts that need no network.</param>
/// <param name="Histograms">Of the design's scores.</param>
internal sealed record EvaluationEntry(
    string ScoreOutput, string ScoreType, int Background, BunchEntry? Bunches, ScoreResult[] Scores, ScoreHistogram[] Histograms)
{
    /// <summary>How often the largest element is that of the label; null for a score.</summary>
    public ClassesEntry? Classes { get; init; }

    public static EvaluationEntry Of(Evaluation evaluation) => new(evaluation.ScoreOutput, evaluation.ScoreType, evaluation.Background,
        BunchEntry.Of(evaluation.Bunches), [.. evaluation.Scores], [.. evaluation.Histograms]);
}

/// <summary>How often bunches collide.</summary>
internal sealed record BunchEntry(int Bunches, double OrbitKHz, double CollisionKHz)
{
    public static BunchEntry Of(BunchStructure bunches) => new(bunches.Bunches, bunches.OrbitKHz, bunches.CollisionKHz);
}

/// <summary>A classifier's accuracies, in parts of one.</summary>
/// <param name="Classes">Elements of the output.</param>
/// <param name="Fixed">Events whose largest element is that of their label, in fixed point.</param>
/// <param name="Float">The same in real numbers.</param>
/// <param name="Agreement">Events for which both have the largest element at the same place.</param>
internal sealed record ClassesEntry(int Classes, double Fixed, double Float, double Agreement);
