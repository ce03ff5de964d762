using System.Numerics;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Conformance.Gpp;

public sealed class WideTypeTests
{
    private static readonly Dyadic Long = new((BigInteger.One << 90) + 12345, -30);

    [Fact]
    public void Every_primitive_agrees_beyond_64_bits()
    {
        using var batch = new GppBatch();
        FixedType[][] inputs =
        [
            [new(true, 100, 40), new(true, 64, 20)],
            [new(false, 64, 64), new(false, 64, 1)],
            [new(true, 65, 1), new(false, 63, -5)],
            [new(true, 128, 130), new(true, 129, -10)],
            [new(false, 300, 100), new(true, 200, 210)],
        ];
        foreach (var types in inputs)
            batch.Add(ScalarDesigns.Of(types, [.. Expressions().Select(e => (e, new Quantizer(new FixedType(true, 400, 250), Rounding.RndConv, Overflow.Wrap)))]));
        var program = batch.Build();
        foreach (var design in batch.Designs)
            Assert.Null(GppBatch.Difference(program, design.Design, ScalarDesigns.WideEvents(design.Design, 400, 5)));
    }

    [Fact]
    public void The_widest_types_of_the_headers_work_and_one_bit_more_is_refused()
    {
        using var batch = new GppBatch();
        var result = new Quantizer(new FixedType(true, 1024, 512), Rounding.Trn, Overflow.Wrap);
        batch.Add(ScalarDesigns.Of([new(true, 512, 256), new(true, 1023, 500)], ((_, x) => x[0] * x[0], result), ((_, x) => x[1] + x[1], result)));
        var program = batch.Build();
        Assert.Null(GppBatch.Difference(program, batch.Designs[0].Design, ScalarDesigns.WideEvents(batch.Designs[0].Design, 200, 9)));
        var error = Assert.Throws<UserErrorException>(() => batch.Add(ScalarDesigns.Of([new(true, 1024, 512)], ((_, x) => x[0] + x[0], result))));
        Assert.Contains("1025 bits", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<Func<BlockBuilder, Term[], Term>> Expressions() =>
    [
        (_, x) => x[0] + x[1],
        (_, x) => x[0] - x[1],
        (_, x) => x[0] * x[1],
        (_, x) => x[1] * x[1],
        (b, x) => x[0] + b.Literal(Long),
        (b, x) => x[0] - b.Literal(-Long),
        (b, x) => (x[0] * b.Literal(Long.Scale(-70))).Max(b.Literal(-Long)),
        (b, x) => Quotient(b, x[0], x[1], 7),
        (b, x) => Quotient(b, x[1], x[0], 60),
        (b, x) => Quotient(b, x[0], x[1], -3),
        (_, x) => x[0].Min(x[1]),
        (_, x) => x[0].Max(x[1]),
        (_, x) => x[0].Less(x[1]),
        (_, x) => x[0].LessOrEqual(x[1]).Select(x[1], x[0]),
        (b, x) => x[0].EqualTo(b.Literal(Dyadic.Zero)).Select(b.Literal(Long), x[0]),
        (_, x) => x[0].Shift(9) + x[1].Shift(-13),
        (b, x) => b.Sum([3, 2], (t, k) => t.IndexValue(k[0] + k[1] * 5) * t.Literal(Long), x[0]),
        (b, x) => b.Max([3], (t, k) => t.IndexValue(k[0] - 1) * t.Literal(Long)) + x[1],
    ];

    /// <summary>The divisor where it is not zero, else one.</summary>
    private static Term Quotient(BlockBuilder b, Term dividend, Term divisor, int fraction) =>
        dividend.Divide(divisor.EqualTo(b.Literal(Dyadic.Zero)).Select(b.Literal(Dyadic.One), divisor), fraction);
}
