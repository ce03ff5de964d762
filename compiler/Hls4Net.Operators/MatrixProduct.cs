using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators;

/// <summary>
/// y[…, m, n] = Σₖ a[…, m, k] · b[…, k, n] for tensors of at least two dimensions, the leading ones broadcast. For matrices that are both
/// computed, and for constants that <see cref="Dense"/> does not cover.
/// </summary>
/// <param name="Accumulator">Null for an exact sum; with a type, products are cast to it and added in ascending k with a cast after every step.</param>
public sealed record MatrixProduct(Quantizer? Accumulator = null) : Operator
{
    public override bool Multiplies => true;

    public override ConstantRole RoleOf(int input) => ConstantRole.Weight;

    public override Quantizer? AccumulatorType => Accumulator;

    public override Operator WithAccumulator(Quantizer accumulator) => this with { Accumulator = accumulator };

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var (a, b) = (inputs[0]!.Value, inputs[1]!.Value);
        if (a.Count < 2 || b.Count < 2 || a[^1] != b[^2])
            throw new ShapeException($"a matrix product needs […, M, K] by […, K, N], and got {a} by {b}");
        return [OutputShape(a, b)];
    }

    public override void Define(Definition definition)
    {
        var (a, b) = (definition.Input(0), definition.Input(1));
        definition.Output(0, OutputShape(a.Shape, b.Shape), (block, i) => block.Sum([a.Shape[^1]], (t, k) =>
            t.At(a, Element(a.Shape, i[..^2], i[^2], k[0])) * t.At(b, Element(b.Shape, i[..^2], k[0], i[^1])), accumulator: Accumulator));
    }

    private static Affine[] Element(Seq<int> shape, Affine[] batch, Affine row, Affine column) =>
        [.. Broadcasting.Indices(Batch(shape), batch), row, column];

    private static Seq<int> OutputShape(Seq<int> a, Seq<int> b) => [.. Broadcasting.Shape(Batch(a), Batch(b)), a[^2], b[^1]];

    private static Seq<int> Batch(Seq<int> shape) => shape.Span[..^2].ToArray().ToSeq();
}
