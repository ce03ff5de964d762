using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>
/// ONNX Resize and Upsample. The nearest neighbour is a choice of elements; linear and cubic interpolation multiply each dimension by a constant
/// matrix.
/// </summary>
internal static class Resize
{
    private const string Stretch = "stretch";

    public static void Import(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var transform = node.Opset >= 11 ? node.Attributes.Text("coordinate_transformation_mode", ResizedDimension.HalfPixel) : "asymmetric";
        var axes = node.Opset >= 18 && node.Attributes.Ints("axes") is { } given ? Array.ConvertAll(given, a => node.Axis(a, x.Rank)) : [.. Enumerable.Range(0, x.Rank)];
        if (node.Opset >= 18 && node.Attributes.Flag("antialias", otherwise: false))
            throw node.Attributes.Value("antialias", "1", "only 0 is supported");
        var dimensions = WithRegion(node, ReadTarget(node, x, axes), axes, transform);
        Write(node, x, dimensions, transform, node.Attributes.Text("mode", "nearest"));
    }

    public static void ImportUpsample(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var scales = node.Opset >= 9 ? [.. node.Constant(1, "scales").Values] : node.Attributes.Floats("scales") ?? [];
        if (scales.Length != x.Rank)
            throw node.Refuse($"{scales.Length} scales for a tensor of shape {x.Shape}");
        var dimensions = scales.Select((s, d) => Scaled(node, x.Shape[d], s)).ToArray();
        Write(node, x, dimensions, "asymmetric", node.Attributes.Text("mode", "nearest"));
    }

    public static IEnumerable<OperatorCase> Cases()
    {
        yield return OperatorCase.Of("Resize", "scales", 10).Input(1, 1, 2, 3).Constant([4], [1, 1, 2, 3]).With("mode", "nearest");
        yield return OperatorCase.Of("Resize", "linear, asymmetric", 10).Input(1, 1, 2, 3).Constant([4], [1, 1, 2, 2]).With("mode", "linear");
        foreach (var transform in new[] { ResizedDimension.HalfPixel, "pytorch_half_pixel", "align_corners", "asymmetric" })
        {
            yield return OperatorCase.Of("Resize", $"{transform}, up").Input(1, 1, 3, 4).Omit().Omit().Constant([4], [1, 1, 7, 6], DataType.Int64)
                .With("coordinate_transformation_mode", transform);
            yield return OperatorCase.Of("Resize", $"linear, {transform}").Input(1, 1, 3, 4).Omit().Constant([4], [1, 1, 2, 0.5])
                .With("coordinate_transformation_mode", transform).With("mode", "linear");
        }
        foreach (var rounding in new[] { "round_prefer_floor", "round_prefer_ceil", "floor", "ceil" })
        {
            yield return OperatorCase.Of("Resize", $"{rounding}, down").Input(1, 1, 9, 6).Omit().Constant([4], [1, 1, 0.5, 0.5])
                .With("coordinate_transformation_mode", "asymmetric").With("nearest_mode", rounding);
        }
        yield return OperatorCase.Of("Resize", "chosen dimensions", 18).Input(1, 2, 3, 2).Omit().Constant([1], [2]).With("axes", new long[] { 2 }).With("antialias", 0);
        yield return OperatorCase.Of("Resize", "not larger", 18).Input(1, 1, 4, 2).Omit().Omit().Constant([2], [7, 7], DataType.Int64).With("axes", new long[] { 2, 3 })
            .With("keep_aspect_ratio_policy", "not_larger");
        yield return OperatorCase.Of("Resize", "symmetric", 19).Input(1, 1, 5).Omit().Constant([3], [1, 1, 0.75]).With("coordinate_transformation_mode", "half_pixel_symmetric");
        yield return OperatorCase.Of("Resize", "cubic").Input(1, 1, 4, 5).Omit().Constant([4], [1, 1, 2, 1.5]).With("mode", "cubic").With("cubic_coeff_a", -0.5f);
        yield return OperatorCase.Of("Resize", "cubic, no outside").Input(1, 1, 4, 4).Omit().Constant([4], [1, 1, 0.75, 2]).With("mode", "cubic").With("exclude_outside", 1);
        yield return OperatorCase.Of("Resize", "cropped").Input(1, 1, 4, 4).Constant([8], [0, 0, 0.25, -0.5, 1, 1, 0.75, 1.5]).Omit().Constant([4], [1, 1, 3, 3], DataType.Int64)
            .With("mode", "linear").With("coordinate_transformation_mode", ResizedDimension.Crop).With("extrapolation_value", 10f);
    }

    public static IEnumerable<OperatorCase> UpsampleCases() =>
    [
        OperatorCase.Of("Upsample", "attribute", 7).Input(1, 1, 2, 3).With("scales", new float[] { 1, 1, 2, 3 }).With("mode", "nearest"),
        OperatorCase.Of("Upsample", "input", 9).Input(1, 1, 2, 3).Constant([4], [1, 1, 2, 2]),
        OperatorCase.Of("Upsample", "linear", 9).Input(1, 1, 2, 3).Constant([4], [1, 1, 2, 2]).With("mode", "linear"),
    ];

    private static ResizedDimension[] ReadTarget(OnnxNode node, Operand x, int[] axes)
    {
        var position = node.Opset >= 11 ? 2 : 1;
        var scales = node.Optional(position, "scales") is { Constant: null or { Values.Count: > 0 } } ? [.. node.Constant(position, "scales").Values] : Array.Empty<Dyadic>();
        var sizes = node.Opset >= 11 && node.Has(3) ? node.Integers(3, "sizes") : null;
        if (sizes is [])
            sizes = null;
        if ((scales.Length == 0) == (sizes is null) || (sizes?.Length ?? scales.Length) != axes.Length)
            throw node.Refuse($"scales or sizes for {axes.Length} dimensions are needed, one of the two");
        if (sizes is not null && sizes.Any(s => s is < 1 or > 1 << 24))
            throw node.Refuse($"extents of {string.Join(", ", sizes)}");
        if (node.Opset >= 18 && sizes is null)
            node.Attributes.Ignore("keep_aspect_ratio_policy"); // Of sizes only.
        var policy = node.Opset >= 18 && sizes is not null ? node.Attributes.Text("keep_aspect_ratio_policy", Stretch) : Stretch;
        if (policy is not (Stretch or "not_larger" or "not_smaller"))
            throw node.Attributes.Value("keep_aspect_ratio_policy", $"'{policy}'", "there are stretch, not_larger and not_smaller");
        var result = x.Shape.Select(e => new ResizedDimension(e, e, Dyadic.One, Dyadic.One, Dyadic.Zero, Dyadic.One)).ToArray();
        for (var k = 0; k < axes.Length; k++)
        {
            var extent = x.Shape[axes[k]];
            result[axes[k]] = sizes is null ? Scaled(node, extent, scales[k])
                : result[axes[k]] with { To = (int)sizes[k], Numerator = (Dyadic)(int)sizes[k], Denominator = extent };
        }
        return sizes is null || policy == Stretch ? result : InProportion(result, axes, policy == "not_larger");
    }

    /// <summary>The same scale for all dimensions: the smallest or largest that was asked for.</summary>
    private static ResizedDimension[] InProportion(ResizedDimension[] dimensions, int[] axes, bool smallest)
    {
        // a / b < c / d without a division.
        var (numerator, denominator) = axes.Select(a => (dimensions[a].Numerator, dimensions[a].Denominator))
            .Aggregate((p, q) => p.Numerator * q.Denominator < q.Numerator * p.Denominator == smallest ? p : q);
        foreach (var axis in axes)
        {
            var extent = numerator * dimensions[axis].From / denominator;
            var rounded = (int)Casting.Round(extent.Mantissa, -extent.Exponent, Rounding.Rnd);
            dimensions[axis] = dimensions[axis] with { To = Math.Max(1, rounded), Numerator = numerator, Denominator = denominator };
        }
        return dimensions;
    }

    private static ResizedDimension Scaled(OnnxNode node, int extent, Dyadic scale)
    {
        var result = scale * extent;
        return scale.Sign > 0 && result.Magnitude < 24 && Casting.Round(result.Mantissa, -result.Exponent, Rounding.Trn) is var floor && floor > 0
            ? new(extent, (int)floor, scale, Dyadic.One, Dyadic.Zero, Dyadic.One)
            : throw node.Refuse($"an extent of {extent} scaled by {scale.ToDouble()}");
    }

    /// <summary>The part of each dimension that tf_crop_and_resize takes.</summary>
    private static ResizedDimension[] WithRegion(OnnxNode node, ResizedDimension[] dimensions, int[] axes, string transform)
    {
        if (node.Opset < 11 || transform != ResizedDimension.Crop)
        {
            if (node.Opset >= 11)
                _ = node.Optional(1, "region"); // Of no meaning for the other transformations.
            return dimensions;
        }
        var region = node.Constant(1, "region").Values;
        if (region.Count != 2 * axes.Length)
            throw node.Refuse($"a region of {region.Count} numbers for {axes.Length} dimensions");
        for (var k = 0; k < axes.Length; k++)
            dimensions[axes[k]] = dimensions[axes[k]] with { Start = region[k], End = region[k + axes.Length] };
        return dimensions;
    }

    private static void Write(OnnxNode node, Operand x, ResizedDimension[] dimensions, string transform, string mode)
    {
        var fill = node.Opset >= 11 && transform == ResizedDimension.Crop ? node.Attributes.Float("extrapolation_value", 0) : (Dyadic?)null;
        if (mode is not ("nearest" or "linear" or "cubic") || (mode == "cubic" && node.Opset < 11))
            throw node.Attributes.Value("mode", $"'{mode}'", "there are nearest, linear, and from operator set 11 cubic");
        IgnoreOthers(node, mode, transform);
        var coordinates = dimensions.Select(d => Enumerable.Range(0, d.To).Select(k => d.Coordinate(node, k, transform)).ToArray()).ToArray();
        var shape = dimensions.Select(d => d.To).ToSeq();
        var result = x;
        if (mode == "nearest")
            result = Nearest(node, x, dimensions, coordinates, shape, isLast: fill is null);
        else
            Interpolate(node, x, dimensions, coordinates, transform, mode == "cubic", isLast: fill is null, ref result);
        if (fill is { } number)
            Extrapolate(node, result, dimensions, coordinates, number);
    }

    /// <summary>Exporters write the attributes of all modes; those of the others have no meaning.</summary>
    private static void IgnoreOthers(OnnxNode node, string mode, string transform)
    {
        if (node.Opset < 11)
            return;
        if (mode != "nearest")
            node.Attributes.Ignore("nearest_mode");
        if (mode != "cubic")
        {
            node.Attributes.Ignore("cubic_coeff_a");
            node.Attributes.Ignore("exclude_outside");
        }
        if (transform != ResizedDimension.Crop)
            node.Attributes.Ignore("extrapolation_value");
    }

    private static Operand Nearest(OnnxNode node, Operand x, ResizedDimension[] dimensions, Dyadic[][] coordinates, Seq<int> shape, bool isLast)
    {
        var rounding = node.Opset >= 11 ? node.Attributes.Text("nearest_mode", "round_prefer_floor") : "floor";
        var indices = coordinates.SelectMany((c, d) => c.Select(p => Math.Clamp(Round(node, p, rounding), 0, dimensions[d].From - 1))).ToSeq();
        if (!isLast)
            return node.Emit("nearest", new Pick(indices, shape), x);
        node.Output(new Pick(indices, shape), x);
        return x;
    }

    private static void Interpolate(OnnxNode node, Operand x, ResizedDimension[] dimensions, Dyadic[][] coordinates, string transform, bool isCubic, bool isLast, ref Operand result)
    {
        var coefficient = isCubic ? node.Attributes.Float("cubic_coeff_a", -0.75f) : (Dyadic?)null;
        var excludeOutside = node.Opset >= 11 && isCubic && node.Attributes.Flag("exclude_outside", otherwise: false);
        var resized = Enumerable.Range(0, dimensions.Length).Where(d => !dimensions[d].IsSame(transform)).ToArray();
        result = x;
        foreach (var d in resized)
        {
            var weights = coordinates[d].Select(c => NeighbourWeights.Of(c, dimensions[d].From, coefficient, excludeOutside)).ToArray();
            var matrix = ConstantTensor.Of([dimensions[d].From, dimensions[d].To],
                Enumerable.Range(0, dimensions[d].From).SelectMany(k => weights.Select(w => w[k])).ToSeq());
            var constant = node.Constant("weights", matrix);
            if (isLast && d == resized[^1])
                node.Output(new LinearMap(d), result, constant);
            else
                result = node.Emit("resized", new LinearMap(d), result, constant);
        }
        if (isLast && resized.Length == 0)
            node.Output(new Reshape(x.Shape), x);
    }

    /// <summary>The number that stands wherever a coordinate lies outside of the original.</summary>
    private static void Extrapolate(OnnxNode node, Operand result, ResizedDimension[] dimensions, Dyadic[][] coordinates, Dyadic fill)
    {
        var isInside = coordinates.Select((c, d) => Array.ConvertAll(c, p => p.Sign >= 0 && p <= dimensions[d].From - 1)).ToArray();
        var indices = new int[dimensions.Length];
        var mask = new Dyadic[Shapes.Count(result.Shape)];
        for (var k = 0; k < mask.Length; k++)
        {
            Shapes.Unravel(k, result.Shape, indices);
            mask[k] = indices.Select((i, d) => isInside[d][i]).All(inside => inside) ? Dyadic.One : Dyadic.Zero;
        }
        var condition = node.Constant("inside", Numbers.WithExactType(ConstantTensor.Of(result.Shape, Seq.Own(mask))), DataType.Bool);
        node.Output(0, result.Type, new Choice(), condition, result, node.Constant("outside", ConstantTensor.Of([], [fill])));
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
