using Hls4Net.Transforms.Scheduling;

namespace Hls4Net.Tests.Hardware;

/// <summary>Smallest cuts of random networks against all cuts there are.</summary>
public sealed class MinimumCutTests
{
    private const int Nodes = 7;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Of_the_smallest_cuts_the_one_with_the_fewest_nodes_is_found_also_after_arcs_were_added(int seed)
    {
        var random = new Random(seed);
        for (var repeat = 0; repeat < 100; repeat++)
        {
            var cut = new MinimumCut(Nodes);
            var (arcs, source, sink) = (new List<(int From, int To, long Capacity)>(), new long[Nodes], new long[Nodes]);
            for (var round = 0; round < 3; round++)
            {
                for (var k = random.Next(8); k > 0; k--)
                {
                    var (from, to, capacity) = (random.Next(Nodes), random.Next(Nodes), random.Next(5) == 0 ? MinimumCut.Uncuttable : random.Next(1, 9));
                    arcs.Add((from, to, capacity));
                    cut.Add(from, to, capacity);
                }
                var (first, last, more) = (random.Next(Nodes), random.Next(Nodes), random.Next(1, 9));
                source[first] += more;
                cut.AddFromSource(first, more);
                sink[last] += more;
                cut.AddToSink(last, more);
                cut.Solve();

                var best = Enumerable.Range(0, 1 << Nodes).MinBy(set => (CostOf(set, arcs, source, sink), int.PopCount(set)));

                Assert.Equal(CostOf(best, arcs, source, sink), cut.Capacity);
                Assert.Equal(best, Enumerable.Range(0, Nodes).Sum(n => cut.IsWithSource(n) ? 1 << n : 0));
            }
        }
    }

    /// <summary>What a cut with these nodes on the source's side costs.</summary>
    private static long CostOf(int set, List<(int From, int To, long Capacity)> arcs, long[] source, long[] sink)
    {
        bool Has(int node) => (set >> node & 1) != 0;
        var total = arcs.Where(a => Has(a.From) && !Has(a.To)).Aggregate(0L, (sum, a) => Math.Min(MinimumCut.Uncuttable, sum + a.Capacity));
        return total + Enumerable.Range(0, Nodes).Sum(n => Has(n) ? sink[n] : source[n]);
    }
}
