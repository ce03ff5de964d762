using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>|x|; exact.</summary>
public sealed record AbsoluteValue : ElementwiseUnary
{
    protected override Term Map(BlockBuilder block, Term element) => element.Max(block.Literal(Dyadic.Zero) - element);

    internal static void Import(OnnxNode node) => node.Arithmetic(new AbsoluteValue(), node.Input(0, "input"));

    internal static IEnumerable<OperatorCase> Cases() => CasesOf("Abs");
}
