using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>
/// Zeros between the elements of the spatial dimensions of a tensor [N, C, spatial…], and before and behind them: what turns a transposed
/// convolution into a convolution.
/// </summary>
/// <param name="Steps">Distance between two elements in the result.</param>
/// <param name="Before">Zeros before the first element; negative to cut off as many positions.</param>
/// <param name="After">Zeros behind the last element; negative to cut off as many positions.</param>
public sealed record SpaceOut(Seq<int> Steps, Seq<int> Before, Seq<int> After) : Operator
{
    public override bool IsWiring => true;

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var x = inputs[0]!.Value;
        if (x.Count != Steps.Count + 2)
            throw new ShapeException($"a tensor of shape {x} with {Steps.Count} spatial dimensions");
        var extents = Steps.Select((s, d) => checked((x[d + 2] - 1) * s + 1 + Before[d] + After[d])).ToArray();
        return extents.All(e => e > 0) ? [[x[0], x[1], .. extents]] : throw new ShapeException($"padding {Before} and {After} leaves nothing of {x}");
    }

    public override void Define(Definition definition)
    {
        var x = definition.Input(0).Shape;
        var selection = Selection.By(InferShapes([x])[0], i =>
        {
            var source = (int[])[.. i];
            for (var d = 0; d < Steps.Count; d++)
            {
                var position = i[d + 2] - Before[d];
                if (position < 0 || position % Steps[d] != 0 || position / Steps[d] >= x[d + 2])
                    return Selection.Zero;
                source[d + 2] = position / Steps[d];
            }
            return Selection.Position(x, source);
        });
        selection.Define(definition);
    }
}

/// <summary>
/// ONNX ConvTranspose: each element adds the filter, times itself, to the result. The same as a convolution of the elements set apart by the
/// strides with the mirrored filter, and written as that.
/// </summary>
internal static class TransposedConvolution
{
    public static void Import(OnnxNode node)
    {
        var (x, w) = (node.Input(0, "input"), node.Input(1, "filter"));
        if (x.Rank < 3 || w.Rank != x.Rank)
            throw node.Refuse($"a filter of shape {w.Shape} over a tensor of shape {x.Shape}");
        var group = (int)Math.Clamp(node.Attributes.Int("group", 1), 0, int.MaxValue);
        if (group < 1 || w.Shape[0] != x.Shape[1] || x.Shape[1] % group != 0)
            throw node.Refuse($"a filter of shape {w.Shape} over {x.Shape[1]} channels in {group} groups");
        var kernel = w.Shape.Skip(2).ToSeq();
        var windows = Windows.ReadTransposed(node, x.Shape, kernel, out var extents);
        var (before, after) = (new int[kernel.Count], new int[kernel.Count]);
        for (var d = 0; d < kernel.Count; d++)
        {
            var reach = (kernel[d] - 1) * windows.Dilations[d];
            before[d] = reach - windows.Before[d];
            // What the windows over the spread elements must cover: extents + reach positions.
            after[d] = extents[d] + reach - ((x.Shape[d + 2] - 1) * windows.Strides[d] + 1) - before[d];
        }
        var spread = node.Emit("spaced", new SpaceOut(windows.Strides, Seq.Own(before), Seq.Own(after)), x);
        var none = new int[kernel.Count].ToSeq();
        var plain = new Windows(kernel, Enumerable.Repeat(1, kernel.Count).ToSeq(), windows.Dilations, none, none, false);
        node.Output(new Convolution(plain, group), spread, Mirrored(node, w, group), node.Optional(2, "bias"));
    }

    public static IEnumerable<OperatorCase> Cases() =>
    [
        Case("sequence", [1, 2, 4], [2, 3, 3], 7),
        Case("image, bias", [1, 2, 3, 3], [2, 2, 3, 2], 11).Constant(2),
        Case("strides and pads", [1, 2, 3, 3], [2, 1, 3, 3]).With("strides", new long[] { 3, 2 }).With("pads", new long[] { 1, 2, 1, 0 }),
        Case("dilations", [1, 1, 3, 3], [1, 2, 2, 2]).With("dilations", new long[] { 2, 2 }).With("kernel_shape", new long[] { 2, 2 }),
        Case("groups", [1, 4, 3], [4, 2, 2]).With("group", 2).With("strides", new long[] { 2 }),
        Case("output_padding", [1, 1, 3, 3], [1, 2, 3, 3]).With("strides", new long[] { 3, 2 }).With("output_padding", new long[] { 1, 1 }),
        Case("output_shape", [1, 1, 3, 3], [1, 2, 3, 3]).With("strides", new long[] { 3, 2 }).With("output_shape", new long[] { 10, 8 }),
        Case("same upper", [1, 1, 3, 3], [1, 1, 3, 3]).With("auto_pad", "SAME_UPPER").With("strides", new long[] { 2, 2 }),
    ];

    private static OperatorCase Case(string name, int[] x, int[] w, int opset = 13) => OperatorCase.Of("ConvTranspose", name, opset).Input(x).Constant(w);

    /// <summary>A filter [C, M / groups, kernel…] as the filter [M, C / groups, kernel…] of a convolution, its elements in reverse order.</summary>
    private static Operand Mirrored(OnnxNode node, Operand w, int group)
    {
        var (channels, results) = (w.Shape[0] / group, w.Shape[1]);
        return node.Emit("mirrored", Selection.By([results * group, channels, .. w.Shape.Skip(2)], i =>
        {
            var (g, m) = Math.DivRem(i[0], results);
            return Selection.Position(w.Shape, [g * channels + i[1], m, .. i.Skip(2).Select((k, d) => w.Shape[d + 2] - 1 - k)]);
        }), w);
    }
}
