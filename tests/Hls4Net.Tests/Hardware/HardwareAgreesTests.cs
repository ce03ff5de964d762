using Hls4Net.Core.Emulation;
using Hls4Net.Core.Netlists;
using Hls4Net.Tests.Primitives;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Tests.Hardware;

/// <summary>The netlists of random designs, run in the cycle model, against the emulator.</summary>
public sealed class HardwareAgreesTests
{
    private const int Designs = 300;
    private const int Events = 13;

    [Theory]
    [InlineData(null)]
    [InlineData(1.0)]
    [InlineData(2.5)]
    public void Bits_and_cycles_are_those_of_the_emulator(double? levels)
    {
        for (var seed = 0; seed < Designs; seed++)
        {
            var design = RandomDesigns.Draw(seed).WithTypedOutputs();
            var inputs = RandomDesigns.Events(design, Events, seed);
            var expected = new Emulator(design).Run(inputs);
            var hardware = HardwareBuilder.Build(design, new("top", LevelsPerCycle: levels) { AdderOperands = 2 + seed % 2 });
            var actual = HardwareSimulation.Run(hardware, inputs, (model, e) => AssertRanges(model, seed, e, levels));
            foreach (var output in design.Outputs)
                AssertEqual(expected[output], actual[output], $"seed {seed}, output {output}, levels {levels}");
        }
    }

    private static void AssertRanges(CycleModel model, int seed, int e, double? levels)
    {
        // With registers, nets of other events are on their way; every one of them is a value that the net can have, too.
        if (levels is null)
            Assert.True(model.FirstNetOutsideItsRange() is null, $"seed {seed}, event {e}: {model.FirstNetOutsideItsRange()}");
    }

    private static void AssertEqual(RawBatch expected, RawBatch actual, string where)
    {
        Assert.Equal(expected.Events, actual.Events);
        for (var e = 0; e < expected.Events; e++)
        {
            for (var k = 0; k < expected.Elements; k++)
                Assert.True(expected[e, k] == actual[e, k], $"{where}, event {e}, element {k}: {actual[e, k]} where the emulator has {expected[e, k]}.");
        }
    }
}
