using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>
/// How many thresholds of its channel an element reaches: Σₖ (x ≥ t[c, k]). Inputs: x, and thresholds of shape [C, K] or [1, K].
/// </summary>
/// <param name="Axis">The dimension of the channels.</param>
public sealed record MultiThreshold(int Axis) : Operator
{
    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var (x, t) = (inputs[0]!.Value, inputs[1]!.Value);
        if (t.Count != 2 || Axis >= x.Count || (t[0] != 1 && t[0] != x[Axis]))
            throw new ShapeException($"thresholds of shape {t} for channels in dimension {Axis} of {x}");
        return [x];
    }

    public override void Define(Definition definition)
    {
        var (x, t) = (definition.Input(0), definition.Input(1));
        definition.Output(0, x.Shape, (b, i) => b.Sum([t.Shape[1]],
            (s, k) => s.At(t, t.Shape[0] == 1 ? 0 : i[Axis], k[0]).LessOrEqual(s.At(x, i))));
    }

    internal static void Import(OnnxNode node)
    {
        node.Attributes.Ignore("out_dtype"); // A name for the result's numbers, which follow from the rest.
        var (x, thresholds) = (node.Input(0, "value"), node.Constant(1, "thresholds"));
        var layout = node.Attributes.Text("data_layout", "NCHW");
        // As FINN counts them: vectors have their channels in dimension 1, images as the layout says, anything else last.
        var axis = (layout, x.Rank) switch
        {
            ("NCHW", 2 or 4) or ("NHWC", 2) => 1,
            ("NCHW", _) or ("NHWC", 4) => x.Rank - 1,
            _ => throw node.Attributes.Value("data_layout", $"'{layout}'", "there are NCHW, and NHWC for images and vectors"),
        };
        if (axis < 0)
            throw node.Refuse($"a value of shape {x.Shape} has no channels");
        var typed = Numbers.WithExactType(thresholds);
        if (typed.Type is null)
            throw node.RefuseValue("list of thresholds", "together they need more than 63 bits");
        var count = node.Emit("count", new MultiThreshold(axis), x, node.Constant("thresholds", typed));
        var scale = Constants.Scalar(node.Attributes.Float("out_scale", 1));
        var bias = Constants.Scalar(node.Attributes.Float("out_bias", 0));
        var scaled = node.Emit("scaled", new Multiplication(), count, node.Constant("scale", Numbers.WithExactType(scale)));
        node.Output(new Addition(), scaled, node.Constant("bias", Numbers.WithExactType(bias)));
    }

    internal static IEnumerable<OperatorCase> Cases() =>
    [
        Case("vector", [1, 3], 3),
        Case("one list of thresholds, scaled", [1, 2, 2, 2], 1).With("out_scale", 0.3f).With("out_bias", -0.75f),
        Case("image", [1, 3, 2, 2], 3).With("data_layout", "NCHW"),
        Case("channels last", [1, 3, 2, 3], 3).With("data_layout", "NHWC"),
        Case("sequence", [1, 4, 3], 3).With("out_dtype", "UINT4"),
    ];

    private static OperatorCase Case(string name, int[] shape, int channels) => OperatorCase.Of("MultiThreshold", name, 1, "qonnx.custom_op.general")
        .Input(shape).Constant([channels, 4], [.. Enumerable.Range(0, 4 * channels).Select(k => (k % 4 - 1.5) * (1 + k / 4) * 0.5)]);
}
