using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Emission;
using Hls4Net.Operators;
using Hls4Net.Tests.Primitives;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Scheduling;
using static Hls4Net.Tests.Hardware.Streamed;

namespace Hls4Net.Tests.Hardware;

/// <summary>Weights, tables and delay lines in blocks of memory: the same bits, and the cycles that the timetable promises.</summary>
public sealed class MemoryTests
{
    [Theory]
    [InlineData(1.0)]
    [InlineData(1.3)]
    [InlineData(2.5)]
    [InlineData(1000.0)]
    public void Weights_in_blocks_give_the_bits_of_the_emulator(double levels)
    {
        foreach (var (first, second) in new[] { (3, 4), (6, 12), (12, 2), (24, 12) })
        {
            var design = Folded.With(SampleDesigns.Encoder(5, 6, 4, 3), first, second);
            var hardware = AssertAgrees(design, new("top", LevelsPerCycle: levels) { Memory = MemoryChoice.Block });
            Assert.Contains(Cells<BlockRom>(hardware), _ => true);
            Assert.Equal(Math.Max(first, second), hardware.InitiationInterval);
        }
    }

    [Fact]
    public void A_fast_clock_puts_a_second_register_behind_a_block()
    {
        var design = Folded.With(SampleDesigns.Encoder(5, 6, 4), 6);
        var device = Device.Find(Device.DefaultPart);
        // Only where time is left behind a block does a multiplier read it at once.
        foreach (var (clock, isBehindRegister) in new[] { (50.0, false), (device.ClockOf(device.Delays.BlockRead + device.Delays.Level - 50), true) })
        {
            var hardware = AssertAgrees(design, new("top", clock) { Memory = MemoryChoice.Block });
            var module = hardware.Netlist.Modules.Single(m => m.Cells.Any(c => c is BlockRom));
            foreach (var rom in module.Cells.OfType<BlockRom>())
                Assert.Equal(isBehindRegister, module.Cells.Where(c => c.Operands.Contains(rom.Result)).All(c => c is Register));
        }
    }

    [Theory]
    [InlineData("window with padding", 1)]
    [InlineData("classifier", 1)]
    [InlineData("classifier", 2)]
    [InlineData("skip", 1)]
    [InlineData("strides", 1)]
    [InlineData("mean of a picture", 1)]
    public void Lines_in_blocks_give_the_bits_of_the_emulator(string name, int pixels)
    {
        foreach (var levels in new[] { 2.0, 1000 })
        {
            var hardware = AssertAgrees(Chains[name](), new("top", LevelsPerCycle: levels) { Memory = MemoryChoice.Block, Stream = new(pixels) });
            Assert.Equal(Cells<DelayLine>(hardware).Any(l => l.Depth > 4), Cells<DelayLine>(hardware).Any(l => l.Memory == MemoryKind.Block));
        }
    }

    [Theory]
    [InlineData(2.0)]
    [InlineData(1000.0)]
    public void Tables_of_functions_go_into_blocks_as_well(double levels)
    {
        var network = new NetworkWriter("tables");
        var x = network.Input("x", [1, 3], new(true, 7, 3));
        var type = new FixedType(false, 8, 0);
        var function = new RealFunction("sigmoid", []);
        var table = new Table(function, TableData.Of(function, new(true, 7, 3), new(type, Rounding.Rnd, Overflow.Sat)));
        var y = network.Add("y", new Apply(table), [x], [1, 3], type);
        var design = network.ToDesign(y);
        var distributed = AssertAgrees(design, new("top", LevelsPerCycle: levels) { Memory = MemoryChoice.Distributed });
        var hardware = AssertAgrees(design, new("top", LevelsPerCycle: levels) { Memory = MemoryChoice.Block });
        Assert.Empty(Cells<BlockRom>(distributed));
        Assert.NotEmpty(Cells<BlockRom>(hardware));
        Assert.Equal(hardware.Total.RomBits, hardware.Total.BlockBits);
        Assert.InRange(hardware.Latency, distributed.Latency, distributed.Latency + 2);
    }

    [Fact]
    public void By_size_a_memory_goes_into_blocks_where_these_save_look_up_tables()
    {
        // 64 × 32 weights in 1024 phases on two multipliers, and in 32 on 64.
        var encoder = SampleDesigns.Encoder(5, 64, 32);
        HardwareDesign Build(int factor, MemoryChoice memory = MemoryChoice.Auto) => HardwareBuilder.Build(Folded.With(encoder, factor), new("top", 200) { Memory = memory });
        Assert.Empty(Cells<BlockRom>(Build(32)));
        Assert.Empty(Cells<BlockRom>(Build(1024, MemoryChoice.Distributed)));
        var hardware = Build(1024);
        Assert.Equal(hardware.Total.RomBits, hardware.Total.BlockBits);
        Assert.NotEmpty(Cells<BlockRom>(hardware));
    }

    [Fact]
    public void A_layer_s_own_choice_comes_before_that_for_all()
    {
        var design = Folded.With(SampleDesigns.Encoder(5, 6, 4, 3), 6, 12);
        var stages = design.Stages.Select(s => s.Schedule is FoldedSchedule { Reuse: 6 } f ? s with { Schedule = f with { Memory = MemoryChoice.Distributed } } : s).ToSeq();
        var own = design with { Stages = stages };
        Assert.Equal(own, DesignText.Parse(own.ToText()));
        var hardware = AssertAgrees(own, new("top", 200) { Memory = MemoryChoice.Block });
        Assert.Equal([false, true], hardware.Layers.Select(l => l.Figures.BlockBits > 0));
    }

    [Theory]
    [InlineData(2, 36, 1)]
    [InlineData(512, 36, 1)]
    [InlineData(512, 37, 2)]
    [InlineData(513, 36, 2)]
    [InlineData(2048, 9, 1)]
    [InlineData(4096, 9, 3)]
    [InlineData(16384, 1, 1)]
    [InlineData(16385, 2, 4)]
    public void Blocks_are_counted_by_their_shapes(int words, int width, int blocks) => Assert.Equal(blocks, ChooseBlocks.Blocks(words, width));

    [Fact]
    public void Memories_print_and_parse_and_lie_side_by_side_in_the_Verilog()
    {
        var hardware = HardwareBuilder.Build(Folded.With(SampleDesigns.Encoder(5, 6, 4), 6), new("top", 200) { Memory = MemoryChoice.Block });
        Assert.Equal(hardware.Netlist, NetlistText.Parse(hardware.Netlist.ToText()));
        var layer = VerilogEmitter.Emit(hardware).Single(f => f.Path.EndsWith("fc1_sum.v", StringComparison.Ordinal)).Text;
        // Four multipliers read at one address, of words of eight codes.
        Assert.Equal(4, Cells<BlockRom>(hardware).Count());
        Assert.Equal(2, layer.Split("(* rom_style = \"block\" *) reg [").Length);
        Assert.Contains("_table [0:7]; // weights by phase\n", layer, StringComparison.Ordinal);
        var streamed = HardwareBuilder.Build(Chains["classifier"](), new("top", 200) { Memory = MemoryChoice.Block, Stream = new() });
        Assert.Equal(streamed.Netlist, NetlistText.Parse(streamed.Netlist.ToText()));
        Assert.Contains("(* ram_style = \"block\" *) reg [", VerilogEmitter.Emit(streamed).Single(f => f.Path == "verilog/top.v").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MultiplierKind.Auto, 8, null)]
    [InlineData(MultiplierKind.Dsp, 8, "yes")]
    [InlineData(MultiplierKind.Dsp, 27, "yes")]
    [InlineData(MultiplierKind.Dsp, 28, null)]
    [InlineData(MultiplierKind.Logic, 8, "no")]
    [InlineData(MultiplierKind.Logic, 28, "no")]
    public void Multipliers_say_what_they_are_made_of_where_that_was_asked_for(MultiplierKind kind, int width, string? expected)
    {
        var network = new NetworkWriter("products");
        var x = network.Input("x", [1, 4], new(true, width, 3));
        var weight = 1;
        var w = network.Constant("w", [4, 2], new(true, 6, 2), () => weight += 2);
        var hardware = HardwareBuilder.Build(Folded.With(network.ToDesign(network.Add("y", new Dense(), [x, w], [1, 2], null)), 4), new("top", 200) { Multipliers = kind });
        var text = string.Concat(VerilogEmitter.Emit(hardware).Select(f => f.Text));
        Assert.Equal(expected is null ? 0 : hardware.Total.Multipliers, text.Split("(* use_dsp = ").Length - 1);
        Assert.True(expected is null || text.Contains($"(* use_dsp = \"{expected}\" *) wire signed ", StringComparison.Ordinal));
        Assert.Equal(hardware.Netlist, NetlistText.Parse(hardware.Netlist.ToText()));
    }

    private static IEnumerable<T> Cells<T>(HardwareDesign hardware) => hardware.Netlist.Modules.SelectMany(m => m.Cells).OfType<T>();

    /// <summary>Holds the cycle model against the emulator, with events as close together as they may come and with gaps.</summary>
    private static HardwareDesign AssertAgrees(Design design, HardwareOptions options)
    {
        const int Events = 7;
        var hardware = HardwareBuilder.Build(design, options);
        var inputs = RandomDesigns.Events(design, Events, 1);
        var expected = new Emulator(design).Run(inputs);
        var starts = Streamed.Starts(hardware.InitiationInterval, hardware.StartGrid, Events, new(3));
        var actual = HardwareSimulation.Run(hardware, inputs, starts);
        foreach (var output in design.Outputs)
        {
            for (var e = 0; e < Events; e++)
            {
                for (var k = 0; k < expected[output].Elements; k++)
                    Assert.True(expected[output][e, k] == actual[output][e, k], $"event {e}, element {k} of {output}: {actual[output][e, k]} instead of {expected[output][e, k]}");
            }
        }
        return hardware;
    }
}
