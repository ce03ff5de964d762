using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Tests.Numbers;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Tests.Hardware;

/// <summary>Every rounding and overflow as bits, for every integer of a small type, against <see cref="Casting"/>.</summary>
public sealed class CastLoweringTests
{
    public static TheoryData<Rounding, Overflow> Modes => CastingTests.Modes;

    [Theory]
    [MemberData(nameof(Modes))]
    public void Every_cast_of_every_small_number_is_exact(Rounding rounding, Overflow overflow) =>
        Check(rounding, overflow, (b, x, q) => x.Cast(q), (x, q) => Casting.Cast(x, q));

    [Theory]
    [MemberData(nameof(Modes))]
    public void Every_cast_of_a_rectified_small_number_is_exact(Rounding rounding, Overflow overflow) =>
        Check(rounding, overflow, (b, x, q) => x.Max(b.Literal(Dyadic.Zero)).Cast(q),
            (x, q) => Casting.Cast(x.Sign < 0 ? Dyadic.Zero : x, q));

    [Theory]
    [MemberData(nameof(Modes))]
    public void Every_cast_of_a_small_sum_is_exact(Rounding rounding, Overflow overflow) =>
        Check(rounding, overflow, (b, x, q) => (x * b.Literal(new Dyadic(-3, 0)) + b.Literal(new Dyadic(5, -4))).Cast(q),
            (x, q) => Casting.Cast(x * new Dyadic(-3, 0) + new Dyadic(5, -4), q));

    private static void Check(Rounding rounding, Overflow overflow, Func<BlockBuilder, Term, Quantizer, Term> write,
        Func<Dyadic, Quantizer, System.Numerics.BigInteger> mean)
    {
        // One design with an output for every target type, driven with every number of the source type.
        foreach (var source in new[] { new FixedType(true, 6, 3), new FixedType(false, 5, 2), new FixedType(true, 1, 1), new FixedType(false, 3, 5) })
        {
            var targets = Targets().Select(t => new Quantizer(t, rounding, overflow)).ToArray();
            var design = Build(source, targets, write);
            var raws = Enumerable.Range((int)source.MinimumRaw, 1 << source.Width).Select(r => (long)r).ToArray();
            var inputs = new Dictionary<string, RawBatch> { ["x"] = RawBatch.Of(1, raws) };
            var outputs = HardwareSimulation.Run(HardwareBuilder.Build(design, new("casts")), inputs,
                (model, _) => Assert.Null(model.FirstNetOutsideItsRange()));
            for (var t = 0; t < targets.Length; t++)
            {
                for (var e = 0; e < raws.Length; e++)
                {
                    var expected = mean(new Dyadic(raws[e], -source.Fraction), targets[t]);
                    Assert.True(expected == outputs[$"y{t}"][e, 0], $"{raws[e]} of {source} to {targets[t]}: {outputs[$"y{t}"][e, 0]}, not {expected}.");
                }
            }
        }
    }

    private static IEnumerable<FixedType> Targets() =>
        from signed in new[] { true, false }
        from width in Enumerable.Range(1, 5)
        from fraction in Enumerable.Range(-2, 7)
        select new FixedType(signed, width, width - fraction);

    private static Design Build(FixedType source, Quantizer[] targets, Func<BlockBuilder, Term, Quantizer, Term> write)
    {
        var channels = new List<Channel> { new("x", [1], source, "x") };
        var stages = new List<Stage>();
        for (var t = 0; t < targets.Length; t++)
        {
            var definition = new Definition($"y{t}", [new TensorHandle("x", [1])], [$"y{t}"]);
            definition.Output(0, [1], (b, i) => write(b, b.At(definition.Input(0), i), targets[t]));
            var (computation, inputs, output, shape) = definition.Steps[0];
            channels.Add(new(output, shape, targets[t].Type, output));
            stages.Add(new(output, computation, inputs, output, new Origin(output, "Cast"), Schedule.Unrolled));
        }
        return new("casts", ["x"], [], channels.Skip(1).Select(c => c.Name).ToSeq(), channels.ToSeq(), [], stages.ToSeq());
    }
}
