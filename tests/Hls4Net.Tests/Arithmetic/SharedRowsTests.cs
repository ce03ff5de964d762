using Hls4Net.Transforms.Arithmetic.Sharing;

namespace Hls4Net.Tests.Arithmetic;

/// <summary>What the search relies on: counts that follow from the rows, and steps that leave no trace when they are undone.</summary>
public sealed class SharedRowsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_step_that_is_undone_leaves_everything_as_it_was(int seed)
    {
        var rows = Random(seed);
        var random = new SearchRandom(seed);
        var ruin = new Ruin(rows, random);
        var pairs = new PairSharing(rows, ruin.Delayed);
        var parts = new CommonParts(rows);
        for (var step = 0; step < 300; step++)
        {
            var before = Describe(rows);
            rows.Begin();
            ruin.Run();
            for (var k = 0; k < rows.Changed.Count; k++)
                parts.Share(rows.Changed[k], 3, random);
            pairs.Run(0.5, (ulong)step);
            ruin.Clean();
            CheckCounts(rows);
            if (random.Next(2) == 0)
            {
                rows.Commit();
                continue;
            }
            rows.Rollback();
            Assert.Equal(before, Describe(rows));
            CheckCounts(rows);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Counts_by_hash_are_never_too_low_seldom_too_high_and_steps_that_are_undone_leave_them_as_they_were(int seed)
    {
        var rows = Random(seed);
        var exact = PairsOf(rows).ToDictionary(p => p.Key, p => p.Value);
        rows.CountByHash();
        Assert.All(exact, p => Assert.True(rows.Pairs.Count(p.Key) >= p.Value));
        Assert.True(exact.Count(p => rows.Pairs.Count(p.Key) > p.Value) * 10 < exact.Count, "most counts are exact");
        var before = exact.Keys.ToDictionary(p => p, rows.Pairs.Count);
        var ruin = new Ruin(rows, new SearchRandom(seed));
        var pairs = new PairSharing(rows, ruin.Delayed);
        for (var step = 0; step < 200; step++)
        {
            rows.Begin();
            ruin.Run();
            pairs.Run(0.5, (ulong)step);
            ruin.Clean();
            Assert.All(PairsOf(rows), p => Assert.True(rows.Pairs.Count(p.Key) >= p.Value));
            rows.Rollback();
        }
        Assert.All(before, p => Assert.Equal(p.Value, rows.Pairs.Count(p.Key)));
    }

    [Fact]
    public void A_delayed_pair_is_shared_last_but_shared()
    {
        // Two rows a + b + c: a + b saves most bits, a being wide.
        int[] FirstPart(bool isDelayed)
        {
            var rows = new SharedRows([(-512, 511, 0), (-8, 7, 0), (-4, 3, 0)], [(9, false, -1e4, 1e4), (9, false, -1e4, 1e4)], new int[3]);
            for (var k = 0; k < 6; k++)
                rows.Add(rows[3 + k / 3], TermCode.Of(k % 3, k % 3, 1));
            var wide = TermCode.Pair(TermCode.Of(0, 0, 1), TermCode.Of(1, 1, 1));
            var pairs = new PairSharing(rows, isDelayed ? [wide] : []);
            pairs.Run(0, 0);
            return [.. rows[5].Terms.Span.ToArray().Select(TermCode.Variable).Order()];
        }
        Assert.Equal([0, 1], FirstPart(false));
        Assert.NotEqual([0, 1], FirstPart(true));
        Assert.Equal(2, FirstPart(true).Length);
    }

    private static SharedRows Random(int seed)
    {
        var random = new Random(100 + seed);
        var rows = new SharedRows([.. Enumerable.Range(0, 7).Select(k => (-8.0, 7.0, k % 3))], [.. Enumerable.Range(0, 6).Select(k => (9, k == 2, -1e4, 1e4))], new int[7]);
        for (var result = 0; result < rows.Results; result++)
        {
            for (var input = 0; input < rows.Inputs; input++)
                Coefficients.AddFactor(rows, rows[rows.Inputs + result], input, random.Next(-200, 200), 0, 0);
        }
        return rows;
    }

    /// <summary>The rows with their terms in order, since the order within a row means nothing.</summary>
    private static string Describe(SharedRows rows) => string.Join('\n', rows.All.Where(r => r.IsLive).Select(r =>
        $"{r.Variable}: {Describe(r.Terms)} depth {r.Depth} limit {r.Limit} Kraft {r.Kraft} uses {Describe(r.Uses)}"));

    private static string Describe(TermList terms) => string.Join(' ', terms.Span.ToArray().Order());

    private static Dictionary<ulong, int> PairsOf(SharedRows rows)
    {
        var counts = new Dictionary<ulong, int>();
        foreach (var row in rows.All)
        {
            for (var a = 0; a < row.Terms.Count; a++)
            {
                for (var b = a + 1; b < row.Terms.Count; b++)
                    counts[TermCode.Pair(row.Terms[a], row.Terms[b])] = counts.GetValueOrDefault(TermCode.Pair(row.Terms[a], row.Terms[b])) + 1;
            }
        }
        return counts;
    }

    private static void CheckCounts(SharedRows rows)
    {
        foreach (var row in rows.All)
        {
            Assert.True(row.IsLive || row.Terms.Count == 0, $"{row.Variable} is not in use and has terms");
            Assert.True(row.Kraft <= 1L << row.Limit || rows.IsInput(row.Variable), $"{row.Variable} misses its level");
        }
        foreach (var (pair, count) in PairsOf(rows))
            Assert.Equal(count, rows.Pairs.Count(pair));
        Assert.Equal(rows.All.Sum(r => Math.Max(0, r.Terms.Count - 1)), rows.Adders);
        foreach (var row in rows.All)
            Assert.All(row.Terms.Span.ToArray(), t => Assert.True(rows[TermCode.Variable(t)].Uses.Contains(TermCode.WithVariable(t, row.Variable))));
        Assert.Equal(rows.All.Sum(r => r.Terms.Count), rows.All.Sum(r => r.Uses.Count));
    }
}
