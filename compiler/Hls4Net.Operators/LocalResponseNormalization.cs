using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>ONNX LRN: x / (bias + alpha / size · s)^beta, s being the sum of the squares of the channels around.</summary>
internal static class LocalResponseNormalization
{
    public static void Import(OnnxNode node)
    {
        var x = node.Input(0, "input");
        node.RequireFloat(x);
        var (alpha, beta, bias) = (node.Attributes.Float("alpha", 0.0001f), node.Attributes.Float("beta", 0.75f), node.Attributes.Float("bias", 1));
        var size = node.Attributes.Int("size", 0);
        if (x.Rank < 2)
            throw node.Refuse($"a tensor of shape {x.Shape} has no channels");
        if (size is < 1 or > 1 << 20)
            throw node.Attributes.Value("size", $"{size}", "it is the number of channels in a sum, from 1 on");
        var channels = new Windows([(int)size, 1], [1, 1], [1, 1], [(int)(size - 1) / 2, 0], [(int)size / 2, 0], false);
        // Channels in the place of a spatial dimension.
        Seq<int> planes = [x.Shape[0], 1, x.Shape[1], Shapes.Count(x.Shape) / (x.Shape[0] * x.Shape[1])];
        var squares = node.Emit("planes", new Reshape(planes), node.Emit("squares", new Power(2), x));
        var sums = node.Emit("around", new Reshape(x.Shape), node.Emit("sums", new WindowSum(channels), squares));
        var scaled = node.Emit("scaled", new Multiplication(), sums, node.Constant("scale", ConstantTensor.Of([], [alpha / (int)size])));
        var divisor = node.Emit("divisor", new Addition(), scaled, node.Constant("bias", ConstantTensor.Of([], [bias])));
        node.Output(new Multiplication(), x, node.Emit("factor", Factor(beta), divisor));
    }

    private static Apply Factor(Dyadic beta) => beta == Dyadic.One ? Apply.Of("reciprocal")
        : beta == new Dyadic(1, -1) ? Apply.Of("reciprocal_sqrt") : Apply.Of("pow", -beta);

    public static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("LRN", "defaults", 7).Input(1, 5, 2, 2).With("size", 3),
        OperatorCase.Of("LRN", "all", 13).Input(1, 4, 3, 1).With("size", 3).With("alpha", 0.5f).With("beta", 0.6f).With("bias", 1.5f),
        OperatorCase.Of("LRN", "root", 13).Input(1, 4, 1, 2).With("size", 5).With("alpha", 2f).With("beta", 0.5f).With("bias", 2f),
        // ONNX Runtime has odd numbers of channels only.
        OperatorCase.Of("LRN", "even", 13).Input(1, 5, 2).With("size", 4).With("alpha", 0.5f).With("beta", 1f).WithoutReference(),
    ];
}
