using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Transforms.Streams;

/// <summary>Rows of pictures: all indices of the positions of a group but the last.</summary>
internal static class PositionRows
{
    /// <summary>For an element of the group's output the row of its position.</summary>
    public static Func<int, int> Of(Design design, StageGroup group)
    {
        var domain = ((Kernel)group.Stages[0].Computation).Domain;
        var rows = Position.FreeDimensions(design, group).SkipLast(1).ToArray();
        var indices = new int[domain.Count];
        return element =>
        {
            Shapes.Unravel(element, domain, indices);
            return rows.Aggregate(0, (row, k) => row * domain[k] + indices[k]);
        };
    }
}
