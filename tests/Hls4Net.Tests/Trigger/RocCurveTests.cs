using Hls4Net.Trigger;

namespace Hls4Net.Tests.Trigger;

public sealed class RocCurveTests
{
    [Fact]
    public void The_area_counts_every_pair_and_a_tie_half()
    {
        var random = new Random(7);
        var background = Enumerable.Range(0, 300).Select(_ => (double)random.Next(12)).ToArray();
        var signal = Enumerable.Range(0, 200).Select(_ => (double)random.Next(3, 15)).ToArray();
        var pairs = signal.SelectMany(s => background.Select(b => s > b ? 1.0 : s < b ? 0.0 : 0.5)).Average();
        Assert.Equal(pairs, RocCurve.Area(background, signal), 12);
    }

    [Fact]
    public void A_score_of_one_value_separates_nothing() => Assert.Equal(0.5, RocCurve.Area([1, 1, 1], [1, 1]));

    [Fact]
    public void Perfect_separation_is_one_and_its_reverse_zero()
    {
        Assert.Equal(1, RocCurve.Area([1, 2], [3, 4]));
        Assert.Equal(0, RocCurve.Area([3, 4], [1, 2]));
    }

    [Fact]
    public void A_working_point_never_accepts_more_background_than_asked_even_within_a_tie()
    {
        double[] background = [0, 0, 0, 0, 1, 1, 1, 2, 2, 3];
        var (threshold, share, signal) = RocCurve.WorkingPoint(background, [1, 2, 3, 4], 0.2);
        Assert.Equal((2, 0.1, 0.5), (threshold, share, signal));
    }

    [Fact]
    public void An_empty_or_broken_sample_is_refused()
    {
        Assert.Throws<ArgumentException>(() => RocCurve.Area([], [1]));
        Assert.Throws<ArgumentException>(() => RocCurve.Area([1], [double.NaN]));
    }
}
