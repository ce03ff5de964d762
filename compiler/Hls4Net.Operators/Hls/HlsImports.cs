using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators.Hls;

/// <summary>
/// ONNX operators that are kept in one piece for the HLS dialect, where a whole layer decides the bits: activations with tables, averages,
/// softmax, layer normalisation. They take the place of the catalogue's import functions in that dialect.
/// </summary>
internal static class HlsImports
{
    private static readonly Dictionary<string, Action<OnnxNode>> Imports = new(StringComparer.Ordinal)
    {
        ["Sigmoid"] = node => Curve(node, HlsCurve.Sigmoid, Dyadic.One),
        ["Tanh"] = node => Curve(node, HlsCurve.Tanh, Dyadic.One),
        ["Softplus"] = node => Curve(node, HlsCurve.Softplus, Dyadic.One),
        ["Softsign"] = node => Curve(node, HlsCurve.Softsign, Dyadic.One),
        ["Elu"] = node => Curve(node, HlsCurve.Elu, node.Attributes.Float("alpha", 1)),
        ["Selu"] = Selu,
        ["LeakyRelu"] = node => node.Output(new HlsLeakyRectify(node.Attributes.Float("alpha", 0.01f)), Real(node)),
        ["ThresholdedRelu"] = node => node.Output(new HlsThresholdedRectify(node.Attributes.Float("alpha", 1)), Real(node)),
        ["HardSigmoid"] = node => node.Output(new HlsHardSigmoid(node.Attributes.Float("alpha", 0.2f), node.Attributes.Float("beta", 0.5f)), Real(node)),
        ["Softmax"] = Softmax,
        ["LayerNormalization"] = LayerNormalization,
        ["AveragePool"] = AveragePool,
        ["GlobalAveragePool"] = node =>
        {
            var x = Real(node);
            node.Output(new HlsMean(ReducedAxes.Spatial(node, x), KeepDimensions: true), x);
        },
        ["ReduceMean"] = ReduceMean,
    };

    /// <summary>The import function of a standard operator, or null if the dialect has none of its own.</summary>
    public static Action<OnnxNode>? Find(string type) => Imports.GetValueOrDefault(type);

    /// <summary>The mean of each window over x, [N, C, spatial…].</summary>
    /// <returns>The operator and the constant with the number of elements of each window.</returns>
    public static (HlsAveragePool Pool, Operand Counts) Pool(OnnxNode node, Operand x, Windows windows)
    {
        var includePadding = node.Attributes.Flag("count_include_pad", otherwise: false);
        if (!includePadding && windows.AnyEmpty(x.Shape))
            throw node.Refuse($"a window of {windows.Kernel} lies on padding alone");
        var positions = windows.Positions(x.Shape);
        var (counts, indices) = (new Dyadic[Shapes.Count(positions)], new int[positions.Count]);
        for (var k = 0; k < counts.Length; k++)
        {
            Shapes.Unravel(k, positions, indices);
            counts[k] = windows.Count(x.Shape, indices, includePadding);
        }
        var isUniform = counts.All(c => c == counts[0]);
        var constant = isUniform ? ConstantTensor.Of([], [counts[0]]) : ConstantTensor.Of(positions, Seq.Own(counts));
        return (new(windows), node.Constant("counts", Numbers.WithExactType(constant)));
    }

    private static void Curve(OnnxNode node, HlsCurve curve, Dyadic alpha) => node.Output(new HlsTableActivation(curve, alpha), Real(node));

    private static void Selu(OnnxNode node)
    {
        // The firmware has these two numbers and no others.
        Demand("alpha", 1.67326319217681884765625f);
        Demand("gamma", 1.05070102214813232421875f);
        Curve(node, HlsCurve.Selu, Dyadic.One);

        void Demand(string attribute, float standard)
        {
            var value = node.Attributes.Float(attribute, standard);
            if (value != Dyadic.FromDouble(standard))
                throw node.Attributes.Value(attribute, $"{value.ToDouble():R}", $"the hls dialect knows {standard:R} only; choose the exact dialect");
        }
    }

    /// <summary>Before operator set 13, all dimensions from the axis on are one.</summary>
    private static void Softmax(OnnxNode node)
    {
        var x = Real(node);
        var axis = node.Axis(node.Attributes.Int("axis", node.Opset < 13 ? 1 : -1), Math.Max(1, x.Rank));
        if (x.Rank == 0)
            throw node.Refuse("a scalar has no dimension to be normalised over");
        if (node.Opset >= 13 || axis == x.Rank - 1)
        {
            node.Output(new HlsSoftmaxLayer(axis), x);
            return;
        }
        var count = Shapes.Count(x.Shape.Span[axis..].ToArray().ToSeq());
        var rows = node.Emit("rows", new Reshape([Shapes.Count(x.Shape) / count, count]), x);
        node.Output(new Reshape(x.Shape), node.Emit("normalised", new HlsSoftmaxLayer(1), rows));
    }

    private static void LayerNormalization(OnnxNode node)
    {
        node.Attributes.Ignore("stash_type"); // The element type of intermediate results, which are the accumulator's here.
        var x = Real(node);
        var axis = node.Axis(node.Attributes.Int("axis", -1), x.Rank);
        if (axis != x.Rank - 1)
            throw node.Attributes.Value("axis", $"{axis}", "the hls dialect normalises over the last dimension only");
        var epsilon = node.Attributes.Float("epsilon", 1e-5f);
        if (epsilon.Sign <= 0)
            throw node.Attributes.Value("epsilon", $"{epsilon.ToDouble():R}", "it must be positive");
        var count = x.Shape[^1];
        var scale = Parameter(node, node.Input(1, "scale"), count);
        var shift = node.Optional(2, "bias") is { } bias ? Parameter(node, bias, count)
            : node.Constant("shift", Numbers.WithExactType(ConstantTensor.Of([count], Enumerable.Repeat(Dyadic.Zero, count).ToSeq())));
        node.Output(new HlsLayerNorm(epsilon), x, scale, shift);
    }

    private static Operand Parameter(OnnxNode node, Operand parameter, int count) => parameter.Shape == [count]
        ? parameter
        : throw node.Refuse($"a parameter of shape {parameter.Shape} for {count} numbers");

    private static void AveragePool(OnnxNode node)
    {
        var x = Real(node);
        var (pool, counts) = Pool(node, x, Windows.Read(node, x.Shape, null, hasCeiling: node.Opset >= 10, hasDilations: node.Opset >= 19));
        node.Output(pool, x, counts);
    }

    private static void ReduceMean(OnnxNode node)
    {
        var (x, axes, keep) = ReducedAxes.Read(node, 18);
        node.RequireFloat(x);
        node.Output(axes.Count == 0 ? new Reshape(x.Shape) : new HlsMean(axes, keep), x);
    }

    private static Operand Real(OnnxNode node)
    {
        var x = node.Input(0, "input");
        node.RequireFloat(x);
        return x;
    }
}
