using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Text;
using Hls4Net.Tests.Primitives;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Reuse;

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

/// <summary>Designs with reuse factors.</summary>
internal static class Folded
{
    /// <summary>The design with reuse factors for its foldable layers, in their order; 1 leaves one unrolled.</summary>
    public static Design With(Design design, params ReadOnlySpan<int> factors)
    {
        var chosen = factors.ToArray();
        var next = 0;
        var stages = design.Stages.Select(s => StageGroup.Of(design).FirstOrDefault(g => g.Stages[0] == s) is { } group && FoldableKernel.Of(design, group) is not null
            && chosen[Math.Min(next++, chosen.Length - 1)] is var factor && factor > 1 ? s with { Schedule = new FoldedSchedule(factor) } : s).ToSeq();
        return design with { Stages = stages };
    }

    public static HardwareDesign AssertAgrees(Design design, double levels, params ReadOnlySpan<int> factors)
    {
        var folded = With(design, factors);
        var hardware = HardwareBuilder.Build(folded, new("top", LevelsPerCycle: levels));
        var inputs = RandomDesigns.Events(design, 9, 1);
        var expected = new Emulator(folded).Run(inputs);
        var random = new Random(3);
        var starts = new int[9];
        for (var e = 1; e < starts.Length; e++)
            starts[e] = starts[e - 1] + hardware.InitiationInterval + (e < 4 ? 0 : random.Next(hardware.InitiationInterval + 2));
        var actual = HardwareSimulation.Run(hardware, inputs, starts);
        foreach (var output in design.Outputs)
        {
            for (var e = 0; e < starts.Length; e++)
            {
                for (var k = 0; k < expected[output].Elements; k++)
                    Assert.True(expected[output][e, k] == actual[output][e, k], $"{string.Join(',', factors.ToArray())} at {levels} levels: event {e}, element {k} of {output}: {actual[output][e, k]} instead of {expected[output][e, k]}");
            }
        }
        return hardware;
    }
}
