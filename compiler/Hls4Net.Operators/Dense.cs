using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators;

/// <summary>
/// A matrix product with a bias: y[…, n] = bias[n] + Σₖ x[…, k] · w[k, n]. Inputs: x of shape […, K], w of shape [K, N], and an optional
/// bias of shape [N]. Gemm and MatMul with a constant on the right both become this.
/// </summary>
/// <param name="Accumulator">
/// Null for an exact sum. With a type, the bias is cast to it first, then each product, and they are added in ascending k with a cast
/// after every step.
/// </param>
public sealed record Dense(Quantizer? Accumulator = null) : Operator
{
    public override Quantizer? AccumulatorType => Accumulator;

    public override bool Multiplies => true;

    public override ConstantRole RoleOf(int input) => input == 2 ? ConstantRole.Bias : ConstantRole.Weight;

    public override Operator WithAccumulator(Quantizer accumulator) => this with { Accumulator = accumulator };

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs)
    {
        var (x, w) = (inputs[0]!.Value, inputs[1]!.Value);
        if (x.Count == 0 || w.Count != 2 || x[^1] != w[0])
            throw new ShapeException($"a matrix product needs […, K] by [K, N], and got {x} by {w}");
        if (inputs.Count > 2 && inputs[2] is { } bias && bias != [w[1]])
            throw new ShapeException($"the bias has shape {bias} where {w[1]} results ask for [{w[1]}]");
        return [OutputShape(x, w)];
    }

    public override void Define(Definition definition)
    {
        var (x, w) = (definition.Input(0), definition.Input(1));
        var bias = definition.Has(2) ? definition.Input(2) : null;
        definition.Output(0, OutputShape(x.Shape, w.Shape), (b, i) =>
        {
            Term? initial = bias is null ? null : b.At(bias, i[^1]);
            return b.Sum([w.Shape[0]], (t, k) => t.At(x, [.. i[..^1], k[0]]) * t.At(w, k[0], i[^1]), initial, Accumulator);
        });
    }

    private static Seq<int> OutputShape(Seq<int> x, Seq<int> w) => [.. x.Span[..^1], w[1]];
}
