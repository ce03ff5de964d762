using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>A tensor repeated along its dimensions.</summary>
public sealed record Tile(Seq<int> Repeats) : Operator
{
    public override bool IsWiring => true;

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var x = inputs[0]!.Value;
        return Repeats.Count == x.Count
            ? [x.Select((extent, d) => extent * Repeats[d]).ToSeq()]
            : throw new ShapeException($"{Repeats.Count} repeats for a tensor of shape {x}");
    }

    public override void Define(Definition definition)
    {
        var x = definition.Input(0).Shape;
        var (shape, strides) = (InferShapes([x])[0], Shapes.Strides(x));
        var indices = new int[shape.Count];
        definition.Rearrange(0, shape, k =>
        {
            Shapes.Unravel(k, shape, indices);
            var element = 0;
            for (var d = 0; d < indices.Length; d++)
                element += indices[d] % x[d] * strides[d];
            return (0, element);
        });
    }

    internal static void Import(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var repeats = node.Integers(1, "repeats") ?? throw node.Refuse("the repeats are missing");
        node.Output(new Tile(TensorReader.ReadShape(repeats, node.Where).Shape), x);
    }

    internal static IEnumerable<OperatorCase> Cases() => [OperatorCase.Of("Tile", "both dimensions", 7).Input(1, 2, 3).Integers(1, 3, 2)];
}
