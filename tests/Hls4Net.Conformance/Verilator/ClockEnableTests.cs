using Hls4Net.Tests.Hardware;
using Hls4Net.Tests.Primitives;
using Hls4Net.Verification.Verilator;

namespace Hls4Net.Conformance.Verilator;

/// <summary>Designs with a clock enable that is 1 at random: bits and cycles, counted in enabled cycles, are those without one.</summary>
public sealed class ClockEnableTests
{
    [Fact]
    public void Cycles_without_the_enable_do_not_count_for_registers_shift_registers_and_folded_layers()
    {
        using var batch = new VerilatorBatch();
        for (var seed = 2000; seed < 2030; seed++)
            batch.Add(RandomDesigns.Draw(seed).WithTypedOutputs(), 1 + seed % 3, clockEnable: true);
        var encoder = SampleDesigns.Encoder(4, 8, 6, 4);
        batch.Add(encoder, null, stages: 20, clockEnable: true);
        foreach (var factors in new int[][] { [2, 2], [4, 6], [48, 24] })
            batch.Add(Folded.With(encoder, factors), 2, clockEnable: true);
        Assert.True(batch.Designs[30].Hardware.Total.ShiftBits > 0);
        var program = batch.Build();
        var inputs = batch.Designs.Select((d, n) => RandomDesigns.Events(d.Design, 300, n)).ToArray();
        var random = new Random(3);
        var gaps = batch.Designs.Select(d => Folded.Starts(d.Hardware.InitiationInterval, inputs[0].First().Value.Events, random)).ToArray();
        foreach (var starts in new[] { null, gaps })
        {
            var results = batch.Compare(program, inputs, starts);
            for (var n = 0; n < results.Count; n++)
                Assert.True(results[n].Difference is null, $"Design {n}: {results[n].Difference}");
        }
        Assert.True(batch.Compare(program, inputs).Skip(30).All(r => r.IsLatencyProved));
    }

    [Fact]
    public void A_register_that_the_enable_does_not_hold_is_found()
    {
        using var batch = new VerilatorBatch();
        var design = SampleDesigns.Encoder(4, 8, 6, 4);
        batch.Add(design, 1, f => f.Path.Contains("fc1", StringComparison.Ordinal) ? f.Text.Replace("if (ce) begin", "if (ce | 1'b1) begin", StringComparison.Ordinal) : f.Text, clockEnable: true);
        var inputs = RandomDesigns.Events(design, 300, 1);
        Assert.NotNull(batch.Compare(batch.Build(SimulationKind.FewEvents), [inputs])[0].Difference);
    }
}
