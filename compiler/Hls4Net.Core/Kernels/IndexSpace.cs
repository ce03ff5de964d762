using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Kernels;

/// <summary>The values that affine expressions take in a nest of loops.</summary>
internal static class IndexSpace
{
    /// <summary>The smallest and largest value over all indices.</summary>
    public static (long Low, long High) Corners(Affine affine, Seq<int> loops)
    {
        long low = affine.Offset;
        long high = affine.Offset;
        for (var k = 0; k < affine.Coefficients.Count; k++)
        {
            var reach = (long)affine.Coefficients[k] * (loops[k] - 1);
            low += Math.Min(reach, 0);
            high += Math.Max(reach, 0);
        }
        return (low, high);
    }

    /// <summary>The smallest and largest value over the indices that the guards let through; 0 and −1 if there are none.</summary>
    public static (long Low, long High) Extremes(Affine affine, Seq<int> loops, Seq<Guard> guards)
    {
        var (low, high) = (long.MaxValue, long.MinValue);
        var indices = new int[loops.Count];
        do
        {
            if (!Interpreter.Holds(guards, indices))
                continue;
            long value = affine.Evaluate(indices);
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }
        while (Shapes.Advance(indices, loops));
        return low > high ? (0, -1) : (low, high);
    }

    /// <summary>Whether, for some index of the outer loops that their guards let through, the inner guards let nothing through.</summary>
    public static bool HasEmpty(Seq<int> loops, Seq<Guard> guards, Seq<int> extents, Seq<Guard> inner)
    {
        var outer = new int[loops.Count];
        var all = new int[loops.Count + extents.Count];
        do
        {
            outer.CopyTo(all, 0);
            if (Interpreter.Holds(guards, outer) && !Any(all, loops.Count, extents, inner))
                return true;
        }
        while (Shapes.Advance(outer, loops));
        return false;
    }

    private static bool Any(int[] all, int depth, Seq<int> extents, Seq<Guard> guards)
    {
        var inner = all.AsSpan(depth);
        inner.Clear();
        do
        {
            if (Interpreter.Holds(guards, all))
                return true;
        }
        while (Shapes.Advance(inner, extents));
        return false;
    }
}
