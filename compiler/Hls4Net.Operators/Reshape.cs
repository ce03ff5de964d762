using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>The same elements in the same order, in another shape. Flatten, Squeeze, Unsqueeze, Identity and Dropout become this as well.</summary>
/// <param name="Shape">The new shape.</param>
public sealed record Reshape(Seq<int> Shape) : Operator
{
    public override bool IsWiring => true;

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) =>
        Shapes.Count(inputs[0]!.Value) == Shape.Aggregate(1L, (a, b) => a * b)
            ? [Shape]
            : throw new ShapeException($"{Shapes.Count(inputs[0]!.Value)} elements of shape {inputs[0]} do not fill the shape {Shape}");

    public override void Define(Definition definition) => definition.Rearrange(0, Shape, k => (0, k));

    internal static void Import(OnnxNode node)
    {
        var allowZero = node.Opset >= 14 && node.Attributes.Flag("allowzero", otherwise: false);
        var x = node.Input(0, "input");
        var wanted = node.Integers(1, "shape") ?? throw node.Refuse("the shape is missing");
        node.Output(new Reshape(Resolve(node, x.Shape, wanted, allowZero)), x);
    }

    internal static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Reshape", "plain", 7).Input(1, 2, 6).Integers(1, 3, 4),
        OperatorCase.Of("Reshape", "kept and inferred").Input(1, 2, 6).Integers(0, -1, 3),
        OperatorCase.Of("Reshape", "to a vector", 14).Input(1, 2, 3).Integers(-1).With("allowzero", 1),
        OperatorCase.Of("Reshape", "zero keeps the extent", 14).Input(1, 2, 3).Integers(0, 3, 2).With("allowzero", 0),
    ];

    private static Seq<int> Resolve(OnnxNode node, Seq<int> from, long[] wanted, bool allowZero)
    {
        var shape = new long[wanted.Length];
        var open = -1;
        for (var k = 0; k < shape.Length; k++)
        {
            if (wanted[k] < -1 || wanted[k] > int.MaxValue || (wanted[k] == -1 && open >= 0) || (wanted[k] == 0 && !allowZero && k >= from.Count))
                throw node.Refuse($"{from} cannot become [{string.Join(", ", wanted)}]");
            if (wanted[k] == -1)
                open = k;
            shape[k] = wanted[k] == -1 ? 1 : wanted[k] == 0 && !allowZero ? from[k] : wanted[k];
        }
        if (open < 0)
            return shape.Select(e => (int)e).ToSeq();
        var known = shape.Aggregate(1L, (a, b) => a * b);
        var count = Shapes.Count(from);
        if (known == 0 || count % known != 0)
            throw node.Refuse($"{count} elements of shape {from} cannot become [{string.Join(", ", wanted)}]");
        shape[open] = count / known;
        return shape.Select(e => (int)e).ToSeq();
    }
}
