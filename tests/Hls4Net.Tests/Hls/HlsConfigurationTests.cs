using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators;
using Hls4Net.Operators.Hls;
using Hls4Net.Operators.Onnx;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Tests.Hls;

/// <summary>From an ONNX node and the keys of its layer to the operator with exactly those tables and types.</summary>
public sealed class HlsConfigurationTests
{
    private const string Input = "fixed<10,4>";
    private static readonly FixedType InputType = OperatorRun.Type(Input).Type;
    private static readonly Quantizer Usual = HlsSoftmaxTypes.Default;
    private static readonly Quantizer Entries = OperatorRun.Type("fixed<18,8>");
    private static readonly Quantizer Own = OperatorRun.Type("fixed<12,3,RND,SAT>");

    /// <summary>A node, the keys of its layer, and the operator that these make of it.</summary>
    private static readonly Dictionary<string, (OperatorCase Case, string Keys, Operator Expected)> Layers = new(StringComparer.Ordinal)
    {
        ["sigmoid"] = (Node("Sigmoid"), "", Curve(HlsCurve.Sigmoid, 1024, Entries)),
        ["sigmoid, own table"] = (Node("Sigmoid"), "table: 'fixed<12,3,RND,SAT>', table_size: 300", Curve(HlsCurve.Sigmoid, 300, Own)),
        ["tanh"] = (Node("Tanh"), "table_size: 64", Curve(HlsCurve.Tanh, 64, Entries)),
        ["softplus"] = (Node("Softplus"), "", Curve(HlsCurve.Softplus, 1024, Entries)),
        ["softsign"] = (Node("Softsign"), "", Curve(HlsCurve.Softsign, 1024, Entries)),
        ["selu"] = (Node("Selu"), "", Curve(HlsCurve.Selu, 1024, Entries)),
        ["elu"] = (Node("Elu").With("alpha", 0.1f), "", new HlsTableActivation(HlsCurve.Elu, Dyadic.FromDouble(0.1f)).Typed(1024, Entries, OperatorRun.Type("ufixed<8,-3>"))),
        ["elu, own factor"] = (Node("Elu").With("alpha", 0.1f), "param: 'fixed<6,1>'", new HlsTableActivation(HlsCurve.Elu, Dyadic.FromDouble(0.1f)).Typed(1024, Entries, OperatorRun.Type("fixed<6,1>"))),
        ["leaky"] = (Node("LeakyRelu").With("alpha", -0.3f), "", new HlsLeakyRectify(Dyadic.FromDouble(-0.3f)).Typed(OperatorRun.Type("fixed<9,0>"))),
        ["leaky, half"] = (Node("LeakyRelu").With("alpha", 0.5f), "", new HlsLeakyRectify(new Dyadic(1, -1))),
        ["leaky, own slope"] = (Node("LeakyRelu").With("alpha", 0.3f), "param: 'ufixed<4,0>'", new HlsLeakyRectify(new Dyadic(4, -4))),
        ["thresholded"] = (Node("ThresholdedRelu").With("alpha", 0.77f), "", new HlsThresholdedRectify(new Dyadic(49, -6))),
        ["hard sigmoid"] = (Node("HardSigmoid"), "", new HlsHardSigmoid(new Dyadic(13107, -16), new Dyadic(1, -1))),
        ["softmax"] = (Node("Softmax"), "", Softmax(HlsSoftmaxTypes.Stable(InputType, null, 1024, Usual, Usual, Usual, Usual))),
        ["softmax, all keys"] = (Node("Softmax"),
            "implementation: stable, table_size: 64, exp_table: 'fixed<9,3>', inv_table: 'fixed<12,3,RND,SAT>', inv_inp: 'ufixed<8,4>', inp_norm: 'ufixed<8,3>', accumulator: 'ufixed<11,5>'",
            Softmax(HlsSoftmaxTypes.Stable(InputType, OperatorRun.Type("ufixed<8,3>"), 64, OperatorRun.Type("fixed<9,3>"), OperatorRun.Type("ufixed<11,5>"), OperatorRun.Type("ufixed<8,4>"), Own))),
        ["softmax, latency"] = (Node("Softmax"), "implementation: latency", Softmax(HlsSoftmaxTypes.Latency(InputType, 1024, Usual, Usual, Usual, Usual))),
        ["softmax, legacy"] = (Node("Softmax"), "implementation: legacy, table: 'fixed<12,3,RND,SAT>'", Softmax(HlsSoftmaxTypes.Legacy(1024, Own))),
        ["softmax, argmax"] = (Node("Softmax"), "implementation: argmax", Softmax(new HlsSoftmaxArgmax())),
        ["softmax, skipped"] = (Node("Softmax"), "skip: true", new Reshape([1, 4])),
        ["mean"] = (Node("ReduceMean").With("axes", new long[] { 1 }), "", new HlsMean([1], true, new(OperatorRun.Type("fixed<14,6>"), null))),
        ["mean, own types"] = (Node("ReduceMean").With("axes", new long[] { 1 }), "accumulator: 'fixed<9,4,RND,SAT>', quotient: 'fixed<7,4>'",
            new HlsMean([1], true, new(OperatorRun.Type("fixed<9,4,RND,SAT>"), OperatorRun.Type("fixed<7,4>")))),
    };

    public static TheoryData<string> Names => [.. Layers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_keys_of_a_layer_decide_its_bits(string name)
    {
        var (model, keys, expected) = Layers[name];
        var diagnostics = new DiagnosticBag();
        var configuration = ConfigurationReader.Read(
            $"model: {{ dialect: hls }}\ninputs: {{ x0: '{Input}' }}\nlayers: {{ y0: {{ result: 'fixed<20,8>'{(keys.Length > 0 ? ", " : "")}{keys} }} }}", "c.yaml", diagnostics);
        var graph = OnnxImporter.Import(model.ToModel(), name, null, new ImportOptions { HlsLayers = true }, diagnostics);
        var compiled = Pipelines.ToDesign(graph, Score.None, configuration, null, diagnostics);
        Assert.DoesNotContain(diagnostics.Items, d => d.Rule.Severity == Severity.Error);
        var random = new Random(3);
        var raw = Enumerable.Range(0, 4000).Select(_ => (long)random.Next(-512, 512)).ToArray();
        var found = new Emulator(compiled!.Design).Run(new Dictionary<string, RawBatch> { ["x0"] = RawBatch.Of(4, raw) })["y0"].Raw;
        Assert.Equal(OperatorRun.Emulate(expected, InputType, [1, 4], raw, OperatorRun.Type("fixed<20,8>")), found);
        Assert.True(found.Distinct().Count() > 1);
    }

    [Fact]
    public void Before_types_are_chosen_a_layer_is_its_real_function()
    {
        foreach (var (type, function) in new (string, Func<double, double>)[] { ("Sigmoid", x => 1 / (1 + Math.Exp(-x))), ("Tanh", Math.Tanh), ("Softplus", x => Math.Log(1 + Math.Exp(x))), ("Softsign", x => x / (1 + Math.Abs(x))), ("Elu", x => x < 0 ? Math.Exp(x) - 1 : x) })
        {
            var graph = OnnxImporter.Import(Node(type).ToModel(), type, null, new ImportOptions { HlsLayers = true }, new());
            double[] x = [-3, -0.5, 0.25, 2];
            var y = new RealEvaluator(Core.Kernels.DesignBuilder.Build(graph), applyCasts: true).Run(new Dictionary<string, double[]> { ["x0"] = x }, 1, ["y0"])["y0"];
            for (var k = 0; k < x.Length; k++)
                Assert.Equal(function(x[k]), y[k], 12);
        }
    }

    [Theory]
    [InlineData("Softmax", "inv_inp: 'ufixed<4,4>'", "10 bits address")]
    [InlineData("Sigmoid", "table: 'fixed<70,8>'", "70 bits")]
    public void A_table_that_cannot_be_made_is_refused(string type, string keys, string needle)
    {
        var diagnostics = new DiagnosticBag();
        var configuration = ConfigurationReader.Read($"model: {{ dialect: hls }}\ninputs: {{ x0: '{Input}' }}\nlayers: {{ y0: {{ {keys} }} }}", "c.yaml", diagnostics);
        var graph = OnnxImporter.Import(Node(type).ToModel(), type, null, new ImportOptions { HlsLayers = true }, diagnostics);
        Assert.Null(Pipelines.ToDesign(graph, Score.None, configuration, null, diagnostics));
        var error = Assert.Single(diagnostics.Items, d => d.Rule.Severity == Severity.Error);
        Assert.Equal("HLS3050", error.Rule.Id);
        Assert.Contains(needle, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("layers: { y0: { table_size: 1 } }", "from 2 to")]
    [InlineData("layers: { y0: { implementation: fast } }", "there are stable")]
    [InlineData("layers: { y0: { skip: maybe } }", "neither true nor false")]
    [InlineData("inputs: { x0: { offset: 1 } }", "needs its 'type'")]
    [InlineData("inputs: { x0: { type: 'fixed<8,4>', offset: [a] } }", "is not an offset")]
    [InlineData("inputs: { x0: { type: 'fixed<8,4>', shift: [1.5] } }", "is not a whole number")]
    [InlineData("inputs: { x0: { type: 'fixed<8,4>', gain: 2 } }", "'gain' is not a key")]
    public void A_value_that_means_nothing_is_refused(string text, string needle)
    {
        var diagnostics = new DiagnosticBag();
        ConfigurationReader.Read($"model: {{ dialect: hls }}\n{text}", "c.yaml", diagnostics);
        Assert.Contains(needle, Assert.Single(diagnostics.Items).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Relu", "param: 'fixed<8,4>'", "param")]
    [InlineData("Relu", "table_size: 12", "table_size")]
    [InlineData("Sigmoid", "implementation: latency", "implementation")]
    [InlineData("Sigmoid", "quotient: 'fixed<8,4>'", "quotient")]
    [InlineData("Sigmoid", "term: 'fixed<8,4>'", "term")]
    public void A_key_that_a_layer_has_no_use_for_is_refused(string type, string keys, string key)
    {
        var diagnostics = new DiagnosticBag();
        var configuration = ConfigurationReader.Read($"model: {{ dialect: hls }}\ninputs: {{ x0: '{Input}' }}\nlayers: {{ y0: {{ {keys} }} }}", "c.yaml", diagnostics);
        var graph = OnnxImporter.Import(Node(type).ToModel(), type, null, new ImportOptions { HlsLayers = true }, diagnostics);
        Assert.Null(Pipelines.ToDesign(graph, Score.None, configuration, null, diagnostics));
        var error = Assert.Single(diagnostics.Items, d => d.Rule.Severity == Severity.Error);
        Assert.Equal("HLS3007", error.Rule.Id);
        Assert.Contains($"'{key}'", error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A pool over channels last is several nodes; its name, and that of its result, mean the one that computes.</summary>
    [Theory]
    [InlineData("y0")]
    [InlineData("AveragePool")]
    public void The_types_of_a_pool_over_channels_last_reach_it(string layer)
    {
        var builder = new OnnxModelBuilder().Import(ChannelsLast.Domain, 1).Input("x0", [1, 4, 4, 2])
            .Node(ChannelsLast.Domain, "AveragePool", ["x0"], ["y0"], [("kernel_shape", new long[] { 2, 2 })]).Output("y0");
        builder.Graph.Node[0].Name = "AveragePool";
        var diagnostics = new DiagnosticBag();
        var configuration = ConfigurationReader.Read(
            $"model: {{ dialect: hls }}\ninputs: {{ x0: '{Input}' }}\nlayers: {{ {layer}: {{ accumulator: 'fixed<9,4,RND,SAT>', quotient: 'fixed<7,4>' }} }}", "c.yaml", diagnostics);
        var graph = OnnxImporter.Import(builder.ToBytes(), "pool", null, new ImportOptions { HlsLayers = true }, diagnostics);
        var compiled = Pipelines.ToDesign(graph, Score.None, configuration, null, diagnostics);
        Assert.DoesNotContain(diagnostics.Items, d => d.Rule.Severity == Severity.Error);
        Assert.Equal(new HlsMeanTypes(OperatorRun.Type("fixed<9,4,RND,SAT>"), OperatorRun.Type("fixed<7,4>")),
            compiled!.Typed.Graph.Nodes.Select(n => n.Operator).OfType<HlsAveragePool>().Single().Types);
    }

    [Fact]
    public void A_stage_behind_an_input_subtracts_with_wrap_shifts_and_casts()
    {
        var diagnostics = new DiagnosticBag();
        var configuration = ConfigurationReader.Read(
            "model: { dialect: hls }\ninputs: { x0: { type: 'fixed<8,6>', offset: [3, -0.5, 31, 0], shift: [0, 1, -1, 3], result: 'fixed<6,5,RND_CONV,SAT>' } }", "c.yaml", diagnostics);
        var graph = OnnxImporter.Import(Node("Relu").ToModel(), "stage", null, new ImportOptions { HlsLayers = true }, diagnostics);
        var design = Pipelines.ToDesign(graph, Score.None, configuration, null, diagnostics)!.Design;
        var raw = Enumerable.Range(-128, 256).SelectMany(r => Enumerable.Repeat((long)r, 4)).ToArray();
        var found = new Emulator(design).Run(new Dictionary<string, RawBatch> { ["x0"] = RawBatch.Of(4, raw) }, ["x0.scaled"])["x0.scaled"].Raw;
        int[] offsets = [12, -2, 124, 0];
        int[] shifts = [0, 1, -1, 3];
        for (var k = 0; k < raw.Length; k++)
        {
            var difference = unchecked((sbyte)(raw[k] - offsets[k % 4]));
            var shifted = unchecked(shifts[k % 4] < 0 ? (sbyte)(difference << 1) : (sbyte)(difference >> shifts[k % 4]));
            Assert.Equal(Math.Clamp((long)Math.Round(shifted / 2.0, MidpointRounding.ToEven), -32, 31), found[k]);
        }
    }

    [Fact]
    public void A_stage_with_a_number_of_offsets_that_fits_no_element_is_refused()
    {
        var diagnostics = new DiagnosticBag();
        var configuration = ConfigurationReader.Read("inputs: { x0: { type: 'fixed<8,6>', offset: [1, 2] } }", "c.yaml", diagnostics);
        var graph = OnnxImporter.Import(Node("Relu").ToModel(), "stage", null, new ImportOptions(), diagnostics);
        Assert.Null(Pipelines.ToDesign(graph, Score.None, configuration, null, diagnostics));
        Assert.Contains("it takes 1, or 4", Assert.Single(diagnostics.Items).ToString(), StringComparison.Ordinal);
    }

    private static OperatorCase Node(string type) => OperatorCase.Of(type, "case").Input(1, 4);

    private static HlsTableActivation Curve(HlsCurve curve, int size, Quantizer table) => new HlsTableActivation(curve, Dyadic.One).Typed(size, table, table);

    private static HlsSoftmaxLayer Softmax(HlsSoftmaxMethod method) => new(1, method);
}
