using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>ONNX Elu: x above zero, alpha · (e^x − 1) below.</summary>
internal static class Elu
{
    public static void Import(OnnxNode node) => Apply.Output(node, node.Input(0, "input"), "elu", node.Attributes.Float("alpha", 1));

    public static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Elu", "default", 7).Input(1, 12),
        OperatorCase.Of("Elu", "alpha").Input(1, 12).With("alpha", 0.3f),
        OperatorCase.Of("Elu", "negative alpha", 21).Input(1, 12).With("alpha", -1.5f),
    ];
}
