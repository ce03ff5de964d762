using System.Text.RegularExpressions;
using Hls4Net.Core.Kernels;
using Hls4Net.Emission;
using Hls4Net.Tests.Hardware;
using Hls4Net.Transforms.Streams;

namespace Hls4Net.Tests.Emission;

/// <summary>The C++ of folded and streamed designs: what stands in it. That it computes the right bits is tested with g++.</summary>
public sealed partial class HlsCppNetworkTests
{
    [Fact]
    public void A_folded_layer_is_a_loop_over_its_phases_with_weights_by_phase()
    {
        var design = Folded.With(Streamed.Chains["pointwise"](), 3);
        var cpp = Cpp(design, null);
        // 3 terms of 2 outputs at 20 positions: 120 products on 40 multipliers in 3 steps.
        Assert.Contains("for (int step = 0; step < 3; step++) {", cpp, StringComparison.Ordinal);
        Assert.Contains("#pragma HLS ALLOCATION operation instances=mul limit=40", cpp, StringComparison.Ordinal);
        Assert.Matches("static const signed char conv1_w_by_phase\\[3\\]\\[2\\] = ", cpp);
        Assert.Contains("#pragma HLS ARRAY_RESHAPE variable=conv1_w_by_phase complete dim=2", cpp, StringComparison.Ordinal);
        Assert.Contains("conv1_w_by_phase[phase]", cpp, StringComparison.Ordinal);
        Assert.Contains("The longest process has 3 step(s)", cpp, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_stream_is_at_least_as_deep_as_the_timetable_says(int pixels)
    {
        var cpp = Cpp(Streamed.Chains["skip"](), new(pixels));
        var computed = Depth().Matches(cpp).ToDictionary(m => m.Groups[1].Value, m => int.Parse(m.Groups[2].Value, null), StringComparer.Ordinal);
        var asked = Pragma().Matches(cpp).ToDictionary(m => m.Groups[1].Value, m => int.Parse(m.Groups[2].Value, null), StringComparer.Ordinal);
        Assert.Equal(computed.Keys.Order(StringComparer.Ordinal), asked.Keys.Order(StringComparer.Ordinal));
        Assert.All(computed, c => Assert.True(asked[c.Key] >= c.Value, c.Key));
        // The skip waits for two windows of three rows: at one pixel a beat twice a row of four and a pixel, and the beat that is taken.
        if (pixels == 1)
            Assert.Contains(11, computed.Values);
        Assert.Contains("#pragma HLS DATAFLOW", cpp, StringComparison.Ordinal);
        Assert.Contains("#pragma HLS INTERFACE axis port=x", cpp, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("skip")]
    [InlineData("classifier")]
    public void Two_emissions_give_the_same_bytes(string chain) =>
        Assert.Equal(HlsCppEmitter.Emit(Streamed.Chains[chain](), Options(new(2))), HlsCppEmitter.Emit(Streamed.Chains[chain](), Options(new(2))));

    [Theory]
    [InlineData(new[] { 0, 1, 2, 3 }, 0, 4, 1)]
    [InlineData(new[] { 0, 1, 2, 3 }, 2, 4, 3)]
    [InlineData(new[] { 0, 1, 2, 3 }, 5, 4, 6)]
    [InlineData(new[] { 0, 2, 8, 10 }, 2, 16, 2)]
    [InlineData(new[] { 0, 2, 8, 10 }, 8, 16, 3)]
    [InlineData(new[] { 5 }, 100, 10, 11)]
    [InlineData(new[] { 1, 15 }, 2, 16, 2)]
    public void A_stream_holds_the_beats_between_its_writer_and_its_reader(int[] ticks, int delay, int interval, int depth) =>
        Assert.Equal(depth, BeatStream.Of(new("x", [0], ticks), delay, interval).Depth);

    private static string Cpp(Design design, StreamOptions? stream) => HlsCppEmitter.Emit(design, Options(stream)).Single(f => f.Path == "firmware/demo.cpp").Text;

    private static HlsOptions Options(StreamOptions? stream) => new() { Prefix = "demo", Stream = stream };

    [GeneratedRegex(@"HLS4NET_DEPTH\((\w+), (\d+)\)")]
    private static partial Regex Depth();

    [GeneratedRegex(@"#pragma HLS STREAM variable=(\w+) depth=(\d+)")]
    private static partial Regex Pragma();
}
