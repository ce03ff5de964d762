using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Operators;

/// <summary>max(x, 0).</summary>
public sealed record Rectify : ElementwiseUnary
{
    protected override Term Map(BlockBuilder block, Term element) => element.Max(block.Literal(Dyadic.Zero));
}
