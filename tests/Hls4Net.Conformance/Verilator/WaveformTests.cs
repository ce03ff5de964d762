using Hls4Net.Tests.Hardware;
using Hls4Net.Tests.Primitives;
using Hls4Net.Verification.Verilator;

namespace Hls4Net.Conformance.Verilator;

/// <summary>What the cycle model shows in a waveform is what Verilator sees inside the Verilog, under the same names.</summary>
public sealed class WaveformTests
{
    [Fact]
    public void Signals_of_the_waveform_are_those_of_the_verilog_unrolled_and_folded()
    {
        const int Events = 200;
        using var batch = new VerilatorBatch();
        batch.Add(SampleDesigns.Encoder(1, 8, 6, 4), 2);
        batch.Add(Folded.With(SampleDesigns.Encoder(2, 8, 6, 4), 4, 6), 2);
        batch.Add(RandomDesigns.Draw(1063).WithTypedOutputs(), 3);
        var inputs = batch.Designs.Select(d => RandomDesigns.Events(d.Design, Events, 3)).ToArray();
        var runs = batch.Build(SimulationKind.Traces).Run(inputs, TestContext.Current.CancellationToken);
        for (var d = 0; d < batch.Designs.Count; d++)
        {
            var hardware = batch.Designs[d].Hardware;
            var (file, result) = RecordedWaveform.Of(hardware, inputs[d]);
            Assert.Null(result.WrongValid);
            var seen = runs[d].Traces().ToDictionary(t => t.Channel, t => t.Values, StringComparer.Ordinal);
            Assert.InRange(RecordedWaveform.Compare(file, hardware, seen), 10 * Events, int.MaxValue);
            foreach (var (channel, values) in runs[d].Outputs())
                Assert.Equal(values.Raw, result.Outputs[channel].Raw);
        }
    }
}
