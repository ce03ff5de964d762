using Hls4Net.Core.Diagnostics;
using Hls4Net.Operators.Onnx;
using static Hls4Net.Tests.Hls.HlsProjectRun;

namespace Hls4Net.Tests.Hls;

/// <summary>
/// Quantisers of any scale, ±1 and layer normalisation under hls4ml configurations, against loops that say what the firmware does.
/// </summary>
public sealed class HlsQuantiserTests
{
    private const string General = "qonnx.custom_op.general";
    private const string Default = "{ Model: { Precision: 'fixed<16,6>' } }";

    /// <summary>Each quantiser, and each rescale behind the product, with types that nothing names.</summary>
    private const string Auto = "Precision: { result: auto, scale: auto, bias: auto, weight: auto, accum: auto }";

    private const float DataScale = 0.3f, WeightScale = 0.07f;

    [Fact]
    public void Scales_become_layers_behind_the_product_which_multiplies_integers()
    {
        var weights = Numbers(5, 12);
        var compiled = Compile(Product(weights, 0), Default);
        Assert.Equal(["global_in", "Quant_0_scale", "Quant_0_act", "Dense_MatMul_0", "Quant_0_rescale", "Quant_1_rescale"], compiled.Project!.Layers.Select(l => l.Name));
        Assert.Equal("ufixed<5,5,RND_CONV,SAT>", compiled.Project.Layers[2].Types["result"].ToString());
        Assert.Equal("fixed<4,4,RND_CONV,SAT_SYM>", compiled.Project.Layers[3].Types["weight"].ToString());
        var changed = 0;
        foreach (var (x, y) in Events(compiled, 1, 200))
        {
            var q = x[0].Select(v => Clamp(Even(Fixed(v * Text(1f / DataScale))), 0, 31)).ToArray();
            for (var n = 0; n < 3; n++)
            {
                var sum = Fixed(Enumerable.Range(0, 4).Sum(k => q[k] * Integer(weights[k * 3 + n], WeightScale, 7)));
                Assert.Equal(Fixed(Fixed(sum * Text(DataScale)) * Text(WeightScale)), y[n]);
                changed += y[n] != 0 ? 1 : 0;
            }
        }
        Assert.True(changed > 100);
    }

    [Fact]
    public void Scales_without_types_of_their_own_become_one()
    {
        var weights = Numbers(5, 12);
        var compiled = Compile(Product(weights, 0), $"{{ Model: {{ Precision: 'fixed<16,6>' }}, LayerName: {{ Quant_0: {{ {Auto} }}, Quant_1: {{ {Auto} }}, MatMul_0: {{ {Auto} }} }} }}");
        // 5 + 4 bits and two for four terms, a bit for the bias and the fraction of its type; then the scale's sixteen.
        Assert.Equal(["Quant_0_scale", "Dense_MatMul_0", "Quant_1_rescale"], compiled.Project!.Layers.Skip(1).Select(l => l.Name));
        Assert.Equal("ufixed<5,5,RND_CONV,SAT>", compiled.Project.Layers[1].Types["result"].ToString());
        foreach (var (x, y) in Events(compiled, 1, 200))
        {
            var q = x[0].Select(v => Clamp(Even(v * Text(1f / DataScale)), 0, 31)).ToArray();
            for (var n = 0; n < 3; n++)
                Assert.Equal(Enumerable.Range(0, 4).Sum(k => q[k] * Integer(weights[k * 3 + n], WeightScale, 7)) * Text(DataScale * WeightScale), y[n]);
        }
    }

    [Fact]
    public void A_zero_point_of_the_data_stays_before_the_product()
    {
        var weights = Numbers(6, 12);
        var compiled = Compile(Product(weights, 3), Default);
        Assert.Equal(["Quant_0_rescale", "Dense_MatMul_0", "Quant_1_rescale"], compiled.Project!.Layers.Skip(3).Select(l => l.Name));
        foreach (var (x, y) in Events(compiled, 1, 200))
        {
            var q = x[0].Select(v => Clamp(Even(Fixed(v * Text(1f / DataScale) + 3)), 0, 31)).Select(v => Fixed(v * Text(DataScale) + Text(-3 * DataScale))).ToArray();
            for (var n = 0; n < 3; n++)
            {
                var sum = Enumerable.Range(0, 4).Aggregate(0.0, (a, k) => Fixed(a + Fixed(q[k] * Integer(weights[k * 3 + n], WeightScale, 7))));
                Assert.Equal(Fixed(sum * Text(WeightScale)), y[n]);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_scale_for_each_filter_follows_the_convolution(bool isBiased)
    {
        const int Size = 3, Channels = 2, Filters = 2;
        var weights = Numbers(8, Filters * Channels * 4);
        double[] bias = [0.4375, -1.25];
        // A bias without a quantiser divides out by one scale only.
        var scales = isBiased ? [0.11f, 0.11f] : new[] { 0.11f, 0.06f };
        var model = Model([1, Channels, Size, Size]).Constant("w", [Filters, Channels, 2, 2], weights).Constant("ws", [Filters, 1, 1, 1], [.. scales.Select(s => (double)s)])
            .Constant("z", [], [0]).Constant("wb", [], [5]).Node(General, "Quant", ["w", "ws", "z", "wb"], ["wq"], [("signed", 1), ("narrow", 0)]);
        if (isBiased)
            model.Constant("b", [Filters], bias).Node("Conv", ["x", "wq", "b"], ["y"]);
        else
            model.Node("Conv", ["x", "wq"], ["y"]);
        var compiled = Compile(model.Output("y"), Default);
        foreach (var (x, y) in Events(compiled, 3, 40))
        {
            for (var o = 0; o < y.Length; o++)
            {
                var (m, row, column) = (o / 4, o / 2 % 2, o % 2);
                var sum = isBiased ? bias[m] : 0;
                for (var k = 0; k < Channels * 4; k++)
                {
                    var (h, w, c) = (k / Channels / 2, k / Channels % 2, k % Channels);
                    sum = Fixed(sum + Fixed(x[0][(c * Size + row + h) * Size + column + w] * Integer(weights[(m * Channels + c) * 4 + h * 2 + w], scales[m], 15, -16)));
                }
                var offset = isBiased ? Text((float)bias[m] * (1 - scales[m])) : 0;
                Assert.Equal(Fixed(sum * Text(scales[m]) + offset), y[o]);
            }
        }
    }

    [Fact]
    public void Addends_of_one_scale_are_added_as_integers()
    {
        var model = Model([1, 3]).Input("v", [1, 3]).Constant("s", [], [DataScale]).Constant("z", [], [0]).Constant("n", [], [5])
            .Node(General, "Quant", ["x", "s", "z", "n"], ["a"], [("signed", 1), ("narrow", 1)])
            .Node(General, "Quant", ["v", "s", "z", "n"], ["b"], [("signed", 1), ("narrow", 1)])
            .Node("Add", ["a", "b"], ["y"]).Output("y");
        var compiled = Compile(model, Default);
        Assert.Equal("Quant_0_rescale", compiled.Project!.Layers[^1].Name);
        foreach (var (x, y) in Events(compiled, 3, 100))
        {
            double Code(double v) => Clamp(Even(Fixed(v * Text(1f / DataScale))), -15, 15);
            for (var k = 0; k < 3; k++)
                Assert.Equal(Fixed((Code(x[0][k]) + Code(x[1][k])) * Text(DataScale)), y[k]);
        }
    }

    [Fact]
    public void A_linear_layer_sets_the_type_of_what_scales_were_fused_into()
    {
        var weights = Numbers(5, 8);
        var model = Model([1, 4]).Constant("w", [4, 2], weights).Constant("b", [2], [0.5, -0.25]).Constant("s", [], [0.25]).Constant("z", [], [0]).Constant("n", [], [6])
            .Node("MatMul", ["x", "w"], ["a"]).Node("Add", ["a", "b"], ["c"]).Node(General, "Quant", ["c", "s", "z", "n"], ["y"], [("signed", 1), ("narrow", 0)]).Output("y");
        var compiled = Compile(model, $"{{ Model: {{ Precision: 'fixed<16,6>' }}, LayerName: {{ MatMul_0: {{ {Auto} }}, Add_0: {{ {Auto} }} }} }}");
        Assert.Equal(["Dense_MatMul_0"], compiled.Project!.Layers.Skip(1).Select(l => l.Name));
        Assert.Equal("fixed<6,4,RND_CONV,SAT>", compiled.Project.Layers[1].Types["result"].ToString());
    }

    /// <summary>Counts of equal signs wrap in the accumulator; odd numbers of terms give odd results.</summary>
    [Theory]
    [InlineData(7, 1)]
    [InlineData(60, 1)]
    [InlineData(60, 0.3f)]
    public void Plus_and_minus_one_are_counted(int terms, float scale)
    {
        var weights = Numbers(9, terms * 2);
        var model = Model([1, terms]).Constant("w", [terms, 2], weights).Constant("one", [], [1]).Constant("s", [], [scale])
            .Node(General, "BipolarQuant", ["w", "one"], ["wq"], []).Node(General, "BipolarQuant", ["x", "s"], ["q"], []).Node("MatMul", ["q", "wq"], ["y"]).Output("y");
        var compiled = Compile(model, "{ Model: { Precision: 'fixed<16,6>' }, LayerName: { MatMul_0: { Precision: { accum: 'fixed<16,6>', result: 'fixed<20,10>' } } } }");
        var wraps = 0;
        foreach (var (x, y) in Events(compiled, 3, 100))
        {
            for (var n = 0; n < 2; n++)
            {
                var count = Enumerable.Range(0, terms).Count(k => (x[0][k] >= 0) == (weights[k * 2 + n] >= 0));
                var sum = 2 * Fixed(count) - terms;
                wraps += count > 31 ? 1 : 0;
                Assert.Equal(scale == 1 ? sum : Fixed(sum * Text(scale)), y[n]);
            }
        }
        Assert.Equal(terms == 60, wraps > 0);
    }

    /// <summary>The threshold is rounded down to a step of the operand, and a negative scale does not turn the comparison round.</summary>
    [Fact]
    public void A_normalisation_before_a_sign_is_a_threshold()
    {
        double[] gamma = [1.5, -0.75, 2.25], beta = [0.3, 0.4, -1.1], mean = [0.1, -0.2, 0.5], variance = [0.9, 1.3, 0.7];
        var weights = Numbers(4, 6);
        var model = Model([1, 3]).Constant("g", [3], gamma).Constant("b", [3], beta).Constant("m", [3], mean).Constant("v", [3], variance).Constant("one", [], [1]).Constant("w", [3, 2], weights)
            .Node("BatchNormalization", ["x", "g", "b", "m", "v"], ["n"]).Node(General, "BipolarQuant", ["n", "one"], ["q"], []).Node("MatMul", ["q", "w"], ["y"]).Output("y");
        var compiled = Compile(model, "{ Model: { Precision: 'fixed<16,6>' }, LayerName: { global_in: { Precision: { result: 'fixed<6,3>' } } } }");
        var differs = 0;
        foreach (var (x, y) in Events(compiled, 3, 100))
        {
            var signs = new double[3];
            for (var k = 0; k < 3; k++)
            {
                var scale = (float)gamma[k] / MathF.Sqrt((float)variance[k] + 1e-5f);
                var bias = (float)beta[k] - (float)mean[k] * scale;
                signs[k] = x[0][k] >= Math.Floor(-bias / scale * 8) / 8 ? 1 : -1;
                differs += signs[k] > 0 != x[0][k] * scale + bias >= 0 ? 1 : 0;
            }
            for (var n = 0; n < 2; n++)
                Assert.Equal(Fixed(Enumerable.Range(0, 3).Sum(k => signs[k] * Text(weights[k * 2 + n]))), y[n]);
        }
        Assert.True(differs > 0, "The threshold never differed from the sign.");
    }

    /// <summary>A product of ±1 behind a threshold is exact and drops its addend; the next threshold is rounded down to whole numbers.</summary>
    [Fact]
    public void A_product_between_thresholds_is_counted_in_whole_numbers()
    {
        double[] beta = [0.3, -0.4, 0.25, 0.6, -0.1], next = [1.7, -0.6];
        var (signs, weights) = (Numbers(4, 10), Numbers(7, 4));
        var model = Model([1, 5]).Constant("b", [5], beta).Constant("c", [2], next).Constant("g", [], [1]).Constant("one", [], [1]).Constant("s", [5, 2], signs).Constant("w", [2, 2], weights)
            .Node("Add", ["x", "b"], ["n"]).Node(General, "BipolarQuant", ["n", "one"], ["q"], []).Node(General, "BipolarQuant", ["s", "one"], ["sq"], [])
            .Node("MatMul", ["q", "sq"], ["p"]).Node("Add", ["p", "c"], ["m"]).Node(General, "BipolarQuant", ["m", "one"], ["r"], []).Node("MatMul", ["r", "w"], ["y"]).Output("y");
        var compiled = Compile(model, "{ Model: { Precision: 'fixed<16,6>' }, LayerName: { global_in: { Precision: { result: 'fixed<4,1>' } }, MatMul_0: { Precision: 'fixed<4,2>' } } }");
        Assert.Equal("fixed<5,5,TRN,WRAP>", compiled.Project!.Layers.Single(l => l.Name == "Dense_MatMul_0").Types["result"].ToString());
        foreach (var (x, y) in Events(compiled, 3, 100))
        {
            var first = Enumerable.Range(0, 5).Select(k => x[0][k] >= Math.Floor(-(float)beta[k] * 8) / 8).ToArray();
            var second = Enumerable.Range(0, 2).Select(n => Enumerable.Range(0, 5).Sum(k => first[k] == signs[k * 2 + n] >= 0 ? 1 : -1) >= Math.Floor(-next[n]) ? 1 : -1).ToArray();
            for (var n = 0; n < 2; n++)
                Assert.Equal(Fixed(second[0] * Text(weights[n]) + second[1] * Text(weights[2 + n])), y[n]);
        }
    }

    [Theory]
    [InlineData("", "fixed<14,4,RND_CONV,SAT>", 4096, 0, 3)]
    [InlineData("Precision: { accum: 'fixed<18,6,RND,SAT>' }, TableSize: 512, TableRangePower2: 2, epsilon_power_of_10: 2", "fixed<18,6,RND,SAT>", 512, 2, 2)]
    public void A_layer_normalisation_looks_its_roots_up(string settings, string accumulator, int size, int power, int epsilon)
    {
        const int Count = 3;
        double[] gamma = [1.25, -0.5, 0.75], beta = [0.5, 0.25, -1];
        var model = Model([1, 2, Count], 17).Constant("g", [Count], gamma).Constant("b", [Count], beta)
            .Node("LayerNormalization", ["x", "g", "b"], ["y"], ("epsilon", 1e-3f)).Output("y");
        var compiled = Compile(model, $"{{ Model: {{ Precision: 'fixed<16,6>' }}, LayerName: {{ global_in: {{ Precision: {{ result: 'fixed<9,2>' }} }}, LayerNormalization_0: {{ {settings} }} }} }}");
        Assert.Equal(accumulator, compiled.Project!.Layers[1].Types["accum"].ToString());
        var isEven = accumulator.Contains("CONV", StringComparison.Ordinal);
        var (fraction, limit) = isEven ? (10, 8.0) : (12, 32.0);
        double Sum(double v)
        {
            var scaled = Math.ScaleB(v, fraction);
            return Clamp(Math.ScaleB(isEven ? Even(scaled) : Math.Floor(scaled + 0.5), -fraction), -limit, limit - Math.ScaleB(1, -fraction));
        }
        foreach (var (x, y) in Events(compiled, 3, 100))
        {
            for (var row = 0; row < 2; row++)
            {
                var values = x[0][(row * Count)..((row + 1) * Count)];
                var inverse = Sum(1.0 / Count);
                var mean = Sum(values.Aggregate(0.0, (a, v) => Sum(a + Sum(v))) * inverse);
                var differences = values.Select(v => Sum(Sum(v) - mean)).ToArray();
                var variance = Sum(differences.Aggregate(0.0, (a, d) => Sum(a + Sum(d * d))) * inverse);
                var index = (int)Clamp(Math.Truncate(variance * size * (1 << power)), 0, size - 1);
                var at = (float)Math.Pow(10, -epsilon) + (float)Math.Pow(2, -power) / size * index;
                var root = Clamp(Even(1.0 / MathF.Sqrt(at) * 8) / 8, 0, 255.0 / 8);
                for (var k = 0; k < Count; k++)
                    Assert.Equal(Fixed(differences[k] * root * Text(gamma[k]) + Text(beta[k])), y[row * Count + k]);
            }
        }
    }

    [Fact]
    public void What_hls4ml_cannot_do_with_a_scale_is_refused_by_name()
    {
        var weights = Numbers(5, 9);
        // Two products read one quantiser: hls4ml takes the scale from the second.
        var shared = Quantised(Model([1, 3]), 0).Constant("w", [3, 3], weights).Node("MatMul", ["q", "w"], ["y"]).Node("MatMul", ["q", "w"], ["v"]).Output("y").Output("v");
        AssertRefused(shared, "takes it from the others");
        // ±1 are held as 1 and 0.
        var signs = Model([1, 3]).Constant("one", [], [1]).Node(General, "BipolarQuant", ["x", "one"], ["y"], []).Output("y");
        AssertRefused(signs, "as 0 and 1");
        var bounded = Model([1, 3]).Constant("one", [], [1]).Node(General, "BipolarQuant", ["x", "one"], ["q"], []).Node("Relu", ["q"], ["y"]).Output("y");
        AssertRefused(bounded, "as 0 and 1");
        // The addend's scale is another one than that of the sum.
        var biased = Model([1, 3]).Constant("b", [3], [0.5, 1, 2]).Constant("s", [], [DataScale]).Constant("z", [], [0]).Constant("n", [], [5])
            .Node(General, "Quant", ["b", "s", "z", "n"], ["bq"], [("signed", 1), ("narrow", 0)]).Node("Add", ["x", "bq"], ["y"]).Output("y");
        AssertRefused(biased, "cannot move the scale");
        AssertRefused(Product(Numbers(5, 12), 0, weightZero: 2), "zero point of a matrix");
    }

    private static void AssertRefused(OnnxModelBuilder model, string reason) =>
        Assert.Contains(Problems(model, Default), d => d.Rule == Messages.HlsLayerUnknownRule && d.Message.Contains(reason, StringComparison.Ordinal));

    private static OnnxModelBuilder Model(int[] shape, int opset = 13) => new OnnxModelBuilder(opset).Import(General, 1).Input("x", shape);

    private static OnnxModelBuilder Quantised(OnnxModelBuilder model, double zero) => model.Constant("s", [], [DataScale]).Constant("z", [], [zero]).Constant("n", [], [5])
        .Node(General, "Quant", ["x", "s", "z", "n"], ["q"], [("signed", 0), ("narrow", 0)]);

    /// <summary>x as 5-bit integers times a matrix of 4-bit integers.</summary>
    private static OnnxModelBuilder Product(double[] weights, double zero, double weightZero = 0) => Quantised(Model([1, 4]), zero)
        .Constant("w", [4, 3], weights).Constant("ws", [], [WeightScale]).Constant("wz", [], [weightZero]).Constant("wn", [], [4])
        .Node(General, "Quant", ["w", "ws", "wz", "wn"], ["wq"], [("signed", 1), ("narrow", 1)]).Node("MatMul", ["q", "wq"], ["y"]).Output("y");

    private static double[] Numbers(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (double)(float)(random.NextDouble() * 1.4 - 0.7))];
    }

    /// <summary>fixed&lt;16,6&gt;, rounded down and wrapping.</summary>
    private static double Fixed(double value) => Math.ScaleB(unchecked((short)(long)Math.Floor(value * 1024)), -10);

    /// <summary>A constant of that type: ten decimals, then the cast.</summary>
    private static double Text(double value) => Fixed((double)Math.Round((decimal)value, 10));

    private static double Even(double value) => Math.Round(value, MidpointRounding.ToEven);

    private static double Clamp(double value, double low, double high) => Math.Clamp(value, low, high);

    private static double Integer(double value, float scale, double high, double? low = null) => Clamp(Even((float)value / scale), low ?? -high, high);
}
