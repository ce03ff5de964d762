using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators;
using Hls4Net.Operators.Hls;

namespace Hls4Net.Tests.Hls;

/// <summary>Averages and layer normalisation against plain integer code written from the description, one statement a step.</summary>
public sealed class HlsArithmeticTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void A_mean_wraps_in_its_accumulator_and_drops_its_remainder_toward_zero(int count)
    {
        // Elements of fixed<10,4> in a sum of fixed<9,4>: one fraction bit is floored from each, and sums beyond ±8 wrap.
        var op = new HlsMean([1], false, new(OperatorRun.Type("fixed<9,4>"), null));
        var raw = Numbers(count * 2000, 10);
        var found = OperatorRun.Emulate(op, OperatorRun.Type("fixed<10,4>").Type, [1, count], raw, OperatorRun.Type("fixed<12,6>"));
        for (var e = 0; e < found.Length; e++)
        {
            var sum = 0L;
            for (var k = 0; k < count; k++)
                sum = Wrap(sum + Wrap(raw[e * count + k] >> 1, 9), 9);
            // The accumulator has five fraction bits, the result six.
            Assert.Equal(2 * (sum / count), found[e]);
        }
    }

    [Fact]
    public void Windows_at_the_edge_are_divided_by_the_elements_that_they_have()
    {
        var counts = ConstantTensor.Of([3], [1, 2, 1]).Quantize(OperatorRun.Type("ufixed<2,2>"));
        var op = new HlsAveragePool(new Windows([2], [1], [1], [1], [1], false), new(OperatorRun.Type("fixed<12,6>"), OperatorRun.Type("fixed<6,3,RND,SAT>")));
        var raw = Numbers(2 * 1000, 8);
        var found = OperatorRun.Emulate(op, OperatorRun.Type("fixed<8,2>").Type, [1, 1, 2], raw, OperatorRun.Type("fixed<8,5>"), counts);
        for (var e = 0; e < 1000; e++)
        {
            var (a, b) = (raw[2 * e], raw[2 * e + 1]);
            Assert.Equal([Quotient(a, 1), Quotient(a + b, 2), Quotient(b, 1)], found[(3 * e)..(3 * e + 3)]);
        }

        // Six fraction bits, truncated; then three, to nearest with a tie upward, within ±4.
        static long Quotient(long sum, int count) => Math.Clamp((sum / count + 4) >> 3, -32, 31);
    }

    [Fact]
    public void A_layer_normalisation_is_its_steps()
    {
        const int size = 256;
        var types = HlsLayerNormTypes.Of(HlsLayerNormTypes.DefaultAccumulator, size, 1, 3, HlsLayerNormTypes.DefaultTable);
        var scale = ConstantTensor.Of([3], [3, -2, 1]).Quantize(OperatorRun.Type("fixed<4,4>"));
        var shift = ConstantTensor.Of([3], [1, 0, -4]).Quantize(OperatorRun.Type("fixed<4,4>"));
        var raw = Numbers(3 * 1500, 8);
        var found = OperatorRun.Emulate(new HlsLayerNorm(Dyadic.One / 1000, types), OperatorRun.Type("fixed<8,1>").Type, [1, 3], raw, OperatorRun.Type("fixed<30,17>"), scale, shift);
        for (var e = 0; e < 1500; e++)
        {
            // The accumulator is fixed<14,4,RND_CONV,SAT>: ten fraction bits.
            var x = raw[(3 * e)..(3 * e + 3)].Select(r => r << 3).ToArray();
            var third = 341L; // 1/3 to ten bits, to nearest even
            var mean = Round(Saturate(Saturate(x[0] + x[1]) + x[2]) * third, 10);
            var differences = x.Select(v => Saturate(v - mean)).ToArray();
            var squares = differences.Aggregate(0L, (s, d) => Saturate(s + Round(d * d, 10)));
            var variance = Round(squares * third, 10);
            var index = (int)Math.Clamp((variance * size * 2) / 1024, 0, size - 1);
            var at = (float)(0.001f + (float)(0.5f / size * index));
            var inverse = Math.Clamp((long)Math.Round(1.0 / MathF.Sqrt(at) * 8, MidpointRounding.ToEven), 0, 255);
            for (var k = 0; k < 3; k++)
                Assert.Equal(differences[k] * inverse * new[] { 3, -2, 1 }[k] + ((long)new[] { 1, 0, -4 }[k] << 13), found[3 * e + k]);
        }
    }

    private static long Round(long value, int drop)
    {
        var floor = value >> drop;
        var rest = value - (floor << drop);
        var half = 1L << (drop - 1);
        return Saturate(rest > half || (rest == half && (floor & 1) != 0) ? floor + 1 : floor);
    }

    private static long Saturate(long value) => Math.Clamp(value, -8192, 8191);

    private static long Wrap(long value, int bits) => value << (64 - bits) >> (64 - bits);

    private static long[] Numbers(int count, int bits)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ => (long)random.Next(-(1 << (bits - 1)), 1 << (bits - 1)))];
    }
}
