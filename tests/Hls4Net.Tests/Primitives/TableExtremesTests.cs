using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Tests.Primitives;

public sealed class TableExtremesTests
{
    [Theory]
    [InlineData(true, 12)]
    [InlineData(false, 12)]
    [InlineData(true, 3)]
    [InlineData(false, 1)]
    public void The_extremes_are_those_of_the_entries_between(bool signed, int width)
    {
        var random = new Random(4);
        var input = new FixedType(signed, width, width - 2);
        // Steep, so that one entry more or less at either end shows.
        var data = new TableData(input, new FixedType(true, 40, 40), Enumerable.Range(0, 1 << width).Select(_ => random.NextInt64(-(1L << 38), 1L << 38)).ToSeq());
        var algebra = new IntervalAlgebra();
        var table = new Table(new RealFunction("exp", []), data);
        for (var n = 0; n < 2000; n++)
        {
            var low = random.NextInt64((long)input.MinimumRaw, (long)input.MaximumRaw + 1);
            // Ends on and beside the ends of blocks as often as anywhere.
            var high = Math.Min((long)input.MaximumRaw, random.Next(2) == 0 ? low + random.NextInt64(1 << width) : ((low >> 9) + random.Next(4) << 9) + random.Next(-2, 2));
            high = Math.Max(low, high);
            var entries = Enumerable.Range(0, (int)(high - low) + 1).Select(k => data.At(low + k)).ToArray();
            var expected = new Interval(entries.Min(), entries.Max(), 0);
            Assert.Equal(expected, algebra.Lookup(new Interval(low, high, 2), table));
            Assert.Equal(expected, algebra.Lookup(new Interval(low << 3, high << 3, 5), table));
        }
        // Off the grid or outside the type: what lies between counts, and then everything.
        var all = new Interval(data.Entries.Min(), data.Entries.Max(), 0);
        Assert.Equal(all, algebra.Lookup(new Interval(input.MinimumRaw - 1, input.MinimumRaw, 2), table));
        Assert.Equal(all, algebra.Lookup(new Interval(input.MaximumRaw, input.MaximumRaw + 1, 2), table));
    }
}
