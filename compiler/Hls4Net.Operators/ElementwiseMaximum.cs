using Hls4Net.Core.Kernels;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>The larger of two numbers, broadcast. ONNX Max takes any number of inputs, which become a chain.</summary>
public sealed record ElementwiseMaximum : ElementwiseBinary
{
    protected override Term Combine(BlockBuilder block, Term left, Term right) => left.Max(right);

    internal static void Import(OnnxNode node) => node.Chain(new ElementwiseMaximum());

    internal static IEnumerable<OperatorCase> Cases() => [.. CasesOf("Max", 8), .. ChainCasesOf("Max", 8)];
}
