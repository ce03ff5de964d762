using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>1 at the first largest element over some dimensions, 0 elsewhere. Exact: comparisons only. ONNX Hardmax.</summary>
/// <param name="Axes">The dimensions, ascending.</param>
public sealed record OneHotMaximum(Seq<int> Axes) : Operator
{
    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) => [inputs[0]!.Value];

    public override void Define(Definition definition)
    {
        var x = definition.Input(0);
        var extents = ReducedAxes.Extents(x.Shape, Axes);
        var shape = ReducedAxes.Shape(x.Shape, Axes, keep: true);
        var largest = definition.Temporary("largest", shape, (b, i) =>
            b.Max(extents, (t, r) => t.At(x, ReducedAxes.Element(x.Shape, Axes, keep: true, i, r))));
        var first = definition.Temporary("first", shape, (b, i) => b.Min(extents, (t, r) =>
            t.At(x, ReducedAxes.Element(x.Shape, Axes, keep: true, i, r)).EqualTo(t.At(largest, i))
                .Select(t.IndexValue(ReducedAxes.Position(r, extents)), t.Literal(Shapes.Count(extents) - 1))));
        definition.Output(0, x.Shape, (b, i) =>
            b.IndexValue(ReducedAxes.Position([.. Axes.Select(a => i[a])], extents)).EqualTo(b.At(first, ReducedAxes.Group(Axes, i))));
    }

    internal static void Import(OnnxNode node)
    {
        var x = node.Input(0, "input");
        node.Output(new OneHotMaximum(ReducedAxes.OfSoftmax(node, x)), x);
    }

    internal static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Hardmax", "vector", 7).Input(1, 5),
        OperatorCase.Of("Hardmax", "flattened", 11).Input(2, 2, 3).With("axis", 1),
        OperatorCase.Of("Hardmax", "last dimension").Input(1, 2, 3),
        OperatorCase.Of("Hardmax", "inner dimension").Input(1, 3, 4).With("axis", -2),
        OperatorCase.Of("Hardmax", "equals").Constant([2, 4], [1, 3, 3, 1, -2, -2, -5, -5]).With("axis", 1),
    ];
}
