namespace Hls4Net.Cli.Tuning;

/// <summary>Some of the events.</summary>
/// <param name="Events">How many.</param>
/// <param name="Inputs">Event-major values of each input.</param>
/// <param name="Labels">What each event is; null if nobody says.</param>
/// <param name="Signals">The labels above zero that occur, ascending.</param>
internal sealed record TuneSample(int Events, IReadOnlyDictionary<string, double[]> Inputs, int[]? Labels, IReadOnlyList<int> Signals)
{
    /// <summary>What outputs should be, for a mean squared error.</summary>
    public double[]? Targets { get; init; }

    /// <summary>The variance of the targets.</summary>
    public double Variance { get; init; } = 1;

    /// <summary>The outputs of events with a label, of one element each.</summary>
    public double[] Of(double[] outputs, int label)
    {
        var result = new List<double>(outputs.Length);
        for (var e = 0; e < Events; e++)
        {
            if (Labels![e] == label)
                result.Add(outputs[e]);
        }
        return [.. result];
    }

    /// <summary>With what outputs should be.</summary>
    public TuneSample With(double[] targets)
    {
        var mean = targets.Average();
        return this with { Targets = targets, Variance = Math.Max(1e-300, targets.Average(t => (t - mean) * (t - mean))) };
    }

    /// <summary>Those of some places.</summary>
    public TuneSample Choose(int[] places) => this with
    {
        Events = places.Length,
        Inputs = Inputs.ToDictionary(i => i.Key, i => Rows(i.Value, places), StringComparer.Ordinal),
        Labels = Labels is null ? null : Array.ConvertAll(places, p => Labels[p]),
        Targets = Targets is null ? null : Rows(Targets, places),
    };

    private double[] Rows(double[] values, int[] places)
    {
        var width = values.Length / Events;
        var result = new double[places.Length * width];
        for (var k = 0; k < places.Length; k++)
            Array.Copy(values, places[k] * width, result, k * width, width);
        return result;
    }
}
