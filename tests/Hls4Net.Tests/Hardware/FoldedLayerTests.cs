using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators;

namespace Hls4Net.Tests.Hardware;

/// <summary>Folded layers in the cycle model, against the emulator, which knows nothing of schedules.</summary>
public sealed class FoldedLayerTests
{
    private static readonly FixedType Type = new(true, 6, 3);

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

    [Theory]
    [InlineData("fixed<20,12,TRN,WRAP>")]
    [InlineData("fixed<7,4,TRN,WRAP>")]
    [InlineData("fixed<9,5,RND_CONV,WRAP>")]
    [InlineData("fixed<30,20,TRN,SAT>")]
    [InlineData("fixed<8,4,TRN,SAT>")]
    [InlineData("fixed<8,4,RND,SAT_SYM>")]
    [InlineData("ufixed<8,4,TRN_ZERO,SAT>")]
    [InlineData("fixed<7,4,RND_INF,SAT_ZERO>")]
    public void An_accumulator_with_a_type_rounds_wraps_and_saturates_as_if_nothing_were_folded(string accumulator)
    {
        Assert.True(Quantizer.TryParse(accumulator, Rounding.Trn, Overflow.Wrap, out var quantizer, out _));
        var design = Products(quantizer, 6, 4);
        foreach (var factor in new[] { 2, 3, 4, 6, 8, 24 })
            Folded.AssertAgrees(design, 2, factor);
    }

    [Fact]
    public void A_convolution_is_folded_at_every_position_by_itself()
    {
        var unrolled = SharedModuleTests.Image();
        foreach (var factor in new[] { 2, 3, 6, 9, 18, 54 })
        {
            var hardware = Folded.AssertAgrees(unrolled, 2, factor);
            Assert.Equal(factor, hardware.InitiationInterval);
            Assert.Equal(20 * 54 / factor, hardware.Layers.Sum(l => l.Folding!.Multipliers));
        }
    }

    [Fact]
    public void Multipliers_fall_as_the_factor_and_the_slowest_layer_sets_the_interval()
    {
        var design = SampleDesigns.Encoder(5, 16, 12, 4);
        foreach (var (first, second) in new[] { (2, 4), (8, 4), (16, 48), (32, 1) })
        {
            var hardware = Folded.AssertAgrees(design, 3, first, second);
            Assert.Equal(Math.Max(first, second), hardware.InitiationInterval);
            Assert.Equal((16 * 12 / first, second == 1 ? 0 : 12 * 4 / second),
                (hardware.Layers[0].Folding!.Multipliers, hardware.Layers[1].Folding?.Multipliers ?? 0));
            Assert.All(hardware.Layers, l => Assert.True(l.Figures.Multipliers <= (l.Folding is { } f ? f.Multipliers - f.Pruned : 0)));
        }
    }

    [Fact]
    public void Only_the_bit_that_starts_a_layer_waits_for_those_before_it()
    {
        var hardware = Folded.AssertAgrees(SampleDesigns.Encoder(5, 8, 8, 8, 8), 3, 64, 32, 64);
        var lines = hardware.Netlist.Top.Cells.OfType<DelayLine>().ToArray();
        Assert.Equal([64, 32, 64], lines.Select(l => l.Depth));
        Assert.All(lines, l => Assert.Equal(1, hardware.Netlist.Top.Nets[l.Result].Width));
        // What the lines hold, and at most as much again for the cycles of registers.
        Assert.InRange(hardware.Total.ShiftBits, 160, 320);
    }

    [Fact]
    public void Multipliers_whose_weights_are_all_zero_are_not_built()
    {
        var network = new NetworkWriter("pruned");
        var x = network.Input("x", [1, 8], Type);
        var k = 0;
        // Every other input has no weight at all, and one output only the first one.
        var weights = network.Constant("w", [8, 2], Type, () => (k++ / 2 % 2 == 1) || (k % 2 == 0 && k > 2) ? 0 : 5 + k);
        var y = network.Add("y", new Dense(), [x, weights], [1, 2], null);
        var hardware = Folded.AssertAgrees(network.ToDesign(y), 3, 2);
        var layer = Assert.Single(hardware.Layers);
        Assert.Equal(new LayerFolding(2, 8, 5), layer.Folding);
        Assert.Equal(3, layer.Figures.Multipliers);
    }

    [Fact]
    public void Zero_weights_make_way_for_others_where_that_is_cheaper_than_choosing_elements_for_each_multiplier()
    {
        // One weight in four: packed, an output of 32 terms needs a quarter of the multipliers and a few more.
        var (wide, narrow) = (Pruned(12, 4), Pruned(2, 2));
        var layer = Assert.Single(Folded.AssertAgrees(wide, 3, 4).Layers);
        Assert.Equal((4, 32 * 4 / 4), (layer.Folding!.Reuse, layer.Folding.Multipliers));
        Assert.InRange(layer.Figures.Multipliers, 1, 32 * 4 / 4 / 3);
        Folded.AssertAgrees(wide, 3, 64);
        // With weights of one bit beside the sign a multiplier is not worth a choice.
        layer = Assert.Single(Folded.AssertAgrees(narrow, 3, 16).Layers);
        Assert.Equal(0, layer.Folding!.Pruned);
    }

    private static Design Pruned(int bits, int rarity)
    {
        var random = new Random(13);
        var network = new NetworkWriter("pruned");
        var x = network.Input("x", [1, 32], Type);
        var weights = network.Constant("w", [32, 4], new(true, bits, bits),
            () => random.Next(rarity) == 0 ? random.Next(-(1 << (bits - 1)), 1 << (bits - 1)) : 0);
        return network.ToDesign(network.Add("y", new Dense(), [x, weights], [1, 4], null));
    }

    /// <summary>A product with random weights and bias, some of them zero, summed in a type.</summary>
    private static Design Products(Quantizer accumulator, int inputs, int outputs)
    {
        var random = new Random(11);
        var network = new NetworkWriter("products");
        var x = network.Input("x", [1, inputs], Type);
        var weights = network.Constant("w", [inputs, outputs], Type, () => random.Next(3) == 0 ? 0 : random.Next(-31, 32));
        var bias = network.Constant("b", [outputs], Type, () => random.Next(-31, 32));
        return network.ToDesign(network.Add("y", new Dense(accumulator), [x, weights, bias], [1, outputs], accumulator.Type));
    }
}
