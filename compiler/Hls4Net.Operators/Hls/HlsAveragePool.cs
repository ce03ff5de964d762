using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators.Hls;

/// <summary>
/// The mean of each window as deployed HLS firmware computes it; without types it is the real mean. The second input, a constant that
/// broadcasts to the output positions, says of how many elements: where padding does not count, windows at the edges have fewer.
/// </summary>
public sealed record HlsAveragePool(Windows Windows, HlsMeanTypes? Types = null) : Operator
{
    public override Quantizer? AccumulatorType => Types?.Accumulator;

    public override Operator WithAccumulator(Quantizer accumulator) => this with { Types = new(accumulator, Types?.Quotient) };

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) =>
        [[inputs[0]!.Value[0], inputs[0]!.Value[1], .. Windows.Positions(inputs[0]!.Value)]];

    public override void Define(Definition definition)
    {
        var (x, counts) = (definition.Input(0), definition.Input(1));
        definition.Output(0, [x.Shape[0], x.Shape[1], .. Windows.Positions(x.Shape)], (b, i) =>
        {
            var sum = b.Sum(Windows.Kernel, (t, k) => t.At(x, [i[0], i[1], .. Windows.Coordinates(i.AsSpan(2), k)]), null, Types?.Accumulator,
                k => Windows.Guards(x.Shape, Windows.Coordinates(i.AsSpan(2), k)));
            var count = b.At(counts, Broadcasting.Indices(counts.Shape, i));
            var quotient = sum.Divide(count, Types?.Accumulator.Type.Fraction ?? 0);
            return Types is null ? quotient : Types.Quotient is { } last ? quotient.Cast(Types.Accumulator).Cast(last) : quotient.Cast(Types.Accumulator);
        });
    }
}
