using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>x above zero and slope · x below; the slope is the second operand and broadcasts. LeakyRelu and PRelu are this.</summary>
public sealed record LeakyRectify : ElementwiseBinary
{
    public override ConstantRole RoleOf(int input) => ConstantRole.Scale;

    protected override Term Combine(BlockBuilder block, Term left, Term right)
    {
        var zero = block.Literal(Dyadic.Zero);
        return left.Max(zero) + left.Min(zero) * right;
    }

    internal static void ImportLeakyRelu(OnnxNode node)
    {
        var slope = node.Attributes.Float("alpha", 0.01f);
        node.Output(new LeakyRectify(), node.Input(0, "input"), node.Constant("slope", ConstantTensor.Of([], [slope])));
    }

    internal static void ImportPRelu(OnnxNode node)
    {
        var (x, slope) = (node.Input(0, "input"), node.Input(1, "slope"));
        if (Broadcasting.Shape(x.Shape, slope.Shape) != x.Shape)
            throw node.Refuse($"the slope of shape {slope.Shape} does not broadcast to {x.Shape}");
        node.Output(new LeakyRectify(), x, slope);
    }

    internal static IEnumerable<OperatorCase> LeakyReluCases() =>
        [OperatorCase.Of("LeakyRelu", "default slope", 7).Input(1, 8), OperatorCase.Of("LeakyRelu", "slope", 16).Input(1, 8).With("alpha", 0.25f)];

    internal static IEnumerable<OperatorCase> PReluCases() =>
        [OperatorCase.Of("PRelu", "slope by channel", 7).Input(1, 3, 4).Constant(3, 1), OperatorCase.Of("PRelu", "one slope", 16).Input(1, 8).Constant([1], [-0.5])];
}
