using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>max(x, 0).</summary>
public sealed record Rectify : ElementwiseUnary
{
    protected override Term Map(BlockBuilder block, Term element) => element.Max(block.Literal(Dyadic.Zero));

    internal static void Import(OnnxNode node) => node.Output(new Rectify(), node.Input(0, "input"));

    internal static IEnumerable<OperatorCase> Cases() => CasesOf("Relu");
}
