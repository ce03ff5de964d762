using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Text;
using Hls4Net.Operators;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Arithmetic;
using Hls4Net.Transforms.Estimation;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Pruning;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Tests.Typing;

/// <summary>Weights that become zero or get fewer digits, on their way to integers.</summary>
public sealed class PruningTests
{
    private const int Events = 400;
    private static readonly Graph Network = TestNetworks.Perceptron(3, 12, 8, 4);
    private static readonly double[] Inputs = Draw();

    [Fact]
    public void By_magnitude_the_smallest_weights_become_zero()
    {
        var model = Compile("layers: { sum1: { prune: 50% } }");
        var weights = Weights(model, 0);
        Assert.Equal(48, weights.Raw.Count(r => r == 0));
        var (gone, kept) = (Enumerable.Range(0, 96).Where(i => weights.Raw[i] == 0), Enumerable.Range(0, 96).Where(i => weights.Raw[i] != 0));
        Assert.True(gone.Max(i => Math.Abs(weights.Values[i].ToDouble())) <= kept.Min(i => Math.Abs(weights.Values[i].ToDouble())));
        var change = Assert.Single(model.Typed.WeightChanges);
        Assert.Equal((96, 48, 0), (change.Weights, change.Zeros, change.Changed));
        Assert.Equal(Weights(Compile(""), 1).Raw, Weights(model, 1).Raw);
    }

    [Fact]
    public void By_cost_inputs_that_hardly_move_lose_their_weights_first()
    {
        // Elements 0 to 5 are a hundredth as large as the others.
        var weights = Weights(Compile("model: { prune: '50%, cost' }"), 0);
        Assert.All(Enumerable.Range(0, 48), i => Assert.Equal(0, weights.Raw[i]));
        Assert.DoesNotContain(Enumerable.Range(48, 48), i => weights.Raw[i] == 0);
    }

    [Theory]
    [InlineData("25%, outputs", 2)]
    [InlineData("50%, outputs, cost", 4)]
    public void Whole_outputs_are_constant_and_nothing_is_built_for_them(string prune, int outputs)
    {
        var model = Compile($"layers: {{ sum1: {{ prune: '{prune}' }} }}");
        var weights = Weights(model, 0);
        var empty = Enumerable.Range(0, 8).Where(n => Enumerable.Range(0, 12).All(k => weights.Raw[(k * 8) + n] == 0)).ToList();
        Assert.Equal((outputs, outputs), (empty.Count, model.Typed.WeightChanges[0].EmptyOutputs));
        var place = HardwareBuilder.Build(model.Design, new("top")).Channels.First(c => c.Channel == "relu1");
        Assert.All(empty, n => Assert.True(place.Elements[n].Constant is not null || place.Elements[n].Net < 0));
    }

    [Fact]
    public void Inputs_that_nothing_reads_are_counted()
    {
        var model = Compile("layers: { sum1: { prune: '25%, inputs' } }");
        Assert.Equal(3, model.Typed.WeightChanges[0].UnusedInputs);
        var hardware = HardwareBuilder.Build(model.Design, new("top"));
        var unused = Assert.Single(UnusedInputs.Of(hardware));
        var raw = Weights(model, 0).Raw;
        Assert.Equal(Enumerable.Range(0, 12).Where(k => Enumerable.Range(0, 8).All(n => raw[(k * 8) + n] == 0)), unused.Elements);
        Assert.Equal((3, 12), (unused.Elements.Count, unused.All));
        Assert.Empty(UnusedInputs.Of(HardwareBuilder.Build(Compile("").Design, new("top", 200))));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(24)]
    public void Multipliers_that_have_no_weight_left_are_not_built(int reuse)
    {
        var model = Compile($"layers: {{ sum1: {{ prune: '50%, multipliers', reuse_factor: {reuse} }} }}");
        var folding = HardwareBuilder.Build(model.Design, new("top", 200)).Layers.Single(l => l.Folding?.Reuse == reuse).Folding!;
        Assert.Equal(folding.Multipliers / 2, folding.Pruned);
    }

    [Fact]
    public void Fewer_digits_keep_to_the_error_that_is_allowed()
    {
        var (plain, model) = (Weights(Compile(""), 0), Compile("model: { round_weights: 5% }"));
        var rounded = Weights(model, 0);
        Assert.True(rounded.Raw.Sum(r => SignedDigits.Count(r)) < 0.8 * plain.Raw.Sum(r => SignedDigits.Count(r)));
        // What 8 bits cost comes on top.
        Assert.All(model.Typed.WeightChanges, c => Assert.InRange(c.Error, 0.01, 0.06));
    }

    [Fact]
    public void The_bias_takes_what_the_weights_lose_on_average()
    {
        var model = Compile("layers: { sum1: { prune: '75%, outputs' } }");
        var (before, after) = (Reals("sum1"), Emulated(model, "sum1"));
        for (var n = 0; n < 8; n++)
            Assert.InRange(Enumerable.Range(0, Events).Average(e => after[(e * 8) + n] - before[(e * 8) + n]), -0.02, 0.02);
    }

    [Theory]
    [InlineData("model: { prune: 50% }")]
    [InlineData("model: { prune: '75%, cost', round_weights: 3% }")]
    public void Results_stay_within_the_bound_that_follows_from_the_changed_weights(string configuration)
    {
        var model = Compile(configuration);
        var bounds = ErrorAnalysis.Run(model.Design)["sum2"];
        var (found, reals) = (Emulated(model, "sum2"), new RealEvaluator(model.Design, applyCasts: false).Run(Quantised(model), Events)["sum2"]);
        Assert.All(Enumerable.Range(0, found.Length), i => Assert.True(Math.Abs(found[i] - reals[i]) <= bounds[i % 4].Error!.Value.ToDouble() + 1e-9));
    }

    [Fact]
    public void Integers_of_a_configuration_are_the_weights()
    {
        var model = Compile("layers: { sum1: { prune: '50%, cost', round_weights: 2% } }");
        var (weights, bias) = (Weights(model, 0), model.Typed.Graph[model.Typed.Graph.Nodes.First(n => n.Operator is Dense).Inputs[2]].Constant!);
        var text = $"layers: {{ sum1: {{ weight: '{weights.Type}', bias: '{bias.Type}', weight_integers: {weights.Raw}, bias_integers: {bias.Raw} }} }}";
        var again = Pipelines.ToDesign(Network, Score.None, Read(text + "\ninputs: { x: '" + model.Typed.InputQuantizers["x"] + "' }"), (new Dictionary<string, double[]> { ["x"] = Inputs }, Events), new())!;
        Assert.Equal(DesignText.ToText(model.Design), DesignText.ToText(again.Design));
    }

    [Theory]
    [InlineData("HLS3072", "model: { prune: '50%, multipliers' }")]
    [InlineData("HLS3073", "layers: { sum2: { weight: 'fixed<4,2>', weight_integers: [1, 2, 3] } }")]
    [InlineData("HLS3073", "layers: { sum2: { bias: 'fixed<4,2>', bias_integers: [1, 2, 3, 8] } }")]
    [InlineData("HLS3073", "layers: { product2: { weight: 'fixed<4,2>', weight_integers: [7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7] } }")]
    [InlineData("HLS3007", "layers: { sum2: { weight_integers: [1, 2, 3] } }")]
    [InlineData("HLS3007", "layers: { relu1: { prune: 50% } }")]
    [InlineData("HLS3001", "model: { prune: 150% }")]
    [InlineData("HLS3001", "model: { prune: half }")]
    [InlineData("HLS3001", "model: { prune: '50%, columns' }")]
    [InlineData("HLS3001", "layers: { sum1: { round_weights: 2 } }")]
    [InlineData("HLS3001", "layers: { sum1: { weight_integers: 2 } }")]
    [InlineData("HLS3001", "layers: { sum1: { bias_integers: [1, x] } }")]
    public void What_cannot_be_done_is_refused(string id, string configuration)
    {
        var bag = new DiagnosticBag();
        var read = ConfigurationReader.Read(configuration, "c.yaml", bag);
        if (!bag.HasErrors)
            Pipelines.ToDesign(Network, Score.None, read, (new Dictionary<string, double[]> { ["x"] = Inputs }, Events), bag);
        Assert.Contains(bag.Items, d => d.Rule.Id == id && d.Rule.Severity == Severity.Error);
    }

    [Fact]
    public void The_cost_of_an_error_needs_events()
    {
        var bag = new DiagnosticBag();
        Pipelines.ToDesign(Network, Score.None, Read("model: { prune: '50%, cost' }"), null, bag);
        Assert.Contains(bag.Items, d => d.Rule == Messages.CannotPruneRule && d.Message.Contains("--calibrate", StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_changed_is_said()
    {
        var bag = new DiagnosticBag();
        Pipelines.ToDesign(Network, Score.None, Read("model: { prune: 50% }"), null, bag);
        Assert.Equal(2, bag.Items.Count(d => d.Rule.Id == "HLS3071" && d.Message.StartsWith("50%, magnitude, weights: ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(-3, 2)]
    [InlineData(7, 2)]
    [InlineData(0b1010101, 4)]
    [InlineData(-(1L << 40), 1)]
    public void Digits_are_counted_without_making_them(long value, int digits)
    {
        Assert.Equal(digits, SignedDigits.Count(value));
        Assert.Equal(digits, SignedDigits.Of(value).Count());
    }

    [Theory]
    [InlineData("50%", "50%, magnitude, weights")]
    [InlineData("12.5%, inputs, cost", "12.5%, cost, inputs")]
    public void Choices_read_back(string text, string written)
    {
        Assert.Equal(written, PruneChoice.Parse(text)!.ToString());
        Assert.Equal(PruneChoice.Parse(text), PruneChoice.Parse(written));
    }

    private static Configuration Read(string text) => ConfigurationReader.Read(text, "c.yaml", new());

    private static CompiledModel Compile(string configuration)
    {
        var bag = new DiagnosticBag();
        var model = Pipelines.ToDesign(Network, Score.None, Read(configuration), (new Dictionary<string, double[]> { ["x"] = Inputs }, Events), bag);
        bag.ThrowIfErrors();
        return model!;
    }

    private static ConstantTensor Weights(CompiledModel model, int layer) =>
        model.Typed.Graph[model.Typed.Graph.Nodes.Where(n => n.Operator is Dense).ElementAt(layer).Inputs[1]].Constant!;

    private static double[] Draw()
    {
        var random = new Random(11);
        return [.. Enumerable.Range(0, Events * 12).Select(i => (1 + (random.NextDouble() * 4)) * (i % 12 < 6 ? 0.01 : 1))];
    }

    private static double[] Reals(string value) => new RealEvaluator(DesignBuilder.Build(Compile("").Imported), applyCasts: true).Run(new Dictionary<string, double[]> { ["x"] = Inputs }, Events, [value])[value];

    private static Dictionary<string, double[]> Quantised(CompiledModel model)
    {
        var quantizer = model.Typed.InputQuantizers["x"];
        return new() { ["x"] = InputConversion.ToDoubles(InputConversion.Quantize(Inputs, 12, quantizer), quantizer.Type) };
    }

    private static double[] Emulated(CompiledModel model, string value)
    {
        var batch = InputConversion.Quantize(Inputs, 12, model.Typed.InputQuantizers["x"]);
        return InputConversion.ToDoubles(new Emulator(model.Design).Run(new Dictionary<string, RawBatch> { ["x"] = batch }, [value])[value], model.Design.Channel(value).Type!.Value);
    }
}
