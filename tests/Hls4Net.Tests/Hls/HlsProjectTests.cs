using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Operators.Onnx;
using Hls4Net.Transforms;
using Hls4Net.Transforms.HlsProjects;
using static Hls4Net.Tests.Hls.HlsProjectRun;

namespace Hls4Net.Tests.Hls;

/// <summary>Small networks under hls4ml configurations, against loops that say what the firmware does.</summary>
public sealed class HlsProjectTests
{
    private static readonly Quantizer Narrow = new(new(true, 6, 3), Rounding.Trn, Overflow.Sat);

    /// <summary>With a saturating accumulator the order of the sum decides the result, and the reuse factor the order.</summary>
    [Theory]
    [InlineData("Latency", 1, 1)]
    [InlineData("Resource", 2, 2)]
    [InlineData("Resource", 3, 3)]
    [InlineData("Resource", 5, 4)] // Not valid for 12 products: the nearest is taken, the smaller of two.
    [InlineData("Unrolled", 4, 4)]
    public void A_dense_layer_adds_in_the_order_of_its_strategy(string strategy, int reuse, int actual)
    {
        var random = new Random(7);
        var weights = Numbers(random, 12 * 3);
        var model = new OnnxModelBuilder().Input("global_in", [1, 12]).Constant("MatMul_0_param0", [12, 3], weights)
            .Node("MatMul", ["global_in", "MatMul_0_param0"], ["global_out"]).Output("global_out");
        var text = $"{{ Model: {{ Precision: 'fixed<8,3>', ReuseFactor: {reuse}, Strategy: {strategy} }}, LayerName: {{ MatMul_0: {{ Precision: {{ accum: 'fixed<6,3,TRN,SAT>', result: 'fixed<12,6>' }} }} }} }}";
        var compiled = Compile(model, text);
        int[] order = [.. Enumerable.Range(0, actual).SelectMany(first => Enumerable.Range(0, 12).Where(k => k % actual == first))];
        var differs = 0;
        foreach (var (x, y) in Events(compiled, random, 12, 100))
        {
            for (var n = 0; n < 3; n++)
            {
                var (ordered, ascending) = (Sum(order, k => x[k] * Weight(weights[k * 3 + n])), Sum([.. Enumerable.Range(0, 12)], k => x[k] * Weight(weights[k * 3 + n])));
                Assert.Equal(ordered, y[n]);
                differs += ordered != ascending ? 1 : 0;
            }
        }
        Assert.True(actual == 1 || differs > 0, "The order made no difference.");
    }

    /// <summary>Sums of a convolution run over (rows, columns, channels), whichever of them the file has first.</summary>
    [Theory]
    [InlineData(false, "Latency", 1)]
    [InlineData(true, "Latency", 1)]
    [InlineData(false, "Resource", 3)]
    [InlineData(true, "Resource", 3)]
    public void A_convolution_adds_channels_last(bool isChannelsLast, string strategy, int reuse)
    {
        const int Size = 4, Channels = 2, Results = 2, Kernel = 3;
        var random = new Random(11);
        var weights = Numbers(random, Results * Kernel * Kernel * Channels); // [M, h, w, C]
        var model = new OnnxModelBuilder().Import(ChannelsLastDomain, 1).Output("global_out");
        var pads = new long[] { 1, 1, 0, 0 };
        if (isChannelsLast)
        {
            model.Input("global_in", [1, Size, Size, Channels]).Constant("w", [Results, Kernel, Kernel, Channels], weights)
                .Node(ChannelsLastDomain, "Conv", ["global_in", "w"], ["global_out"], [("pads", pads)]);
        }
        else
        {
            var first = new double[weights.Length];
            for (var k = 0; k < weights.Length; k++)
                first[(k / (Kernel * Kernel * Channels) * Channels + k % Channels) * Kernel * Kernel + k / Channels % (Kernel * Kernel)] = weights[k];
            model.Input("global_in", [1, Channels, Size, Size]).Constant("w", [Results, Channels, Kernel, Kernel], first)
                .Node("Conv", ["global_in", "w"], ["global_out"], [("pads", pads)]);
        }
        var compiled = Compile(model, $"{{ Model: {{ Precision: 'fixed<8,3>', ReuseFactor: {reuse}, Strategy: {strategy} }}, LayerName: {{ Conv_0: {{ Precision: {{ accum: 'fixed<6,3,TRN,SAT>', result: 'fixed<12,6>' }} }} }} }}");
        int[] order = [.. Enumerable.Range(0, reuse).SelectMany(r => Enumerable.Range(0, Kernel * Kernel * Channels).Where(k => k % reuse == r))];
        var positions = Size - 1;
        foreach (var (x, y) in Events(compiled, random, Size * Size * Channels, 20))
        {
            for (var o = 0; o < positions * positions * Results; o++)
            {
                var (row, column, m) = (o / Results / positions, o / Results % positions, o % Results);
                var expected = Sum(order, k =>
                {
                    var (h, w, c) = (row + k / Channels / Kernel - 1, column + k / Channels % Kernel - 1, k % Channels);
                    if (h < 0 || w < 0)
                        return Dyadic.Zero;
                    return x[isChannelsLast ? (h * Size + w) * Channels + c : (c * Size + h) * Size + w] * Weight(weights[m * Kernel * Kernel * Channels + k]);
                });
                Assert.Equal(expected, y[isChannelsLast ? o : (m * positions + row) * positions + column]);
            }
        }
    }

    /// <summary>Sum and quotient are cast to the accumulator, the quotient truncated toward zero; padding does not count.</summary>
    [Fact]
    public void An_average_pool_divides_toward_zero_in_its_accumulator()
    {
        var model = new OnnxModelBuilder().Input("global_in", [1, 1, 5]).Output("global_out")
            .Node("AveragePool", ["global_in"], ["global_out"], ("kernel_shape", new long[] { 3 }), ("pads", new long[] { 1, 1 }), ("strides", new long[] { 2 }));
        var compiled = Compile(model, "{ Model: { Precision: 'fixed<8,3>' }, LayerName: { AveragePool_0: { Precision: { accum: 'fixed<12,5>', result: auto } } } }");
        Assert.Equal("fixed<12,5,TRN,WRAP>", compiled.Project!.Layers[1].Types["accum"].ToString());
        foreach (var (x, y) in Events(compiled, new Random(3), 5, 50))
        {
            for (var o = 0; o < 3; o++)
            {
                var window = Enumerable.Range(2 * o - 1, 3).Where(k => k is >= 0 and < 5).ToList();
                var sum = window.Aggregate(Dyadic.Zero, (a, k) => a + x[k]).ToRaw(7);
                Assert.Equal(Casting.Apply(new Dyadic(sum / window.Count, -7), new(new(true, 8, 3), Rounding.Trn, Overflow.Wrap)), y[o]);
            }
        }
    }

    [Fact]
    public void Types_are_looked_up_by_name_then_class_then_model_as_hls4ml_does()
    {
        var model = new OnnxModelBuilder().Input("x", [1, 4]).Constant("w", [4, 2], Numbers(new Random(1), 8)).Constant("v", [2, 2], Numbers(new Random(2), 4))
            .Node("MatMul", ["x", "w"], ["a"]).Node("Relu", ["a"], ["b"]).Node("MatMul", ["b", "v"], ["c"]).Node("Relu", ["c"], ["y"]).Output("y");
        var layers = Compile(model,
            """
            Model: { Precision: { default: 'fixed<16,6>', bias: 'fixed<9,2>' } }
            LayerType:
              MatMul: { Precision: { accum: 'fixed<20,10>', weight: 'fixed<7,1>' } }
              Activation: { Precision: 'ufixed<8,3>' }
            LayerName:
              matmul_1: { Precision: { weight: 'fixed<5,1>', result: auto } }
              Relu_1: { Precision: { result: 'ufixed<6,2,RND,SAT>' } }
            """).Project!.Layers;
        // The entry of the kind MatMul follows the layer to its new name; an entry of the layer's own replaces that whole Precision.
        Assert.Equal("fixed<7,1,TRN,WRAP>", Type(layers, "Dense_MatMul_0", "weight"));
        Assert.Equal("fixed<20,10,TRN,WRAP>", Type(layers, "Dense_MatMul_0", "accum"));
        Assert.Equal("fixed<16,6,TRN,WRAP>", Type(layers, "Dense_MatMul_0", "result"));
        Assert.Equal("fixed<9,2,TRN,WRAP>", Type(layers, "Dense_MatMul_0", "bias"));
        Assert.Equal("ufixed<8,3,TRN,WRAP>", Type(layers, "Relu_0", "result"));
        Assert.Equal("ufixed<6,2,RND,SAT>", Type(layers, "Relu_1", "result"));
    }

    [Fact]
    public void Inference_follows_widths_and_the_models_maximum()
    {
        var model = new OnnxModelBuilder().Input("x", [1, 5]).Constant("w", [5, 2], Numbers(new Random(1), 10)).Node("MatMul", ["x", "w"], ["y"]).Output("y");
        const string Layer = "LayerName: { MatMul_0: { Precision: { result: auto, accum: auto, weight: 'ufixed<6,1>', bias: 'fixed<9,4>' } }, global_in: { Precision: { result: 'ufixed<8,3>' } } }";
        // 8 + 6 bits and ⌈log2 5⌉ = 3, integer 3 + 1 + 3; the bias is signed and the product is not: 1 + 1 more, ten fraction bits.
        var open = Compile(model, $"{{ Model: {{ Precision: 'fixed<16,6>' }}, {Layer} }}").Project!.Layers;
        Assert.Equal("fixed<19,9,TRN,WRAP>", Type(open, "Dense_MatMul_0", "accum"));
        var capped = Compile(model, $"{{ Model: {{ Precision: {{ default: 'fixed<16,6>', maximum: 'fixed<14,8,TRN,SAT>' }} }}, {Layer} }}").Project!.Layers;
        Assert.Equal("fixed<14,8,TRN,SAT>", Type(capped, "Dense_MatMul_0", "result"));
    }

    [Fact]
    public void Quantisers_of_the_model_give_types_to_weights_and_to_the_layer_that_they_follow()
    {
        var weights = Numbers(new Random(4), 8);
        var model = Quantised(weights, zero: 0);
        var compiled = Compile(model, "{ Model: { Precision: 'fixed<16,6>' }, LayerName: { Relu_0: { Precision: { result: auto } }, MatMul_0: { Precision: { result: auto, accum: auto } } } }");
        var layers = compiled.Project!.Layers;
        Assert.Equal("fixed<4,2,RND_CONV,SAT_SYM>", Type(layers, "Dense_MatMul_0", "weight"));
        Assert.Equal("ufixed<4,2,RND_CONV,SAT>", Type(layers, "Relu_0", "result"));
        Assert.DoesNotContain(layers, l => l.Name == "Quant_1_act");
        var refused = Problems(Quantised(weights, zero: 1), "{ Model: { Precision: 'fixed<16,6>' } }");
        Assert.Contains(refused, d => d.Rule == Messages.HlsLayerUnknownRule);
    }

    [Fact]
    public void Names_that_the_model_does_not_have_are_refused_with_advice()
    {
        var model = new OnnxModelBuilder().Input("x", [1, 4]).Node("Relu", ["x"], ["y"]).Output("y");
        var found = Problems(model, "{ Model: { Precision: 'fixed<16,6>' }, LayerName: { Rleu_0: { Trace: true } }, LayerType: { Activatoin: { ReuseFactor: 1 } } }");
        Assert.Equal(["Did you mean 'Relu_0'?", "Did you mean 'Activation'?"], found.Where(d => d.Rule == Messages.UnknownLayerRule).Select(d => d.Advice));
    }

    [Fact]
    public void Settings_that_hls4ml_does_not_act_on_are_said_to_have_no_effect()
    {
        var model = new OnnxModelBuilder().Input("x", [1, 4]).Node("Sigmoid", ["x"], ["y"]).Output("y");
        var found = Problems(model, "{ Model: { Precision: 'fixed<16,6>' }, LayerType: { ELU: { ReuseFactor: 1 } }, LayerName: { Sigmoid_0: { Precision: { table: 'fixed<12,3>' } } } }");
        Assert.Equal(2, found.Count(d => d.Rule == Messages.HlsWithoutEffectRule));
        var layers = Compile(model, "{ Model: { Precision: 'fixed<16,6>' }, LayerName: { Sigmoid_0: { TableT: 'fixed<12,3>' } } }").Project!.Layers;
        Assert.Equal("fixed<12,3,TRN,WRAP>", Type(layers, "Sigmoid_0", "table"));
    }

    [Fact]
    public void An_operator_without_a_layer_is_refused_with_a_way_out()
    {
        var model = new OnnxModelBuilder().Input("x", [1, 4]).Node("Abs", ["x"], ["a"]).Node("Neg", ["a"], ["y"]).Output("y");
        var found = Problems(model, "{ Model: { Precision: 'fixed<16,6>' } }");
        Assert.Equal(2, found.Count(d => d.Rule == Messages.HlsLayerUnknownRule));
        Assert.All(found, d => Assert.Contains("--outputs", d.Advice, StringComparison.Ordinal));
    }

    [Fact]
    public void Nodes_that_do_nothing_are_seen_through_also_at_an_output()
    {
        var model = new OnnxModelBuilder().Input("x", [1, 4]).Node("Identity", ["x"], ["i"]).Node("Relu", ["i"], ["r"]).Node("Flatten", ["r"], ["f"])
            .Node("Dropout", ["f"], ["d"]).Node("Identity", ["d"], ["y"]).Output("y");
        var compiled = Compile(model, "{ Model: { Precision: 'fixed<8,3>' }, LayerType: { Constant: { Precision: { result: auto } } } }");
        Assert.Equal(["global_in", "Relu_0", "Flatten_0"], compiled.Project!.Layers.Take(3).Select(l => l.Name));
        foreach (var (x, y) in Events(compiled, new Random(5), 4, 10))
            Assert.Equal(x.Select(v => v.Sign > 0 ? v : Dyadic.Zero), y);
    }

    [Fact]
    public void A_skipped_softmax_is_left_out_and_said_to_be()
    {
        var model = new OnnxModelBuilder().Input("x", [1, 4]).Constant("w", [4, 4], Numbers(new Random(1), 16)).Node("MatMul", ["x", "w"], ["a"]).Node("Softmax", ["a"], ["y"]).Output("y");
        const string Text = "{ Model: { Precision: 'fixed<16,6>' }, LayerName: { Softmax_0: { Skip: true } } }";
        Assert.Equal(["x", "y"], Compile(model, Text).Project!.Layers.Select(l => l.Value.Name));
        Assert.Contains(Problems(model, Text), d => d.Rule == Messages.HlsSurpriseRule && d.Message.Contains("Skip", StringComparison.Ordinal));
    }

    private const string ChannelsLastDomain = "qonnx.custom_op.channels_last";

    private static OnnxModelBuilder Quantised(double[] weights, double zero) => new OnnxModelBuilder().Import("qonnx.custom_op.general", 1)
        .Input("x", [1, 4]).Constant("w", [4, 2], weights).Constant("s", [], [0.25]).Constant("z", [], [zero]).Constant("b", [], [4])
        .Node("qonnx.custom_op.general", "Quant", ["w", "s", "z", "b"], ["q"], [("signed", 1), ("narrow", 1)])
        .Node("MatMul", ["x", "q"], ["a"]).Node("Relu", ["a"], ["r"])
        .Node("qonnx.custom_op.general", "Quant", ["r", "s", "z", "b"], ["y"], [("signed", 0), ("narrow", 0)]).Output("y");

    private static string Type(IReadOnlyList<HlsProjectLayer> layers, string name, string variable) => layers.Single(l => l.Name == name).Types[variable].ToString();

    private static double[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (double)(float)(random.NextDouble() * 3 - 1.5))];

    /// <summary>A weight of fixed&lt;8,3&gt;: five decimals, then rounded down.</summary>
    private static Dyadic Weight(double value) =>
        Casting.Apply(Dyadic.FromDouble(Math.Round(value, 5)), new(new(true, 8, 3), Rounding.Trn, Overflow.Wrap));

    private static Dyadic Sum(int[] order, Func<int, Dyadic> term) => order.Aggregate(Dyadic.Zero, (a, k) => Casting.Apply(a + Casting.Apply(term(k), Narrow), Narrow));

    /// <summary>Random events of the input's type and what the emulator makes of them.</summary>
    private static IEnumerable<(Dyadic[] X, Dyadic[] Y)> Events(CompiledModel compiled, Random random, int count, int events)
    {
        var design = compiled.Design;
        var type = design.Channel(design.Inputs[0]).Type!.Value;
        var raw = Enumerable.Range(0, count * events).Select(_ => random.NextInt64((long)type.MinimumRaw, (long)type.MaximumRaw + 1)).ToArray();
        var results = new Emulator(design).Run(new Dictionary<string, RawBatch> { [design.Inputs[0]] = RawBatch.Of(count, raw) })[design.Outputs[0]].Raw;
        var fraction = design.Channel(design.Outputs[0]).Type!.Value.Fraction;
        var size = Shapes.Count(design.ShapeOf(design.Outputs[0]));
        for (var e = 0; e < events; e++)
        {
            yield return ([.. raw.Skip(e * count).Take(count).Select(r => new Dyadic(r, -type.Fraction))],
                [.. results.Skip(e * size).Take(size).Select(r => new Dyadic(r, -fraction))]);
        }
    }
}
