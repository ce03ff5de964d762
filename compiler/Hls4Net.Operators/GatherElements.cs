using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>ONNX GatherElements, GatherND and Compress with constant indices.</summary>
internal static class GatherElements
{
    public static void Import(OnnxNode node)
    {
        var x = node.Input(0, "data");
        var axis = node.Axis(node.Attributes.Int("axis", 0), x.Rank);
        var indices = node.Integers(1, "indices") ?? throw node.Refuse("the indices are missing");
        var shape = node.Input(1, "indices").Shape;
        if (shape.Count != x.Rank || Enumerable.Range(0, x.Rank).Any(d => d != axis && shape[d] > x.Shape[d]))
            throw node.Refuse($"indices of shape {shape} into a tensor of shape {x.Shape}");
        node.Output(Selection.By(shape, i =>
        {
            int[] source = [.. i];
            source[axis] = Index(node, indices[Selection.Position(shape, i)], x.Shape[axis]);
            return Selection.Position(x.Shape, source);
        }), x);
    }

    public static void ImportND(OnnxNode node)
    {
        var x = node.Input(0, "data");
        var batch = node.Opset >= 12 ? node.Attributes.Int("batch_dims", 0) : 0;
        var indices = node.Integers(1, "indices") ?? throw node.Refuse("the indices are missing");
        var shape = node.Input(1, "indices").Shape;
        if (shape.Count == 0 || batch < 0 || batch >= Math.Min(shape.Count, x.Rank) || batch + shape[^1] > x.Rank || shape[^1] == 0
            || shape.Take((int)batch).ToSeq() != x.Shape.Take((int)batch).ToSeq())
            throw node.Refuse($"indices of shape {shape} into a tensor of shape {x.Shape} with {batch} dimensions of batch");
        var (leading, depth) = (shape.Count - 1, shape[^1]);
        Seq<int> result = [.. shape.Take(leading), .. x.Shape.Skip((int)batch + depth)];
        node.Output(Selection.By(result, i =>
        {
            var first = Selection.Position(shape, [.. i.Take(leading), 0]);
            var chosen = Enumerable.Range(0, depth).Select(k => Index(node, indices[first + k], x.Shape[(int)batch + k]));
            return Selection.Position(x.Shape, [.. i.Take((int)batch), .. chosen, .. i.Skip(leading)]);
        }), x);
    }

    /// <summary>The slices, or without an axis the elements, at which a constant condition holds.</summary>
    public static void ImportCompress(OnnxNode node)
    {
        var x = node.Input(0, "data");
        ForeignOperators.DecidingSize(node, 1, "condition");
        var condition = node.Integers(1, "condition") ?? throw node.Refuse("the condition is missing");
        var flat = !node.Attributes.Has("axis");
        var axis = node.Attributes.Int("axis", 0);
        var source = flat ? [Shapes.Count(x.Shape)] : x.Shape;
        var dimension = flat ? 0 : node.Axis(axis, x.Rank);
        var kept = Enumerable.Range(0, Math.Min(condition.Length, source[dimension])).Where(k => condition[k] != 0).ToArray();
        if (condition.Length > source[dimension])
            throw node.Refuse($"a condition of {condition.Length} for an extent of {source[dimension]}");
        node.Output(Selection.By(source.Select((e, d) => d == dimension ? kept.Length : e).ToSeq(), i =>
        {
            int[] from = [.. i];
            from[dimension] = kept[i[dimension]];
            return Selection.Position(source, from);
        }), x);
    }

    public static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("GatherElements", "first dimension", 11).Input(3, 3).Constant([2, 3], [1, 2, 0, 2, 0, 0], DataType.Int64),
        OperatorCase.Of("GatherElements", "from the end").Input(2, 3).Constant([2, 2], [0, -1, -2, 2], DataType.Int32).With("axis", 1),
    ];

    public static IEnumerable<OperatorCase> NDCases() =>
    [
        OperatorCase.Of("GatherND", "elements", 11).Input(2, 3).Constant([2, 2], [0, 0, 1, -1], DataType.Int64),
        OperatorCase.Of("GatherND", "slices", 11).Input(2, 2, 3).Constant([2, 1, 2], [0, 1, 1, 0], DataType.Int64),
        OperatorCase.Of("GatherND", "batch", 12).Input(2, 3, 2).Constant([2, 1], [1, 2], DataType.Int64).With("batch_dims", 1),
    ];

    public static IEnumerable<OperatorCase> CompressCases() =>
    [
        OperatorCase.Of("Compress", "elements", 9).Input(2, 3).Constant([5], [0, 1, 0, 1, 1], DataType.Bool),
        OperatorCase.Of("Compress", "slices", 11).Input(3, 2).Constant([3], [0, 1, 1], DataType.Bool).With("axis", -2),
    ];

    /// <summary>An index that may count from the end.</summary>
    internal static int Index(OnnxNode node, long index, int extent) => index >= -extent && index < extent
        ? (int)(index < 0 ? index + extent : index)
        : throw node.Refuse($"index {index} of an extent of {extent}");
}
