using Hls4Net.Core.Emulation;
using Hls4Net.Core.Netlists;
using Hls4Net.Emission;
using Hls4Net.Tests.Primitives;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Tests.Hardware;

/// <summary>The channels of streamed designs: as deep as computed, as full as they are deep, and no fuller.</summary>
public sealed class LineTests
{
    private const int Events = 4;

    [Theory]
    [InlineData("window without padding", 1)]
    [InlineData("window with padding", 1)]
    [InlineData("window with padding", 2)]
    [InlineData("strides", 1)]
    [InlineData("dilations", 1)]
    [InlineData("depthwise", 1)]
    [InlineData("pool", 1)]
    [InlineData("classifier", 1)]
    [InlineData("skip", 1)]
    public void The_words_in_use_are_as_many_as_a_line_holds(string name, int pixels)
    {
        var design = Streamed.Chains[name]();
        var hardware = HardwareBuilder.Build(design, new("top", LevelsPerCycle: 2) { Stream = new(pixels) });
        var description = VerilogEmitter.InterfaceOf(hardware);
        var inputs = RandomDesigns.Events(design, Events, 1);
        var expected = new Emulator(design).Run(inputs);
        Assert.NotEmpty(hardware.Lines);
        foreach (var output in design.Outputs)
            Assert.Equal(Values(expected[output]), Values(new EventSimulation(hardware.Netlist, description).Run(inputs, null, TestContext.Current.CancellationToken).Outputs[output]));
        Assert.All(hardware.Lines, l => Assert.True(LineProbe.IsFull(hardware.Netlist, description, l, inputs, expected, TestContext.Current.CancellationToken), $"{l.Producer} to {l.Consumer}, {l.Depth} words: {l.Why()}"));
    }

    [Fact]
    public void A_window_keeps_its_rows_and_a_skip_waits_for_the_other_branch()
    {
        // Two rows of 4 pixels and two more behind a 3 × 3 window; the skip waits while two such windows see half of that ahead.
        var lines = HardwareBuilder.Build(Streamed.Chains["skip"](), new("top", LevelsPerCycle: 2) { Stream = new() }).Lines;
        var window = Assert.Single(lines, l => l is { Producer: "conv2", Consumer: "conv3" });
        Assert.Equal((LineReason.Window, 10, 3, 4), (window.Reason, window.Depth, window.Rows, window.RowWords));
        Assert.Equal("3 rows of 4 words are read at once", window.Why());
        var skip = Assert.Single(lines, l => l is { Producer: "conv1", Reason: LineReason.Meeting });
        Assert.Equal(10, skip.Depth);
        Assert.Equal("what it meets comes 10 ticks later", skip.Why());
    }

    [Fact]
    public void A_word_that_nobody_needs_is_not_taken_for_one_in_use()
    {
        var design = Streamed.Chains["window with padding"]();
        var hardware = HardwareBuilder.Build(design, new("top", LevelsPerCycle: 2) { Stream = new() });
        var inputs = RandomDesigns.Events(design, Events, 1);
        var nowhere = hardware.Lines[0] with { Ends = ["no such net"] };
        Assert.False(LineProbe.IsFull(hardware.Netlist, VerilogEmitter.InterfaceOf(hardware), nowhere, inputs, new Emulator(design).Run(inputs), TestContext.Current.CancellationToken));
    }

    private static long[] Values(RawBatch batch) => [.. Enumerable.Range(0, batch.Events * batch.Elements).Select(k => (long)batch[k / batch.Elements, k % batch.Elements])];
}
