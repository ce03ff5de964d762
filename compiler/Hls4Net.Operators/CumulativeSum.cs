using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>
/// The sum of an element and all before it along a dimension, exact, by doubling: after step s each element holds the sum of 2^s
/// neighbours, so that n elements cost n · log₂ n additions in log₂ n levels. ONNX CumSum.
/// </summary>
/// <param name="Axis">The dimension, counted from 0.</param>
/// <param name="Exclusive">Leaves the element itself out.</param>
/// <param name="Reverse">Sums from the end.</param>
public sealed record CumulativeSum(int Axis, bool Exclusive, bool Reverse) : Operator
{
    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) => [inputs[0]!.Value];

    public override void Define(Definition definition)
    {
        var x = definition.Input(0);
        var extent = x.Shape[Axis];
        if (Exclusive)
            x = definition.Temporary("before", x.Shape, (b, i) => Neighbours(b, x, i, first: 1, step: 1, count: 1));
        var reach = 1;
        for (; 2 * reach < extent; reach *= 2)
        {
            var (shorter, step) = (x, reach);
            x = definition.Temporary($"sums{2 * reach}", x.Shape, (b, i) => Neighbours(b, shorter, i, first: 0, step, count: 2));
        }
        definition.Output(0, x.Shape, (b, i) => Neighbours(b, x, i, first: 0, reach, count: 2));
    }

    internal static void Import(OnnxNode node)
    {
        var x = node.Input(0, "input");
        var axes = node.Integers(1, "axis");
        if (axes is not [var axis])
            throw node.RefuseValue("axis", "it must be one whole number");
        var exclusive = node.Attributes.Flag("exclusive", otherwise: false);
        node.Arithmetic(new CumulativeSum(node.Axis(axis, x.Rank), exclusive, node.Attributes.Flag("reverse", otherwise: false)), x);
    }

    internal static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("CumSum", "vector", 11).Input(1, 7).Integers(1),
        OperatorCase.Of("CumSum", "exclusive", 14).Input(1, 4, 2).Integers(-2).With("exclusive", 1),
        OperatorCase.Of("CumSum", "reverse").Input(1, 5).Integers(1).With("reverse", 1),
        OperatorCase.Of("CumSum", "both").Input(1, 2, 8).Integers(2).With("reverse", 1).With("exclusive", 1),
        OperatorCase.Of("CumSum", "one element").Input(1, 1, 3).Integers(1),
    ];

    /// <summary>The sum of the element first places before i and those a step further, as far as they exist.</summary>
    private Term Neighbours(BlockBuilder block, TensorHandle x, Affine[] i, int first, int step, int count)
    {
        return block.Sum([count], (t, k) =>
        {
            var element = i.ToArray();
            element[Axis] = Coordinate(k[0]);
            return t.At(x, element);
        }, where: k => [new Guard(Coordinate(k[0]), x.Shape[Axis])]);

        Affine Coordinate(Affine k)
        {
            var distance = k * step + first;
            return Reverse ? i[Axis] + distance : i[Axis] - distance;
        }
    }
}
