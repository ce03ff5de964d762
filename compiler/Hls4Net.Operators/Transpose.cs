using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>Dimensions in another order: dimension k of the result is dimension Permutation[k] of the input.</summary>
public sealed record Transpose(Seq<int> Permutation) : Operator
{
    public override bool IsWiring => true;

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var x = inputs[0]!.Value;
        return Permutation.Count == x.Count
            ? [Permutation.Select(p => x[p]).ToSeq()]
            : throw new ShapeException($"the permutation {Permutation} is not one of the {x.Count} dimensions of {x}");
    }

    public override void Define(Definition definition)
    {
        var x = definition.Input(0).Shape;
        var (shape, strides) = (Permutation.Select(p => x[p]).ToSeq(), Shapes.Strides(x));
        var indices = new int[shape.Count];
        definition.Rearrange(0, shape, k =>
        {
            Shapes.Unravel(k, shape, indices);
            return (0, indices.Select((i, d) => i * strides[Permutation[d]]).Sum());
        });
    }

    internal static void Import(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var permutation = node.Attributes.Ints("perm") ?? [.. Enumerable.Range(0, x.Rank).Reverse().Select(k => (long)k)];
        if (!permutation.Order().SequenceEqual(Enumerable.Range(0, x.Rank).Select(k => (long)k)))
            throw node.Attributes.Value("perm", $"[{string.Join(", ", permutation)}]", $"it must name each of the {x.Rank} dimensions once");
        node.Output(new Transpose(permutation.Select(p => (int)p).ToSeq()), x);
    }

    internal static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Transpose", "reversed", 7).Input(1, 2, 3),
        OperatorCase.Of("Transpose", "channels last").Input(1, 2, 3, 4).With("perm", new long[] { 0, 2, 3, 1 }),
    ];
}
