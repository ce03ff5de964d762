using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>ONNX Gelu: x · Φ(x) with the normal distribution Φ, or its approximation by a hyperbolic tangent.</summary>
internal static class Gelu
{
    public static void Import(OnnxNode node)
    {
        var function = node.Attributes.Text("approximate", "none") switch
        {
            "none" => "gelu",
            "tanh" => "gelu_tanh",
            var other => throw node.Attributes.Value("approximate", other, "it must be none or tanh"),
        };
        Apply.Output(node, node.Input(0, "input"), function);
    }

    public static IEnumerable<OperatorCase> Cases() =>
        [OperatorCase.Of("Gelu", "exact", 20).Input(1, 12), OperatorCase.Of("Gelu", "tanh", 20).Input(1, 12).With("approximate", "tanh")];
}
