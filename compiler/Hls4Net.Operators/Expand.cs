using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>A tensor broadcast to a shape.</summary>
/// <param name="Shape">What it is broadcast with; where an extent is 1 here, that of the tensor stays.</param>
public sealed record Expand(Seq<int> Shape) : Operator
{
    public override bool IsWiring => true;

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) => [Broadcasting.Shape(inputs[0]!.Value, Shape)];

    public override void Define(Definition definition)
    {
        var x = definition.Input(0).Shape;
        var (shape, strides) = (Broadcasting.Shape(x, Shape), Shapes.Strides(x));
        var indices = new int[shape.Count];
        definition.Rearrange(0, shape, k =>
        {
            Shapes.Unravel(k, shape, indices);
            var element = 0;
            for (var d = 1; d <= x.Count; d++)
                element += x[^d] == 1 ? 0 : indices[^d] * strides[^d];
            return (0, element);
        });
    }

    internal static void Import(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var shape = node.Integers(1, "shape") ?? throw node.Refuse("the shape is missing");
        node.Output(new Expand(TensorReader.ReadShape(shape, node.Where).Shape), x);
    }

    internal static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Expand", "more dimensions", 8).Input(3, 1).Integers(2, 1, 4),
        OperatorCase.Of("Expand", "fewer dimensions").Input(1, 2, 1).Integers(3),
    ];
}
