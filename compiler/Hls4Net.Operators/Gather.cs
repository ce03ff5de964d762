using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>
/// Chosen indices of a dimension: the dimension is replaced by those of the tensor of indices. Computed indices are <see cref="TableRow"/>.
/// </summary>
/// <param name="Axis">The dimension.</param>
/// <param name="Indices">The indices, none negative.</param>
/// <param name="IndexShape">The shape in which they stand.</param>
public sealed record Gather(int Axis, Seq<int> Indices, Seq<int> IndexShape) : Operator
{
    public override bool IsWiring => true;

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var x = inputs[0]!.Value;
        return Indices.All(i => i >= 0 && i < x[Axis])
            ? [[.. x.Take(Axis), .. IndexShape, .. x.Skip(Axis + 1)]]
            : throw new ShapeException($"an index is outside of the extent {x[Axis]}");
    }

    public override void Define(Definition definition)
    {
        var x = definition.Input(0).Shape;
        var inner = Shapes.Count(x.Skip(Axis + 1).ToSeq());
        var shape = InferShapes([x])[0];
        definition.Rearrange(0, shape, k =>
        {
            var (outer, rest) = Math.DivRem(k, Indices.Count * inner);
            return (0, (outer * x[Axis] + Indices[rest / inner]) * inner + rest % inner);
        });
    }

    internal static void Import(OnnxNode node)
    {
        var x = node.Input(0, "data");
        var axis = node.Axis(node.Attributes.Int("axis", 0), x.Rank);
        if (node.Input(1, "indices") is { Constant: null } computed)
        {
            if (!ElementTypes.IsInteger(computed.Type))
                throw node.Refuse($"the indices must be integers, and are {ElementTypes.NameOf(computed.Type)}");
            node.Output(new TableRow(axis), x, computed);
            return;
        }
        var indices = node.Integers(1, "indices") ?? throw node.Refuse("the indices are missing");
        var extent = x.Shape[axis];
        if (indices.FirstOrDefault(i => i < -extent || i >= extent, 0) is not 0 and var bad)
            throw node.Refuse($"index {bad} of an extent of {extent}");
        node.Output(new Gather(axis, indices.Select(i => (int)(i < 0 ? i + extent : i)).ToSeq(), node.Input(1, "indices").Shape), x);
    }

    internal static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Gather", "first dimension", 7).Input(3, 2).Integers(2, 0, 2),
        OperatorCase.Of("Gather", "last dimension").Input(1, 2, 5).Constant([2, 2], [0, 3, -1, 1], DataType.Int64).With("axis", -1),
        OperatorCase.Of("Gather", "scalar index").Input(1, 4, 2).Constant([], [1], DataType.Int32).With("axis", 1),
        OperatorCase.Of("Gather", "embedding").Constant(5, 3).Indices([1, 2], 5, DataType.Int32),
        OperatorCase.Of("Gather", "computed index of an input", 11).Input(2, 3).Indices([], 3).With("axis", 1),
    ];
}
