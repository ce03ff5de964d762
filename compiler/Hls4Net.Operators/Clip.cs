using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>ONNX Clip: a maximum with the lower and a minimum with the upper limit. Attributes before operator set 11, inputs from then on.</summary>
internal static class Clip
{
    /// <summary>Limits beyond this are none: exporters write the largest float where they mean infinity.</summary>
    private static readonly Dyadic Beyond = new(1, 100);

    public static void Import(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var low = node.Opset < 11 ? Limit(node, "min", float.MinValue) : node.Optional(1, "lower limit");
        var high = node.Opset < 11 ? Limit(node, "max", float.MaxValue) : node.Optional(2, "upper limit");
        if (IsNone(low) && IsNone(high))
            node.Output(new Reshape(x.Shape), x);
        else if (IsNone(high))
            node.Output(new ElementwiseMaximum(), x, low);
        else
            node.Output(new ElementwiseMinimum(), IsNone(low) ? x : node.Emit("raised", new ElementwiseMaximum(), x, low), high);
    }

    public static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Clip", "attributes", 7).Input(1, 12).With("min", -0.5f).With("max", 1.25f),
        OperatorCase.Of("Clip", "no limits", 11).Input(1, 3),
        OperatorCase.Of("Clip", "lower limit", 12).Input(1, 12).Constant([], [0.125]),
        OperatorCase.Of("Clip", "upper limit").Input(1, 12).Omit().Constant([], [0.5]),
        OperatorCase.Of("Clip", "both").Input(1, 12).Constant([], [0]).Constant([], [6]),
        OperatorCase.Of("Clip", "largest float").Input(1, 12).Constant([], [0]).Constant([], [float.MaxValue]),
    ];

    private static Operand? Limit(OnnxNode node, string attribute, float otherwise) =>
        node.Constant(attribute, ConstantTensor.Of([], [node.Attributes.Float(attribute, otherwise)]));

    private static bool IsNone(Operand? limit) =>
        limit is null || (limit.Constant is { Values: [var value] } && (value > Beyond || value < -Beyond));
}
