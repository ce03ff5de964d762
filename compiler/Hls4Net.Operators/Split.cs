using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>ONNX Split: slices side by side. Their extents are an attribute before operator set 13 and an input from then on.</summary>
internal static class Split
{
    public static void Import(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var axis = node.Axis(node.Attributes.Int("axis", 0), x.Rank);
        var extents = (node.Opset < 13 ? node.Attributes.Ints("split") : node.Integers(1, "split")) ?? Equal(node, x.Shape[axis]);
        if (extents.Length != node.OutputCount || extents.Any(e => e < 0) || extents.Sum() != x.Shape[axis])
            throw node.Refuse($"an extent of {x.Shape[axis]} does not split into [{string.Join(", ", extents)}] for {node.OutputCount} outputs");
        var start = 0;
        for (var k = 0; k < extents.Length; k++)
        {
            node.Output(k, null, Slice.Along(x.Shape, axis, start, (int)extents[k]), x);
            start += (int)extents[k];
        }
    }

    public static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Split", "equal parts", 7).Input(2, 4).WithOutputs(2),
        OperatorCase.Of("Split", "attribute", 11).Input(1, 6).With("axis", 1).With("split", new long[] { 1, 2, 3 }).WithOutputs(3),
        OperatorCase.Of("Split", "input").Input(1, 2, 6).Integers(5, 1).With("axis", -1).WithOutputs(2),
        OperatorCase.Of("Split", "a smaller last part", 18).Input(1, 7).With("axis", 1).With("num_outputs", 3).WithOutputs(3),
    ];

    /// <summary>Equal parts; from operator set 18 on the last one may be smaller.</summary>
    private static long[] Equal(OnnxNode node, int extent)
    {
        var count = node.Opset >= 18 ? node.Attributes.Int("num_outputs", node.OutputCount) : node.OutputCount;
        if (count < 1 || count > node.OutputCount || (node.Opset < 18 && extent % count != 0))
            throw node.Refuse($"an extent of {extent} does not split into {count} equal parts for {node.OutputCount} outputs");
        var part = (extent + count - 1) / count;
        return [.. Enumerable.Range(0, (int)count).Select(k => Math.Clamp(extent - k * part, 0, part))];
    }
}
