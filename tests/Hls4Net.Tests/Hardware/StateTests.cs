using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Arithmetic;
using Hls4Net.Transforms.Scheduling;

namespace Hls4Net.Tests.Hardware;

/// <summary>Cells that keep something from one cycle to the next, and loops through them.</summary>
public sealed class StateTests
{
    private static readonly FixedType Byte = new(false, 8, 8);

    /// <summary>An adder takes four units, a look-up table one.</summary>
    private static readonly DelayTable Delays = new(LutInputs: 6, Lut: 1, Route: 0, CarryEntry: 3, CarryPerBit: 0, BlockRead: 0, ClockOverhead: 0);

    /// <summary>total ← total + 43 · x where enabled, shown together with x as it was when it was added.</summary>
    /// <param name="shortcut">Leaves the state out of the loop.</param>
    private static Netlist Accumulator(bool shortcut = false)
    {
        var builder = new ModuleBuilder("top");
        var x = builder.InputNet(Net.Of("x_0", Byte));
        var enable = builder.InputNet(Net.Of("enable_0", FixedType.Bit));
        builder.InputPort("x", [x]);
        builder.InputPort("enable", [enable]);
        var total = builder.Open(Net.Of("total", Byte), 7);
        var unread = builder.Open(Net.Of("unread", Byte), 0);
        var product = builder.Add("product", Byte, null, r => new LinearSum(r, [new WeightedNet(x, 43)], 0));
        var sum = builder.Add("sum", Byte, null, r => new Adder(r, total, product));
        var next = builder.Add("next", Byte, null, r => new Multiplexer(r, enable, sum, total));
        builder.Close(total, next);
        builder.Close(unread, next);
        builder.OutputPort("total_out", [total]);
        builder.OutputPort("x_out", [x]);
        var module = builder.ToModule([], "An accumulator.");
        if (shortcut)
            module = module with { Cells = module.Cells.Select(c => c is State s && s.Result == total ? new Negator(s.Result, s.Source) : c).ToSeq() };
        return new([module]);
    }

    [Fact]
    public void A_loop_through_a_state_is_sound_and_one_without_is_not()
    {
        Assert.Empty(NetlistVerifier.Verify(Accumulator()));
        Assert.Contains(NetlistVerifier.Verify(Accumulator(shortcut: true)), p => p.Contains("reads a net that no earlier cell drives", StringComparison.Ordinal));
        var module = Accumulator().Top;
        var wrong = module with { Cells = module.Cells.Select(c => c is State s ? s with { Initial = 256 } : c).ToSeq() };
        Assert.Contains(NetlistVerifier.Verify(new([wrong])), p => p.Contains("widths or signs do not fit in State", StringComparison.Ordinal));
        var loose = module with { Cells = module.Cells.Select(c => c is State s ? s with { Source = 1 } : c).ToSeq() };
        Assert.Contains(NetlistVerifier.Verify(new([loose])), p => p.Contains("or one of another width", StringComparison.Ordinal));
    }

    [Fact]
    public void A_state_that_is_never_closed_is_the_writers_mistake()
    {
        var builder = new ModuleBuilder("top");
        builder.Open(Net.Of("s", Byte), 0);
        Assert.Throws<InvalidOperationException>(() => builder.ToModule([], ""));
    }

    [Fact]
    public void States_and_waits_read_back_equal_and_print_the_same()
    {
        var module = Accumulator().Top;
        var waiting = module with { Cells = module.Cells.Select(c => c is LinearSum s ? new Await(s.Result, s.Terms[0].Net, 4) : c).ToSeq() };
        var text = new Netlist([waiting]).ToText();
        Assert.Equal(new Netlist([waiting]), NetlistText.Parse(text));
        Assert.Equal(text, NetlistText.Parse(text).ToText());
    }

    /// <summary>The passes of the back end keep the loop as it is, whatever they put around it.</summary>
    [Theory]
    [InlineData(4, 2)]
    [InlineData(8, 1)]
    [InlineData(4000, 1)]
    public void Sums_are_the_same_with_registers_around_the_loop(int period, int latency)
    {
        var live = RemoveDeadCells.Run(ExpandLinearSums.Run(Accumulator(), new SearchSharing(), 2, tableInputs: 0, out _));
        Assert.Empty(NetlistVerifier.Verify(live));
        Assert.Single(live.Top.Cells.OfType<State>());
        var timetable = FewestRegisters.Run(Timetable.Earliest(TimingGraph.Of(live, Delays), new(period)));
        var clocked = InsertRegisters.Run(live, ModuleTimetable.Of(live, timetable), out _);
        Assert.Empty(NetlistVerifier.Verify(clocked));
        Assert.Equal(latency, timetable.Latency);
        var model = new CycleModel(clocked);
        var random = new Random(period);
        var (total, inputs) = (7, new List<(int X, int Before)>());
        for (var cycle = 0; cycle < 100; cycle++)
        {
            var (x, enable) = (random.Next(256), random.Next(2));
            inputs.Add((x, total));
            model.Set("x", 0, x);
            model.Set("enable", 0, enable);
            model.Settle();
            // Until then the loop adds up what registers hold when the clock begins: zeros.
            if (cycle >= timetable.Latency)
                Assert.Equal(inputs[cycle - timetable.Latency], ((int)model.Get("x_out", 0), (int)model.Get("total_out", 0)));
            model.Clock();
            total = enable == 1 ? (total + 43 * x) % 256 : total;
        }
    }

    [Fact]
    public void A_wait_moves_what_is_joined_with_it_by_its_cycles_and_is_gone_afterwards()
    {
        var builder = new ModuleBuilder("top");
        var x = builder.InputNet(Net.Of("x_0", Byte));
        builder.InputPort("x", [x]);
        var state = builder.Open(Net.Of("earlier", Byte), 0);
        builder.Close(state, x);
        var waited = builder.Add("waited", Byte, null, r => new Await(r, state, 1));
        var difference = builder.Add("difference", Byte, null, r => new Subtractor(r, waited, x));
        builder.OutputPort("y", [difference]);
        var netlist = new Netlist([builder.ToModule([], "")]);
        var timetable = FewestRegisters.Run(Timetable.Earliest(TimingGraph.Of(netlist, Delays), new(4)));
        var clocked = InsertRegisters.Run(netlist, ModuleTimetable.Of(netlist, timetable), out _);
        Assert.Empty(NetlistVerifier.Verify(clocked));
        Assert.Equal(2, timetable.Latency);
        Assert.DoesNotContain(clocked.Top.Cells, c => c is Await);
        // The state holds x a cycle later, when x itself has gone through a register.
        var model = new CycleModel(clocked);
        for (var cycle = 0; cycle < 10; cycle++)
        {
            model.Set("x", 0, 10 * cycle);
            model.Settle();
            if (cycle >= 2)
                Assert.Equal(0, (int)model.Get("y", 0));
            model.Clock();
        }
    }
}
