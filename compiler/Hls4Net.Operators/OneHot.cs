using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>
/// A new dimension in which the element that an index names has one value, and all others another; ONNX OneHot. An index from −Depth to −1
/// counts from the end; one outside of that names no element. Inputs: the indices, and the two values, first that of the others.
/// </summary>
/// <param name="Axis">Where the new dimension stands in the result.</param>
/// <param name="Depth">Its extent.</param>
public sealed record OneHot(int Axis, int Depth) : Operator
{
    public override ConstantRole RoleOf(int input) => ConstantRole.Scale;

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var indices = inputs[0]!.Value;
        return inputs[1] == [2] ? [[.. indices.Take(Axis), Depth, .. indices.Skip(Axis)]] : throw new ShapeException($"two values are needed, and there are {inputs[1]}");
    }

    public override void Define(Definition definition)
    {
        var (indices, values) = (definition.Input(0), definition.Input(1));
        definition.Output(0, InferShapes([indices.Shape, values.Shape])[0], (b, i) =>
        {
            var given = b.At(indices, [.. i[..Axis], .. i[(Axis + 1)..]]);
            var index = given.Less(b.Literal(Dyadic.Zero)).Select(given + b.Literal(Depth), given);
            return index.EqualTo(b.IndexValue(i[Axis])).Select(b.At(values, 1), b.At(values, 0));
        });
    }

    internal static void Import(OnnxNode node)
    {
        var (indices, values) = (node.Input(0, "indices"), node.Input(2, "values"));
        if (node.Integers(1, "depth") is not [var depth] || depth is < 1 or > 1 << 24)
            throw node.RefuseValue("depth", "it must be one positive number");
        var axis = node.Axis(node.Attributes.Int("axis", -1), indices.Rank + 1);
        // Reals are indices as well: a fraction is cut off.
        var whole = ElementTypes.IsFloat(indices.Type)
            ? node.Emit("whole", DataType.Int64, new Quantize(new(ElementTypes.IntegerType(DataType.Int64)!.Value, Rounding.TrnZero, Overflow.Sat)), indices)
            : indices;
        node.Output(0, values.Type, new OneHot(axis, (int)depth), whole, values);
    }

    internal static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("OneHot", "last dimension", 9).Indices([3], 4).Constant([], [4], DataType.Int64).Constant([2], [0, 1]),
        OperatorCase.Of("OneHot", "first dimension", 11).Input([1, 3], DataType.Int64).Constant([1], [5], DataType.Int64).Constant([2], [-0.5, 2]).With("axis", 0),
    ];
}
