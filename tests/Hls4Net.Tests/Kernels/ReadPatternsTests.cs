using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Tests.Primitives;

namespace Hls4Net.Tests.Kernels;

public sealed class ReadPatternsTests
{
    [Fact]
    public void Elements_that_share_a_result_would_have_had_the_same_each()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var design = RandomDesigns.Draw(seed);
            var ranges = RangeAnalysis.Run(design);
            foreach (var stage in design.Stages)
            {
                Interval Load(int input, int element) => ranges[stage.Inputs[input]][element];
                Assert.Equal(Evaluations.Run(new IntervalAlgebra(), stage.Computation, Load), Evaluations.RunPatterns(new IntervalAlgebra(), stage.Computation, Load));
            }
        }
    }

    [Fact]
    public void The_pixels_of_a_convolution_are_computed_once_for_each_border_and_once_inside()
    {
        var kernel = Convolution(extent: 20);
        var sums = 0;
        Evaluations.RunPatterns(new IntervalAlgebra(), kernel, (input, element) =>
        {
            sums++;
            return input == 0 ? new Interval(-8, 7, 0) : new Interval(element, element, 0);
        });
        // Three kinds of rows and of columns, each of at most nine terms of two loads, and one look at each element.
        Assert.InRange(sums, 1, 9 * 9 * 2 + 20 * 20 + 9);
    }

    [Fact]
    public void A_matrix_of_different_rows_is_not_looked_at_forever()
    {
        var patterns = new ReadPatterns<Interval>(Convolution(extent: 20), (_, element) => new(element, element, 0));
        var indices = new int[2];
        for (var n = 0; n < 64; n++)
        {
            Shapes.Unravel(n, [20, 20], indices);
            Assert.False(patterns.IsKnown(indices, out var pattern, out _));
            Assert.NotNull(pattern);
            patterns.Remember(pattern, new(n, n, 0));
        }
        Assert.False(patterns.IsKnown(indices, out var none, out _));
        Assert.Null(none);
    }

    /// <summary>A filter of 3 by 3 over one channel with a border of zeros.</summary>
    private static Kernel Convolution(int extent)
    {
        var (row, column) = (Affine.Index(0) + Affine.Index(2) - 1, Affine.Index(1) + Affine.Index(3) - 1);
        var term = new Block([new Load(0, row * extent + column), new Load(1, Affine.Index(2) * 3 + Affine.Index(3)), new Multiply(0, 1)]);
        return new Kernel([extent, extent], new Block([new Reduce(Reduction.Sum, [3, 3], [new(row, extent), new(column, extent)], term, null, -1)]));
    }
}
