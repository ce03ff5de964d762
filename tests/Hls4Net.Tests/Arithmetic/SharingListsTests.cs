using Hls4Net.Transforms.Arithmetic.Sharing;

namespace Hls4Net.Tests.Arithmetic;

/// <summary>The lists that the inner loops of the search use, against those of the platform.</summary>
public sealed class SharingListsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Terms_are_found_where_they_are_and_not_where_they_were(int seed)
    {
        var random = new Random(seed);
        var (list, expected) = (new TermList(), new List<int>());
        for (var step = 0; step < 5_000; step++)
        {
            var term = TermCode.Of(random.Next(6), random.Next(4), random.Next(2) * 2 - 1);
            if (expected.Contains(term) && random.Next(4) > 0)
            {
                var index = list.IndexOf(term);
                Assert.Equal(term, expected[index]);
                expected[index] = expected[^1];
                expected.RemoveAt(expected.Count - 1);
                list.RemoveAt(index);
            }
            else if (!expected.Contains(term))
            {
                expected.Add(term);
                list.Add(term);
            }
            Assert.Equal(expected, list.Span.ToArray());
            var (other, variable, from) = (TermCode.Of(random.Next(7), random.Next(4), 1), random.Next(7), random.Next(expected.Count + 1));
            Assert.Equal(expected.IndexOf(other), list.IndexOf(other));
            Assert.Equal(expected.FindIndex(from, t => TermCode.Variable(t) == variable), list.IndexOfVariable(variable, from));
        }
    }

    [Fact]
    public void The_queue_gives_the_highest_score_first()
    {
        var random = new Random(3);
        var (queue, expected) = (new PairQueue(), new PriorityQueue<ulong, double>());
        for (var step = 0; step < 20_000; step++)
        {
            if (random.Next(5) < 3)
            {
                // Scores that differ, so that there is one order.
                var score = random.NextDouble();
                queue.Enqueue((ulong)step, score);
                expected.Enqueue((ulong)step, -score);
                continue;
            }
            Assert.Equal(expected.TryDequeue(out var wanted, out var priority), queue.TryDequeue(out var pair, out var highest));
            Assert.Equal((wanted, -priority), (pair, highest));
        }
    }

    [Fact]
    public void Random_numbers_are_those_of_the_published_generator_and_stay_in_their_range()
    {
        // splitmix64 from state 0.
        var zero = new SearchRandom(0);
        Assert.Equal([0xE220A8397B1DCDAFUL, 0x6E789E6AA1B965F4UL, 0x06C45D188009454FUL], [zero.Bits(), zero.Bits(), zero.Bits()]);
        var random = new SearchRandom(7);
        Assert.All(Enumerable.Range(0, 1_000), _ => Assert.InRange(random.Next(3, 9), 3, 8));
        Assert.All(Enumerable.Range(0, 1_000), _ => Assert.InRange(random.NextDouble(), 0, Math.BitDecrement(1)));
    }
}
