namespace Hls4Net.Tests.Hardware;

/// <summary>Folded layers in the cycle model, against the emulator, which knows nothing of schedules.</summary>
public sealed class FoldedLayerTests
{
    [Theory]
    [InlineData(1.0)]
    [InlineData(2.5)]
    [InlineData(1000.0)]
    public void Every_reuse_factor_gives_the_bits_of_the_emulator_in_the_cycles_that_are_promised(double levels)
    {
        var design = SampleDesigns.Encoder(5, 6, 4, 3);
        foreach (var (first, second) in new[] { (2, 1), (1, 2), (3, 4), (4, 3), (6, 12), (8, 6), (12, 2), (24, 12) })
            Folded.AssertAgrees(design, levels, first, second);
    }
}
