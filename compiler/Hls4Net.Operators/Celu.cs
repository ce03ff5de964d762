using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>ONNX Celu: x above zero, alpha · (e^(x / alpha) − 1) below.</summary>
internal static class Celu
{
    public static void Import(OnnxNode node)
    {
        var alpha = node.Attributes.Float("alpha", 1);
        if (alpha.IsZero)
            throw node.Attributes.Value("alpha", "0", "x is divided by it, so it must differ from zero");
        Apply.Output(node, node.Input(0, "input"), "celu", alpha);
    }

    public static IEnumerable<OperatorCase> Cases() =>
        [OperatorCase.Of("Celu", "default", 12).Input(1, 12), OperatorCase.Of("Celu", "alpha").Input(1, 12).With("alpha", 2.5f)];
}
