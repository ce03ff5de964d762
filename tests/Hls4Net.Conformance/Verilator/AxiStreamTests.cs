using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators;
using Hls4Net.Tests.Hardware;
using Hls4Net.Tests.Primitives;
using Hls4Net.Transforms.Streams;
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
        Assert.All(results, r => Assert.True(r.Events > 1500 && r.Malformed > 100, r.ToString()));
        TestContext.Current.SendDiagnosticMessage($"{results.Sum(r => r.Patterns)} patterns, {results.Sum(r => r.Events)} events");
    }

    [Fact]
    public void Streamed_networks_are_held_while_a_beat_is_missing_and_lose_no_event_either()
    {
        using var batch = new VerilatorBatch();
        var chains = Streamed.Chains.ToArray();
        // Records and beats of the bus of which neither is a multiple of the other, several pixels a record, folded layers, and results that come early.
        foreach (var (k, (bus, user)) in new[] { (8, 1), (16, 32), (24, 5), (64, 32), (128, 64), (40, 40) }.Index())
        {
            batch.Add(chains[k].Value(), 2, stream: new(1 + k % 3), packets: new(bus, user));
            batch.Add(chains[(k + 6) % chains.Length].Value(), 1 + k % 2, stream: new(1), packets: new(bus, user));
        }
        // A picture of which nobody reads the end, so that results are complete before the packet is.
        batch.Add(new Streamed.Picture(2, 6, 7).Conv(2, Streamed.Window(1, stride: 4)).ToDesign(), 4, stream: new(), packets: new(16, 16));
        foreach (var (k, design) in StreamedTests.Designs().Skip(chains.Length).Select(d => d.Item2).Where(IsPicture).Where((_, k) => k % 8 == 0).Take(12).Index())
            batch.Add(design, 1, stream: new(1 + k % 2), packets: new(8 << (k % 5), 8));
        foreach (var name in new[] { "classifier", "strides", "skip" })
        {
            var design = Streamed.Chains[name]();
            batch.Add(Folded.With(design, Folded.Sample(design, 3)[^1]), 1, stream: new(2), packets: new(32, 16));
        }
        var program = VerilatorRunner.BuildStreams([.. batch.Designs.Select(d => d.Files)], batch.BuildFolder, TestContext.Current.CancellationToken);
        var events = batch.Designs.Select((d, n) => Expected(d.Design, RandomDesigns.Events(d.Design, 50, n))).ToArray();
        var results = program.Run(events, 500, 1, TestContext.Current.CancellationToken);
        for (var n = 0; n < results.Count; n++)
            Assert.True(results[n].Different == 0, $"Design {n} with {batch.Designs[n].Files.Interface.Stream}: {results[n]}");
        Assert.All(results, r => Assert.True(r.Events > 500 && r.Malformed > 50, r.ToString()));
        var tops = batch.Designs.Select(d => d.Files.Interface.Stream!).ToArray();
        Assert.All(results.Zip(tops), r => Assert.Equal(r.Second.ResultDepth, r.First.Waiting));
        Assert.True(tops.Any(t => t.ResultDepth > 2 && t.ResultDepth < t.Outputs.Records), "No result comes before the end of its packet.");
        Assert.True(tops.Any(t => t.Outputs.Records > 1 && t.ResultDepth == t.Outputs.Records + 2), "No results are complete before the end of their packet.");
        TestContext.Current.SendDiagnosticMessage($"{results.Sum(r => r.Patterns)} patterns, {results.Sum(r => r.Events)} events, {results.Sum(r => r.Beats)} beats, {results.Max(r => r.Cycles)} cycles");
    }

    [Fact]
    public void Packets_go_through_weights_that_were_loaded()
    {
        using var batch = new VerilatorBatch();
        batch.Add(Loadable.Of(Folded.With(SampleDesigns.Encoder(4, 8, 6, 4), 4, 6)), 2, packets: new(32, 16));
        batch.Add(Loadable.Of(Folded.With(SampleDesigns.Encoder(4, 8, 6, 4), 48, 24)), 1, packets: new(64, 8), memory: Core.Kernels.MemoryChoice.Block);
        foreach (var (k, name) in new[] { "classifier", "skip", "depthwise" }.Index())
        {
            var design = Streamed.Chains[name]();
            batch.Add(Loadable.Of(Folded.With(design, Folded.Sample(design, 3)[0])), 2, stream: new(1 + k), packets: new(16 << k, 16));
        }
        var retrained = batch.Designs.Select((d, n) => Loadable.Retrained(d.Design, n + 1)).ToArray();
        var loads = batch.Designs.Select((d, n) => LoadingTests.Words(d.Files.Interface.Loading!, LoadingTests.EntriesOf(batch, n, retrained[n]), new(n)).Select(w => w.Transfer)
            .Append(new(TransferKind.Write, Core.Netlists.LoadInterface.AddressOf(Core.Netlists.LoadRegister.Control), 1)).ToArray()).ToArray();
        var events = batch.Designs.Select((d, n) => RandomDesigns.Events(d.Design, 50, n)).ToArray();
        Assert.All(Enumerable.Range(0, events.Length), n => Assert.NotEqual(Values(batch.Designs[n].Design, events[n]), Values(retrained[n], events[n])));
        var program = VerilatorRunner.BuildStreams([.. batch.Designs.Select(d => d.Files)], loads, batch.BuildFolder, SimulationKind.FewEvents, TestContext.Current.CancellationToken);
        var results = program.Run([.. events.Select((e, n) => Expected(retrained[n], e))], 100, 1, TestContext.Current.CancellationToken);
        Assert.All(results, r => Assert.True(r is { Different: 0, Events: > 100 }, r.ToString()));

        static long[] Values(Design design, IReadOnlyDictionary<string, RawBatch> inputs) => [.. new Emulator(design).Run(inputs)[design.Outputs[0]].Raw];
    }

    [Theory]
    [InlineData("!(result && out_waiting)", "1'd1")]
    [InlineData("if (take) user_out <=", "if (take && out_busy) user_out <=")]
    [InlineData("else if (launch) in_full <= 1'd0;", "")]
    [InlineData("&& !in_spoilt", "")]
    [InlineData("result && ce && is_ready", "result && ce")]
    public void A_mistake_in_the_wrapper_is_found(string text, string mistake) => AssertFound(SampleDesigns.Encoder(4, 8, 6, 4), null, text, mistake);

    [Theory]
    [InlineData("&& !(is_open && is_due && !has_record)", "")]
    [InlineData("wire ce = !(result && out_full)", "wire ce = 1'd1")]
    [InlineData("has_record = in_ended ||", "has_record =")]
    [InlineData("in_swallow <= in_last && !s_axis_tlast", "in_swallow <= 1'd0")]
    [InlineData("if (is_good) out_commit", "if (!is_bad) out_commit")]
    [InlineData("if (is_bad) out_write <= out_commit;\n            else if", "if")]
    [InlineData("result && ce && is_ready", "result && ce")]
    public void A_mistake_in_the_wrapper_of_a_streamed_network_is_found(string text, string mistake) =>
        AssertFound(Folded.With(Streamed.Chains["window with padding"](), 18), new(1), text, mistake);

    private static void AssertFound(Design design, StreamOptions? stream, string text, string mistake)
    {
        using var batch = new VerilatorBatch();
        batch.Add(design, 2, stream: stream, packets: new(16, 32), spoil: f =>
        {
            Assert.True(!f.Path.EndsWith("_axis.v", StringComparison.Ordinal) || f.Text.Contains(text, StringComparison.Ordinal), f.Text);
            // A linter that sees the mistake would spoil the test.
            return f.Path.EndsWith("_axis.v", StringComparison.Ordinal)
                ? "/* verilator lint_off UNUSEDSIGNAL */\n" + f.Text.Replace(text, mistake, StringComparison.Ordinal) : f.Text;
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

    private static bool IsPicture(Design design)
    {
        try
        {
            return Transforms.Lowering.HardwareBuilder.Build(design, new("probe", LevelsPerCycle: 1) { Stream = new() }).Latency > 0;
        }
        catch (Core.Diagnostics.UserErrorException e) when (e.Diagnostics.All(d => d.Rule == Core.Diagnostics.Messages.NoPixelsRule))
        {
            return false;
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
