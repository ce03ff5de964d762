using System.Text.RegularExpressions;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Netlists;
using Hls4Net.Emission;
using Hls4Net.Tests.Primitives;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Tests.Hardware;

/// <summary>Waveforms, read back and held against the emulator and the cycle model.</summary>
public sealed class WaveformTests
{
    private const long Period = RecordedWaveform.Period;

    [Theory]
    [InlineData(3.0, 1)]
    [InlineData(1.0, 1)]
    [InlineData(2.0, 4)]
    [InlineData(null, 1)]
    public void Every_intermediate_value_is_in_the_waveform_when_and_where_the_description_says(double? levels, int factor)
    {
        var design = SampleDesigns.Encoder(5, 8, 4, 3);
        if (factor > 1)
            design = Folded.With(design, factor, factor);
        var hardware = HardwareBuilder.Build(design, new("top", LevelsPerCycle: levels));
        var inputs = RandomDesigns.Events(design, 20, 1);
        var (file, result) = RecordedWaveform.Of(hardware, inputs);
        Assert.Equal(("1ps", result.Cycles * Period), (file.Timescale, file.End));
        Assert.Null(result.WrongValid);
        var expected = new Emulator(design).Run(inputs, [.. design.Channels.Where(c => c.Type is not null).Select(c => c.Name)]);
        var compared = RecordedWaveform.Compare(file, hardware, expected);
        Assert.InRange(compared, inputs.Values.First().Events * (8 + 3), int.MaxValue);
        foreach (var output in design.Outputs)
        {
            for (var i = 0; i < result.Outputs[output].Events * 3; i++)
                Assert.Equal(expected[output][i / 3, i % 3], result.Outputs[output][i / 3, i % 3]);
        }
    }

    [Fact]
    public void Every_named_net_is_there_in_every_cycle_with_the_bits_of_the_cycle_model()
    {
        var design = Folded.With(SampleDesigns.Encoder(5, 6, 4, 3), 2, 3);
        var hardware = HardwareBuilder.Build(design, new("top", LevelsPerCycle: 2));
        var inputs = RandomDesigns.Events(design, 3, 1);
        var (file, _) = RecordedWaveform.Of(hardware, inputs);
        var again = new EventSimulation(hardware.Netlist, VerilogEmitter.InterfaceOf(hardware));
        var paths = again.Model.Paths.ToArray();
        Assert.True(paths.Length > 100);
        again.Run(inputs, cycle =>
        {
            foreach (var path in paths)
            {
                var signed = again.Model.Peek(path).Sign < 0;
                var shown = Shown(hardware.Netlist, path);
                Assert.Equal(again.Model.Peek(path), file.Number(shown, cycle.Cycle * Period, 0, file.WidthOf(shown), signed));
            }
        }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_clock_rises_where_a_cycle_begins_and_events_are_numbered()
    {
        var design = Folded.With(SampleDesigns.Encoder(5, 6, 4, 3), 2, 3);
        var hardware = HardwareBuilder.Build(design, new("events", LevelsPerCycle: 2));
        var (file, result) = RecordedWaveform.Of(hardware, RandomDesigns.Events(design, 4, 1));
        Assert.Equal(Enumerable.Range(0, 2 * result.Cycles).Select(k => k * Period / 2), file.TimesOf("events.clk"));
        Assert.Equal(("1", "0"), (file.At("events.clk", Period), file.At("events.clk", Period * 3 / 2)));
        for (var e = 0; e < result.Outputs.Values.First().Events; e++)
        {
            var (start, end) = (e * 3 * Period, (e * 3 + hardware.Latency) * Period);
            Assert.Equal((e, e), ((int)file.Number("events_2.started", start, 0, 32, false), (int)file.Number("events_2.finished", end, 0, 32, false)));
            Assert.Equal(("x", "1", "1"), (file.At("events_2.started", start + Period)[..1], file.At("events.in_valid", start), file.At("events.out_valid", end)));
        }
    }

    [Theory]
    [InlineData("top.*valid", 3)]
    [InlineData("top.x_?", 6)]
    [InlineData("top.clk", 1)]
    [InlineData("*.x,top.in_valid", 2)]
    [InlineData("nothing.*", 0)]
    public void Patterns_choose_signals_by_their_paths(string patterns, int least)
    {
        var design = Folded.With(SampleDesigns.Encoder(5, 6, 4, 3), 2, 3);
        var hardware = HardwareBuilder.Build(design, new("top", LevelsPerCycle: 2));
        var inputs = RandomDesigns.Events(design, 2, 1);
        var (all, _) = RecordedWaveform.Of(hardware, inputs);
        var (some, _) = RecordedWaveform.Of(hardware, inputs, patterns.Split(','));
        var expressions = patterns.Split(',').Select(p => new Regex($"^{Regex.Escape(p).Replace(@"\*", ".*").Replace(@"\?", ".")}$")).ToArray();
        var expected = all.Paths.Where(p => p.StartsWith("events.", StringComparison.Ordinal) || expressions.Any(e => e.IsMatch(p))).ToArray();
        Assert.Equal(expected.Order(StringComparer.Ordinal), some.Paths.Order(StringComparer.Ordinal));
        Assert.InRange(some.Paths.Count, least + 2, all.Paths.Count - 1);
        Assert.All(some.Paths, p => Assert.Equal(all.TimesOf(p), some.TimesOf(p)));
    }

    [Fact]
    public void Ports_and_buses_of_more_than_64_bits_are_shown_whole()
    {
        var design = SampleDesigns.Encoder(5, 30, 2);
        var hardware = HardwareBuilder.Build(design, new("top", LevelsPerCycle: 2));
        var inputs = RandomDesigns.Events(design, 5, 1);
        var (file, _) = RecordedWaveform.Of(hardware, inputs, ["top.x"]);
        Assert.Equal(240, file.WidthOf("top.x"));
        for (var e = 0; e < 5; e++)
        {
            for (var k = 0; k < 30; k++)
                Assert.Equal(inputs["x"][e, k], file.Number("top.x", e * Period, 8 * k, 8, true));
        }
    }

    /// <summary>A path of the cycle model with the names that instances have in the Verilog.</summary>
    private static string Shown(Netlist netlist, string path)
    {
        var parts = path.Split('.');
        var module = netlist.Top;
        for (var k = 0; k + 1 < parts.Length; k++)
        {
            var instance = module.Cells.OfType<Instance>().Single(i => i.Name == parts[k]);
            parts[k] = new VerilogNames(module, netlist).Instances[instance.Name];
            module = netlist[instance.Module];
        }
        return $"{netlist.Top.Name}.{string.Join('.', parts)}";
    }
}
