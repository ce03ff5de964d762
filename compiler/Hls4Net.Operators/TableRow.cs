using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators;

/// <summary>
/// Elements of a dimension chosen by computed indices: ONNX Gather where the event holds the indices, an embedding. Inputs: the data, mostly a
/// constant table, and the indices. An index from −extent to −1 counts from the end; one outside of the dimension, for which ONNX Runtime
/// refuses the event, chooses the nearest that exists. In hardware a tree of as many selections as the dimension has elements.
/// </summary>
/// <param name="Axis">The dimension, which the dimensions of the indices replace.</param>
public sealed record TableRow(int Axis) : Operator
{
    /// <summary>The largest extent; every element of a result is a tree of as many selections.</summary>
    public const int MaximumExtent = 4096;

    public override ConstantRole RoleOf(int input) => ConstantRole.Scale;

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var (data, indices) = (inputs[0]!.Value, inputs[1]!.Value);
        return Axis < data.Count && data[Axis] is > 0 and <= MaximumExtent
            ? [[.. data.Take(Axis), .. indices, .. data.Skip(Axis + 1)]]
            : throw new ShapeException($"dimension {Axis} of {data} is chosen from by a computed index; at most {MaximumExtent} elements can be");
    }

    public override void Define(Definition definition)
    {
        var (data, indices) = (definition.Input(0), definition.Input(1));
        definition.Output(0, InferShapes([data.Shape, indices.Shape])[0], (b, i) =>
        {
            var given = b.At(indices, i.AsSpan(Axis, indices.Shape.Count));
            var extent = b.Literal(data.Shape[Axis]);
            var index = given.Less(b.Literal(Dyadic.Zero)).Select(given + extent, given);
            return Choose(0, data.Shape[Axis]);

            // Halves: what is left of the middle, or what is right of it.
            Term Choose(int first, int end)
            {
                if (end - first == 1)
                    return b.At(data, [.. i[..Axis], first, .. i[(Axis + indices.Shape.Count)..]]);
                var middle = (first + end) / 2;
                return index.Less(b.Literal(middle)).Select(Choose(first, middle), Choose(middle, end));
            }
        });
    }
}
