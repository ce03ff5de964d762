using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Netlists;
using Hls4Net.Tests.Typing;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Tests.Hardware;

/// <summary>Prescales and rate counters: the model by hand, and the cycle model against the model, cycle for cycle.</summary>
public sealed class DecisionTests
{
    private const int Events = 3000;

    public static TheoryData<string, int> Cases => new()
    {
        { "prescale: run-time\n  rates: restart", 1 },
        { "prescale: run-time\n  prescale_bits: 2\n  rates: 100\n  rate_bits: 3", 1 },
        { "prescale: [0, 1, 3]", 1 },
        { "prescale: 7\n  rates: 37", 1 },
        { "rates: restart\n  rate_bits: 5", 1 },
        { "rates: 64\n  rate_bits: 40", 1 },
        { "prescale: run-time\n  rates: 50", 3 },
        { "prescale: [2, 5, 1]\n  rates: restart", 3 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_hardware_keeps_what_the_model_keeps(string keys, int reuse)
    {
        var compiled = Compile(keys, reuse);
        var (design, decision) = (compiled.Design, compiled.Score.Decision);
        var random = new Random(5);
        var inputs = new Dictionary<string, RawBatch>(StringComparer.Ordinal) { ["x"] = RawBatch.Of(6, [.. Enumerable.Range(0, 6 * Events).Select(_ => random.NextInt64(-32, 32))]) };
        inputs["threshold"] = RawBatch.Of(3, [0, 0, 0]);
        var scores = new Emulator(design).Run(inputs, ["score"])["score"].Raw.Order().ToArray();
        inputs["threshold"] = RawBatch.Of(3, [scores[Events / 4], scores[Events / 2], scores[9 * Events / 10]]);
        var expected = new Emulator(design).Run(inputs);
        var restarts = Enumerable.Range(0, Events).Select(e => e == 0 || random.Next(150) == 0).ToArray();
        foreach (var factors in new long[][] { [1, 2, 3], [3, 0, 1] })
        {
            inputs["restart"] = RawBatch.Of(1, [.. restarts.Select(r => r ? 1L : 0)]);
            inputs["prescale"] = RawBatch.Of(3, factors);
            var hardware = HardwareBuilder.Build(design, new("top", LevelsPerCycle: 2.5) { Decision = decision });
            // Where cycles without an event are told from others, they come between.
            var starts = hardware.Valid is null ? null : Enumerable.Range(0, Events).Select(e => e * (hardware.InitiationInterval + e / 1000)).Order().ToArray();
            starts = starts is null ? null : Apart(starts, hardware.InitiationInterval, random);
            var found = HardwareSimulation.Run(hardware, inputs, starts);
            var model = new DecisionModel(decision, 3).Run(expected["trigger"], restarts, factors);
            Assert.NotEmpty(model);
            Assert.Equal(expected["trigger"].Raw, found["trigger"].Raw);
            foreach (var (name, batch) in model)
                Assert.Equal(batch.Raw, found[name].Raw);
        }
    }

    /// <summary>Starts at least the interval apart, with pauses.</summary>
    private static int[] Apart(int[] starts, int interval, Random random)
    {
        for (var (e, next) = (0, 0); e < starts.Length; e++, next += interval + (random.Next(4) == 0 ? random.Next(9) : 0))
            starts[e] = next;
        return starts;
    }

    [Fact]
    public void The_model_is_what_it_says_event_by_event()
    {
        var trigger = RawBatch.Of(1, [1, 1, 0, 1, 1, 1, 1, 0, 1, 1]);
        bool[] restart = [true, false, false, false, false, true, false, false, false, false];
        var found = new DecisionModel(new(4, [], 2, 0), 1).Run(trigger, restart, [2]);
        Assert.Equal([0, 1, 0, 0, 1, 0, 1, 0, 0, 1], found["prescaled"].Raw);
        Assert.Equal([0, 0, 0, 0, 0, 3, 3, 3, 3, 3], found["rate"].Raw);
        Assert.Equal([0, 0, 0, 0, 0, 2, 2, 2, 2, 2], found["rate_prescaled"].Raw);
        var periods = new DecisionModel(new(0, [], 8, 3), 1);
        Assert.Equal([0, 0, 0, 2, 2, 2, 1, 0], periods.Run(trigger with { Events = 8, Raw = trigger.Raw[..8] }, [.. restart[..6], true, false], [])["rate"].Raw[..8].Select((r, i) => i == 6 ? r : i == 7 ? 0 : r));
    }

    [Fact]
    public void Batches_one_after_the_other_are_one_run()
    {
        var random = new Random(2);
        var trigger = RawBatch.Of(2, [.. Enumerable.Range(0, 400).Select(_ => (long)random.Next(2))]);
        var restart = Enumerable.Range(0, 200).Select(e => e % 71 == 0).ToArray();
        var options = new DecisionOptions(0, [3, 5], 6, 17);
        var whole = new DecisionModel(options, 2).Run(trigger, restart, []);
        var model = new DecisionModel(options, 2);
        var parts = new[] { 0..90, 90..91, 91..200 }.Select(r => model.Run(RawBatch.Of(2, trigger.Raw[(2 * r.Start.Value)..(2 * r.End.Value)]), restart[r], [])).ToList();
        foreach (var (name, batch) in whole)
            Assert.Equal(batch.Raw, parts.SelectMany(p => p[name].Raw));
    }

    [Theory]
    [InlineData("prescale: [1, 2]", "2 prescale factors are listed; there are 3 thresholds")]
    [InlineData("prescale: often", "'often' is not a whole number")]
    [InlineData("prescale: -1", "'-1' is not a whole number")]
    [InlineData("rates: 1", "'1' is not a whole number from 2")]
    [InlineData("rate_bits: 8", "'rate_bits' needs 'rates'")]
    [InlineData("prescale: 2\n  prescale_bits: 4", "'prescale_bits' needs 'prescale: run-time'")]
    [InlineData("prescales: 2", "Did you mean 'prescale'?")]
    public void What_is_wrong_is_said(string keys, string says)
    {
        var diagnostics = new DiagnosticBag();
        ConfigurationReader.Read($"score:\n  head: mu2\n  thresholds: 3\n  {keys}\n", "c.yaml", diagnostics);
        Assert.Contains(diagnostics.Items, d => d.ToString().Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_score_or_a_clock_or_whole_events_it_is_refused()
    {
        var diagnostics = new DiagnosticBag();
        var configuration = ConfigurationReader.Read("score: { rates: 100 }", "c.yaml", diagnostics);
        Assert.Null(Pipelines.ToDesign(TestNetworks.Perceptron(1, 6, 3), Score.None, configuration, null, diagnostics));
        Assert.Equal("HLS3093", diagnostics.Items.Single().Rule.Id);
        var compiled = Compile("rates: 100", 1);
        foreach (var options in new HardwareOptions[] { new("top", Combinational: true), new("top", 200) { AxiStream = new(64, 32) } })
        {
            var refused = Assert.Throws<UserErrorException>(() => HardwareBuilder.Build(compiled.Design, options with { Decision = compiled.Score.Decision }));
            Assert.Equal("HLS3093", refused.Diagnostics[0].Rule.Id);
        }
        Assert.Contains("gives the decisions before them", Messages.DecisionInVerilog("the HLS C++").Message, StringComparison.Ordinal);
    }

    private static CompiledModel Compile(string keys, int reuse)
    {
        var diagnostics = new DiagnosticBag();
        var configuration = ConfigurationReader.Read($"model: {{ precision: 'fixed<40,20>'{(reuse > 1 ? $", reuse_factor: {reuse}" : "")} }}\ninputs: {{ x: 'fixed<6,4>' }}\nscore:\n  head: mu2\n  thresholds: 3\n  {keys}\n", "c.yaml", diagnostics);
        var compiled = Pipelines.ToDesign(TestNetworks.Perceptron(3, 6, 3), Score.None, configuration, null, diagnostics);
        Assert.False(diagnostics.HasErrors, string.Join('\n', diagnostics.Items));
        return compiled!;
    }
}
