using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators;

/// <summary>
/// One dimension of a tensor multiplied by a matrix: y[…, n, …] = Σₖ x[…, k, …] · w[k, n]. Interpolation along a dimension is this.
/// </summary>
/// <param name="Axis">The dimension.</param>
/// <param name="Accumulator">Null for an exact sum.</param>
public sealed record LinearMap(int Axis, Quantizer? Accumulator = null) : Operator
{
    public override bool Multiplies => true;

    public override ConstantRole RoleOf(int input) => ConstantRole.Weight;

    public override Quantizer? AccumulatorType => Accumulator;

    public override Operator WithAccumulator(Quantizer accumulator) => this with { Accumulator = accumulator };

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var (x, w) = (inputs[0]!.Value, inputs[1]!.Value);
        return Axis < x.Count && w.Count == 2 && w[0] == x[Axis]
            ? [x.Select((e, d) => d == Axis ? w[1] : e).ToSeq()]
            : throw new ShapeException($"a matrix of shape {w} on dimension {Axis} of {x}");
    }

    public override void Define(Definition definition)
    {
        var (x, w) = (definition.Input(0), definition.Input(1));
        definition.Output(0, InferShapes([x.Shape, w.Shape])[0], (b, i) => b.Sum([w.Shape[0]], (t, k) =>
            t.At(x, [.. i[..Axis], k[0], .. i[(Axis + 1)..]]) * t.At(w, k[0], i[Axis]), accumulator: Accumulator));
    }
}
