using Hls4Net.Trigger.Events;
using Hls4Net.Trigger.Metrics;

namespace Hls4Net.Cli.Compilation;

/// <summary>How <c>evaluate</c> reads and judges.</summary>
/// <param name="Units">Units of momenta in the files.</param>
/// <param name="Order">The order of the features; null for the one that has as many as the network takes.</param>
/// <param name="Features">Names of the features of a table, in the network's order; null for all.</param>
/// <param name="Float">Whether the score is computed in real numbers too.</param>
/// <param name="Bunches">How often bunches collide.</param>
/// <param name="Thresholds">Thresholds of the user, in the score's units.</param>
internal sealed record EvaluationOptions(
    EventUnits Units, FeatureOrder? Order, IReadOnlyList<string>? Features, bool Float, BunchStructure Bunches, IReadOnlyList<double> Thresholds)
{
    /// <summary>Everything as the files and the design have it.</summary>
    public static EvaluationOptions Default { get; } = new(EventUnits.OfTheFormat, null, null, false, BunchStructure.Lhc, []);
}
