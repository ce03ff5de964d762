using Hls4Net.Core.Kernels;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>The smaller of two numbers, broadcast. ONNX Min takes any number of inputs, which become a chain.</summary>
public sealed record ElementwiseMinimum : ElementwiseBinary
{
    protected override Term Combine(BlockBuilder block, Term left, Term right) => left.Min(right);

    internal static void Import(OnnxNode node) => node.Chain(new ElementwiseMinimum());

    internal static IEnumerable<OperatorCase> Cases() => [.. CasesOf("Min", 8), .. ChainCasesOf("Min", 8)];
}
