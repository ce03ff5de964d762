namespace Hls4Net.Cli.Tuning;

/// <summary>The figures of merit of one run over a sample of events, with what each event contributes, so that two runs over the same events can be compared.</summary>
/// <param name="Values">One for each kind of signal, else one.</param>
/// <param name="Contributions">
/// For each figure, groups of events: a figure's statistical error is that of the means of its groups, which are of independent events.
/// </param>
/// <param name="IsError">Whether a figure is better if it is smaller, and the best one zero.</param>
internal sealed record TuneFigures(double[] Values, double[][][] Contributions, bool IsError)
{
    /// <summary>Standard deviations that a loss may be larger than it seems.</summary>
    private const double Deviations = 2;

    /// <summary>What these figures lose against others of the same events, for the kind of signal that loses most, with the standard deviation of the difference.</summary>
    public (double Loss, double Error) LossAgainst(TuneFigures reference)
    {
        var worst = Enumerable.Range(0, Values.Length).MaxBy(k => LossOf(k, reference));
        return (LossOf(worst, reference), ErrorOf(worst, reference));
    }

    /// <summary>
    /// The largest loss with two standard deviations of the difference on top. Events that both see alike add nothing to it, so that it is small where little was
    /// changed (for areas: DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988) 837).
    /// </summary>
    public double SureLossAgainst(TuneFigures reference) => Enumerable.Range(0, Values.Length).Max(k => LossOf(k, reference) + (Deviations * ErrorOf(k, reference)));

    private double ErrorOf(int kind, TuneFigures reference) => Math.Sqrt(Contributions[kind].Zip(reference.Contributions[kind], VarianceOfMean).Sum());

    private double LossOf(int kind, TuneFigures reference) => IsError ? Values[kind] : reference.Values[kind] - Values[kind];

    private double VarianceOfMean(double[] own, double[] other)
    {
        var (sum, square) = (0.0, 0.0);
        for (var e = 0; e < own.Length; e++)
        {
            var difference = IsError ? own[e] : own[e] - other[e];
            sum += difference;
            square += difference * difference;
        }
        var mean = sum / own.Length;
        return Math.Max(0, (square / own.Length) - (mean * mean)) / Math.Max(1, own.Length - 1);
    }
}
