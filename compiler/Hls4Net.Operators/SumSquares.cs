using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators;

/// <summary>The sum of the squares of all elements, of shape [1, 1].</summary>
/// <param name="TermType">Null, or what each square is cast to before it is added.</param>
/// <param name="Accumulator">Null for an exact sum.</param>
public sealed record SumSquares(Quantizer? TermType = null, Quantizer? Accumulator = null) : Operator
{
    public override Quantizer? AccumulatorType => Accumulator;

    public override bool Multiplies => true;

    public override Operator WithAccumulator(Quantizer accumulator) => this with { Accumulator = accumulator };

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) => [[1, 1]];

    public override void Define(Definition definition)
    {
        var x = definition.Input(0);
        definition.Output(0, [1, 1], (b, _) => b.Sum([Shapes.Count(x.Shape)], (t, i) =>
        {
            var element = t.AtLinear(x, i[0]);
            var square = element * element;
            return TermType is { } type ? square.Cast(type) : square;
        }, accumulator: Accumulator));
    }
}
