using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;
using Hls4Net.Verification.Stimuli;

namespace Hls4Net.Tests.Typing;

public sealed class ChooseTypesTests
{
    [Fact]
    public void Without_configuration_nothing_can_overflow_at_the_corners_of_the_inputs()
    {
        var model = Compile(TestNetworks.Perceptron(1, 8, 16, 4), Configuration.Default, Score.None, out _);
        var inputs = new StimulusGenerator(model.Design).Generate(2000, 1);
        var raw = new Emulator(model.Design).Run(inputs)["sum2"];
        var reals = new RealEvaluator(model.Design, applyCasts: false).Run(
            inputs.ToDictionary(i => i.Key, i => InputConversion.ToDoubles(i.Value, model.Typed.InputQuantizers[i.Key].Type)), 2000)["sum2"];
        var values = InputConversion.ToDoubles(raw, model.Design.Channel("sum2").Type!.Value);
        // An overflow anywhere would be an error of the size of the type's range, several hundred here; weights of 8 bits err by under 1 %.
        Assert.True(reals.Max(Math.Abs) > 100);
        Assert.All(values.Zip(reals), pair => Assert.InRange(pair.First - pair.Second, -3, 3));
    }

    [Fact]
    public void A_separate_bias_is_fused_and_the_layer_answers_to_both_names()
    {
        var configuration = ConfigurationReader.Read("layers: { sum1: { bias: 'fixed<9,2>' }, product1: { weight: 'fixed<5,1>' } }", "c.yaml", new());
        var model = Compile(TestNetworks.Perceptron(1, 8, 16, 4), configuration, Score.None, out var diagnostics);
        var dense = model.Typed.Graph.Nodes.First(n => n.Operator is Dense);
        Assert.DoesNotContain(model.Typed.Graph.Nodes, n => n.Operator is Addition);
        Assert.Equal(new FixedType(true, 5, 1), model.Typed.Graph[dense.Inputs[1]].Type);
        Assert.Equal(new FixedType(true, 9, 2), model.Typed.Graph[dense.Inputs[2]].Type);
        Assert.DoesNotContain(diagnostics.Items, d => d.Rule == Messages.UnknownLayerRule);
    }

    [Fact]
    public void A_product_with_a_result_type_of_its_own_is_rounded_before_the_bias_is_added()
    {
        var configuration = ConfigurationReader.Read("layers: { product1: { result: 'fixed<12,6,TRN,WRAP>' } }", "c.yaml", new());
        var model = Compile(TestNetworks.Perceptron(1, 8, 16, 4), configuration, Score.None, out _);
        var cast = model.Typed.Graph.Nodes.Single(n => n.Outputs[0] == "product1");
        Assert.Equal(new Quantize(new Quantizer(new FixedType(true, 12, 6), Rounding.Trn, Overflow.Wrap)), cast.Operator);
        Assert.Contains(model.Typed.Graph.Nodes, n => n.Operator is Addition && n.Inputs.Contains("product1"));
    }

    [Fact]
    public void A_type_that_can_overflow_is_reported_with_the_worst_case()
    {
        var configuration = ConfigurationReader.Read("layers: { relu1: { result: 'ufixed<8,2,RND,WRAP>' } }", "c.yaml", new());
        Compile(TestNetworks.Perceptron(1, 8, 16, 4), configuration, Score.None, out var diagnostics);
        var warning = Assert.Single(diagnostics.Items, d => d.Rule == Messages.TypeOverflowRule);
        Assert.Contains("relu1", warning.Where, StringComparison.Ordinal);
        Assert.Contains("wrap", warning.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("layers: { nosuch: { weight: 'fixed<8,1>' } }", "HLS3003")]
    [InlineData("layers: { relu1: { weight: 'fixed<8,1>' } }", "HLS3007")]
    [InlineData("inputs: { y: 'fixed<8,1>' }", "HLS3003")]
    public void A_configuration_that_does_not_fit_the_model_is_refused(string yaml, string id)
    {
        var diagnostics = new DiagnosticBag();
        var configuration = ConfigurationReader.Read(yaml, "c.yaml", diagnostics);
        Pipelines.ToDesign(TestNetworks.Perceptron(1, 8, 16, 4), Score.None, configuration, null, diagnostics);
        Assert.Contains(diagnostics.Items, d => d.Rule.Id == id);
    }

    [Fact]
    public void A_truth_value_cannot_be_declared_a_number()
    {
        var values = new List<Value> { new("c", [1, 2], FixedType.Bit, null), new("y", [1, 2], null, null) };
        var graph = new Graph("bits", Core.Text.Seq.ToSeq(values), ["c"], ["y"], [], [new("add", new Addition(), ["c", "c"], ["y"], new Origin("add", "Add"))]);
        var diagnostics = new DiagnosticBag();
        var configuration = ConfigurationReader.Read("inputs: { c: 'fixed<8,4>' }", "c.yaml", diagnostics);
        Pipelines.ToDesign(graph, Score.None, configuration, null, diagnostics);
        Assert.Contains(diagnostics.Items, d => d.Rule == Messages.BadTypeRule && d.Message.Contains("'c'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Score.Mu2)]
    [InlineData(Score.Kl)]
    [InlineData(Score.Rz)]
    public void A_score_follows_its_definition_within_the_resolution_of_its_types(Score score)
    {
        var network = TestNetworks.TwoHeads();
        var data = new Dictionary<string, double[]> { ["x"] = Enumerable.Range(0, 8 * 500).Select(i => Math.Sin(i * 1.7) * 2).ToArray() };
        var model = Compile(network, Configuration.Default with { WeightBits = 16, ActivationBits = 14 }, score, out _, (data, 500));
        var raw = InputConversion.Quantize(data["x"], 8, model.Typed.InputQuantizers["x"]);
        var threshold = InputConversion.Quantize([1.0], 1, model.Typed.InputQuantizers["threshold"]);
        var emulated = new Emulator(model.Design).Run(new Dictionary<string, RawBatch> { ["x"] = raw, ["threshold"] = threshold }, ["score", "trigger"]);
        var scores = InputConversion.ToDoubles(emulated["score"], model.Design.Channel("score").Type!.Value);
        var heads = new RealEvaluator(DesignBuilder.Build(network), applyCasts: false).Run(data, 500);
        for (var e = 0; e < 500; e++)
        {
            var expected = Enumerable.Range(0, 3).Sum(k => Term(score, heads["mu"][3 * e + k], heads["logvar"][3 * e + k]));
            Assert.InRange(scores[e] - expected, -0.02 - 0.02 * expected, 0.02 + 0.02 * expected);
            Assert.Equal(scores[e] > 1.0 ? 1 : 0, (int)emulated["trigger"][e, 0]);
        }
    }

    private static double Term(Score score, double mu, double logvar) => score switch
    {
        Score.Mu2 => mu * mu,
        Score.Kl => mu * mu + Math.Exp(logvar) - logvar - 1,
        _ => mu * mu * Math.Exp(-logvar),
    };

    private static CompiledModel Compile(Graph graph, Configuration configuration, Score score, out DiagnosticBag diagnostics,
        (IReadOnlyDictionary<string, double[]>, int)? calibration = null)
    {
        diagnostics = new DiagnosticBag();
        return Pipelines.ToDesign(graph, score, configuration, calibration, diagnostics) ?? throw new UserErrorException([.. diagnostics.Items]);
    }
}
