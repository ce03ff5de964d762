using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators;

/// <summary>The sum of all elements, of shape [1, 1].</summary>
/// <param name="Accumulator">Null for an exact sum.</param>
public sealed record SumAll(Quantizer? Accumulator = null) : Operator
{
    public override Quantizer? AccumulatorType => Accumulator;

    public override Operator WithAccumulator(Quantizer accumulator) => this with { Accumulator = accumulator };

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) => [[1, 1]];

    public override void Define(Definition definition)
    {
        var x = definition.Input(0);
        definition.Output(0, [1, 1], (b, _) => b.Sum([Shapes.Count(x.Shape)], (t, i) => t.AtLinear(x, i[0]), accumulator: Accumulator));
    }
}
