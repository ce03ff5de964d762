using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Netlists;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Streams;
using static Hls4Net.Tests.Hardware.Streamed;

namespace Hls4Net.Tests.Hardware;

/// <summary>Streamed designs in the cycle model, against the emulator, which knows nothing of time.</summary>
public sealed class StreamedLayerTests
{
    public static TheoryData<string, int> Networks => new(
        from name in Chains.Keys
        from pixels in new[] { 1, 2, 3 }
        select (name, pixels));

    [Theory]
    [MemberData(nameof(Networks))]
    public void Streamed_networks_give_the_bits_of_the_emulator_whenever_events_come(string name, int pixels)
    {
        var design = Chains[name]();
        AssertAgrees(design, 2, new(pixels));
        AssertAgrees(design, 1000, new(pixels));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(9, 1)]
    [InlineData(3, 2)]
    public void Folded_layers_take_a_pixel_as_often_as_they_can(int factor, int pixels)
    {
        var design = Folded.With(new Picture(2, 4, 4).Conv(3, Window(3, pad: 1)).ToDesign(), factor);
        var hardware = AssertAgrees(design, 2, new StreamOptions(pixels));
        Assert.Equal(16 / pixels * factor, hardware.InitiationInterval);
        Assert.Equal(pixels, Assert.Single(hardware.Layers).Instances);
    }

    [Fact]
    public void A_layer_that_would_keep_a_whole_picture_is_refused_by_name()
    {
        var design = new Picture(1, 130, 130).Dense(1).ToDesign();
        var error = Assert.Throws<UserErrorException>(() => HardwareBuilder.Build(design, new("top", LevelsPerCycle: 2) { Stream = new() }));
        Assert.Equal(Messages.NotStreamableRule, Assert.Single(error.Diagnostics).Rule);
        Assert.Contains("fc1", error.Diagnostics[0].Where, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 2 * 5 + 2)]
    [InlineData(2, 5 + 1)]
    [InlineData(5, 2)]
    public void Line_buffers_hold_what_a_window_reaches_back_and_no_more(int pixels, int ticks)
    {
        var hardware = AssertAgrees(new Picture(1, 5, 5).Conv(1, Window(3)).ToDesign(), 1000, new(pixels));
        // A row of 3 by 3 windows reaches back two rows and two pixels.
        var longest = hardware.Netlist.Top.Cells.OfType<DelayLine>().Where(l => hardware.Netlist.Top.Nets[l.Source].Name.StartsWith("x_", StringComparison.Ordinal))
            .Aggregate(new Dictionary<int, int>(), (ends, line) => { ends[line.Result] = ends.GetValueOrDefault(line.Source) + line.Depth; return ends; });
        Assert.Equal(ticks, longest.Values.Max());
    }
}
