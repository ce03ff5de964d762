using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>x where it exceeds the threshold, the second operand, and 0 elsewhere.</summary>
public sealed record ThresholdedRectify : ElementwiseBinary
{
    protected override Term Combine(BlockBuilder block, Term left, Term right) => right.Less(left).Select(left, block.Literal(Dyadic.Zero));

    internal static void Import(OnnxNode node)
    {
        var threshold = node.Attributes.Float("alpha", 1);
        node.Output(new ThresholdedRectify(), node.Input(0, "input"), node.Constant("threshold", ConstantTensor.Of([], [threshold])));
    }

    internal static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("ThresholdedRelu", "default", 10).Input(1, 12),
        OperatorCase.Of("ThresholdedRelu", "threshold").Input(1, 12).With("alpha", -0.75f),
    ];
}
