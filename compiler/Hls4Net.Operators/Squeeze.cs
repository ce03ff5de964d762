using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>ONNX Squeeze: takes extents of 1 out of the shape. The axes are an attribute before operator set 13 and an input from then on.</summary>
internal static class Squeeze
{
    public static void Import(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var axes = Axes.Read(node, x.Rank);
        var removed = axes ?? [.. Enumerable.Range(0, x.Rank).Where(k => x.Shape[k] == 1)];
        if (removed.FirstOrDefault(k => x.Shape[k] != 1, -1) is >= 0 and var bad)
            throw node.Refuse($"dimension {bad} of the shape {x.Shape} is not 1");
        node.Output(new Reshape(x.Shape.Where((_, k) => !removed.Contains(k)).ToSeq()), x);
    }

    public static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Squeeze", "all").Input(1, 3, 1, 2),
        OperatorCase.Of("Squeeze", "attribute", 11).Input(1, 3, 1, 2, 1).With("axes", new long[] { 2, -1 }),
        OperatorCase.Of("Squeeze", "input").Input(1, 3, 1, 2, 1).Integers(-1, 0),
    ];
}
