using Hls4Net.Operators;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Sweep;

/// <summary>Resize and Upsample.</summary>
internal static class ResizeCases
{
    public static OperatorCase Upsample(Draw draw, CatalogueEntry entry)
    {
        int[] shape = [1, draw.Number(1, 2), draw.Number(1, 4), draw.Number(1, 4)];
        var drawn = draw.New(entry).Input(shape);
        var scales = new[] { 1, 1, draw.Any(1, 2, 3, 1.5), draw.Any(1, 2, 3, 2.5) };
        drawn = drawn.Opset < 9 ? drawn.With("scales", Array.ConvertAll(scales, s => (float)s)) : drawn.Constant([4], scales);
        return draw.Chance(0.7) ? drawn.With("mode", draw.Any("nearest", "linear")) : drawn;
    }

    public static OperatorCase Resize(Draw draw, CatalogueEntry entry)
    {
        int[] shape = draw.Chance(0.3) ? [1, draw.Number(1, 2), draw.Number(1, 9)] : [1, draw.Number(1, 2), draw.Number(1, 6), draw.Number(1, 6)];
        var drawn = draw.New(entry).Input(shape);
        var mode = drawn.Opset < 11 ? draw.Any("nearest", "linear") : shape.Length == 3 ? draw.Any("nearest", "linear") : draw.Any("nearest", "linear", "cubic");
        drawn = mode == "nearest" && draw.Chance(0.3) ? drawn : drawn.With("mode", mode);
        var dimensions = Enumerable.Range(2, shape.Length - 2).ToArray();
        if (drawn.Opset < 11)
            return drawn.Constant([shape.Length], [1, 1, .. dimensions.Select(_ => draw.Any(0.5, 1, 2, 3, 1.5))]);
        drawn = WithAttributes(draw, drawn, mode);
        var some = drawn.Opset >= 18 && draw.Chance(0.4);
        var lead = some ? [] : new double[] { 1, 1 };
        // ONNX Runtime does not see negative axes where it keeps the proportions.
        var keep = some && draw.Chance(0.5) ? draw.Any("stretch", "not_larger", "not_smaller") : "";
        if (some)
            drawn = drawn.With("axes", dimensions.Select(d => keep.Length > 0 ? d : draw.Axis(d, shape.Length)).ToArray());
        drawn = drawn.Opset < 13 ? drawn.Constant([0], []) : drawn.Omit();
        if (keep.Length == 0 && draw.Chance(0.5))
            return drawn.Constant([lead.Length + dimensions.Length], [.. lead, .. dimensions.Select(_ => draw.Any(0.5, 1, 2, 3, 1.5, 0.75, 2.25))]);
        double[] first = some ? [] : [shape[0], shape[1]];
        drawn = (drawn.Opset < 13 ? drawn.Constant([0], []) : drawn.Omit()).Constant([first.Length + dimensions.Length], [.. first, .. dimensions.Select(_ => (double)draw.Number(1, 9))], DataType.Int64);
        return keep.Length > 0 ? drawn.With("keep_aspect_ratio_policy", keep) : drawn;
    }

    private static OperatorCase WithAttributes(Draw draw, OperatorCase drawn, string mode)
    {
        if (draw.Chance(0.8))
        {
            // ONNX Runtime's coordinates are float32: between two neighbours it takes the other one at times in the symmetric mode.
            drawn = drawn.With("coordinate_transformation_mode", drawn.Opset >= 19 && mode != "nearest"
                ? draw.Any("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric", "half_pixel_symmetric")
                : draw.Any("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"));
        }
        if (mode == "nearest" && draw.Chance(0.7))
            drawn = drawn.With("nearest_mode", draw.Any("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"));
        if (mode == "cubic")
        {
            drawn = draw.Chance(0.5) ? drawn.With("cubic_coeff_a", draw.Float(-1, -0.25)) : drawn;
            drawn = draw.Chance(0.5) ? drawn.With("exclude_outside", draw.Number(0, 1)) : drawn;
        }
        return drawn.Opset >= 18 && draw.Chance(0.2) ? drawn.With("antialias", 0) : drawn;
    }
}
