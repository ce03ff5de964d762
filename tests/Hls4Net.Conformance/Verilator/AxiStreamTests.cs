using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators;
using Hls4Net.Tests.Hardware;
using Hls4Net.Tests.Primitives;
using Hls4Net.Verification.Verilator;

namespace Hls4Net.Conformance.Verilator;

/// <summary>AXI4-Stream tops under random gaps, back-pressure, resets and malformed packets: every event comes out once, in order, with its bits.</summary>
public sealed class AxiStreamTests
{
    [Fact]
    public void No_event_is_lost_or_changed_under_any_of_thousands_of_patterns()
    {
        using var batch = new VerilatorBatch();
        var encoder = SampleDesigns.Encoder(4, 8, 6, 4);
        // Elements of 8 and 12 bits: packets of one beat and of many, with a last beat that is full, or not.
        foreach (var (bus, user) in new[] { (8, 1), (16, 32), (24, 5), (64, 32), (128, 64), (512, 40) })
            batch.Add(encoder, 2, packets: new(bus, user));
        batch.Add(encoder, null, stages: 1, packets: new(64, 32));
        foreach (var factors in new int[][] { [2, 2], [4, 6], [48, 24] })
            batch.Add(Folded.With(encoder, factors), 2, packets: new(32, 16));
        batch.Add(Folded.With(encoder, 2, 2), 1, packets: new(512, 16));
        batch.Add(TwoInputs(), 2, packets: new(40, 12));
        for (var seed = 3000; seed < 3008; seed++)
            AddRandom(batch, seed);
        var events = batch.Designs.Select((d, n) => Expected(d.Design, RandomDesigns.Events(d.Design, 200, n))).ToArray();
        var program = VerilatorRunner.BuildStreams([.. batch.Designs.Select(d => d.Files)], batch.BuildFolder, TestContext.Current.CancellationToken);
        var results = program.Run(events, 500, 1, TestContext.Current.CancellationToken);
        for (var n = 0; n < results.Count; n++)
            Assert.True(results[n].Different == 0, $"Design {n} with {batch.Designs[n].Files.Interface.Stream}: {results[n]}");
        Assert.All(results, r => Assert.True(r.Events > 1500 && r.Malformed > 200, r.ToString()));
        TestContext.Current.SendDiagnosticMessage($"{results.Sum(r => r.Patterns)} patterns, {results.Sum(r => r.Events)} events");
    }

    [Theory]
    [InlineData("!(result && out_waiting)", "1'd1")]
    [InlineData("if (take) user_out <=", "if (take && out_busy) user_out <=")]
    [InlineData("else if (launch) in_full <= 1'd0;", "")]
    [InlineData("&& !in_spoilt", "")]
    [InlineData("result && ce && is_ready", "result && ce")]
    public void A_mistake_in_the_wrapper_is_found(string text, string mistake)
    {
        using var batch = new VerilatorBatch();
        var design = SampleDesigns.Encoder(4, 8, 6, 4);
        batch.Add(design, 2, packets: new(16, 32), spoil: f =>
        {
            Assert.True(!f.Path.EndsWith("_axis.v", StringComparison.Ordinal) || f.Text.Contains(text, StringComparison.Ordinal));
            // A linter that sees the mistake would spoil the test.
            return f.Path.EndsWith("_axis.v", StringComparison.Ordinal) ? "/* verilator lint_off UNUSEDSIGNAL */\n" + f.Text.Replace(text, mistake, StringComparison.Ordinal) : f.Text;
        });
        var program = VerilatorRunner.BuildStreams([batch.Designs[0].Files], batch.BuildFolder, TestContext.Current.CancellationToken);
        try
        {
            Assert.NotEqual(0, program.Run([Expected(design, RandomDesigns.Events(design, 200, 1))], 300, 1, TestContext.Current.CancellationToken)[0].Different);
        }
        catch (Core.Diagnostics.UserErrorException e)
        {
            Assert.Contains("stream_bench", e.Message, StringComparison.Ordinal);
        }
    }

    private static (IReadOnlyDictionary<string, RawBatch> Inputs, IReadOnlyDictionary<string, RawBatch> Outputs) Expected(
        Design design, IReadOnlyDictionary<string, RawBatch> inputs) => (inputs, new Emulator(design).Run(inputs));

    private static void AddRandom(VerilatorBatch batch, int seed)
    {
        var design = RandomDesigns.Draw(seed).WithTypedOutputs();
        if (Transforms.Lowering.HardwareBuilder.Build(design, new("probe", LevelsPerCycle: 1)).Latency > 0)
            batch.Add(design, 1, packets: new(8 << (seed % 5), 1 + seed % 40));
    }

    /// <summary>Two inputs of different types, a setting that is called like a port of the wrapper, and two outputs, one wider than 64 bits.</summary>
    private static Design TwoInputs()
    {
        var network = new NetworkWriter("two");
        var a = network.Input("a", [1, 3], new FixedType(true, 60, 40));
        var b = network.Input("b", [1, 3], new FixedType(false, 5, 5));
        var offset = network.Input("s_axis_tdata", [1, 3], new FixedType(true, 9, 60), isSetting: true);
        var most = network.Add("most", new Addition(), [a, offset], [1, 3], null);
        var sum = network.Add("sum", new Addition(), [most, b], [1, 3], null);
        var positive = network.Add("positive", new Rectify(), [b], [1, 3], new FixedType(false, 5, 5));
        return network.ToDesign(sum, positive);
    }
}
