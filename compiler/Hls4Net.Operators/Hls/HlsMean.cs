using System.Numerics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators.Hls;

/// <summary>What averages of the HLS dialect are cast to on the way.</summary>
/// <param name="Accumulator">Of each element, of every step of the sum, and of the quotient, which is truncated toward zero to its fraction.</param>
/// <param name="Quotient">Of the quotient once more; null for nothing.</param>
public sealed record HlsMeanTypes(Quantizer Accumulator, Quantizer? Quotient)
{
    /// <summary>sum / count.</summary>
    internal Term Divide(BlockBuilder block, Term sum, int count)
    {
        // Division by a power of two is a shift whose bits are dropped toward zero.
        var type = Accumulator.Type;
        var quotient = int.IsPow2(count)
            ? sum.Shift(-BitOperations.Log2((uint)count)).Cast(Accumulator with { Rounding = Rounding.TrnZero })
            : sum.Divide(block.Literal(count), type.Fraction).Cast(Accumulator);
        return Quotient is { } last ? quotient.Cast(last) : quotient;
    }
}

/// <summary>The mean over some dimensions as deployed HLS firmware computes it; without types it is the real mean.</summary>
/// <param name="Axes">The dimensions that are averaged over, ascending.</param>
/// <param name="KeepDimensions">Whether they stay, with extent 1.</param>
public sealed record HlsMean(Seq<int> Axes, bool KeepDimensions, HlsMeanTypes? Types = null) : Operator
{
    public override Quantizer? AccumulatorType => Types?.Accumulator;

    public override Operator WithAccumulator(Quantizer accumulator) => this with { Types = new(accumulator, Types?.Quotient) };

    /// <summary>How many elements each mean is of.</summary>
    public int CountOf(Seq<int> x) => Shapes.Count(ReducedAxes.Extents(x, Axes));

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) => [ReducedAxes.Shape(inputs[0]!.Value, Axes, KeepDimensions)];

    public override void Define(Definition definition)
    {
        var x = definition.Input(0);
        definition.Output(0, ReducedAxes.Shape(x.Shape, Axes, KeepDimensions), (b, i) =>
        {
            var sum = b.Sum(ReducedAxes.Extents(x.Shape, Axes),
                (t, r) => t.At(x, ReducedAxes.Element(x.Shape, Axes, KeepDimensions, i, r)), accumulator: Types?.Accumulator);
            return Types is null ? sum.Divide(b.Literal(CountOf(x.Shape)), 0) : Types.Divide(b, sum, CountOf(x.Shape));
        });
    }
}
