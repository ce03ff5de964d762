using System.Numerics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators.Hls;

/// <summary>The types of a layer normalisation of the HLS dialect.</summary>
/// <param name="Accumulator">Of the reciprocal of the count, of sums, means, differences, squares and the variance.</param>
/// <param name="Size">Number of entries of the table.</param>
/// <param name="RangePower">The table covers variances up to 2^−this.</param>
/// <param name="InverseRoots">1/√variance.</param>
public sealed record HlsLayerNormTypes(Quantizer Accumulator, int Size, int RangePower, Table InverseRoots)
{
    /// <summary>The type of sums where the user names none.</summary>
    public static Quantizer DefaultAccumulator { get; } = new(new FixedType(true, 14, 4), Rounding.RndConv, Overflow.Sat);

    /// <summary>The type of the table where the user names none.</summary>
    public static Quantizer DefaultTable { get; } = new(new FixedType(false, 8, 5), Rounding.RndConv, Overflow.Sat);

    /// <summary>Number of entries where the user names none.</summary>
    public const int DefaultSize = 4096;

    /// <summary>The types with the table: entry i is 1/√(ε + i · 2^−power / size), in float32 up to the root.</summary>
    /// <param name="epsilonPower">ε is 10^−this.</param>
    public static HlsLayerNormTypes Of(Quantizer accumulator, int size, int rangePower, int epsilonPower, Quantizer table)
    {
        var epsilon = Float32.Round(Dyadic.One / new Dyadic(BigInteger.Pow(10, epsilonPower), 0));
        var step = HlsFloat.Divide(new Dyadic(1, -rangePower), size)!.Value;
        var entries = HlsTables.Make(HlsFunctions.Of("hls_inverse_root", step, epsilon), size, 0, table, i =>
        {
            var variance = Float32.Round(epsilon + Float32.Round(step * i));
            return HlsFloat.Float64(Dyadic.One / Float32.Round(variance.Sqrt()));
        });
        return new(accumulator, size, rangePower, entries);
    }
}

/// <summary>
/// Differences from the mean over the last dimension, divided by the root of their mean square, times a scale plus a shift; as deployed
/// HLS firmware computes it, and without types in real numbers. Inputs: x, scale, shift.
/// </summary>
/// <param name="Epsilon">Added to the variance; the firmware knows powers of ten.</param>
public sealed record HlsLayerNorm(Dyadic Epsilon, HlsLayerNormTypes? Types = null) : Operator
{
    public override bool Multiplies => true;

    public override ConstantRole RoleOf(int input) => input == 1 ? ConstantRole.Scale : ConstantRole.Bias;

    public override Quantizer? AccumulatorType => Types?.Accumulator;

    public override Operator WithAccumulator(Quantizer accumulator) => Types is null ? this : this with { Types = Types with { Accumulator = accumulator } };

    /// <summary>The power of ten that ε is nearest to, negated: how the firmware writes it.</summary>
    public int EpsilonPower => -(int)Math.Round(Math.Log10(Epsilon.ToDouble()));

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) => [inputs[0]!.Value];

    public override void Define(Definition definition)
    {
        var x = definition.Input(0);
        Seq<int> rows = [.. x.Shape.Span[..^1], 1];
        var count = x.Shape[^1];
        var mean = definition.Temporary("mean", rows, (b, i) =>
            Mean(b, b.Sum([count], (t, k) => t.At(x, [.. i[..^1], k[0]]), accumulator: Types?.Accumulator), count));
        var differences = definition.Temporary("differences", x.Shape, (b, i) =>
            Cast(Cast(b.At(x, i)) - b.At(mean, [.. i[..^1], 0])));
        var inverse = definition.Temporary("inverse", rows, (b, i) => InverseRoot(b, Mean(b, b.Sum([count], (t, k) =>
        {
            var difference = t.At(differences, [.. i[..^1], k[0]]);
            return difference * difference;
        }, accumulator: Types?.Accumulator), count)));
        definition.Output(0, x.Shape, (b, i) => b.At(differences, i) * b.At(inverse, [.. i[..^1], 0])
            * b.At(definition.Input(1), i[^1]) + b.At(definition.Input(2), i[^1]));
    }

    private Term Cast(Term value) => Types is null ? value : value.Cast(Types.Accumulator);

    private Term Mean(BlockBuilder block, Term sum, int count) => Types is null
        ? sum.Divide(block.Literal(count), 0)
        : (sum * block.Literal(Casting.Apply(HlsFloat.Float64(Dyadic.One / count), Types.Accumulator))).Cast(Types.Accumulator);

    private Term InverseRoot(BlockBuilder block, Term variance) => Types is null
        ? variance.Lookup(new Table(HlsFunctions.Of("hls_inverse_root", Dyadic.One, Epsilon), null))
        : HlsTables.At(block, variance, Types.InverseRoots, Types.Size, 0, -Types.RangePower);
}
