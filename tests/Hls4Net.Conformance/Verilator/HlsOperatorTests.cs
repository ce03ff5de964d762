using Hls4Net.Tests.Hls;
using Hls4Net.Tests.Primitives;

namespace Hls4Net.Conformance.Verilator;

public sealed class HlsOperatorTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(1.0)]
    public void Bits_and_cycles_of_operators_of_the_HLS_dialect_are_those_of_the_emulator(double? levels)
    {
        using var batch = new VerilatorBatch();
        var samples = HlsSamples.All().ToList();
        foreach (var (_, design) in samples)
            batch.Add(design, levels);
        var program = batch.Build();
        var results = batch.Compare(program, [.. samples.Select((s, n) => RandomDesigns.Events(s.Design, 100, n))]);
        for (var n = 0; n < samples.Count; n++)
            Assert.True(results[n].Difference is null, $"{samples[n].Name}: {results[n].Difference}");
    }
}
