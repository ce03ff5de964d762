using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>−1, 0 or 1 as x is negative, zero or positive; exact.</summary>
public sealed record Sign : ElementwiseUnary
{
    protected override Term Map(BlockBuilder block, Term element)
    {
        var zero = block.Literal(Dyadic.Zero);
        return zero.Less(element) - element.Less(zero);
    }

    internal static void Import(OnnxNode node) => node.Arithmetic(new Sign(), node.Input(0, "input"));

    internal static IEnumerable<OperatorCase> Cases() => CasesOf("Sign", 9);
}
