using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Verification.Stimuli;

namespace Hls4Net.Tests.Hardware;

/// <summary>What is done alike at many positions is one module.</summary>
public sealed class SharedModuleTests
{
    private static readonly FixedType Type = new(true, 6, 3);

    /// <summary>A convolution over an image with one row and column of zeros around it, rectified and rounded.</summary>
    internal static Design Image(int stride = 1, Quantizer? accumulator = null)
    {
        var random = new Random(7);
        var network = new NetworkWriter("image");
        var x = network.Input("x", [1, 2, 4, 5], Type);
        var weights = network.Constant("w", [3, 2, 3, 3], Type, () => random.Next(-31, 32));
        var bias = network.Constant("b", [3], Type, () => random.Next(-31, 32));
        Seq<int> shape = [1, 3, (4 + stride - 1) / stride, (5 + stride - 1) / stride];
        var windows = new Windows([3, 3], [stride, stride], [1, 1], [1, 1], [1, 1], false);
        var y = network.Add("conv", new Convolution(windows, 1, accumulator), [x, weights, bias], shape, accumulator?.Type);
        y = network.Add("relu", new Rectify(), [y], shape, null);
        y = network.Add("y", new Quantize(new(new(false, 6, 4), Rounding.RndConv, Overflow.Sat)), [y], shape, new(false, 6, 4));
        return network.ToDesign(y);
    }

    [Theory]
    [InlineData(1, null, 20)]
    [InlineData(1, 2.0, 20)]
    [InlineData(2, 1.0, 6)]
    public void A_convolution_is_one_module_at_every_pixel_and_at_the_border_it_reads_zeros(int stride, double? levels, int pixels)
    {
        var design = Image(stride);
        var hardware = HardwareBuilder.Build(design, new("top", LevelsPerCycle: levels));
        var layer = Assert.Single(hardware.Layers);
        Assert.Equal(pixels, layer.Instances);
        Assert.Equal(2, hardware.Netlist.Modules.Count);
        Agrees(design, hardware);
    }

    [Fact]
    public void Several_layers_of_convolutions_and_pools_agree_with_registers()
    {
        var random = new Random(9);
        var network = new NetworkWriter("deep");
        var x = network.Input("x", [1, 1, 6, 3], Type);
        var first = network.Constant("w1", [2, 1, 3, 3], Type, () => random.Next(-31, 32));
        var y = network.Add("conv1", new Convolution(new Windows([3, 3], [1, 1], [1, 1], [1, 1], [1, 1], false), 1), [x, first], [1, 2, 6, 3], null);
        y = network.Add("q1", new Quantize(new(Type, Rounding.Rnd, Overflow.SatSym)), [y], [1, 2, 6, 3], Type);
        y = network.Add("pool", new MaxPool(new Windows([2, 1], [2, 1], [1, 1], [0, 0], [0, 0], false)), [y], [1, 2, 3, 3], Type);
        var second = network.Constant("w2", [2, 2, 3, 1], Type, () => random.Next(-31, 32));
        y = network.Add("conv2", new Convolution(new Windows([3, 1], [1, 1], [1, 1], [1, 0], [1, 0], false), 1), [y, second], [1, 2, 3, 3], null);
        y = network.Add("q2", new Quantize(new(Type, Rounding.Trn, Overflow.Wrap)), [y], [1, 2, 3, 3], Type);
        var design = network.ToDesign(y);
        var hardware = HardwareBuilder.Build(design, new("top", LevelsPerCycle: 2));
        Assert.Equal([18, 1, 9], hardware.Layers.Select(l => l.Instances));
        Agrees(design, hardware);
    }

    [Fact]
    public void Rows_of_a_dense_layer_share_a_module()
    {
        var random = new Random(8);
        var network = new NetworkWriter("rows");
        var x = network.Input("x", [7, 4], Type);
        var weights = network.Constant("w", [4, 3], Type, () => random.Next(-31, 32));
        var y = network.Add("y", new Dense(), [x, weights], [7, 3], null);
        var design = network.ToDesign(y);
        var hardware = HardwareBuilder.Build(design, new("top"));
        Assert.Equal(7, Assert.Single(hardware.Layers).Instances);
        Assert.Equal(hardware.Layers[0].Figures, hardware.Total);
        Agrees(design, hardware);
    }

    [Fact]
    public void An_accumulator_that_saturates_is_shared_as_well()
    {
        var accumulator = new Quantizer(new(true, 7, 5), Rounding.Trn, Overflow.Sat);
        var design = Image(1, accumulator);
        var hardware = HardwareBuilder.Build(design, new("top", LevelsPerCycle: 3));
        Assert.Equal(20, Assert.Single(hardware.Layers).Instances);
        Agrees(design, hardware);
    }

    private static void Agrees(Design design, HardwareDesign hardware)
    {
        var inputs = new StimulusGenerator(design).Generate(60, 1);
        var expected = new Emulator(design).Run(inputs);
        var actual = HardwareSimulation.Run(hardware, inputs);
        foreach (var output in design.Outputs)
            Assert.Equal(expected[output].Raw, actual[output].Raw);
    }
}
