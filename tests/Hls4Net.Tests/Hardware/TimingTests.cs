using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Scheduling;
using Hls4Net.Verification.Stimuli;

namespace Hls4Net.Tests.Hardware;

/// <summary>Where registers go, and what that means for the clock.</summary>
public sealed class TimingTests
{
    private static readonly Design Encoder = SampleDesigns.Encoder(4, 8, 6, 4);

    [Fact]
    public void More_stages_allow_a_faster_clock_and_never_change_a_bit()
    {
        var clock = 0.0;
        for (var stages = 1; stages <= 5; stages++)
        {
            var hardware = HardwareBuilder.Build(Encoder, new("top") { Stages = stages });
            Assert.Equal(stages, hardware.Latency);
            Assert.True(hardware.Timing.MaximumClockMHz >= clock && hardware.ClockMHz <= hardware.Timing.MaximumClockMHz);
            clock = hardware.Timing.MaximumClockMHz;
            Agrees(Encoder, hardware);
        }
    }

    [Theory]
    [InlineData("xcvu13p-flga2577-2-e")]
    [InlineData("xcku115")]
    [InlineData("xc7vx690t")]
    [InlineData("xc7z020clg400-1")]
    [InlineData("lfe5u-85")]
    public void A_faster_clock_takes_no_fewer_cycles_and_is_met(string part)
    {
        var latency = 0;
        foreach (var clock in new[] { 40, 100, 160, 240 })
        {
            var hardware = HardwareBuilder.Build(Encoder, new("top", clock, part));
            Assert.True(hardware.Latency >= latency);
            Assert.True(hardware.Timing.MaximumClockMHz >= clock && hardware.Timing.Longest <= hardware.Timing.Period);
            latency = hardware.Latency;
        }
    }

    [Fact]
    public void A_slow_clock_with_registers_at_the_inputs_has_registers_at_both_ends_only()
    {
        var hardware = HardwareBuilder.Build(Encoder, new("top", 10) { RegisterInputs = true });
        Assert.Equal(2, hardware.Latency);
        Assert.True(hardware.Total.RegisterBits <= hardware.Ports.Sum(p => p.Width));
        Assert.Equal(0, hardware.Layers.Skip(1).SkipLast(1).Sum(l => l.Figures.RegisterBits));
        Agrees(Encoder, hardware);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void The_critical_path_lasts_as_long_as_its_cells(int stages)
    {
        var hardware = HardwareBuilder.Build(Encoder, new("top") { Stages = stages });
        var path = hardware.Timing.CriticalPath;
        Assert.Equal(hardware.Timing.Longest, path.Sum(s => s.Delay), 6);
        Assert.Equal(hardware.Timing.Longest, path[^1].Arrival, 6);
        Assert.All(path, s => Assert.Contains(hardware.Netlist[s.Module].Nets, n => n.Name == s.Net));
        Assert.Equal(stages == 0, hardware.Timing.Period is null);
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(20, true)]
    public void What_waits_for_long_waits_in_shift_registers(int stages, bool shifts)
    {
        var hardware = HardwareBuilder.Build(Encoder, new("top") { Stages = stages });
        var cells = hardware.Netlist.Modules.SelectMany(m => m.Cells.OfType<ShiftRegister>().Select(c => (Cell: c, Module: m))).ToArray();
        Assert.Equal(shifts, cells.Length > 0);
        Assert.Equal(cells.Sum(c => (long)c.Cell.Cycles * c.Module.Nets[c.Cell.Result].Width), hardware.Total.ShiftBits);
        // What comes out of one is slow, so that it goes into a register and nowhere else.
        Assert.All(cells, c => Assert.IsType<Register>(Assert.Single(c.Module.Cells, r => r.Operands.Contains(c.Cell.Result))));
        Agrees(Encoder, hardware);
        Assert.Equal(hardware.Netlist, NetlistText.Parse(hardware.Netlist.ToText()));
    }

    [Fact]
    public void Every_part_has_delays_that_let_an_adder_run_at_100_MHz()
    {
        Assert.True(Device.Parts.Count > 5);
        Assert.All(Device.Parts, p => Assert.InRange(Device.Find(p).PeriodOf(100), 1, 10_000));
    }

    private static void Agrees(Design design, HardwareDesign hardware)
    {
        var inputs = new StimulusGenerator(design).Generate(40, 1);
        var expected = new Emulator(design).Run(inputs);
        var actual = HardwareSimulation.Run(hardware, inputs);
        foreach (var output in design.Outputs)
            Assert.Equal(expected[output].Raw, actual[output].Raw);
    }
}
