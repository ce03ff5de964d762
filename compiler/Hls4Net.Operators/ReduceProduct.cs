using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>The product over some dimensions, exact: its width is the sum of the factors' widths. ONNX ReduceProd.</summary>
/// <param name="Axes">The dimensions, ascending.</param>
/// <param name="KeepDimensions">Whether they stay, with extent 1.</param>
public sealed record ReduceProduct(Seq<int> Axes, bool KeepDimensions) : Operator
{
    public override bool Multiplies => true;

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) => [ReducedAxes.Shape(inputs[0]!.Value, Axes, KeepDimensions)];

    public override void Define(Definition definition)
    {
        var x = definition.Input(0);
        var extents = ReducedAxes.Extents(x.Shape, Axes);
        definition.Output(0, ReducedAxes.Shape(x.Shape, Axes, KeepDimensions), (b, i) =>
        {
            var factors = new List<Term>();
            var reduced = new int[extents.Count];
            do
                factors.Add(b.At(x, ReducedAxes.Element(x.Shape, Axes, KeepDimensions, i, [.. reduced.Select(r => Affine.Constant(r))])));
            while (Shapes.Advance(reduced, extents));
            return Product(factors);
        });
    }

    internal static void Import(OnnxNode node)
    {
        var (x, axes, keep) = ReducedAxes.Read(node, 18);
        if (axes.Count == 0)
            node.Output(new Reshape(x.Shape), x);
        else
            node.Arithmetic(new ReduceProduct(axes, keep), x);
    }

    internal static IEnumerable<OperatorCase> Cases() => ReducedAxes.Cases("ReduceProd", 18);

    /// <summary>As a balanced tree.</summary>
    private static Term Product(List<Term> factors)
    {
        while (factors.Count > 1)
            factors = [.. factors.Chunk(2).Select(pair => pair.Length == 2 ? pair[0] * pair[1] : pair[0])];
        return factors[0];
    }
}
