using Hls4Net.Trigger.Metrics;
using Hls4Net.Trigger.Results;

namespace Hls4Net.Cli.Compilation;

/// <summary>How one score separates one signal from the background.</summary>
/// <param name="Auc">Area under the ROC curve, ties counted half.</param>
/// <param name="AucError">Its statistical error.</param>
/// <param name="Points">At the shares of background that are asked for, then at the user's thresholds.</param>
/// <param name="Curve">The ROC curve.</param>
internal sealed record SignalResult(string Signal, int Events, double Auc, double AucError, IReadOnlyList<WorkingPoint> Points, IReadOnlyList<WorkingPoint> Curve);

/// <summary>A threshold and the rate of a trigger that uses it.</summary>
/// <param name="RateError">Because the accepted events are counted.</param>
internal sealed record RatePoint(double Threshold, int Accepted, double Efficiency, double RateKHz, double RateError);

/// <summary>What goes together with a score in the background.</summary>
internal sealed record ScoreCorrelation(string With, double Values, double Ranks);

/// <summary>One score over all samples.</summary>
/// <param name="Name">fixed, float, or a cut without a network.</param>
/// <param name="DistinctValues">Different values in the background.</param>
internal sealed record ScoreResult(
    string Name, int DistinctValues, double Minimum, double Maximum, IReadOnlyList<SignalResult> Signals, IReadOnlyList<RatePoint> Rates, IReadOnlyList<ScoreCorrelation> Correlations);

/// <summary>Everything that <c>evaluate</c> found.</summary>
/// <param name="Histograms">Of the design's score in fixed point and in real numbers.</param>
internal sealed record Evaluation(
    string Folder, string ScoreOutput, string ScoreType, int Background, BunchStructure Bunches, IReadOnlyList<ScoreResult> Scores, IReadOnlyList<ScoreHistogram> Histograms)
{
    /// <summary>Shares of background: of the Dark Machines challenge, and of ADC2021.</summary>
    public static IReadOnlyList<double> Shares { get; } = [1e-2, 1e-3, 1e-4, 1e-5];

    /// <summary>Events of which the memory for all columns at once does not matter.</summary>
    private const int MostAtOnce = 2_000_000;

    /// <summary>Judges scored samples.</summary>
    public static Evaluation Of(CompiledFolder folder, PortEntry score, EvaluationSample background, IReadOnlyList<EvaluationSample> signals, EvaluationOptions options)
    {
        var bySignal = signals.Select(s => (s, Scores: s.Scores().ToDictionary(c => c.Name, c => c.Scores, StringComparer.Ordinal))).ToList();
        var columns = background.Scores();
        // Each column is sorted and ranked in copies of its own: of many events, one after the other.
        List<ScoreResult> results = background.Events > MostAtOnce ? [.. columns.Select(JudgeColumn)] : [.. columns.AsParallel().AsOrdered().Select(JudgeColumn)];
        return new(folder.Path, score.Name, score.Type, background.Events, options.Bunches, results, ScoreHistogram.Of([background, .. signals]));

        ScoreResult JudgeColumn((string Name, double[] Scores) column)
        {
            var sample = ScoreSample.Of(column.Scores);
            // A threshold of the user is one of the design's score.
            var thresholds = column.Name is EvaluationSample.FixedName or EvaluationSample.FloatName ? options.Thresholds : [];
            var found = bySignal.Where(s => s.Scores.ContainsKey(column.Name))
                .Select(s => Judge(s.s.Name, sample, ScoreSample.Of(s.Scores[column.Name]), thresholds)).ToList();
            return new ScoreResult(column.Name, sample.DistinctValues, sample.Minimum, sample.Maximum, found, Rates(sample, options.Bunches, thresholds), Correlations(background, column.Scores));
        }
    }

    /// <summary>The lines of a Dark Machines result.</summary>
    public IEnumerable<DarkMachinesResult> ToDarkMachines(string model, string channel) =>
        from score in Scores
        from signal in score.Signals
        select new DarkMachinesResult(signal.Signal, score.Name == EvaluationSample.FixedName ? model : $"{model} {score.Name}", channel, signal.Auc,
            signal.Points[0].SignalEfficiency, signal.Points[1].SignalEfficiency, signal.Points[2].SignalEfficiency);

    /// <summary>How a sample of background and one of signal differ.</summary>
    public static SignalResult Judge(string name, ScoreSample background, ScoreSample signal, IReadOnlyList<double> thresholds)
    {
        var area = ScoreSample.Area(background, signal);
        return new(name, signal.Count, area, ScoreSample.AreaError(area, background.Count, signal.Count),
            [.. Shares.Select(s => WorkingPoint.ForShare(background, signal, s)), .. thresholds.Select(t => WorkingPoint.At(background, signal, t))],
            WorkingPoint.Curve(background, signal));
    }

    private static IReadOnlyList<RatePoint> Rates(ScoreSample background, BunchStructure bunches, IReadOnlyList<double> thresholds)
    {
        var curve = WorkingPoint.Curve(background, background).Select(p => p.Threshold).Concat(thresholds).Distinct().OrderDescending();
        return [.. curve.Select(t =>
        {
            var accepted = background.Above(t);
            var share = accepted / (double)background.Count;
            return new RatePoint(t, accepted, share, bunches.RateKHz(share), bunches.RateKHz(Math.Sqrt(accepted) / background.Count));
        })];
    }

    private static IReadOnlyList<ScoreCorrelation> Correlations(EvaluationSample background, double[] scores)
    {
        if (!background.HasObjects)
            return [];
        return [.. new (string Name, float[] Values)[] { ("MET", background.Met), ("HT", background.Ht) }.Select(q =>
        {
            var values = Array.ConvertAll(q.Values, v => (double)v);
            return new ScoreCorrelation(q.Name, Correlation.OfValues(scores, values), Correlation.OfRanks(scores, values));
        })];
    }
}
