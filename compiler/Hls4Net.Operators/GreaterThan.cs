using Hls4Net.Core.Kernels;

namespace Hls4Net.Operators;

/// <summary>1 where left &gt; right, else 0, broadcast: a score against its threshold.</summary>
public sealed record GreaterThan : ElementwiseBinary
{
    protected override Term Combine(BlockBuilder block, Term left, Term right) => right.Less(left);
}
