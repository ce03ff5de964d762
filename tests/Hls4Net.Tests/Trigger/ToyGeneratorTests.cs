using Hls4Net.Trigger.Toys;

namespace Hls4Net.Tests.Trigger;

public sealed class ToyGeneratorTests
{
    [Fact]
    public void The_same_seed_gives_the_same_events_whatever_is_drawn_after_them_and_another_seed_others()
    {
        var events = Draw("background", 9000);
        Assert.Equal(events, Draw("background", 9000));
        Assert.Equal(events[..(4096 * 76)], Draw("background", 4096));
        Assert.NotEqual(events, Draw("background", 9000, seed: 2));
    }

    [Theory]
    [InlineData("background")]
    [InlineData("a4l")]
    [InlineData("lq")]
    [InlineData("h0")]
    [InlineData("hpm")]
    public void Every_event_has_the_layout_of_the_challenge_and_passes_its_selection(string process)
    {
        foreach (var row in Draw(process, 500).Chunk(76))
        {
            var slots = row.Chunk(4).ToArray();
            Assert.True(slots[1][0] > 23 || slots[5][0] > 23);
            Assert.Equal(0, slots[0][1]);
            foreach (var (first, count, @class, most) in new[] { (0, 1, 1, 0.0), (1, 4, 2, 3.0), (5, 4, 3, 2.1), (9, 10, 4, 4.0) })
            {
                var group = slots[first..(first + count)];
                Assert.Equal(group.Select(s => s[0]).OrderDescending(), group.Select(s => s[0]));
                Assert.All(group, s => Assert.True(s[0] > 0 ? s[3] == @class : s.All(v => v == 0)));
                Assert.All(group, s => Assert.True(Math.Abs(s[1]) <= most && Math.Abs(s[2]) <= Math.PI));
            }
        }
    }

    [Fact]
    public void A_black_box_is_background_with_one_signal_in_a_hundred_and_its_truth_is_known()
    {
        var box = new ToyGenerator(ToyGenerator.BlackBox, 5);
        var signals = Enumerable.Range(0, 40_000).Select(i => box.SignalOf(i)).ToList();
        Assert.InRange(signals.Count(s => s is not null), 340, 460);
        Assert.Equal(["a4l", "h0", "hpm", "lq"], signals.OfType<string>().Distinct().Order(StringComparer.Ordinal));
        Assert.Null(new ToyGenerator("a4l", 5).SignalOf(signals.FindIndex(s => s is not null)));
        // Four leptons or more: what A → 4ℓ gives often and the background nearly never.
        var rows = Draw(ToyGenerator.BlackBox, 40_000, seed: 5).Chunk(76).ToList();
        var four = rows.Select((r, i) => (Leptons: Enumerable.Range(1, 8).Count(s => r[4 * s] > 0), Signal: signals[i])).Where(e => e.Leptons >= 4).ToList();
        Assert.InRange(four.Count(e => e.Signal == "a4l"), 20, 200);
        Assert.True(four.Count(e => e.Signal == "a4l") > 10 * four.Count(e => e.Signal is null), $"{four.Count(e => e.Signal == "a4l")} against {four.Count(e => e.Signal is null)}");
    }

    [Fact]
    public void Ghosts_are_jets_of_class_4_without_momentum_in_the_wanted_share_of_events()
    {
        var rows = new ToyGenerator("background", 1, Ghosts: 0.25).Draw(4096, TestContext.Current.CancellationToken).Single().Chunk(76).ToList();
        var ghosts = rows.Count(r => r.Chunk(4).Any(s => s[0] == 0 && s[3] == 4 && s[2] != 0));
        Assert.InRange(ghosts, 0.22 * 4096, 0.28 * 4096);
        // Present jets follow behind some: the first empty slot does not end the list.
        Assert.Contains(rows, r => Enumerable.Range(9, 9).Any(s => r[4 * s] == 0 && r[4 * s + 3] == 4 && r[4 * s + 4] > 0));
    }

    private static double[] Draw(string process, long count, ulong seed = 1) => [.. new ToyGenerator(process, seed).Draw(count, TestContext.Current.CancellationToken).SelectMany(b => b)];
}
