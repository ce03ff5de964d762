using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators;

/// <summary>
/// Chosen indices of every dimension: element (i₀, i₁, …) of the result is element (Indices₀[i₀], Indices₁[i₁], …). ONNX Resize and Upsample to the
/// nearest neighbour are this.
/// </summary>
/// <param name="Indices">The indices of all dimensions, one dimension after the other.</param>
/// <param name="Extents">How many there are of each dimension.</param>
public sealed record Pick(Seq<int> Indices, Seq<int> Extents) : Operator
{
    public override bool IsWiring => true;

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var x = inputs[0]!.Value;
        if (Extents.Count != x.Count || Extents.Sum() != Indices.Count)
            throw new ShapeException($"indices for {Extents.Count} dimensions of a tensor of shape {x}");
        var next = 0;
        for (var d = 0; d < x.Count; d++)
        {
            for (var k = 0; k < Extents[d]; k++, next++)
            {
                if (Indices[next] < 0 || Indices[next] >= x[d])
                    throw new ShapeException($"index {Indices[next]} of an extent of {x[d]}");
            }
        }
        return [Extents];
    }

    public override void Define(Definition definition)
    {
        var strides = Shapes.Strides(definition.Input(0).Shape);
        var starts = Extents.Select((_, d) => Extents.Take(d).Sum()).ToArray();
        var indices = new int[Extents.Count];
        definition.Rearrange(0, Extents, k =>
        {
            Shapes.Unravel(k, Extents, indices);
            var element = 0;
            for (var d = 0; d < indices.Length; d++)
                element += Indices[starts[d] + indices[d]] * strides[d];
            return (0, element);
        });
    }
}
