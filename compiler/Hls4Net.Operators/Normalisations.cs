using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>
/// The ONNX operators that normalise by statistics of the event itself: LayerNormalization, RMSNormalization (in ONNX Runtime SimplifiedLayerNormalization), InstanceNormalization,
/// GroupNormalization, MeanVarianceNormalization and LpNormalization. All of them are <see cref="Standardise"/> with a scale and a shift.
/// </summary>
internal static class Normalisations
{
    public static void ImportLayer(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var axes = LastAxes(node, x);
        // The reference computes the first stage in float32 by default; here it is exact whatever is said.
        node.Attributes.Ignore("stash_type");
        var epsilon = Epsilon(node, 1e-5f);
        var standard = Standard(node, x, new Standardise(axes, Spread.Deviation, epsilon));
        Affine(node, standard, node.Input(1, "scale"), node.Optional(2, "bias"));
        if (node.Wants(1))
        {
            var count = ReducedAxes.Extents(x.Shape, axes).Aggregate(1, (a, b) => a * b);
            node.Output(1, null, new Multiplication(), node.Emit("sum", new ReduceSum(axes, KeepDimensions: true), x), Summation.Reciprocal(node, count));
        }
        node.Output(2, null, new Standardise(axes, Spread.Deviation, epsilon, IsInverse: true), x);
    }

    public static void ImportRootMeanSquare(OnnxNode node)
    {
        var x = node.Input(0, "input");
        node.Attributes.Ignore("stash_type");
        var standard = Standard(node, x, new Standardise(LastAxes(node, x), Spread.MeanSquare, Epsilon(node, 1e-5f)));
        Affine(node, standard, node.Input(1, "scale"), null);
    }

    public static void ImportInstance(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var standard = Standard(node, x, new Standardise(ReducedAxes.Spatial(node, x), Spread.Deviation, Epsilon(node, 1e-5f)));
        Affine(node, standard, PerChannel(node, 1, "scale", x), PerChannel(node, 2, "bias", x));
    }

    public static void ImportGroup(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var groups = (int)Math.Clamp(node.Attributes.Int("num_groups"), int.MinValue, int.MaxValue);
        if (x.Rank < 2 || groups < 1 || x.Shape[1] % groups != 0)
            throw node.Refuse($"{groups} groups of the channels of a tensor of shape {x.Shape}");
        if (node.Opset >= 21)
            node.Attributes.Ignore("stash_type");
        Seq<int> grouped = [x.Shape[0], groups, Shapes.Count(x.Shape) / x.Shape[0] / groups];
        var rows = node.Emit("groups", new Reshape(grouped), x);
        var standard = Standard(node, rows, new Standardise([2], Spread.Deviation, Epsilon(node, 1e-5f)));
        // Until operator set 20 there was one scale for each group, since then one for each channel.
        if (node.Opset < 21)
        {
            var scaled = node.Emit("scaled", new Multiplication(), standard, PerChannel(node, 1, "scale", rows));
            node.Output(new Reshape(x.Shape), node.Emit("shifted", new Addition(), scaled, PerChannel(node, 2, "bias", rows)));
            return;
        }
        Affine(node, node.Emit("channels", new Reshape(x.Shape), standard), PerChannel(node, 1, "scale", x), PerChannel(node, 2, "bias", x));
    }

    public static void ImportMeanVariance(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var axes = (node.Attributes.Ints("axes") ?? [0, 2, 3]).Select(a => node.Axis(a, x.Rank)).Order().Distinct().ToSeq();
        node.RequireFloat(x);
        node.Output(new Standardise(axes, Spread.Deviation, Dyadic.Zero), x);
    }

    public static void ImportLp(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var axis = node.Axis(node.Attributes.Int("axis", -1), x.Rank);
        var p = node.Attributes.Int("p", 2);
        node.RequireFloat(x);
        if (p == 2)
            node.Output(new Standardise([axis], Spread.Length, Dyadic.Zero), x);
        else if (p == 1)
            node.Output(new Quotient(), x, node.Emit("magnitudes", new ReduceSum([axis], KeepDimensions: true, SumOf.Magnitudes), x));
        else
            throw node.Attributes.Value("p", p.ToString(System.Globalization.CultureInfo.InvariantCulture), "it must be 1 or 2");
    }

    public static IEnumerable<OperatorCase> LayerCases() =>
    [
        Layer("vector", 1, 6).Constant(6).Constant(6),
        Layer("without bias", 1, 2, 4).Constant(4).With("axis", -1).With("stash_type", 1),
        Layer("two dimensions", 1, 2, 3).Constant(2, 3).Constant(2, 3).With("axis", 1).With("epsilon", 0.125f),
        Layer("statistics", 1, 2, 4).Constant(4).Constant(4).WithOutputs(3),
    ];

    public static IEnumerable<OperatorCase> RootMeanSquareCases() => RootMeanSquare("RMSNormalization", 23);

    public static IEnumerable<OperatorCase> SimplifiedCases() => RootMeanSquare("SimplifiedLayerNormalization", 17);

    private static IEnumerable<OperatorCase> RootMeanSquare(string type, int opset) =>
    [
        Case(type, "vector", opset, 1, 6).Constant(6).With("epsilon", 0.125f),
        Case(type, "two dimensions", opset, 1, 2, 3).Constant(2, 3).With("axis", 1),
    ];

    public static IEnumerable<OperatorCase> InstanceCases() =>
    [
        Case("InstanceNormalization", "sequence", 7, 1, 2, 5).Constant(2).Constant(2),
        Case("InstanceNormalization", "image", 13, 1, 3, 2, 2).Constant(3).Constant(3).With("epsilon", 0.5f),
    ];

    public static IEnumerable<OperatorCase> GroupCases() =>
    [
        Case("GroupNormalization", "scale per group", 18, 1, 4, 3).Constant(2).Constant(2).With("num_groups", 2),
        Case("GroupNormalization", "scale per channel", 21, 1, 4, 2, 2).Constant(4).Constant(4).With("num_groups", 2).With("epsilon", 0.25f),
    ];

    public static IEnumerable<OperatorCase> MeanVarianceCases() =>
    [
        Case("MeanVarianceNormalization", "image", 9, 1, 2, 3, 2),
        Case("MeanVarianceNormalization", "axes", 13, 1, 4, 3).With("axes", new long[] { 1, 2 }),
    ];

    public static IEnumerable<OperatorCase> LpCases() =>
    [
        Case("LpNormalization", "length", 7, 1, 5),
        Case("LpNormalization", "magnitudes", 13, 1, 3, 2).With("p", 1).With("axis", 1),
    ];

    private static OperatorCase Layer(string name, params int[] x) => Case("LayerNormalization", name, 17, x);

    private static OperatorCase Case(string type, string name, int opset, params int[] x) => OperatorCase.Of(type, name, opset).Input(x);

    /// <summary>The dimensions from the attribute's on.</summary>
    private static Seq<int> LastAxes(OnnxNode node, Operand x)
    {
        var axis = node.Axis(node.Attributes.Int("axis", -1), x.Rank);
        return Enumerable.Range(axis, x.Rank - axis).ToSeq();
    }

    private static Dyadic Epsilon(OnnxNode node, float otherwise)
    {
        var epsilon = node.Attributes.Float("epsilon", otherwise);
        return epsilon.Sign >= 0 ? epsilon : throw node.Attributes.Value("epsilon", "negative", "it must not be");
    }

    private static Operand Standard(OnnxNode node, Operand x, Standardise op)
    {
        node.RequireFloat(x);
        return node.Emit("standard", op, x);
    }

    private static void Affine(OnnxNode node, Operand standard, Operand scale, Operand? bias)
    {
        if (bias is null)
            node.Output(new Multiplication(), standard, scale);
        else
            node.Output(new Addition(), node.Emit("scaled", new Multiplication(), standard, scale), bias);
    }

    /// <summary>A parameter with one number for each channel, shaped to meet the channels of x in a broadcast.</summary>
    private static Operand PerChannel(OnnxNode node, int position, string role, Operand x)
    {
        var parameter = node.Input(position, role);
        return parameter.Rank == 1 && parameter.Shape[0] == x.Shape[1]
            ? node.Emit(role, new Reshape([x.Shape[1], .. Enumerable.Repeat(1, x.Rank - 2)]), parameter)
            : throw node.Refuse($"the {role} has shape {parameter.Shape} where {x.Shape[1]} numbers are needed");
    }
}
