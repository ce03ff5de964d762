using System.Numerics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Tests.Emulation;

/// <summary>The vectorised sums where 32-bit multiplication is just possible and just not.</summary>
public sealed class LaneSumTests
{
    private const int Lanes = 53;

    [Fact]
    public void Any_mixture_of_short_and_long_factors_adds_up_to_the_exact_sum()
    {
        var random = new Random(11);
        for (var n = 0; n < 3000; n++)
        {
            var algebra = new LaneAlgebra<long>(Lanes);
            var terms = new List<Lanes<long>>();
            var expected = new BigInteger[Lanes];
            for (var k = random.Next(1, 12); k > 0; k--)
                terms.Add(Draw(algebra, random));
            var fraction = terms.Max(t => t.Fraction);
            foreach (var term in terms)
            {
                for (var lane = 0; lane < Lanes; lane++)
                    expected[lane] += (BigInteger)term[lane] << (fraction - term.Fraction);
            }
            var sum = algebra.Sum(terms);
            Assert.Equal(fraction, sum.Fraction);
            for (var lane = 0; lane < Lanes; lane++)
                Assert.Equal(expected[lane], sum[lane]);
        }
    }

    public static TheoryData<string> Types =>
    [
        "fixed<31,31>", "fixed<32,32>", "fixed<33,33>", "fixed<40,40>", "ufixed<31,31>", "ufixed<32,32>", "ufixed<33,33>",
    ];

    [Theory]
    [MemberData(nameof(Types))]
    public void Weighted_sums_are_exact_for_inputs_and_casts_of_every_width_around_32_bits(string text)
    {
        Assert.True(Quantizer.TryParse(text, Rounding.Trn, Overflow.Wrap, out var quantizer, out _));
        var type = quantizer.Type;
        long[] weights = [1, -1, 3, int.MaxValue >> 12, -(1 << 20)];
        foreach (var throughCast in new[] { false, true })
        {
            var design = WeightedSum(type, weights, throughCast ? quantizer : null);
            var raw = Enumerable.Range(0, 100 * weights.Length).Select(i => (i % 4) switch
            {
                0 => (long)type.MinimumRaw,
                1 => (long)type.MaximumRaw,
                2 => (long)type.MaximumRaw / 2 + 1,
                _ => i * 7_777_777L % ((long)type.MaximumRaw + 1),
            }).ToArray();
            var result = new Emulator(design).Run(new Dictionary<string, RawBatch> { ["x"] = RawBatch.Of(weights.Length, raw) })["y"];
            for (var e = 0; e < 100; e++)
                Assert.Equal(Enumerable.Range(0, weights.Length).Sum(k => raw[e * weights.Length + k] * weights[k]), result[e, 0]);
        }
    }

    private static Lanes<long> Draw(LaneAlgebra<long> algebra, Random random)
    {
        var isNarrow = random.Next(2) == 0;
        var raw = new long[random.Next(6) == 0 ? 1 : Lanes];
        for (var lane = 0; lane < raw.Length; lane++)
        {
            raw[lane] = random.Next(4) switch
            {
                0 => isNarrow ? int.MinValue : -(1L << 36),
                1 => isNarrow ? int.MaxValue : 1L << 36,
                _ => random.NextInt64(int.MinValue, int.MaxValue + 1L) << (isNarrow ? 0 : random.Next(5)),
            };
        }
        var operand = new Lanes<long>(raw, random.Next(4), isNarrow);
        if (random.Next(3) == 0)
            return operand;
        long[] factors = [0, 1, -1, 255, int.MaxValue >> 16, int.MinValue >> 16, isNarrow ? int.MaxValue : 7, isNarrow ? int.MinValue : -7, isNarrow ? 1L << 26 : 9];
        // The largest products have 2^62, and a shift by at most 3 bits must not carry a sum of eleven beyond 64.
        var factor = factors[random.Next(factors.Length)];
        var product = algebra.Multiply(operand, new Lanes<long>([factor], random.Next(3)));
        return Math.Abs(factor) > 1 << 17 ? algebra.Multiply(new Lanes<long>([.. raw.Select(r => r >> 12)], operand.Fraction, isNarrow), new Lanes<long>([factor], 0)) : product;
    }

    private static Design WeightedSum(FixedType type, long[] weights, Quantizer? cast)
    {
        var constantType = new FixedType(true, 32, 32);
        var tensor = new ConstantTensor([weights.Length], weights.Select(w => new Dyadic(w, 0)).ToSeq(), constantType, weights.ToSeq());
        Instruction[] load = cast is { } q
            ? [new Load(0, new Affine(0, [0, 1])), new Cast(0, q), new Load(1, new Affine(0, [0, 1])), new Multiply(1, 2)]
            : [new Load(0, new Affine(0, [0, 1])), new Load(1, new Affine(0, [0, 1])), new Multiply(0, 1)];
        var sum = new Reduce(Reduction.Sum, [weights.Length], [], new Block(load.ToSeq()), null, -1);
        var stage = new Stage("y", new Kernel([1], new Block([sum])), ["x", "w"], "y", new Origin("n", "Gemm"), Schedule.Unrolled);
        return new("d", ["x"], [], ["y"], [new("x", [weights.Length], type, "x"), new("y", [1], new FixedType(true, 63, 63), "y")], [new("w", tensor)], [stage]);
    }
}
