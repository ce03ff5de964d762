using System.Numerics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Tests.Primitives;

/// <summary>The interpretations of random designs against one another.</summary>
public sealed class AlgebrasAgreeTests
{
    private const int Designs = 250;
    private const int Events = 37;

    [Fact]
    public void Lanes_of_every_width_compute_what_exact_numbers_compute()
    {
        var narrow = 0;
        for (var seed = 0; seed < Designs; seed++)
        {
            var design = RandomDesigns.Draw(seed);
            var inputs = RandomDesigns.Events(design, Events, seed);
            var exact = Enumerable.Range(0, Events).Select(e => RunExact(design, inputs, e)).ToArray();
            var width = RangeAnalysis.Run(design).WorkingWidth;
            if (width <= 63)
                CheckLanes<long>(design, inputs, exact, seed);
            if (width <= 127)
                CheckLanes<Int128>(design, inputs, exact, seed);
            CheckLanes<BigInteger>(design, inputs, exact, seed);
            narrow += width <= 63 ? 1 : 0;
        }
        Assert.InRange(narrow, Designs / 2, Designs - 1);
    }

    [Fact]
    public void Every_exact_value_lies_in_its_interval_and_on_its_grid()
    {
        for (var seed = 0; seed < Designs; seed++)
        {
            var design = RandomDesigns.Draw(seed);
            var inputs = RandomDesigns.Events(design, Events, seed);
            var ranges = RangeAnalysis.Run(design);
            for (var e = 0; e < Events; e++)
            {
                foreach (var (name, values) in RunExact(design, inputs, e))
                {
                    for (var i = 0; i < values.Length; i++)
                        AssertInside(ranges[name][i], values[i], $"seed {seed}, event {e}, {name}[{i}]");
                }
            }
        }
    }

    [Fact]
    public void Every_step_inside_a_kernel_lies_in_its_interval_and_fits_the_working_width()
    {
        for (var seed = 0; seed < Designs; seed++)
        {
            var design = RandomDesigns.Draw(seed);
            var inputs = RandomDesigns.Events(design, 6, seed);
            var width = RangeAnalysis.Run(design).WorkingWidth;
            for (var e = 0; e < 6; e++)
            {
                var algebra = new WatchfulAlgebra();
                RunWatchful(algebra, design, inputs, e);
                Assert.True(algebra.Widest <= width, $"Seed {seed}: a step takes {algebra.Widest} bits, the analysis says {width}.");
            }
        }
    }

    [Fact]
    public void Every_instruction_and_mode_is_drawn()
    {
        var text = string.Concat(Enumerable.Range(0, Designs).Select(seed => string.Concat(RandomDesigns.Draw(seed).Stages.Select(Describe))));
        foreach (var type in typeof(Instruction).Assembly.GetTypes().Where(t => t.BaseType == typeof(Instruction)))
            Assert.Contains($"{type.Name} {{", text);
        foreach (var mode in Enum.GetNames<Rounding>().Concat(Enum.GetNames<Overflow>()).Concat(Enum.GetNames<Comparison>()).Concat(Enum.GetNames<Reduction>()))
            Assert.Contains($"= {mode}", text);
        Assert.Contains("Wiring {", text);
        Assert.Contains("Guard {", text);
        Assert.Contains("Accumulator = fixed", text);
        static string Describe(Stage stage) => stage.Computation + (stage.Computation is Kernel k ? Describe2(k.Body) : "");
        static string Describe2(Block block) =>
            string.Concat(block.Instructions.Select(i => i + (i is Cast c ? $"= {c.Quantizer.Rounding} = {c.Quantizer.Overflow}" : "") + (i is Reduce r ? Describe2(r.Term) : "")));
    }

    internal static Dictionary<string, Dyadic[]> RunExact(Design design, IReadOnlyDictionary<string, RawBatch> inputs, int @event)
    {
        var algebra = new ExactAlgebra();
        var values = new Dictionary<string, Dyadic[]>(StringComparer.Ordinal);
        foreach (var name in design.Inputs)
            values[name] = InputNumbers(design, inputs, name, @event);
        foreach (var constant in design.Constants)
            values[constant.Name] = [.. Enumerable.Range(0, constant.Tensor.Raw.Count).Select(constant.Tensor.Typed)];
        foreach (var stage in design.Stages)
            values[stage.Output] = Evaluations.Run(algebra, stage.Computation, (input, element) => values[stage.Inputs[input]][element]);
        return values;
    }

    private static Dyadic[] InputNumbers(Design design, IReadOnlyDictionary<string, RawBatch> inputs, string name, int @event)
    {
        var batch = inputs[name];
        return [.. Enumerable.Range(0, batch.Elements).Select(i => new Dyadic(batch[batch.Events == 1 ? 0 : @event, i], -design.Channel(name).Type!.Value.Fraction))];
    }

    private static void CheckLanes<T>(Design design, Dictionary<string, RawBatch> inputs, Dictionary<string, Dyadic[]>[] exact, int seed)
        where T : IBinaryInteger<T>
    {
        var algebra = new LaneAlgebra<T>(Events);
        var values = new Dictionary<string, Lanes<T>[]>(StringComparer.Ordinal);
        foreach (var name in design.Inputs)
        {
            var (batch, fraction) = (inputs[name], design.Channel(name).Type!.Value.Fraction);
            values[name] = [.. Enumerable.Range(0, batch.Elements)
                .Select(i => new Lanes<T>([.. Enumerable.Range(0, batch.Events).Select(e => T.CreateChecked(batch[e, i]))], fraction))];
        }
        foreach (var constant in design.Constants)
            values[constant.Name] = [.. constant.Tensor.Raw.Select(r => new Lanes<T>([T.CreateChecked(r)], constant.Tensor.Type!.Value.Fraction))];
        foreach (var stage in design.Stages)
        {
            values[stage.Output] = Evaluations.Run(algebra, stage.Computation, (input, element) => values[stage.Inputs[input]][element]);
            for (var i = 0; i < values[stage.Output].Length; i++)
            {
                for (var e = 0; e < Events; e++)
                {
                    var lane = values[stage.Output][i];
                    var found = new Dyadic(BigInteger.CreateChecked(lane[e]), -lane.Fraction);
                    Assert.True(found == exact[e][stage.Output][i],
                        $"Seed {seed}, {typeof(T).Name}, {stage.Name}[{i}], event {e}: {found} instead of {exact[e][stage.Output][i]}.");
                }
            }
        }
    }

    private static void RunWatchful(WatchfulAlgebra algebra, Design design, Dictionary<string, RawBatch> inputs, int @event)
    {
        var values = new Dictionary<string, WatchfulAlgebra.Number[]>(StringComparer.Ordinal);
        foreach (var name in design.Inputs)
        {
            var type = design.Channel(name).Type!.Value;
            values[name] = [.. InputNumbers(design, inputs, name, @event).Select(v => new WatchfulAlgebra.Number(v.ToRaw(type.Fraction), type.Fraction, type.Range))];
        }
        foreach (var (name, tensor) in design.Constants)
        {
            var fraction = tensor.Type!.Value.Fraction;
            values[name] = [.. tensor.Raw.Select(r => new WatchfulAlgebra.Number(r, fraction, new Interval(r, r, fraction)))];
        }
        foreach (var stage in design.Stages)
        {
            values[stage.Output] = Evaluations.Run(algebra, stage.Computation, (input, element) => values[stage.Inputs[input]][element]);
            if (design.Channel(stage.Output).Type is { } type)
                values[stage.Output] = Array.ConvertAll(values[stage.Output], v => algebra.OnGrid(v, type.Fraction));
        }
    }

    internal static void AssertInside(Interval interval, Dyadic value, string where)
    {
        Assert.True(interval.Contains(value), $"{where}: {value} is outside {interval}.");
        Assert.True(value.IsZero || value.Exponent >= -interval.Fraction, $"{where}: {value} is finer than 2^-{interval.Fraction}.");
    }
}
