using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Emulation.Programs;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Tests.Primitives;
using Hls4Net.Verification.Comparison;

namespace Hls4Net.Tests.Emulation;

/// <summary>Programs of lanes against the reference interpretation and against big integers.</summary>
public sealed class LaneProgramTests
{
    [Fact]
    public void Random_designs_give_the_bits_of_the_reference_interpretation() =>
        Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
        {
            var design = RandomDesigns.Draw(seed);
            var inputs = RandomDesigns.Events(design, 1 + (seed % 600), seed);
            string[] channels = [.. design.Channels.Select(c => c.Name)];
            var (different, first) = BatchComparison.Compare(new ReferenceEmulator(design).Run(inputs, channels), new Emulator(design).Run(inputs, channels), channels);
            return (different == 0).Label($"{first}");
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nearly_all_random_designs_have_a_program()
    {
        var programs = Enumerable.Range(0, 250).Count(seed => ProgramOf(RandomDesigns.Draw(seed)) is not null);
        Assert.InRange(programs, 225, 250);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void The_number_of_threads_changes_no_bit(int threads)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var design = RandomDesigns.Draw(seed);
            var inputs = RandomDesigns.Events(design, 3000, seed);
            string[] outputs = [.. design.Outputs];
            var expected = new ReferenceEmulator(design).Run(inputs, outputs);
            var emulator = new Emulator(design);
            // Twice: the second run uses the memory of the first.
            for (var run = 0; run < 2; run++)
                Assert.Null(BatchComparison.Compare(expected, emulator.Run(inputs, outputs, new() { Threads = threads }), outputs).First);
        }
    }

    public static TheoryData<Rounding, Overflow> Modes()
    {
        var data = new TheoryData<Rounding, Overflow>();
        foreach (var rounding in Enum.GetValues<Rounding>())
        {
            foreach (var overflow in Enum.GetValues<Overflow>())
                data.Add(rounding, overflow);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Casts_are_exact_at_the_ends_of_every_lane(Rounding rounding, Overflow overflow)
    {
        var random = new Random(5);
        foreach (var width in new[] { 13, 14, 15, 16, 17, 31, 32, 33, 61, 62, 63, 64, 65, 100 })
        {
            var source = new FixedType(width % 3 != 0, width, random.Next(width + 1));
            var quantizers = Enumerable.Range(0, 12).Select(n => new Quantizer(Target(random, source, n), rounding, overflow)).ToArray();
            var raw = Edges(source, quantizers, random);
            var design = Casts(source, quantizers);
            var found = new Emulator(design).Run(new Dictionary<string, RawBatch> { ["x"] = RawBatch.Of(1, raw) });
            Assert.NotNull(ProgramOf(design));
            for (var k = 0; k < quantizers.Length; k++)
            {
                for (var e = 0; e < raw.Length; e++)
                {
                    var expected = Casting.Cast(raw[e], source.Fraction, quantizers[k]);
                    Assert.True(expected == found[$"y{k}"][e, 0], $"{raw[e]} of {source} to {quantizers[k]}: {found[$"y{k}"][e, 0]} instead of {expected}.");
                }
            }
        }
    }

    [Theory]
    [InlineData(4, 3)]
    [InlineData(8, 8)]
    [InlineData(8, 16)]
    [InlineData(16, 16)]
    [InlineData(17, 8)]
    [InlineData(24, 20)]
    [InlineData(32, 31)]
    [InlineData(40, 20)]
    [InlineData(70, 30)]
    public void Matrices_of_every_width_and_density_are_exact(int inputBits, int factorBits)
    {
        var random = new Random(7);
        foreach (var (inputs, outputs, zeros) in new[] { (1, 9, 0), (2, 1, 0), (7, 4, 20), (9, 5, 50), (33, 11, 90), (64, 6, 60), (5, 8, 100) })
        {
            var type = new FixedType(true, inputBits, inputBits);
            var weights = Enumerable.Range(0, inputs * outputs)
                .Select(_ => random.Next(100) < zeros ? 0 : random.Next(4) == 0 ? -(1L << (factorBits - 1)) : random.NextInt64(-(1L << (factorBits - 1)), 1L << (factorBits - 1))).ToArray();
            var design = Matrix(type, inputs, outputs, weights, factorBits);
            var raw = Enumerable.Range(0, 130 * inputs).Select(_ => Raw(type, random)).ToArray();
            var found = new Emulator(design).Run(new Dictionary<string, RawBatch> { ["x"] = RawBatch.Of(inputs, raw) })["y"];
            for (var e = 0; e < 130; e++)
            {
                for (var o = 0; o < outputs; o++)
                {
                    var expected = BigInteger.Zero;
                    for (var i = 0; i < inputs; i++)
                        expected += raw[(e * inputs) + i] * weights[(i * outputs) + o];
                    Assert.Equal(expected, found[e, o]);
                }
            }
        }
    }

    [Fact]
    public void Memory_that_is_in_use_is_never_given_out()
    {
        var random = new Random(3);
        var memory = new LaneMemory();
        var used = new List<(int Start, int Size)>();
        for (var n = 0; n < 5000; n++)
        {
            if (used.Count > 0 && random.Next(2) == 0)
            {
                var at = random.Next(used.Count);
                memory.Give(used[at].Start, used[at].Size);
                used.RemoveAt(at);
                continue;
            }
            var size = random.Next(1, 20);
            var start = memory.Take(size);
            Assert.DoesNotContain(used, u => start < u.Start + u.Size && u.Start < start + size);
            Assert.True(start + size <= memory.Peak);
            used.Add((start, size));
        }
        Assert.InRange(memory.Peak, 1, 3 * 20 * 100);
    }

    private static LaneProgram? ProgramOf(Design design) => LanePlanner.Plan(new LaneRecording(design), [.. design.Channels.Select(c => c.Name)]);

    /// <summary>Types that drop nothing, some, nearly all or more than all bits, and lose none or some of the high ones.</summary>
    private static FixedType Target(Random random, FixedType source, int number)
    {
        var fraction = source.Fraction - random.Next(new[] { 1, 2, 8, source.Width, source.Width + 4 }[number % 5] + 1);
        var width = Math.Max(1, source.Integer + fraction + random.Next(-6, 3));
        return new FixedType(number % 4 != 0, width, width - fraction);
    }

    /// <summary>Both ends of the type and zero with their neighbours, ends of the results and ties, and random integers.</summary>
    private static BigInteger[] Edges(FixedType source, Quantizer[] quantizers, Random random)
    {
        var raw = new List<BigInteger> { source.MinimumRaw, source.MaximumRaw, 0 };
        foreach (var quantizer in quantizers)
        {
            var drop = Math.Max(0, source.Fraction - quantizer.Type.Fraction);
            foreach (var end in new[] { quantizer.Type.MinimumRaw, quantizer.Type.MaximumRaw, 0, 1, -1 })
                raw.AddRange([end << drop, (end << drop) + ((BigInteger.One << drop) >> 1), (end << drop) - ((BigInteger.One << drop) >> 1)]);
        }
        raw.AddRange(Enumerable.Range(0, 20).Select(_ => Raw(source, random)));
        return [.. raw.SelectMany(r => new[] { r - 1, r, r + 1 }).Where(r => r >= source.MinimumRaw && r <= source.MaximumRaw).Distinct()];
    }

    private static BigInteger Raw(FixedType type, Random random)
    {
        if (random.Next(4) == 0)
            return random.Next(2) == 0 ? type.MinimumRaw : type.MaximumRaw;
        var bytes = new byte[(type.Width / 8) + 1];
        random.NextBytes(bytes);
        return Casting.Confine(new BigInteger(bytes), type, Overflow.Wrap);
    }

    private static Design Casts(FixedType source, Quantizer[] quantizers)
    {
        var stages = quantizers.Select((q, k) => new Stage($"y{k}", new Kernel([1], new Block([new Load(0, new Affine(0, [1])), new Cast(0, q)])), ["x"], $"y{k}",
            new Origin("n", "Cast"), Schedule.Unrolled)).ToSeq();
        var channels = quantizers.Select((q, k) => new Channel($"y{k}", [1], q.Type, $"y{k}")).Prepend(new Channel("x", [1], source, "x")).ToSeq();
        return new("d", ["x"], [], stages.Select(s => s.Output).ToSeq(), channels, [], stages);
    }

    private static Design Matrix(FixedType type, int inputs, int outputs, long[] weights, int factorBits)
    {
        var tensor = new ConstantTensor([inputs, outputs], weights.Select(w => new Dyadic(w, 0)).ToSeq(), new FixedType(true, factorBits, factorBits), weights.ToSeq());
        var term = new Block([new Load(0, new Affine(0, [0, 1])), new Load(1, new Affine(0, [1, outputs])), new Multiply(0, 1)]);
        var kernel = new Kernel([outputs], new Block([new Reduce(Reduction.Sum, [inputs], [], term, null, -1)]));
        var result = new FixedType(true, type.Width + factorBits + 8, type.Width + factorBits + 8);
        return new("d", ["x"], [], ["y"], [new("x", [inputs], type, "x"), new("y", [outputs], result, "y")], [new("w", tensor)],
            [new("y", kernel, ["x", "w"], "y", new Origin("n", "MatMul"), Schedule.Unrolled)]);
    }
}
