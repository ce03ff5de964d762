using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Operators;
using Hls4Net.Tests.Primitives;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Streams;

namespace Hls4Net.Tests.Hardware;

/// <summary>Designs that take a picture pixel by pixel.</summary>
internal static class Streamed
{
    private static readonly FixedType Input = new(true, 6, 3);
    private static readonly FixedType Hidden = new(false, 6, 4);

    /// <summary>Small networks, by what they show.</summary>
    public static readonly Dictionary<string, Func<Design>> Chains = new(StringComparer.Ordinal)
    {
        ["pointwise"] = () => new Picture(3, 4, 5).Conv(2, Window(1)).ToDesign(),
        ["window without padding"] = () => new Picture(2, 5, 6).Conv(2, Window(3)).ToDesign(),
        ["window with padding"] = () => new Picture(2, 4, 5).Conv(3, Window(3, pad: 1)).ToDesign(),
        ["strides"] = () => new Picture(2, 6, 6).Conv(2, Window(3, stride: 2, pad: 1)).ToDesign(),
        ["dilations"] = () => new Picture(1, 7, 7).Conv(2, Window(3, pad: 2, dilation: 2)).ToDesign(),
        ["depthwise"] = () => new Picture(3, 4, 4).Conv(3, Window(3, pad: 1), groups: 3).ToDesign(),
        ["pool"] = () => new Picture(2, 4, 6).Conv(2, Window(3, pad: 1)).MaxPool(Window(2, stride: 2)).ToDesign(),
        ["classifier"] = () => new Picture(1, 8, 8).Conv(2, Window(3, pad: 1)).MaxPool(Window(2, stride: 2)).Conv(3, Window(3, pad: 1)).MaxPool(Window(2, stride: 2)).Dense(3).ToDesign(),
        ["mean of a picture"] = () => new Picture(2, 5, 4).Conv(3, Window(3, pad: 1)).Mean().Dense(2).ToDesign(),
        ["maximum of a picture"] = () => new Picture(2, 5, 5).Conv(2, Window(1)).MaxPool(new([5, 5], [1, 1], [1, 1], [0, 0], [0, 0], false)).ToDesign(),
        ["skip"] = Skip,
    };

    private static Design Skip()
    {
        var picture = new Picture(1, 4, 4).Conv(2, Window(1));
        var before = picture.Value;
        return picture.Conv(2, Window(3, pad: 1)).Conv(2, Window(3, pad: 1)).Add(before).ToDesign();
    }

    /// <summary>Cycles in which events can start: some as close together as can be, others with gaps.</summary>
    public static int[] Starts(int interval, int grid, int events, Random random)
    {
        var starts = new int[events];
        for (var e = 1; e < events; e++)
            starts[e] = starts[e - 1] + interval + (e < 3 ? 0 : random.Next(interval + 2) / grid * grid);
        return starts;
    }

    /// <summary>Holds the cycle model of a streamed design against the emulator.</summary>
    public static HardwareDesign AssertAgrees(Design design, double levels, StreamOptions options, int events = 5)
    {
        var hardware = HardwareBuilder.Build(design, new("top", LevelsPerCycle: levels) { Stream = options });
        var inputs = RandomDesigns.Events(design, events, 1);
        var expected = new Emulator(design).Run(inputs);
        var starts = Starts(hardware.InitiationInterval, hardware.StartGrid, events, new(3));
        var actual = HardwareSimulation.Run(hardware, inputs, starts);
        foreach (var output in design.Outputs)
        {
            for (var e = 0; e < events; e++)
            {
                for (var k = 0; k < expected[output].Elements; k++)
                    Assert.True(expected[output][e, k] == actual[output][e, k], $"{options} at {levels} levels: event {e}, element {k} of {output}: {actual[output][e, k]} instead of {expected[output][e, k]}");
            }
        }
        return hardware;
    }

    /// <summary>A network over pictures, written layer by layer.</summary>
    public sealed class Picture
    {
        private readonly Random _random = new(5);
        private readonly NetworkWriter _network = new("picture");
        private int _layers;

        public Picture(int channels, int height, int width)
        {
            Shape = [1, channels, height, width];
            Value = _network.Input("x", Shape, Input);
        }

        public string Value { get; set; }

        public Seq<int> Shape { get; set; }

        public Picture Conv(int filters, Windows windows, int groups = 1)
        {
            var name = $"conv{++_layers}";
            var weights = _network.Constant($"{name}_w", [filters, Shape[1] / groups, .. windows.Kernel], Input, () => _random.Next(-15, 16));
            var bias = _network.Constant($"{name}_b", [filters], Input, () => _random.Next(-31, 32));
            Shape = [1, filters, .. windows.Positions(Shape)];
            Value = _network.Add(name, new Convolution(windows, groups), [Value, weights, bias], Shape, null);
            Value = _network.Add($"{name}_relu", new Rectify(), [Value], Shape, null);
            Value = _network.Add($"{name}_q", new Quantize(new(Hidden, Rounding.RndConv, Overflow.Sat)), [Value], Shape, Hidden);
            return this;
        }

        public Picture MaxPool(Windows windows)
        {
            Shape = [1, Shape[1], .. windows.Positions(Shape)];
            Value = _network.Add($"pool{++_layers}", new MaxPool(windows), [Value], Shape, Hidden);
            return this;
        }

        public Picture Mean()
        {
            var (name, windows) = ($"mean{++_layers}", new Windows([.. Shape.Skip(2)], [1, 1], [1, 1], [0, 0], [0, 0], false));
            Shape = [1, Shape[1], 1, 1];
            Value = _network.Add($"{name}_sum", new WindowSum(windows), [Value], Shape, null);
            Value = _network.Add(name, new Quantize(new(Hidden, Rounding.RndConv, Overflow.Sat)), [Value], Shape, Hidden);
            return this;
        }

        public Picture Add(string other)
        {
            var name = $"add{++_layers}";
            Value = _network.Add($"{name}_sum", new Addition(), [Value, other], Shape, null);
            Value = _network.Add(name, new Quantize(new(Hidden, Rounding.Trn, Overflow.Sat)), [Value], Shape, Hidden);
            return this;
        }

        public Picture Dense(int outputs)
        {
            var count = Shape.Aggregate(1, (a, b) => a * b);
            var name = $"fc{++_layers}";
            var flat = _network.Add($"{name}_flat", new Reshape([1, count]), [Value], [1, count], Hidden);
            var weights = _network.Constant($"{name}_w", [count, outputs], Input, () => _random.Next(-15, 16));
            Shape = [1, outputs];
            Value = _network.Add(name, new Dense(), [flat, weights], Shape, null);
            return this;
        }

        public Design ToDesign() => _network.ToDesign(Value);
    }

    public static Windows Window(int kernel, int stride = 1, int pad = 0, int dilation = 1) =>
        new([kernel, kernel], [stride, stride], [dilation, dilation], [pad, pad], [pad, pad], false);
}
