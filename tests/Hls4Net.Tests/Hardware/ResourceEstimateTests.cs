using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Estimation;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Scheduling;

namespace Hls4Net.Tests.Hardware;

/// <summary>What single cells take, as Yosys builds them; the benchmark estimate-accuracy compares whole designs.</summary>
public sealed class ResourceEstimateTests
{
    private readonly Dictionary<(ModuleBuilder, string), int> _inputs = [];

    [Fact]
    public void An_adder_takes_a_look_up_table_for_each_position_at_which_bits_are_added()
    {
        Assert.Equal((8, 9), Sum(8, 8, 9));
        // Above the narrower one nothing is added.
        Assert.Equal((4, 9), Sum(8, 4, 9));
        // Two positions are logic, and no chain.
        Assert.Equal((2, 0), Sum(2, 2, 2));

        (double, int) Sum(int left, int right, int width)
        {
            var count = Count(b => b.Add("s", Natural(width), null, r => new Adder(r, b.Extend(Input(b, "a", left), width), b.Extend(Input(b, "b", right), width))));
            return (count.Luts.Sum(), count.Positions);
        }
    }

    [Fact]
    public void A_constant_is_added_without_look_up_tables_but_on_the_chain()
    {
        var count = Count(b => b.Add("s", Natural(8), null, r => new Adder(r, Input(b, "a", 8), b.Constant(0x55, Natural(8)))));
        Assert.Equal((0, 8), (count.Luts.Sum(), count.Positions));
    }

    [Fact]
    public void Multiplexers_gates_and_tables_share_look_up_tables()
    {
        var muxes = Count(b => b.Add("m", Natural(8), null, r => new Multiplexer(r, Input(b, "c", 1), Input(b, "a", 8), Input(b, "b", 8))));
        Assert.Equal(8, muxes.Luts.Sum());
        // Four to one are six inputs.
        var four = Count(b =>
        {
            var (s, t) = (Input(b, "s", 1), Input(b, "t", 1));
            var low = b.Add("l", Natural(8), null, r => new Multiplexer(r, s, Input(b, "a", 8), Input(b, "b", 8)));
            var high = b.Add("h", Natural(8), null, r => new Multiplexer(r, s, Input(b, "c", 8), Input(b, "d", 8)));
            return b.Add("m", Natural(8), null, r => new Multiplexer(r, t, high, low));
        });
        Assert.Equal(8, four.Luts.Sum());
        // Of the eight columns one is constant and one a bit of the address.
        var table = Count(b => b.Add("t", Natural(8), null, r => new Rom(r, Input(b, "a", 5), Enumerable.Range(0, 32).Select(k => (long)(k * k * 37 & 0x7e | k & 1)).ToSeq(), "t")));
        Assert.InRange(table.Luts.Sum(), 1, 6);
    }

    [Fact]
    public void Rows_of_registers_that_nobody_reads_in_between_are_memory()
    {
        var count = Count(b => b.Add("d", Natural(8), null, r => new ShiftRegister(r, Input(b, "a", 8), 20)));
        Assert.Equal((8, 0), (count.ShiftLuts, count.FlipFlops));
        var two = Count(b => b.Add("d", Natural(8), null, r => new ShiftRegister(r, Input(b, "a", 8), 2)));
        Assert.Equal((0, 16), (two.ShiftLuts, two.FlipFlops));
    }

    [Theory]
    [InlineData(10, 10, 1)]
    [InlineData(26, 17, 1)]
    [InlineData(30, 17, 2)]
    [InlineData(4, 3, 0)]
    [InlineData(12, 1, 0)]
    public void Products_take_multiplier_blocks_from_a_size_on(int left, int right, int blocks)
    {
        var width = Math.Max(left, right);
        var count = Count(b => b.Add("p", Natural(left + right), null, r => new Multiplier(r, b.Extend(Input(b, "a", left), width), b.Extend(Input(b, "b", right), width))));
        Assert.Equal(blocks, count.Blocks.Dsps);
        Assert.Equal(blocks == 0, count.Luts.Sum() > 0);
    }

    [Fact]
    public void What_nobody_reads_takes_nothing()
    {
        var builder = new ModuleBuilder("top");
        var (a, b) = (Input(builder, "a", 8), Input(builder, "b", 8));
        builder.Add("dead", Natural(8), null, r => new Adder(r, a, b));
        builder.OutputPort("y", [a]);
        var counts = ResourceEstimator.Count(new([builder.ToModule([], "")]), SynthesisRules.YosysUltraScalePlus);
        Assert.Equal((0, 0), (counts[0].Luts.Sum(), counts[0].Positions));
    }

    [Fact]
    public void A_table_behind_registers_has_its_registers_behind_it()
    {
        // The tool takes it for a memory, whose register is at its end.
        var count = Registered(4);
        Assert.Equal(5, count.FlipFlops);
        // Too few words are no memory.
        Assert.Equal(2, Registered(2).FlipFlops);

        ResourceCounts Registered(int bits) => Count(b =>
        {
            var address = b.Add("d", Natural(bits), null, d => new Register(d, Input(b, "a", bits)));
            return b.Add("t", Natural(5), null, r => new Rom(r, address, Words(1 << bits, 5), "t"));
        });
    }

    [Fact]
    public void A_large_table_with_a_register_goes_into_a_block()
    {
        var count = Count(b =>
        {
            var word = b.Add("t", Natural(16), null, r => new Rom(r, Input(b, "a", 10), Words(1024, 16), "t"));
            return b.Add("d", Natural(16), null, d => new Register(d, word));
        });
        Assert.Equal((1, 0, 0), (count.Blocks.HalfBrams, count.FlipFlops, count.Luts.Sum()));
    }

    [Theory]
    [InlineData(512, 20, 1)]
    [InlineData(1024, 26, 2)]
    [InlineData(256, 36, 1)]
    [InlineData(1024, 80, 5)]
    public void Blocks_are_as_wide_as_words_that_are_read_and_written_at_two_addresses(int words, int width, int halves) =>
        Assert.Equal(halves, MemoryRules.Blocks(SynthesisRules.YosysUltraScalePlus, words, width).Cost.HalfBrams);

    [Fact]
    public void Bits_of_a_state_that_never_change_and_bits_that_are_the_same_take_nothing()
    {
        var count = Count(b =>
        {
            var (zero, ones) = (b.Constant(0, Natural(4)), b.Constant(15, Natural(4)));
            return b.Concatenate([b.Add("s", Natural(4), null, r => new State(r, zero, 0)), b.Add("t", Natural(4), null, r => new State(r, ones, 0))], signed: false);
        });
        // The first never changes; the four bits of the second do the same.
        Assert.Equal(1, count.FlipFlops);
    }

    [Fact]
    public void Below_a_power_of_two_is_without_higher_bits()
    {
        var power = Count(b => b.Add("l", Natural(1), null, r => new LessThan(r, Input(b, "a", 12), b.Constant(1 << 8, Natural(12)))));
        Assert.Equal((1, 0), (power.Luts.Sum(), power.Positions));
        var other = Count(b => b.Add("l", Natural(1), null, r => new LessThan(r, Input(b, "a", 12), b.Constant(77, Natural(12)))));
        Assert.True(other.Luts.Sum() + other.Positions > 1);
    }

    [Theory]
    [InlineData(false, 1, 0)]
    [InlineData(true, 0, 6)]
    public void Lines_whose_enable_is_inverted_do_not_shift_in_memory(bool isInverted, int memory, int flipFlops)
    {
        var count = Count(b =>
        {
            var enable = Input(b, "e", 1);
            if (isInverted)
                enable = b.Add("n", Natural(1), null, n => new BitwiseNot(n, Input(b, "e", 1)));
            return b.Add("d", Natural(1), null, r => new DelayLine(r, Input(b, "a", 1), enable, 6));
        });
        Assert.Equal((memory, flipFlops), (count.ShiftLuts, count.FlipFlops));
    }

    private static Seq<long> Words(int count, int width) => Enumerable.Range(0, count).Select(k => (long)(k * 2654435761L >> 7 & (1L << width) - 1)).ToSeq();

    [Fact]
    public void A_cell_that_is_not_modelled_is_refused() => Assert.Throws<InvalidOperationException>(() =>
        Count(b => b.Add("s", Natural(8), null, r => new LinearSum(r, [new(Input(b, "a", 8), 3)], 0))));

    [Theory]
    [InlineData("xcvu13p")]
    [InlineData("xc7z020")]
    [InlineData("xcvc1902")]
    [InlineData("lfe5u-85")]
    public void The_layers_and_what_is_between_add_up(string part)
    {
        var hardware = HardwareBuilder.Build(SampleDesigns.Encoder(3, 6, 5, 3), new HardwareOptions("top", 100, part));
        var estimate = ResourceEstimator.Of(hardware);
        Assert.Equal(hardware.Layers.Select(l => l.Name).Order(), estimate.Layers.Select(l => l.Module).Order());
        Assert.True(estimate.Total.Luts > 0);
        Assert.InRange(estimate.Total.FlipFlops + 32 * estimate.Total.MemoryLuts, hardware.Total.RegisterBits * 0.5, hardware.Total.RegisterBits + hardware.Total.ShiftBits + 1024);
    }

    [Fact]
    public void Every_family_has_rules_and_the_parts_that_people_ask_for_have_totals()
    {
        Assert.All(Device.Parts, p => Assert.True(SynthesisRules.Of(Device.Find(p)).Luts.Inputs > 4));
        Assert.All(["xc7z020", "xc7z045", "xc7k325t", "xc7vx690t", "xcku115", "xcvu9p", "xcvu13p", "xczu9eg", "xcku040", "xcu250", "xcu50", "xcvm1802", "xcvc1902", "lfe5u-25", "lfe5u-45", "lfe5u-85"],
            p => Assert.True(Device.Find(p).Totals is { Luts: > 0, FlipFlops: > 0, Dsps: > 0, Brams: > 0, Regions: > 0 }));
    }

    private static FixedType Natural(int width) => new(false, width, width);

    /// <summary>An input; the same for the same name, because a builder makes a cell twice, once to look for it.</summary>
    private int Input(ModuleBuilder builder, string name, int width)
    {
        if (_inputs.TryGetValue((builder, name), out var known))
            return known;
        var net = _inputs[(builder, name)] = builder.InputNet(Net.Of(name, Natural(width)));
        builder.InputPort(name, [net]);
        return net;
    }

    /// <summary>A module with one output.</summary>
    private static ResourceCounts Count(Func<ModuleBuilder, int> output)
    {
        var builder = new ModuleBuilder("top");
        builder.OutputPort("y", [output(builder)]);
        return ResourceEstimator.Count(new([builder.ToModule([], "")]), SynthesisRules.YosysUltraScalePlus)[0];
    }
}
