using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Text;
using Hls4Net.Tests.Primitives;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Reuse;

namespace Hls4Net.Tests.Hardware;

/// <summary>Designs with reuse factors.</summary>
internal static class Folded
{
    /// <summary>The design with reuse factors for its foldable layers, in their order; 1 leaves one unrolled.</summary>
    public static Design With(Design design, params ReadOnlySpan<int> factors)
    {
        var chosen = factors.ToArray();
        var next = 0;
        var schedules = new Dictionary<Stage, Schedule>(ReferenceEqualityComparer.Instance);
        foreach (var group in StageGroup.Of(design))
        {
            if (FoldableKernel.Of(design, group) is { } kernel && chosen[Math.Min(next++, chosen.Length - 1)] is var factor && factor > 1)
                schedules[group.Stages[0]] = kernel.By(factor);
        }
        var stages = design.Stages.Select(s => schedules.TryGetValue(s, out var schedule) ? s with { Schedule = schedule } : s).ToSeq();
        return design with { Stages = stages };
    }

    /// <summary>At most two reuse factors that all foldable layers of a design take; none if there is no such layer.</summary>
    public static IReadOnlyList<int> Sample(Design design, int seed)
    {
        var kernels = StageGroup.Of(design).Select(g => FoldableKernel.Of(design, g)).OfType<FoldableKernel>().ToArray();
        if (kernels.Length == 0)
            return [];
        var valid = Enumerable.Range(2, 200).Where(r => kernels.All(k => k.Products % r == 0)).ToArray();
        var random = new Random(seed);
        return valid.Length <= 2 ? valid : [valid[0], valid[random.Next(1, valid.Length)]];
    }

    /// <summary>Cycles in which events can start: some as close together as can be, others with gaps.</summary>
    public static int[] Starts(int interval, int events, Random random)
    {
        var starts = new int[events];
        for (var e = 1; e < events; e++)
            starts[e] = starts[e - 1] + interval + (e < 4 ? 0 : random.Next(interval + 2));
        return starts;
    }

    public static HardwareDesign AssertAgrees(Design design, double levels, params ReadOnlySpan<int> factors) => AssertAgreesAsFolded(With(design, factors), levels);

    /// <summary>Holds the cycle model of a design with reuse factors against the emulator.</summary>
    public static HardwareDesign AssertAgreesAsFolded(Design folded, double levels)
    {
        var hardware = HardwareBuilder.Build(folded, new("top", LevelsPerCycle: levels));
        var inputs = RandomDesigns.Events(folded, 9, 1);
        var expected = new Emulator(folded).Run(inputs);
        var starts = Starts(hardware.InitiationInterval, expected.Values.First().Events, new(3));
        var actual = HardwareSimulation.Run(hardware, inputs, starts);
        foreach (var output in folded.Outputs)
        {
            for (var e = 0; e < starts.Length; e++)
            {
                for (var k = 0; k < expected[output].Elements; k++)
                    Assert.True(expected[output][e, k] == actual[output][e, k], $"{string.Join(',', folded.Stages.Select(s => s.Schedule).OfType<FoldedSchedule>().Select(f => f.Reuse))} at {levels} levels: event {e}, element {k} of {output}: {actual[output][e, k]} instead of {expected[output][e, k]}");
            }
        }
        return hardware;
    }
}
