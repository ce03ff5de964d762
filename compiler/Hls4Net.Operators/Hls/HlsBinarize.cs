using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Operators.Hls;

/// <summary>1 from a threshold on, −1 below it; the threshold is the second operand and broadcasts.</summary>
public sealed record HlsBinarize : ElementwiseBinary
{
    protected override Term Combine(BlockBuilder block, Term left, Term right) =>
        left.Less(right).Select(block.Literal(-Dyadic.One), block.Literal(Dyadic.One));
}
