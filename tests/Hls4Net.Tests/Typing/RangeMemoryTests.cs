using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Transforms.Typing;

namespace Hls4Net.Tests.Typing;

public sealed class RangeMemoryTests
{
    [Fact]
    public void What_is_remembered_is_what_would_be_worked_out_and_only_for_equal_operands()
    {
        var memory = new RangeMemory();
        var computation = new Wiring([0, 0], [1, 0], []);
        Interval[] first = [new(-3, 5, 0), new(0, 7, 0)], other = [new(-3, 5, 0), new(0, 8, 0)];
        var expected = RangeAnalysis.Evaluate(computation, [first]);
        var found = memory.Evaluate("n", computation, [first]);
        Assert.Equal(expected, found);
        Assert.Same(found, memory.Evaluate("n", computation, [[.. first]]));
        Assert.Equal(RangeAnalysis.Evaluate(computation, [other]), memory.Evaluate("n", computation, [other]));
        var turned = computation with { Element = [0, 1] };
        Assert.Equal(first, memory.Evaluate("n", turned, [first]));
        Assert.Same(found, memory.Evaluate("n", computation, [first]));
    }
}
