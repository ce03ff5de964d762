using Hls4Net.Cli.Compilation;
using Hls4Net.Trigger.Metrics;

namespace Hls4Net.Cli.Reports;

/// <summary>What <c>evaluate</c> found.</summary>
/// <param name="ScoreOutput">The output that orders events.</param>
/// <param name="Background">Background events.</param>
/// <param name="Scores">The design's score in fixed point and in real numbers, and cuts that need no network.</param>
/// <param name="Histograms">Of the design's scores.</param>
internal sealed record EvaluationEntry(
    string ScoreOutput, string ScoreType, int Background, BunchEntry Bunches, ScoreResult[] Scores, ScoreHistogram[] Histograms)
{
    public static EvaluationEntry Of(Evaluation evaluation) => new(evaluation.ScoreOutput, evaluation.ScoreType, evaluation.Background,
        BunchEntry.Of(evaluation.Bunches), [.. evaluation.Scores], [.. evaluation.Histograms]);
}

/// <summary>How often bunches collide.</summary>
internal sealed record BunchEntry(int Bunches, double OrbitKHz, double CollisionKHz)
{
    public static BunchEntry Of(BunchStructure bunches) => new(bunches.Bunches, bunches.OrbitKHz, bunches.CollisionKHz);
}
