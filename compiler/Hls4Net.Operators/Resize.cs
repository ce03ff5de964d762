using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>
/// Chosen indices of every dimension: element (i₀, i₁, …) of the result is element (Indices₀[i₀], Indices₁[i₁], …). ONNX Resize and Upsample to the
/// nearest neighbour are this.
/// </summary>
/// <param name="Indices">The indices of all dimensions, one dimension after the other.</param>
/// <param name="Extents">How many there are of each dimension.</param>
public sealed record Pick(Seq<int> Indices, Seq<int> Extents) : Operator
{
    public override bool IsWiring => true;

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var x = inputs[0]!.Value;
        if (Extents.Count != x.Count || Extents.Sum() != Indices.Count)
            throw new ShapeException($"indices for {Extents.Count} dimensions of a tensor of shape {x}");
        var next = 0;
        for (var d = 0; d < x.Count; d++)
        {
            for (var k = 0; k < Extents[d]; k++, next++)
            {
                if (Indices[next] < 0 || Indices[next] >= x[d])
                    throw new ShapeException($"index {Indices[next]} of an extent of {x[d]}");
            }
        }
        return [Extents];
    }

    public override void Define(Definition definition)
    {
        var strides = Shapes.Strides(definition.Input(0).Shape);
        var starts = Extents.Select((_, d) => Extents.Take(d).Sum()).ToArray();
        var indices = new int[Extents.Count];
        definition.Rearrange(0, Extents, k =>
        {
            Shapes.Unravel(k, Extents, indices);
            var element = 0;
            for (var d = 0; d < indices.Length; d++)
                element += Indices[starts[d] + indices[d]] * strides[d];
            return (0, element);
        });
    }
}

/// <summary>ONNX Resize and Upsample in mode nearest. Coordinates are rational and computed exactly.</summary>
internal static class Resize
{
    private const string Half = "half_pixel";

    /// <summary>How many times larger the result is. Kept as a fraction, so that a coordinate takes one division: it is exact, or not a whole number or half.</summary>
    private readonly record struct Scale(Dyadic Numerator, Dyadic Denominator)
    {
        public Dyadic Undo(Dyadic position) => position * Denominator / Numerator;
    }

    public static void Import(OnnxNode node)
    {
        var x = node.Input(0, "input");
        node.Attributes.Ignore("cubic_coeff_a");
        node.Attributes.Ignore("exclude_outside");
        node.Attributes.Ignore("extrapolation_value");
        RequireNearest(node);
        var transform = node.Opset >= 11 ? node.Attributes.Text("coordinate_transformation_mode", Half) : "asymmetric";
        var rounding = node.Opset >= 11 ? node.Attributes.Text("nearest_mode", "round_prefer_floor") : "floor";
        if (node.Opset >= 18 && (node.Attributes.Flag("antialias", otherwise: false) || node.Attributes.Text("keep_aspect_ratio_policy", "stretch") != "stretch"))
            throw node.Attributes.Value("antialias or keep_aspect_ratio_policy", "set", "only the defaults are supported");
        var axes = node.Opset >= 18 && node.Attributes.Ints("axes") is { } given ? Array.ConvertAll(given, a => node.Axis(a, x.Rank)) : [.. Enumerable.Range(0, x.Rank)];
        if (node.Opset >= 11)
            _ = node.Optional(1, "region"); // For the transformation tf_crop_and_resize only, which is refused.
        var (extents, scales) = ReadTarget(node, x, axes);
        Write(node, x, extents, scales, transform, rounding);
    }

    public static void ImportUpsample(OnnxNode node)
    {
        var x = node.Input(0, "input");
        RequireNearest(node);
        var scales = node.Opset >= 9 ? [.. node.Constant(1, "scales").Values] : node.Attributes.Floats("scales") ?? [];
        if (scales.Length != x.Rank)
            throw node.Refuse($"{scales.Length} scales for a tensor of shape {x.Shape}");
        Write(node, x, [.. scales.Select((s, d) => Extent(node, s, x.Shape[d]))], [.. scales.Select(s => new Scale(s, Dyadic.One))], "asymmetric", "floor");
    }

    public static IEnumerable<OperatorCase> Cases()
    {
        yield return OperatorCase.Of("Resize", "scales", 10).Input(1, 1, 2, 3).Constant([4], [1, 1, 2, 3]).With("mode", "nearest");
        foreach (var transform in new[] { Half, "pytorch_half_pixel", "align_corners", "asymmetric" })
        {
            yield return OperatorCase.Of("Resize", $"{transform}, up").Input(1, 1, 3, 4).Omit().Omit().Constant([4], [1, 1, 7, 6], DataType.Int64)
                .With("coordinate_transformation_mode", transform);
        }
        foreach (var rounding in new[] { "round_prefer_floor", "round_prefer_ceil", "floor", "ceil" })
        {
            yield return OperatorCase.Of("Resize", $"{rounding}, down").Input(1, 1, 9, 6).Omit().Constant([4], [1, 1, 0.5, 0.5])
                .With("coordinate_transformation_mode", "asymmetric").With("nearest_mode", rounding);
        }
        yield return OperatorCase.Of("Resize", "chosen dimensions", 18).Input(1, 2, 3, 2).Omit().Constant([1], [2]).With("axes", new long[] { 2 }).With("antialias", 0)
            .With("keep_aspect_ratio_policy", "stretch");
    }

    public static IEnumerable<OperatorCase> UpsampleCases() =>
    [
        OperatorCase.Of("Upsample", "attribute", 7).Input(1, 1, 2, 3).With("scales", new float[] { 1, 1, 2, 3 }).With("mode", "nearest"),
        OperatorCase.Of("Upsample", "input", 9).Input(1, 1, 2, 3).Constant([4], [1, 1, 2, 2]),
    ];

    private static void RequireNearest(OnnxNode node)
    {
        if (node.Attributes.Text("mode", "nearest") is not "nearest" and var mode)
            throw node.Attributes.Value("mode", $"'{mode}'", "only nearest is supported");
    }

    /// <summary>The result's extents, and the scales by which coordinates are computed.</summary>
    private static (int[] Extents, Scale[] Scales) ReadTarget(OnnxNode node, Operand x, int[] axes)
    {
        var extents = x.Shape.ToArray();
        var scales = Enumerable.Repeat(new Scale(Dyadic.One, Dyadic.One), x.Rank).ToArray();
        var position = node.Opset >= 11 ? 2 : 1;
        var given = node.Optional(position, "scales") is { Constant: null or { Values.Count: > 0 } } ? [.. node.Constant(position, "scales").Values] : Array.Empty<Dyadic>();
        var sizes = node.Opset >= 11 ? node.Integers(3, "sizes") : null;
        if ((given.Length == 0) == (sizes is null) || (sizes?.Length ?? given.Length) != axes.Length)
            throw node.Refuse($"scales or sizes for {axes.Length} dimensions are needed, one of the two");
        for (var k = 0; k < axes.Length; k++)
        {
            var d = axes[k];
            extents[d] = sizes is null ? Extent(node, given[k], x.Shape[d]) : sizes[k] is > 0 and <= 1 << 24 ? (int)sizes[k] : throw node.Refuse($"an extent of {sizes[k]}");
            scales[d] = sizes is null ? new(given[k], Dyadic.One) : new(extents[d], x.Shape[d]);
        }
        return (extents, scales);
    }

    private static int Extent(OnnxNode node, Dyadic scale, int extent)
    {
        var result = scale * extent;
        return scale.Sign > 0 && result.Magnitude < 24 && Casting.Round(result.Mantissa, -result.Exponent, Rounding.Trn) is var floor && floor > 0
            ? (int)floor
            : throw node.Refuse($"an extent of {extent} scaled by {scale.ToDouble()}");
    }

    private static void Write(OnnxNode node, Operand x, int[] extents, Scale[] scales, string transform, string rounding)
    {
        var indices = new List<int>();
        for (var d = 0; d < extents.Length; d++)
        {
            for (var k = 0; k < extents[d]; k++)
                indices.Add(Math.Clamp(Round(node, Coordinate(node, k, x.Shape[d], extents[d], scales[d], transform), rounding), 0, x.Shape[d] - 1));
        }
        node.Output(new Pick(indices.ToSeq(), extents.ToSeq()), x);
    }

    /// <summary>Where an index of the result lies in the input, as ONNX defines each transformation.</summary>
    private static Dyadic Coordinate(OnnxNode node, int index, int from, int to, Scale scale, string transform)
    {
        var half = new Dyadic(1, -1);
        return transform switch
        {
            _ when from == to && scale.Numerator == scale.Denominator => index,
            Half => scale.Undo(index + half) - half,
            "pytorch_half_pixel" => to > 1 ? scale.Undo(index + half) - half : Dyadic.Zero,
            "align_corners" => to > 1 ? new Dyadic((long)index * (from - 1), 0) / (to - 1) : Dyadic.Zero,
            "asymmetric" => scale.Undo(index),
            _ => throw node.Attributes.Value("coordinate_transformation_mode", $"'{transform}'", $"there are {Half}, pytorch_half_pixel, align_corners and asymmetric"),
        };
    }

    private static int Round(OnnxNode node, Dyadic coordinate, string rounding)
    {
        var (value, mode) = rounding switch
        {
            "round_prefer_floor" => (coordinate, Rounding.RndMinInf),
            "round_prefer_ceil" => (coordinate, Rounding.Rnd),
            "floor" => (coordinate, Rounding.Trn),
            "ceil" => (-coordinate, Rounding.Trn),
            _ => throw node.Attributes.Value("nearest_mode", $"'{rounding}'", "there are round_prefer_floor, round_prefer_ceil, floor and ceil"),
        };
        var rounded = (int)Casting.Round(value.Mantissa, -value.Exponent, mode);
        return rounding == "ceil" ? -rounded : rounded;
    }
}
