using Hls4Net.Tests.Hls;
using Hls4Net.Tests.Primitives;

namespace Hls4Net.Conformance.Gpp;

public sealed class HlsOperatorTests
{
    [Fact]
    public void The_cpp_of_operators_of_the_HLS_dialect_computes_what_the_emulator_computes()
    {
        using var batch = new GppBatch();
        var samples = HlsSamples.All().ToList();
        foreach (var (_, design) in samples)
            batch.Add(design);
        var program = batch.Build();
        for (var n = 0; n < samples.Count; n++)
        {
            var difference = GppBatch.Difference(program, samples[n].Design, RandomDesigns.Events(samples[n].Design, 200, n));
            Assert.True(difference is null, $"{samples[n].Name}: {difference}");
        }
    }
}
