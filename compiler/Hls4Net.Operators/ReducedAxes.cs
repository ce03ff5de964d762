using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>What reductions over dimensions share.</summary>
internal static class ReducedAxes
{
    /// <summary>The data, the dimensions in ascending order, and whether they stay, of an ONNX reduction.</summary>
    /// <param name="inputSince">The operator set in which the axes became an input.</param>
    public static (Operand X, Seq<int> Axes, bool Keep) Read(OnnxNode node, int inputSince)
    {
        var x = node.Input(0, "data");
        var keep = node.Attributes.Flag("keepdims", otherwise: true);
        var axes = Operators.Axes.Read(node, x.Rank, inputSince);
        var emptyMeansNone = node.Opset >= inputSince && node.Attributes.Flag("noop_with_empty_axes", otherwise: false);
        return axes is { Length: > 0 } ? (x, axes.Order().ToSeq(), keep)
            : emptyMeansNone ? (x, [], keep)
            : (x, Enumerable.Range(0, x.Rank).ToSeq(), keep);
    }

    /// <summary>All dimensions after batch and channel.</summary>
    public static Seq<int> Spatial(OnnxNode node, Operand x) =>
        x.Rank > 2 ? Enumerable.Range(2, x.Rank - 2).ToSeq() : throw node.Refuse($"a tensor of shape {x.Shape} has no spatial dimensions");

    public static Seq<int> Shape(Seq<int> x, Seq<int> axes, bool keep) => keep
        ? x.Select((extent, d) => axes.Contains(d) ? 1 : extent).ToSeq()
        : x.Where((_, d) => !axes.Contains(d)).ToSeq();

    /// <summary>The loops of the reduction; over no dimension it is one over the element itself.</summary>
    public static Seq<int> Extents(Seq<int> x, Seq<int> axes) => axes.Count == 0 ? [1] : axes.Select(a => x[a]).ToSeq();

    /// <summary>The indices of an element of x, from those of the result and of the reduction.</summary>
    public static Affine[] Element(Seq<int> x, Seq<int> axes, bool keep, Affine[] result, Affine[] reduced)
    {
        var indices = new Affine[x.Count];
        var (next, inner) = (0, 0);
        for (var d = 0; d < indices.Length; d++)
        {
            var isReduced = axes.Contains(d);
            indices[d] = isReduced ? reduced[inner++] : result[next];
            next += isReduced && !keep ? 0 : 1;
        }
        return indices;
    }

    /// <summary>The indices of the group, with extent 1 in the reduced dimensions, that an element at the given indices belongs to.</summary>
    public static Affine[] Group(Seq<int> axes, Affine[] element) => [.. element.Select((index, d) => axes.Contains(d) ? Affine.Constant(0) : index)];

    /// <summary>The row-major position of the reduction's indices.</summary>
    public static Affine Position(Affine[] reduced, Seq<int> extents)
    {
        var strides = Shapes.Strides(extents);
        var position = Affine.Constant(0);
        for (var k = 0; k < reduced.Length; k++)
            position += reduced[k] * strides[k];
        return position;
    }

    /// <summary>
    /// The dimensions that Softmax and its kin run over: the one named, by default the last; before operator set 13 the one named, by
    /// default 1, and all that follow.
    /// </summary>
    public static Seq<int> OfSoftmax(OnnxNode node, Operand x)
    {
        if (node.Opset >= 13)
            return [node.Axis(node.Attributes.Int("axis", -1), x.Rank)];
        var axis = node.Attributes.Int("axis", 1);
        // The axis where the tensor is made a matrix may be one beyond the last, which leaves rows of one element.
        var first = axis == x.Rank ? x.Rank : node.Axis(axis, x.Rank);
        return Enumerable.Range(first, x.Rank - first).ToSeq();
    }

    public static IEnumerable<OperatorCase> Cases(string type, int inputSince) =>
    [
        OperatorCase.Of(type, "all", 7).Input(1, 2, 3),
        OperatorCase.Of(type, "attribute", 11).Input(1, 2, 3).With("axes", new long[] { 2 }).With("keepdims", 0),
        OperatorCase.Of(type, "two dimensions", 12).Input(1, 2, 3, 2).With("axes", new long[] { -1, 1 }).With("keepdims", 1),
        OperatorCase.Of(type, "input", inputSince).Input(1, 2, 3).Integers(1).With("keepdims", 0),
        OperatorCase.Of(type, "none", inputSince).Input(1, 2, 3).With("noop_with_empty_axes", 1),
    ];
}
