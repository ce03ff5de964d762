using Hls4Net.Operators;
using Generator = System.Func<Hls4Net.Sweep.Draw, Hls4Net.Operators.CatalogueEntry, Hls4Net.Operators.OperatorCase>;

namespace Hls4Net.Sweep;

/// <summary>Convolutions and pools.</summary>
internal static class WindowCases
{
    public static IEnumerable<KeyValuePair<string, Generator>> Generators =>
    [
        new("Conv", Convolution),
        new("ConvTranspose", Transposed),
        new("MaxPool", (d, e) => Pool(d, e, dilationsSince: 10)),
        new("AveragePool", (d, e) => Pool(d, e, dilationsSince: 19)),
        new("GlobalMaxPool", (d, e) => d.New(e).Input(d.Shape(3, 5, 4))),
        new("GlobalAveragePool", (d, e) => d.New(e).Input(d.Shape(3, 5, 4))),
    ];

    private static int[] Spatial(Draw draw) => draw.Number(0, 9) switch
    {
        < 4 => [draw.Number(2, 12)],
        < 9 => [draw.Number(2, 8), draw.Number(2, 8)],
        _ => [draw.Number(2, 4), draw.Number(2, 4), draw.Number(2, 4)],
    };

    private static OperatorCase Convolution(Draw draw, CatalogueEntry entry)
    {
        var (spatial, group) = (Spatial(draw), draw.Chance(0.6) ? 1 : draw.Number(2, 3));
        var (channels, results) = (draw.Number(1, 3), draw.Number(1, 3));
        var kernel = spatial.Select(e => draw.Number(1, Math.Min(e, 3))).ToArray();
        var drawn = draw.New(entry).Input([draw.Number(1, 2), channels * group, .. spatial]);
        drawn = draw.Operand(drawn, [results * group, channels, .. kernel], constant: 0.9);
        if (draw.Chance(0.6))
            drawn = draw.Operand(drawn, [results * group], constant: 0.9);
        drawn = group > 1 || draw.Chance(0.3) ? drawn.With("group", group) : drawn;
        drawn = draw.Chance(0.5) ? drawn.With("kernel_shape", Longs(kernel)) : drawn;
        return Windows(draw, drawn, spatial, kernel, dilations: true, largestPad: 2);
    }

    private static OperatorCase Transposed(Draw draw, CatalogueEntry entry)
    {
        var (spatial, group) = (Spatial(draw)[..^0].Select(e => Math.Min(e, 5)).ToArray(), draw.Chance(0.6) ? 1 : draw.Number(2, 3));
        var (channels, results) = (draw.Number(1, 3), draw.Number(1, 2));
        var kernel = spatial.Select(_ => draw.Number(1, 4)).ToArray();
        var drawn = draw.New(entry).Input([draw.Number(1, 2), channels * group, .. spatial]);
        drawn = draw.Operand(drawn, [channels * group, results, .. kernel], constant: 0.9);
        if (draw.Chance(0.6))
            drawn = draw.Operand(drawn, [results * group], constant: 0.9);
        drawn = group > 1 || draw.Chance(0.3) ? drawn.With("group", group) : drawn;
        drawn = draw.Chance(0.5) ? drawn.With("kernel_shape", Longs(kernel)) : drawn;
        var strides = spatial.Select(_ => (long)draw.Number(1, 3)).ToArray();
        var dilations = spatial.Select(_ => (long)draw.Number(1, 2)).ToArray();
        if (draw.Chance(0.3))
            Array.Fill(strides, 1);
        if (draw.Chance(0.5))
            Array.Fill(dilations, 1);
        var extra = strides.Select(s => draw.Chance(0.3) ? (long)draw.Number(0, (int)s - 1) : 0).ToArray();
        drawn = strides.All(s => s == 1) && draw.Chance(0.5) ? drawn : drawn.With("strides", strides);
        drawn = dilations.All(s => s == 1) && draw.Chance(0.5) ? drawn : drawn.With("dilations", dilations);
        drawn = extra.All(s => s == 0) && draw.Chance(0.5) ? drawn : drawn.With("output_padding", extra);
        if (draw.Chance(0.25))
        {
            // No larger than the whole result: ONNX Runtime crashes on others.
            var reach = kernel.Select((e, k) => (int)((e - 1) * dilations[k])).ToArray();
            drawn = drawn.With("output_shape", spatial.Select((e, k) => (e - 1) * strides[k] + extra[k] + reach[k] + 1 - draw.Number(0, reach[k])).ToArray());
            return draw.Chance(0.5) ? drawn.With("auto_pad", draw.Any("SAME_UPPER", "SAME_LOWER", "NOTSET")) : drawn;
        }
        // Where the strides exceed the filter, SAME would have to add zeros, which ONNX says and ONNX Runtime does not do.
        var hasGaps = strides.Where((s, k) => s > (kernel[k] - 1) * dilations[k] + 1 + extra[k]).Any();
        return draw.Chance(0.3) ? drawn.With("auto_pad", hasGaps ? "VALID" : draw.Any("SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET"))
            : draw.Chance(0.6) ? drawn.With("pads", Pads(draw, spatial.Length, 1)) : drawn;
    }

    private static OperatorCase Pool(Draw draw, CatalogueEntry entry, int dilationsSince)
    {
        var spatial = Spatial(draw);
        var kernel = spatial.Select(e => draw.Number(1, Math.Min(e, 4))).ToArray();
        var drawn = draw.New(entry).Input([draw.Number(1, 2), draw.Number(1, 3), .. spatial]).With("kernel_shape", Longs(kernel));
        if (entry.Name == "AveragePool" && draw.Chance(0.5))
            drawn = drawn.With("count_include_pad", draw.Number(0, 1));
        if (drawn.Opset >= 10 && draw.Chance(0.4))
            drawn = drawn.With("ceil_mode", draw.Number(0, 1));
        return Windows(draw, drawn, spatial, kernel, drawn.Opset >= dilationsSince, kernel.Min() - 1);
    }

    internal static OperatorCase Windows(Draw draw, OperatorCase drawn, int[] spatial, int[] kernel, bool dilations, int largestPad)
    {
        drawn = draw.Chance(0.7) ? drawn.With("strides", spatial.Select(_ => (long)draw.Number(1, 3)).ToArray()) : drawn;
        if (dilations && draw.Chance(0.4))
            drawn = drawn.With("dilations", kernel.Select((k, d) => (long)draw.Number(1, k == 1 ? 3 : Math.Clamp((spatial[d] - 1) / (k - 1), 1, 3))).ToArray());
        // ONNX Runtime refuses dilations with SAME for convolutions, and forgets them for pools, and windows narrower than their strides.
        var isDilated = drawn.Attributes.Any(a => a is { Name: "dilations", Value: long[] steps } && steps.Any(s => s > 1));
        return draw.Chance(0.3) ? drawn.With("auto_pad", isDilated || kernel.Contains(1) ? "VALID" : draw.Any("SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET"))
            : draw.Chance(0.6) ? drawn.With("pads", Pads(draw, spatial.Length, largestPad)) : drawn;
    }

    private static long[] Pads(Draw draw, int rank, int largest) => [.. Enumerable.Range(0, 2 * rank).Select(_ => (long)draw.Number(0, largest))];

    private static long[] Longs(int[] values) => Array.ConvertAll(values, v => (long)v);
}
