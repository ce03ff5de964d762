namespace Hls4Net.Transforms.Streams;

/// <summary>Lanes of one channel that carry something in the same ticks: what one process gives others, beat by beat.</summary>
/// <param name="Channel">The channel whose elements they are.</param>
/// <param name="Lanes">In the order within a beat.</param>
/// <param name="Ticks">One for each beat, ascending.</param>
internal sealed record BeatSeries(string Channel, IReadOnlyList<int> Lanes, IReadOnlyList<int> Ticks)
{
    /// <summary>Whether a channel of the design holds its elements, and not only a process on the way.</summary>
    public bool IsOfDesign { get; init; } = true;
}

/// <summary>A stream from the process that gives a series to one of its readers.</summary>
/// <param name="Delay">The reader takes the beat of tick t in tick t + Delay.</param>
/// <param name="Depth">The most beats that are in it at once when all processes keep to the timetable.</param>
internal sealed record BeatStream(BeatSeries Series, int Delay, int Depth)
{
    /// <summary>The stream of a series whose reader is so many ticks behind.</summary>
    /// <param name="interval">Ticks from one event to the next.</param>
    public static BeatStream Of(BeatSeries series, int delay, int interval) => new(series, delay, DepthOf(series.Ticks, delay, interval));

    /// <summary>
    /// A beat of tick t is there from tick t to tick t + delay. So there are never more than the beats of delay + 1 ticks in a row, those of
    /// other events included.
    /// </summary>
    private static int DepthOf(IReadOnlyList<int> ticks, int delay, int interval)
    {
        var (whole, rest) = ((delay + 1) / interval, (delay + 1) % interval);
        int[] around = [.. ticks.Select(t => t % interval).Order()];
        var (most, first) = (0, 0);
        for (var last = 0; rest > 0 && last < 2 * around.Length; last++)
        {
            while (At(last) - At(first) >= rest)
                first++;
            most = Math.Max(most, last - first + 1);
        }
        return (whole * around.Length) + most;

        int At(int k) => around[k % around.Length] + (k / around.Length * interval);
    }
}
