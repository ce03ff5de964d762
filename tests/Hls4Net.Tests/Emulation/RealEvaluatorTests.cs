using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Tests.Primitives;

namespace Hls4Net.Tests.Emulation;

public sealed class RealEvaluatorTests
{
    [Fact]
    public void With_its_casts_a_design_of_short_numbers_is_the_emulator_in_float64()
    {
        var compared = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            var design = RandomDesigns.Draw(seed);
            // Divisions are exact in reals, tables are functions there, and float64 holds no more than 53 bits.
            if (RangeAnalysis.Run(design).WorkingWidth > 50 || Uses<Divide>(design) || Uses<Lookup>(design))
                continue;
            var inputs = RandomDesigns.Events(design, 300, seed);
            var emulator = new Emulator(design);
            var exact = emulator.Run(inputs);
            var reals = inputs.ToDictionary(i => i.Key, i => InputConversion.ToDoubles(i.Value, design.Channel(i.Key).Type!.Value), StringComparer.Ordinal);
            foreach (var (name, found) in new RealEvaluator(design, applyCasts: true).Run(reals, 300))
            {
                var expected = InputConversion.ToDoubles(exact[name], design.Channel(name).Type!.Value);
                Assert.Equal(expected, found.Select(x => x + 0.0));
                compared++;
            }
        }
        Assert.InRange(compared, 20, int.MaxValue);
    }

    [Fact]
    public void An_infinite_result_saturates_in_a_cast_like_any_large_one()
    {
        var type = new FixedType(true, 8, 4);
        var body = new Block([new Load(0, new Affine(0, [1])), new Square(0), new Cast(1, new Quantizer(type, Rounding.Trn, Overflow.Sat))]);
        var design = new Design("d", ["x"], [], ["y"], [new("x", [1], null, "x"), new("y", [1], null, "y")], [],
            [new Stage("y", new Kernel([1], body), ["x"], "y", new Origin("n", "Op"), Schedule.Unrolled)]);
        Assert.Equal([7.9375], new RealEvaluator(design, applyCasts: true).Run(new Dictionary<string, double[]> { ["x"] = [1e200] }, 1)["y"]);
    }

    private static bool Uses<T>(Design design)
        where T : Instruction => design.Stages.Any(s => s.Computation is Kernel k && Uses<T>(k.Body));

    private static bool Uses<T>(Block block)
        where T : Instruction => block.Instructions.Any(i => i is T || (i is Reduce r && Uses<T>(r.Term)));
}
