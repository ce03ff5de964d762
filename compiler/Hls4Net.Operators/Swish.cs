using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>ONNX Swish: x · sigmoid(alpha · x).</summary>
internal static class Swish
{
    public static void Import(OnnxNode node)
    {
        var (x, alpha) = (node.Input(0, "input"), node.Attributes.Float("alpha", 1));
        node.RequireFloat(x);
        if (alpha.IsZero)
            node.Output(new Multiplication(), x, node.Constant("half", Numbers.WithExactType(ConstantTensor.Of([], [new Dyadic(1, -1)]))));
        else
            Apply.Output(node, x, "swish", alpha);
    }

    public static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Swish", "default", 24).Input(1, 12),
        OperatorCase.Of("Swish", "alpha", 24).Input(1, 12).With("alpha", 1.75f),
        OperatorCase.Of("Swish", "half", 24).Input(1, 6).With("alpha", 0f),
    ];
}
