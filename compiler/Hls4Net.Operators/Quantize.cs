using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Operators;

/// <summary>Every element cast to a type: the only place where a typed graph loses anything, tables apart.</summary>
public sealed record Quantize(Quantizer Quantizer) : ElementwiseUnary
{
    protected override Term Map(BlockBuilder block, Term element) => element.Cast(Quantizer);
}
