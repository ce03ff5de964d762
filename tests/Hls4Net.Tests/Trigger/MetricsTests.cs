using Hls4Net.Tests.Support;
using Hls4Net.Trigger.Metrics;
using Hls4Net.Trigger.Results;

namespace Hls4Net.Tests.Trigger;

/// <summary>Figures of merit against ones that are counted by hand or by the definition.</summary>
public sealed class MetricsTests
{
    [Fact]
    public void Areas_and_working_points_are_those_of_the_definition_whatever_the_ties()
    {
        var random = new Random(5);
        for (var run = 0; run < 200; run++)
        {
            double[] b = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => (double)random.Next(8))], s = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => (double)random.Next(3, 12))];
            var (background, signal) = (ScoreSample.Of(b), ScoreSample.Of(s));
            Assert.Equal(s.Sum(x => b.Sum(y => x > y ? 1 : x == y ? 0.5 : 0)) / (b.Length * s.Length), ScoreSample.Area(background, signal), 12);
            Assert.Equal(b.Distinct().Count(), background.DistinctValues);
            var wanted = random.NextDouble();
            var point = WorkingPoint.ForShare(background, signal, wanted);
            Assert.Equal(b.Count(x => x > point.Threshold), point.BackgroundAccepted);
            Assert.Equal(s.Count(x => x > point.Threshold) / (double)s.Length, point.SignalEfficiency);
            Assert.True(point.BackgroundEfficiency <= wanted);
            // The next lower value would accept too many.
            Assert.All(b.Where(x => x < point.Threshold), x => Assert.True(b.Count(y => y > x) > wanted * b.Length));
        }
    }

    [Fact]
    public void Errors_are_those_of_counting()
    {
        var background = ScoreSample.Of([.. Enumerable.Range(0, 10_000).Select(i => (double)i)]);
        var signal = ScoreSample.Of([.. Enumerable.Range(0, 400).Select(i => 9500.0 + i * 2)]);
        var point = WorkingPoint.ForShare(background, signal, 0.01);
        Assert.Equal((9899, 100, 0.01, 0.001), (point.Threshold, point.BackgroundAccepted, point.BackgroundEfficiency, point.BackgroundError));
        Assert.Equal((0.5, 0.025), (point.SignalEfficiency, point.SignalError));
        // Ten more or fewer background events move the threshold by ten, and with it five signal events.
        Assert.Equal(5 / 400.0, point.ThresholdError, 12);
        Assert.Equal(5, point.SignificanceImprovement!.Value, 12);
        Assert.Null(WorkingPoint.At(background, signal, 1e9).SignificanceImprovement);
        // Hanley and McNeil's own example: areas of 0.5 have the variance of the rank sum, (n + m + 1) / 12 n m.
        Assert.Equal(Math.Sqrt(101 / (12.0 * 50 * 50)), ScoreSample.AreaError(0.5, 50, 50), 12);
        Assert.Equal(28_607.28, BunchStructure.Lhc.CollisionKHz, 6);
        Assert.Equal(2.860728, BunchStructure.Lhc.RateKHz(1e-4), 9);
    }

    [Fact]
    public void Correlations_are_one_for_what_rises_together()
    {
        double[] x = [1, 2, 3, 4, 5], y = [2, 4, 6, 8, 10], z = [1, 8, 27, 64, 125];
        Assert.Equal(1, Correlation.OfValues(x, y), 12);
        Assert.True(Correlation.OfValues(x, z) < 0.95);
        Assert.Equal(1, Correlation.OfRanks(x, z), 12);
        Assert.Equal(-1, Correlation.OfRanks(x, [.. z.Reverse()]), 12);
        Assert.Equal([0.5, 2, 0.5, 3], Correlation.Ranks([1, 2, 1, 7]));
        Assert.Equal(0, Correlation.OfValues(x, [3, 3, 3, 3, 3]));
    }

    [Fact]
    public void A_curve_rises_and_ends_at_the_loosest_threshold_of_its_steps()
    {
        var random = new Random(3);
        var background = ScoreSample.Of([.. Enumerable.Range(0, 3000).Select(_ => random.NextDouble())]);
        var curve = WorkingPoint.Curve(background, background);
        Assert.Equal(curve.Select(p => p.Threshold).OrderDescending(), curve.Select(p => p.Threshold));
        Assert.All(curve, p => Assert.Equal(p.BackgroundEfficiency, p.SignalEfficiency));
        Assert.InRange(curve[^1].BackgroundEfficiency, 0.7, 1);
    }

    [Fact]
    public void Results_are_read_back_as_they_were_written()
    {
        using var folder = new TemporaryFolder();
        DarkMachinesResult[] results = [new("stop2b", "SimpleAE", "chan1", 0.872, 0.211, 0.097, 0.047), new("a4l", "x", "chan2b", 1 / 3.0, 0.1, 1e-300, 0)];
        DarkMachinesResults.Write(folder["r.csv"], results);
        Assert.Equal("Signal,Model,Chan,AUC,1e-2,1e-3,1e-4\nstop2b,SimpleAE,chan1,0.872,0.211,0.097,0.047\n", string.Join('\n', File.ReadLines(folder["r.csv"]).Take(2)) + "\n");
        Assert.Equal(results, DarkMachinesResults.Read(folder["r.csv"]));
        var submission = new Adc2021Submission([.. Enumerable.Range(0, 1000).Select(i => 7L * i)], 4054, "xcu250-figd2104-2L-e", 0.04, 1.5, 2.25, 0.5, 0);
        submission.Write(folder["s.h5"]);
        var read = Adc2021Submission.Read(folder["s.h5"]);
        Assert.Equal(submission.Result, read.Result);
        Assert.Equal(submission.Attributes, read.Attributes);
        new Adc2021Submission([1], Device: "part").Write(folder["t.h5"]);
        Assert.Equal(["Device"], Adc2021Submission.Read(folder["t.h5"]).Attributes.Where(a => a.Value is not null).Select(a => a.Name));
    }

    [Theory]
    [InlineData("", "Line 1: the header is not")]
    [InlineData("a,b\n", "Line 1: the header is not")]
    [InlineData("Signal,Model,Chan,AUC,1e-2,1e-3,1e-4\na,b,c,1,1,1\n", "Line 2: there are 6 fields")]
    [InlineData("Signal,Model,Chan,AUC,1e-2,1e-3,1e-4\na,b,c,1,1,1,x\n", "Line 2: 'x' is no number from 0 to 1")]
    public void A_malformed_result_is_refused_with_its_line(string text, string says)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["r.csv"], text);
        var error = Assert.Throws<Core.Diagnostics.UserErrorException>(() => DarkMachinesResults.Read(folder["r.csv"]));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }
}
