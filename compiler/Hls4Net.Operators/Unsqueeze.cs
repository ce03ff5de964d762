using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>ONNX Unsqueeze: puts extents of 1 into the shape. The axes are an attribute before operator set 13 and an input from then on.</summary>
internal static class Unsqueeze
{
    public static void Import(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var count = node.Opset < 13 ? node.Attributes.Ints("axes")?.Length : node.Integers(1, "axes")?.Length;
        var axes = Axes.Read(node, x.Rank + (count ?? 0)) ?? throw node.Refuse("the axes are missing");
        var (shape, next) = (new int[x.Rank + axes.Length], 0);
        for (var k = 0; k < shape.Length; k++)
            shape[k] = axes.Contains(k) ? 1 : x.Shape[next++];
        node.Output(new Reshape(Seq.Own(shape)), x);
    }

    public static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Unsqueeze", "attribute", 11).Input(1, 3).With("axes", new long[] { 1, 3 }),
        OperatorCase.Of("Unsqueeze", "input").Input(1, 3).Integers(-1, 0),
    ];
}
