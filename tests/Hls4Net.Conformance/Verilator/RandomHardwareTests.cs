using Hls4Net.Tests.Hardware;
using Hls4Net.Tests.Primitives;

namespace Hls4Net.Conformance.Verilator;

public sealed class RandomHardwareTests
{
    private const int Designs = 60;

    [Theory]
    [InlineData(1000, null)]
    [InlineData(1060, 1.0)]
    [InlineData(1120, 2.0)]
    public void Bits_and_cycles_of_the_verilog_are_those_of_the_emulator(int first, double? levels)
    {
        using var batch = new VerilatorBatch();
        for (var seed = first; seed < first + Designs; seed++)
            batch.Add(RandomDesigns.Draw(seed).WithTypedOutputs(), levels);
        var program = batch.Build();
        TestContext.Current.SendDiagnosticMessage($"{Designs} designs in {program.BuildTime}");
        var inputs = batch.Designs.Select((d, n) => RandomDesigns.Events(d.Design, 40, first + n)).ToArray();
        var results = batch.Compare(program, inputs);
        for (var n = 0; n < Designs; n++)
            Assert.True(results[n].Difference is null, $"Seed {first + n}: {results[n].Difference}");
        // Random designs often compute the same for every event; most do not.
        Assert.True(results.Count(r => r.IsLatencyProved) > Designs / 2);
    }
}
