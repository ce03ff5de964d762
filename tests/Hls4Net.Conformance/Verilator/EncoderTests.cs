using Hls4Net.Core.Emulation;
using Hls4Net.Tests.Hardware;
using Hls4Net.Verification.Comparison;
using Hls4Net.Verification.Stimuli;
using Hls4Net.Verification.Verilator;

namespace Hls4Net.Conformance.Verilator;

public sealed class EncoderTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(3.0)]
    public void An_encoder_agrees_in_every_intermediate_value_and_in_its_latency(double? levels)
    {
        using var batch = new VerilatorBatch();
        var design = SampleDesigns.Encoder(1, 57, 32, 16, 6);
        batch.Add(design, levels);
        var inputs = new StimulusGenerator(design).Generate(10_000, 1);
        var program = batch.Build(SimulationKind.Traces);
        var run = program.Run(inputs, TestContext.Current.CancellationToken);
        var expected = new Emulator(design).Run(inputs, [.. design.Channels.Select(c => c.Name)]);
        Assert.Equal((false, false), run.CouldBe(expected));
        Assert.Equal(0, BatchComparison.Compare(expected, run.Outputs(), design.Outputs).Events);
        var traces = run.Traces();
        Assert.Equal(["x", "fc1", "fc2", "fc3"], traces.Select(t => t.Channel));
        foreach (var (channel, values) in traces)
            Assert.Equal((0, null), BatchComparison.Compare(expected, new Dictionary<string, RawBatch> { [channel] = values }, [channel]));
    }

    [Fact]
    public void Shift_registers_agree_and_so_do_stages_that_share_the_logic()
    {
        using var batch = new VerilatorBatch();
        var design = SampleDesigns.Encoder(4, 8, 6, 4);
        foreach (var stages in new[] { 2, 5, 20 })
            batch.Add(design, null, stages: stages);
        Assert.Equal([false, false, true], batch.Designs.Select(d => d.Hardware.Total.ShiftBits > 0));
        var inputs = batch.Designs.Select(d => new StimulusGenerator(d.Design).Generate(500, 1)).ToArray();
        Assert.All(batch.Compare(batch.Build(), inputs), r => Assert.Equal((null, true), r));
    }

    [Fact]
    public void A_million_events_take_seconds()
    {
        using var batch = new VerilatorBatch();
        var design = SampleDesigns.Encoder(1, 57, 32, 16, 6);
        batch.Add(design, 3);
        var program = batch.Build(SimulationKind.ManyEvents);
        var inputs = new StimulusGenerator(design).Generate(1_000_000, 1);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var run = program.Run(inputs, TestContext.Current.CancellationToken);
        var outputs = run.Outputs();
        TestContext.Current.SendDiagnosticMessage($"build {program.BuildTime}, run {clock.Elapsed}, {outputs["fc3"].Events}");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }
}
