using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>
/// x · scale[c] + shift[c], where c is the index in dimension <paramref name="Axis"/> (counted from 0) of x; exact. Inputs: x, scale of
/// shape [C], shift of shape [C].
/// </summary>
public sealed record ScaleShift(int Axis) : Operator
{
    public override ConstantRole RoleOf(int input) => input == 1 ? ConstantRole.Scale : ConstantRole.Bias;

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var x = inputs[0]!.Value;
        if (Axis >= x.Count)
            throw new ShapeException($"the input has shape {x} and no dimension {Axis} for channels");
        for (var k = 1; k <= 2; k++)
        {
            if (inputs[k]!.Value != [x[Axis]])
                throw new ShapeException($"input {k} has shape {inputs[k]} where the {x[Axis]} channels of the input ask for [{x[Axis]}]");
        }
        return [x];
    }

    public override void Define(Definition definition)
    {
        var (x, scale, shift) = (definition.Input(0), definition.Input(1), definition.Input(2));
        definition.Output(0, x.Shape, (b, i) => b.At(x, i) * b.At(scale, i[Axis]) + b.At(shift, i[Axis]));
    }

    /// <summary>
    /// BatchNormalization in inference: scale = gamma / √(variance + epsilon) and shift = beta − mean · scale, to 160 bits.
    /// </summary>
    internal static void Import(OnnxNode node) => Import(node, axis: node.Domain == ChannelsLast.Domain ? node.Input(0, "input").Rank - 1 : 1);

    /// <param name="axis">The dimension of the channels.</param>
    internal static void Import(OnnxNode node, int axis)
    {
        node.Attributes.Ignore("momentum");
        if (node.Opset < 9 && !node.Attributes.Flag("spatial", otherwise: true))
            throw node.Attributes.Value("spatial", "0", "statistics are per channel, which is 1");
        if (node.Opset >= 14 && node.Attributes.Flag("training_mode", otherwise: false))
            throw new ImportException(Messages.TrainingMode(node.Where, "BatchNormalization uses the statistics of the batch (training_mode is 1)."));
        var epsilon = node.Attributes.Float("epsilon", 1e-5f);
        var x = node.Input(0, "input");
        var parameters = new[] { "scale", "bias", "mean", "variance" }.Select((role, k) => Vector(node, k + 1, role)).ToArray();
        var (gamma, beta, mean, variance) = (parameters[0], parameters[1], parameters[2], parameters[3]);
        var count = gamma.Values.Count;
        if (parameters.Any(p => p.Values.Count != count))
            throw node.Refuse("scale, bias, mean and variance differ in length");
        var (scale, shift) = (new Dyadic[count], new Dyadic[count]);
        for (var c = 0; c < count; c++)
        {
            var total = node.Round(variance.Values[c] + epsilon);
            if (total.Sign <= 0)
                throw new ImportException(Messages.ConstantArithmetic(node.Where, $"The variance of channel {c} plus epsilon is not positive."));
            scale[c] = node.Round(gamma.Values[c] / node.Round(total.Sqrt()));
            shift[c] = node.Round(beta.Values[c] - node.Round(mean.Values[c] * scale[c]));
        }
        var isTransposed = axis == 1 && x.Rank == 2 && x.Shape[1] == 1 && x.Shape[0] == count && count > 1;
        if (isTransposed)
            node.Warn(Messages.ChannelAxis(node.Where, x.Shape.ToString(), count));
        node.Output(new ScaleShift(isTransposed ? 0 : axis), x, node.Constant("scale", ConstantTensor.Of([count], Seq.Own(scale))),
            node.Constant("shift", ConstantTensor.Of([count], Seq.Own(shift))));
    }

    internal static IEnumerable<OperatorCase> Cases() =>
    [
        .. ChannelsLast.BatchNormalizationCases(),
        Case("vector", 9, 1, 3),
        Case("image", 14, 1, 3, 2, 2).With("momentum", 0.5f).With("training_mode", 0),
        Case("epsilon", 15, 1, 3, 4).With("epsilon", 0.125f),
        Case("spatial", 7, 1, 3, 2).With("spatial", 1),
    ];

    private static OperatorCase Case(string name, int opset, params int[] shape) =>
        OperatorCase.Of("BatchNormalization", name, opset).Input(shape).Constant(3).Constant(3).Constant(3).Constant([3], [0.5, 1.25, 3]);

    private static ConstantTensor Vector(OnnxNode node, int position, string role)
    {
        var constant = node.Constant(position, role);
        return constant.Shape.Count == 1 ? constant : throw node.Refuse($"the {role} has shape {constant.Shape} instead of one extent");
    }
}
