using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>ONNX Flatten: a matrix of the dimensions before the axis by those from it on.</summary>
internal static class Flatten
{
    public static void Import(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var axis = node.Attributes.Int("axis", 1);
        if (axis < -x.Rank || axis > x.Rank)
            throw node.Refuse($"axis {axis} of a tensor with {x.Rank} dimensions");
        var split = (int)(axis < 0 ? axis + x.Rank : axis);
        node.Output(new Reshape([Shapes.Count(x.Shape.Take(split).ToSeq()), Shapes.Count(x.Shape.Skip(split).ToSeq())]), x);
    }

    public static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Flatten", "default", 9).Input(1, 2, 3),
        OperatorCase.Of("Flatten", "axis 2").Input(1, 2, 3, 2).With("axis", 2),
        OperatorCase.Of("Flatten", "axis 0").Input(1, 2, 3).With("axis", 0),
        OperatorCase.Of("Flatten", "negative axis").Input(1, 2, 3).With("axis", -1),
    ];
}
