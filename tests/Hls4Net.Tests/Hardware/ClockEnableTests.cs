using Hls4Net.Core.Netlists;
using Hls4Net.Core.Text;
using Hls4Net.Emission;
using Hls4Net.Operators;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Tests.Hardware;

/// <summary>The clock enable of a top: in every clocked module, around every register, and in every description.</summary>
public sealed class ClockEnableTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Every_clocked_module_has_the_port_and_every_edge_asks_for_it(int factor)
    {
        var design = SampleDesigns.Encoder(5, 8, 4, 3);
        if (factor > 1)
            design = Folded.With(design, factor, factor);
        var hardware = HardwareBuilder.Build(design, new("top", LevelsPerCycle: 2) { ClockEnable = true });
        var without = HardwareBuilder.Build(design, new("top", LevelsPerCycle: 2));
        Assert.Equal((without.Latency, without.InitiationInterval, without.Total), (hardware.Latency, hardware.InitiationInterval, hardware.Total));
        Assert.NotEqual(without.Netlist, hardware.Netlist);
        Assert.Equal(hardware.Netlist, without.Netlist with { HasEnable = true });
        var clocked = hardware.Netlist.ClockedModules();
        foreach (var module in hardware.Netlist.Modules)
        {
            var text = VerilogEmitter.Emit(hardware).Single(f => f.Path == $"verilog/{module.Name}.v").Text;
            Assert.Equal(clocked.Contains(module.Name), text.Contains("input  wire ce,", StringComparison.Ordinal));
            Assert.DoesNotContain("always @(posedge clk) begin", text, StringComparison.Ordinal);
            Assert.Equal(module.Cells.Any(c => c is Register or ShiftRegister or State), text.Contains("always @(posedge clk) if (ce) begin", StringComparison.Ordinal));
        }
        Assert.Equal("ce", VerilogEmitter.InterfaceOf(hardware).ClockEnable);
        Assert.Null(VerilogEmitter.InterfaceOf(without).ClockEnable);
    }

    [Fact]
    public void The_text_of_a_netlist_says_so()
    {
        var netlist = HardwareBuilder.Build(SampleDesigns.Encoder(5, 3, 2), new("top", LevelsPerCycle: 2) { ClockEnable = true }).Netlist;
        Assert.Equal(netlist, NetlistText.Parse(netlist.ToText()));
        Assert.NotEqual((netlist with { HasEnable = false }).ToText(), netlist.ToText());
    }

    [Fact]
    public void A_port_of_the_users_that_is_called_like_it_gets_another_name()
    {
        var network = new NetworkWriter("named");
        var x = network.Input("ce", [1, 2], new(true, 4, 4));
        var y = network.Add("clk", new Rectify(), [x], [1, 2], new(false, 3, 3));
        var hardware = HardwareBuilder.Build(network.ToDesign(y), new("top", LevelsPerCycle: 0.1) { ClockEnable = true });
        Assert.Equal(["ce_2", "clk_2"], hardware.Ports.Select(p => p.Name));
        Assert.Empty(NetlistVerifier.Verify(hardware.Netlist));
    }

    [Fact]
    public void A_waveform_shows_it_as_always_1()
    {
        var design = SampleDesigns.Encoder(5, 3, 2);
        var hardware = HardwareBuilder.Build(design, new("top", LevelsPerCycle: 2) { ClockEnable = true });
        var (file, _) = RecordedWaveform.Of(hardware, Primitives.RandomDesigns.Events(design, 3, 1));
        Assert.Equal(("1", 1), (file.At("top.ce", 2 * RecordedWaveform.Period), file.TimesOf("top.ce").Count));
    }
}
