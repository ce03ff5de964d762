using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>ONNX Identity.</summary>
internal static class Identity
{
    public static void Import(OnnxNode node)
    {
        var x = node.Input(0, "input");
        node.Output(new Reshape(x.Shape), x);
    }

    public static IEnumerable<OperatorCase> Cases() => [OperatorCase.Of("Identity", "plain", 7).Input(1, 3)];
}
