using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Operators;

/// <summary>A real function of every element; in a typed graph, its table.</summary>
public sealed record Apply(Table Table) : ElementwiseUnary
{
    protected override Term Map(BlockBuilder block, Term element) => element.Lookup(Table);
}
