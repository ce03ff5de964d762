using Hls4Net.Core.Graphs;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>ONNX Selu: gamma times Elu. The factor is a multiplication of its own, so that above zero only gamma's type rounds.</summary>
internal static class Selu
{
    public static void Import(OnnxNode node)
    {
        var (alpha, gamma) = (node.Attributes.Float("alpha", 1.67326319217681884765625f), node.Attributes.Float("gamma", 1.05070102214813232421875f));
        var x = node.Input(0, "input");
        node.RequireFloat(x);
        node.Output(new Multiplication(), node.Emit("elu", Apply.Of("elu", alpha), x), node.Constant("gamma", ConstantTensor.Of([], [gamma])));
    }

    public static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Selu", "defaults", 7).Input(1, 12),
        OperatorCase.Of("Selu", "attributes").Input(1, 12).With("alpha", 2f).With("gamma", 0.75f),
    ];
}
