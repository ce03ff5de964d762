using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Operators;

/// <summary>
/// For each element of a dimension, how many others come before it when they are sorted: those that are larger (or smaller), and of equal ones
/// those with a smaller index. In hardware a comparison for each pair.
/// </summary>
/// <param name="Axis">The dimension.</param>
/// <param name="Largest">Whether the largest comes first.</param>
public sealed record Rank(int Axis, bool Largest) : Operator
{
    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) => [inputs[0]!.Value];

    public override void Define(Definition definition)
    {
        var x = definition.Input(0);
        definition.Output(0, x.Shape, (b, i) => b.Sum([x.Shape[Axis]], (t, k) =>
        {
            var other = t.At(x, [.. i[..Axis], k[0], .. i[(Axis + 1)..]]);
            var own = t.At(x, i);
            var before = Largest ? own.Less(other) : other.Less(own);
            return t.IndexValue(k[0]).Less(t.IndexValue(i[Axis])).Select(before.Max(own.EqualTo(other)), before);
        }));
    }
}

/// <summary>The first elements of a dimension in the order of their ranks. Inputs: what is sorted, and the ranks of <see cref="Operators.Rank"/>.</summary>
/// <param name="Axis">The dimension.</param>
/// <param name="Count">How many.</param>
/// <param name="Positions">Whether their positions are wanted in place of the elements themselves.</param>
public sealed record Sorted(int Axis, int Count, bool Positions) : Operator
{
    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) => [inputs[0]!.Value.Select((e, d) => d == Axis ? Count : e).ToSeq()];

    public override void Define(Definition definition)
    {
        var (x, ranks) = (definition.Input(0), definition.Input(1));
        // Exactly one element has each rank; the others take part as a number that is not larger than any.
        var least = Positions ? null : definition.Temporary("least", x.Shape.Select((e, d) => d == Axis ? 1 : e).ToSeq(), (b, i) =>
            b.Min([x.Shape[Axis]], (t, k) => t.At(x, [.. i[..Axis], k[0], .. i[(Axis + 1)..]])));
        definition.Output(0, InferShapes([x.Shape])[0], (b, i) => b.Max([x.Shape[Axis]], (t, k) =>
        {
            Affine[] source = [.. i[..Axis], k[0], .. i[(Axis + 1)..]];
            var isHere = t.At(ranks, source).EqualTo(t.IndexValue(i[Axis]));
            return least is null
                ? isHere.Select(t.IndexValue(k[0]), t.Literal(Dyadic.Zero))
                : isHere.Select(t.At(x, source), t.At(least, [.. i[..Axis], 0, .. i[(Axis + 1)..]]));
        }));
    }
}

/// <summary>ONNX TopK with a constant number of elements.</summary>
internal static class TopK
{
    public static void Import(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var axis = node.Axis(node.Attributes.Int("axis", -1), x.Rank);
        var count = node.Opset < 10 ? node.Attributes.Int("k") : node.Integers(1, "number of elements") is [var k] ? k : throw node.RefuseValue("number of elements", "it must be one number");
        if (count < 1 || count > x.Shape[axis])
            throw node.Refuse($"{count} elements of an extent of {x.Shape[axis]}");
        var largest = node.Opset < 11 || node.Attributes.Flag("largest", otherwise: true);
        if (node.Opset >= 11)
            node.Attributes.Ignore("sorted"); // Any order is right without it, and the sorted one is any.
        var ranks = node.Emit("rank", DataType.Int64, new Rank(axis, largest), x);
        node.Output(0, x.Type, new Sorted(axis, (int)count, Positions: false), x, ranks);
        node.Output(1, DataType.Int64, new Sorted(axis, (int)count, Positions: true), x, ranks);
    }

    public static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("TopK", "attribute", 9).Input(1, 6).With("k", 2).AndOutput(DataType.Int64),
        OperatorCase.Of("TopK", "largest").Input(2, 5).Integers(3).AndOutput(DataType.Int64),
        OperatorCase.Of("TopK", "smallest, another dimension").Input(1, 4, 2).Integers(2).With("axis", 1).With("largest", 0).With("sorted", 1).AndOutput(DataType.Int64),
    ];
}
