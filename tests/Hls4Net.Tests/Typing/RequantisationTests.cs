using System.Numerics;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators;
using Hls4Net.Operators.Onnx;
using Hls4Net.Tests.Support;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;
using Hls4Net.Transforms.Typing;

namespace Hls4Net.Tests.Typing;

/// <summary>A quantiser as one multiplication gives, for every whole number of its operand's interval, the integer of the exact quotient.</summary>
public sealed class RequantisationTests
{
    public static TheoryData<string> Modes => [.. ExactRounding.Modes];

    [Theory]
    [MemberData(nameof(Modes))]
    public void Every_operand_rounds_as_the_exact_quotient_does(string mode)
    {
        var random = new Random(mode.Length * 7 + mode[0]);
        for (var trial = 0; trial < 60; trial++)
        {
            var (bits, signed) = (random.Next(1, 9), random.Next(2) == 0);
            var narrow = bits > 1 && random.Next(3) == 0;
            // Small factors make ties and whole quotients frequent, float32 mantissas make neighbours of them.
            var factor = random.Next(3) == 0 ? random.Next(1 << 23, 1 << 24) : random.Next(-1, 13);
            var divisor = random.Next(3) == 0 ? random.Next(1 << 23, 1 << 24) : random.Next(1, 50);
            var shift = random.Next(4) == 0 ? random.Next(-(1 << 24), 1 << 24) : random.Next(-20, 20) * divisor;
            var reach = random.Next(2) == 0 ? 40 : 3000;
            Check(mode, signed, narrow, bits, factor, shift, divisor, -random.Next(reach), random.Next(reach), random.Next(-2, 9));
        }
    }

    [Fact]
    public void Ties_of_an_average_over_six_go_to_the_even_neighbour()
    {
        Check("ROUND", true, false, 8, 1, 0, 6, -600, 600, 0);
        Check("ROUND", false, false, 8, 1, 18, 6, -600, 600, 0);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(24)]
    public void Many_integers_round_as_the_exact_quotient_does(int bits)
    {
        var random = new Random(bits);
        for (var trial = 0; trial < 4; trial++)
        {
            var (factor, divisor) = (random.Next(1 << 23, 1 << 24), random.Next(1 << 17, 1 << 18) | 1);
            var reach = 1 << (bits - 2);
            var code = QuantCode.Parse("ROUND", true, false, bits)!;
            var numbers = Enumerable.Range(0, 500).Select(_ => random.Next(-reach, reach)).Concat([0, reach, -reach, divisor, -divisor]);
            Compare("ROUND", code, factor, 3, divisor, new(-reach, reach, 3), numbers);
        }
    }

    [Fact]
    public void A_multiplier_has_hardly_more_bits_than_operand_and_integers()
    {
        var random = new Random(5);
        for (var trial = 0; trial < 60; trial++)
        {
            ConstantTensor[] parameters = [Number(random.Next(1 << 23, 1 << 24)), Number(0), Number((BigInteger)random.Next(1 << 23, 1 << 24) << 12)];
            var (op, constants) = TypeQuantiser.Choose(new UniformQuantize(QuantCode.Parse("ROUND", true, false, 8)!),
                parameters, new Interval(-(1 << 19), 1 << 19, 0));
            Assert.True(op.Slack.IsZero);
            // Twenty bits of operand, eight of integers; a few more where a quotient comes near a tie.
            Assert.InRange((int)constants[0].Values[0].Mantissa.GetBitLength(), 1, 44);
        }
    }

    [Fact]
    public void Whole_numbers_added_after_the_rounding_leave_its_ties_alone()
    {
        foreach (var (factor, divisor) in new[] { (1, 2), (1, 6), (5, 4), (9437184, 6291456), (7, 3) })
        {
            var code = QuantCode.Parse("ROUND", false, false, 8)!;
            ConstantTensor[] parameters = [Number(factor), Number(0), Number(divisor), ConstantTensor.Of([3], [2, 3, 10])];
            var (op, constants) = TypeQuantiser.Choose(new UniformQuantize(code), parameters, new(-500, 500, 0));
            var x = ConstantTensor.Of([1001, 3], Enumerable.Range(0, 3003).Select(k => (Dyadic)(k / 3 - 500)).ToSeq());
            var found = ConstantFolder.Fold(op, [x, .. constants], x.Shape)!;
            for (var k = 0; k < 3003; k++)
            {
                var expected = ExactRounding.Round(new BigInteger(k / 3 - 500) * factor, divisor, "ROUND") + parameters[3].Values[k % 3].ToRaw(0);
                Assert.Equal(new Dyadic(BigInteger.Clamp(expected, 0, 255), 0), found.Values[k]);
            }
        }
    }

    [Fact]
    public void A_quantiser_that_would_need_more_than_63_bits_is_refused()
    {
        var model = new OnnxModelBuilder().Import("qonnx.custom_op.general", 1).Input("x", [1, 2]).Constant("s", [], [3.3e-12]).Constant("z", [], [0]).Constant("b", [], [32])
            .Node("qonnx.custom_op.general", "Quant", ["x", "s", "z", "b"], ["y"], []).Output("y").ToBytes();
        var diagnostics = new DiagnosticBag();
        var graph = OnnxImporter.Import(model, "m", null, new ImportOptions(), diagnostics);
        Assert.True(Quantizer.TryParse("fixed<50,8,RND,SAT>", default, default, out var input, out _));
        var configuration = Configuration.Default with { Inputs = new Dictionary<string, (Quantizer, long)> { ["x"] = (input, 0L) } };
        var refusal = Assert.Throws<UserErrorException>(() => Pipelines.ToDesign(graph, Score.None, configuration, null, diagnostics));
        Assert.Contains("HLS3030", refusal.ToString());
    }

    [Theory]
    [InlineData(24, true)]
    [InlineData(4, false)]
    public void A_quantised_value_that_has_to_be_narrowed_is_named(int bits, bool isNarrowed)
    {
        var random = new Random(2);
        double[] Weights() => [.. Enumerable.Range(0, 36).Select(_ => isNarrowed ? random.NextDouble() : random.Next(-3, 4))];
        var model = new OnnxModelBuilder().Import("qonnx.custom_op.general", 1).Input("x", [1, 6]).Constant("s", [], [isNarrowed ? 0.3 : 0.25])
            .Constant("z", [], [0]).Constant("b", [], [bits]).Constant("v", [6, 6], Weights()).Constant("w", [6, 6], Weights())
            .Node("qonnx.custom_op.general", "Quant", ["x", "s", "z", "b"], ["q"], []).Node("MatMul", ["q", "v"], ["h"]).Node("MatMul", ["h", "w"], ["i"])
            .Node("MatMul", ["i", "v"], ["y"]).Output("y").ToBytes();
        var diagnostics = new DiagnosticBag();
        var graph = OnnxImporter.Import(model, "m", null, new ImportOptions(), diagnostics);
        Assert.NotNull(Pipelines.ToDesign(graph, Score.None, Configuration.Default, null, diagnostics));
        Assert.Equal(isNarrowed, diagnostics.Items.Any(d => d.Rule == Messages.QuantisedNarrowedRule && d.ToString().Contains("'i", StringComparison.Ordinal)));
    }

    private static void Check(string mode, bool signed, bool narrow, int bits, int factor, int shift, int divisor, int low, int high, int fraction) =>
        Compare(mode, QuantCode.Parse(mode, signed, narrow, bits)!, factor, shift, divisor, new(low, high, fraction), Enumerable.Range(low, high - low + 1));

    private static void Compare(string mode, QuantCode code, int factor, int shift, int divisor, Interval operand, IEnumerable<int> raw)
    {
        ConstantTensor[] parameters = [Number(factor), Number(shift), Number(divisor)];
        var (op, constants) = TypeQuantiser.Choose(new UniformQuantize(code), parameters, operand);
        var numbers = raw.ToArray();
        var x = ConstantTensor.Of([numbers.Length], numbers.Select(n => new Dyadic(n, -operand.Fraction)).ToSeq());
        var found = ConstantFolder.Fold(op, [x, .. constants], x.Shape)!;
        var definition = ConstantFolder.Fold(new UniformQuantize(code), [x, .. parameters], x.Shape)!;
        var unit = BigInteger.Pow(2, Math.Abs(operand.Fraction));
        for (var k = 0; k < numbers.Length; k++)
        {
            var (numerator, denominator) = operand.Fraction >= 0
                ? (numbers[k] * (BigInteger)factor + shift * unit, divisor * unit)
                : (numbers[k] * unit * factor + shift, (BigInteger)divisor);
            var expected = ExactRounding.Code(numerator, denominator, mode, code.Signed, code.Narrow, code.Bits);
            Assert.True(found.Values[k] == new Dyadic(expected, 0),
                $"{mode} of ({numbers[k]}·2^-{operand.Fraction} · {factor} + {shift}) / {divisor} in {code.Bits} bits is {found.Values[k]}, not {expected}; slack {op.Slack}.");
            Assert.Equal(new Dyadic(expected, 0), definition.Values[k]);
        }
    }

    private static ConstantTensor Number(BigInteger value) => Constants.Scalar(new Dyadic(value, 0));

}
