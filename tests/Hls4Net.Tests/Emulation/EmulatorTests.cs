using System.Numerics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Tests.Primitives;

namespace Hls4Net.Tests.Emulation;

public sealed class EmulatorTests
{
    private static readonly FixedType Byte = new(true, 8, 4);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(2067)]
    public void Every_event_of_a_batch_is_computed_as_if_it_were_alone(int events)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var design = RandomDesigns.Draw(seed);
            var inputs = RandomDesigns.Events(design, events, seed);
            var channels = design.Channels.Select(c => c.Name).ToArray();
            var found = new Emulator(design).Run(inputs, channels);
            foreach (var e in new[] { 0, 1, 1023, 1024, events - 1 }.Where(e => e >= 0 && e < events).Distinct())
            {
                var exact = AlgebrasAgreeTests.RunExact(design, inputs, e);
                foreach (var channel in design.Channels.Where(c => c.Type is not null))
                {
                    for (var i = 0; i < exact[channel.Name].Length; i++)
                        Assert.Equal(exact[channel.Name][i].ToRaw(channel.Type!.Value.Fraction), found[channel.Name][e, i]);
                }
            }
            Assert.All(found.Values, b => Assert.Equal(events, b.Events));
        }
    }

    [Fact]
    public void A_channel_without_a_type_comes_back_on_the_same_grid_for_every_element_and_event()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var design = RandomDesigns.Draw(seed);
            var inputs = RandomDesigns.Events(design, 5, seed);
            var emulator = new Emulator(design);
            foreach (var channel in design.Channels.Where(c => c.Type is null))
            {
                var batch = emulator.Run(inputs, [channel.Name])[channel.Name];
                var fraction = emulator.FractionOf(channel.Name);
                for (var e = 0; e < 5; e++)
                {
                    var exact = AlgebrasAgreeTests.RunExact(design, inputs, e)[channel.Name];
                    for (var i = 0; i < exact.Length; i++)
                        Assert.Equal(exact[i], new Dyadic(batch[e, i], -fraction));
                }
            }
        }
    }

    [Fact]
    public void A_setting_counts_for_every_event()
    {
        var design = Sum(setting: true);
        var result = new Emulator(design).Run(new Dictionary<string, RawBatch> { ["x"] = RawBatch.Of(1, [1L, 2, 3]), ["t"] = RawBatch.Of(1, [10L]) });
        Assert.Equal([11, 12, 13], result["y"].Raw);
    }

    [Fact]
    public void A_design_of_settings_and_constants_alone_has_one_event()
    {
        var t = new Channel("t", [1], Byte, "t");
        var design = new Design("d", ["t"], ["t"], ["t"], [t], [], []);
        Assert.Equal([5], new Emulator(design).Run(new Dictionary<string, RawBatch> { ["t"] = RawBatch.Of(1, [5L]) })["t"].Raw);
    }

    [Fact]
    public void Wide_numbers_pass_unharmed()
    {
        foreach (var width in new[] { 63, 64, 65, 127, 128, 129, 700 })
        {
            foreach (var signed in new[] { true, false })
            {
                var type = new FixedType(signed, width, width);
                var wire = new Stage("y", new Wiring([0], [0], []), ["x"], "y", new Origin("n", "Identity"), Schedule.Unrolled);
                var design = new Design("d", ["x"], [], ["y"], [new("x", [1], type, "x"), new("y", [1], type, "y")], [], [wire]);
                BigInteger[] raw = [type.MinimumRaw, type.MaximumRaw, 0, type.MaximumRaw / 3];
                var result = new Emulator(design).Run(new Dictionary<string, RawBatch> { ["x"] = RawBatch.Of(1, raw) })["y"];
                for (var e = 0; e < raw.Length; e++)
                    Assert.Equal(raw[e], result[e, 0]);
            }
        }
    }

    [Theory]
    [InlineData("missing", "No values for the input 't'")]
    [InlineData("elements", "'x' has 2 elements an event; its shape is [1]")]
    [InlineData("events", "'t' has 1 events, another input 2")]
    [InlineData("high", "'x' holds an integer outside fixed<8,4>")]
    [InlineData("low", "'x' holds an integer outside fixed<8,4>")]
    [InlineData("wide", "'x' holds an integer outside fixed<8,4>")]
    public void Unsuitable_inputs_are_refused_with_the_name_of_the_input(string what, string message)
    {
        var inputs = new Dictionary<string, RawBatch> { ["x"] = RawBatch.Of(1, [1L, 2]), ["t"] = RawBatch.Of(1, [3L, 4]) };
        switch (what)
        {
            case "missing": inputs.Remove("t"); break;
            case "elements": inputs["x"] = RawBatch.Of(2, [1L, 2]); break;
            case "events": inputs["t"] = RawBatch.Of(1, [3L]); break;
            case "high": inputs["x"] = RawBatch.Of(1, [1L, 128]); break;
            case "low": inputs["x"] = RawBatch.Of(1, [1L, -129]); break;
            case "wide": inputs["x"] = RawBatch.Of(1, [BigInteger.One << 80, 0]); break;
        }
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => new Emulator(Sum(setting: false)).Run(inputs)).Message);
    }

    [Fact]
    public void A_setting_has_exactly_one_event()
    {
        var inputs = new Dictionary<string, RawBatch> { ["x"] = RawBatch.Of(1, [1L, 2]), ["t"] = RawBatch.Of(1, [3L, 4]) };
        var exception = Assert.Throws<ArgumentException>(() => new Emulator(Sum(setting: true)).Run(inputs));
        Assert.Contains("The setting 't' has 2 events", exception.Message);
    }

    [Fact]
    public void An_operand_on_a_coarser_grid_than_its_table_is_looked_up_by_its_value()
    {
        var data = new TableData(new FixedType(false, 4, 2), Byte, Enumerable.Range(0, 16).Select(k => (long)k).ToSeq());
        var body = new Block([new Load(0, new Affine(0, [1])), new Cast(0, new Quantizer(new FixedType(false, 2, 2), Rounding.Trn, Overflow.Wrap)),
            new Lookup(1, new Table(new RealFunction("exp", []), data))]);
        var design = Single(new Kernel([1], body), new FixedType(false, 2, 2), Byte);
        Assert.Equal([0, 4, 8, 12], new Emulator(design).Run(new Dictionary<string, RawBatch> { ["x"] = RawBatch.Of(1, [0L, 1, 2, 3]) })["y"].Raw);
    }

    [Fact]
    public void Large_batches_and_wide_tables_are_fast_enough_to_test_with()
    {
        // 4,000 look-ups of a table with 2^18 entries: the range analysis must not walk the table once for each.
        var data = new TableData(new FixedType(true, 18, 10), Byte, Enumerable.Range(0, 1 << 18).Select(k => (long)(k & 127)).ToSeq());
        var body = new Block([new Load(0, new Affine(0, [1])), new Lookup(0, new Table(new RealFunction("exp", []), data))]);
        var stage = new Stage("y", new Kernel([4000], body), ["x"], "y", new Origin("n", "Exp"), Schedule.Unrolled);
        var design = new Design("d", ["x"], [], ["y"], [new("x", [4000], data.Input, "x"), new("y", [4000], Byte, "y")], [], [stage]);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(new Interval(0, 127, 4), RangeAnalysis.Run(design).Hull("y"));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"It took {watch.Elapsed}.");
    }

    [Fact]
    public void Emulation_can_be_stopped_between_blocks_of_events()
    {
        var body = new Block([new Load(0, new Affine(0, [1])), new Square(0)]);
        var emulator = new Emulator(Single(new Kernel([1], body), Byte, new FixedType(true, 16, 8)));
        using var source = new CancellationTokenSource();
        source.Cancel();
        var inputs = new Dictionary<string, RawBatch> { ["x"] = RawBatch.Of(1, new long[100_000]) };
        Assert.ThrowsAny<OperationCanceledException>(() => emulator.Run(inputs, null, new() { Cancellation = source.Token }));
        Assert.Equal(100_000, emulator.Run(inputs)["y"].Events);
    }

    private static Design Sum(bool setting)
    {
        var body = new Block([new Load(0, new Affine(0, [1])), new Load(1, new Affine(0, [1])), new Add(0, 1)]);
        var stage = new Stage("y", new Kernel([1], body), ["x", "t"], "y", new Origin("n", "Add"), Schedule.Unrolled);
        return new("d", ["x", "t"], setting ? ["t"] : [], ["y"],
            [new("x", [1], Byte, "x"), new("t", [1], Byte, "t"), new("y", [1], new FixedType(true, 9, 5), "y")], [], [stage]);
    }

    private static Design Single(Kernel kernel, FixedType input, FixedType output) =>
        new("d", ["x"], [], ["y"], [new("x", [1], input, "x"), new("y", [1], output, "y")], [],
            [new Stage("y", kernel, ["x"], "y", new Origin("n", "Test"), Schedule.Unrolled)]);
}
