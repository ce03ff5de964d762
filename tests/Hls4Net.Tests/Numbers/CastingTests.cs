using System.Numerics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Tests.Numbers;

/// <summary>All 7 × 4 casts against the definition read literally: the set of a type's numbers, neighbours, distances.</summary>
public sealed class CastingTests
{
    public static TheoryData<Rounding, Overflow> Modes
    {
        get
        {
            var modes = new TheoryData<Rounding, Overflow>();
            foreach (var rounding in Enum.GetValues<Rounding>())
            {
                foreach (var overflow in Enum.GetValues<Overflow>())
                    modes.Add(rounding, overflow);
            }
            return modes;
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Every_number_goes_where_the_definition_says_at_all_small_types(Rounding rounding, Overflow overflow)
    {
        foreach (var type in SmallTypes())
        {
            var quantizer = new Quantizer(type, rounding, overflow);
            for (var fraction = -1; fraction <= 6; fraction++)
            {
                for (var raw = -70; raw <= 70; raw++)
                {
                    var expected = Define(raw, fraction, quantizer);
                    Assert.True(Casting.Cast(raw, fraction, quantizer) == expected, $"{raw}·2^-{fraction} to {quantizer} is {expected}.");
                    CheckLanes<long>(raw, fraction, quantizer, expected);
                    CheckLanes<Int128>(raw, fraction, quantizer, expected);
                    CheckLanes<BigInteger>(raw, fraction, quantizer, expected);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Every_interval_of_small_numbers_holds_the_casts_of_its_numbers(Rounding rounding, Overflow overflow)
    {
        var algebra = new Core.Primitives.IntervalAlgebra();
        foreach (var type in SmallTypes())
        {
            var quantizer = new Quantizer(type, rounding, overflow);
            for (var low = -20; low <= 20; low += 3)
            {
                for (var high = low; high <= 20; high += 4)
                {
                    var image = algebra.Cast(new Interval(low, high, 2), quantizer);
                    for (var raw = low; raw <= high; raw++)
                        Assert.True(image.Contains(new Dyadic(Define(raw, 2, quantizer), -type.Fraction)), $"{raw}/4 in [{low}, {high}]/4 to {quantizer}.");
                    Assert.Equal(type.Fraction, image.Fraction);
                    Assert.True(type.Contains(image), $"[{low}, {high}]/4 to {quantizer} gave {image}.");
                }
            }
        }
    }

    [Theory]
    [InlineData(double.PositiveInfinity, Overflow.Sat, 127)]
    [InlineData(double.NegativeInfinity, Overflow.Sat, -128)]
    [InlineData(double.NegativeInfinity, Overflow.SatSym, -127)]
    [InlineData(double.PositiveInfinity, Overflow.Wrap, 0)]
    [InlineData(double.NegativeInfinity, Overflow.SatZero, 0)]
    public void An_infinity_saturates_or_is_zero(double infinity, Overflow overflow, int expected)
    {
        foreach (var integer in new[] { -3, 0, 8, 20 })
            Assert.Equal(expected, Casting.Cast(infinity, new Quantizer(new FixedType(true, 8, integer), Rounding.RndConv, overflow)));
    }

    [Fact]
    public void A_NaN_has_no_fixed_point_number() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Casting.Cast(double.NaN, new Quantizer(new FixedType(true, 8, 4), Rounding.Trn, Overflow.Sat)));

    [Theory]
    [MemberData(nameof(Modes))]
    public void Lanes_of_every_width_cast_large_numbers_alike(Rounding rounding, Overflow overflow)
    {
        var random = new Random(17);
        for (var n = 0; n < 2000; n++)
        {
            var raw = random.NextInt64(long.MinValue / 2, long.MaxValue / 2) >> random.Next(62);
            var fraction = random.Next(-20, 90);
            var type = new FixedType(random.Next(2) == 0, random.Next(1, 62), random.Next(-70, 70));
            if (type.Fraction - fraction + (int)BigInteger.Abs(raw).GetBitLength() > 61)
                continue;
            var quantizer = new Quantizer(type, rounding, overflow);
            var expected = Casting.Cast(raw, fraction, quantizer);
            CheckLanes<long>(raw, fraction, quantizer, expected);
            CheckLanes<Int128>(raw, fraction, quantizer, expected);
            CheckLanes<BigInteger>(raw, fraction, quantizer, expected);
        }
    }

    [Fact]
    public void A_number_far_below_the_resolution_casts_in_no_time()
    {
        var type = new FixedType(true, 8, 4);
        var tiny = new Dyadic(-1, -2_000_000_000);
        Assert.Equal(-1, Casting.Cast(tiny, new Quantizer(type, Rounding.Trn, Overflow.Wrap)));
        Assert.Equal(0, Casting.Cast(tiny, new Quantizer(type, Rounding.TrnZero, Overflow.Wrap)));
        Assert.Equal(0, Casting.Cast(tiny, new Quantizer(type, Rounding.RndInf, Overflow.Wrap)));
        Assert.Equal(0, Casting.Cast(-tiny, new Quantizer(type, Rounding.RndConv, Overflow.Wrap)));
    }

    private static void CheckLanes<T>(long raw, int fraction, Quantizer quantizer, BigInteger expected)
        where T : IBinaryInteger<T>
    {
        var lane = new LaneAlgebra<T>(1).Cast(new Lanes<T>([T.CreateChecked(raw)], fraction), quantizer);
        if (BigInteger.CreateChecked(lane.Raw[0]) != expected)
            Assert.Fail($"In lanes of {typeof(T).Name}: {raw}·2^-{fraction} to {quantizer}: {lane.Raw[0]} instead of {expected}.");
    }

    private static IEnumerable<FixedType> SmallTypes() =>
        from signed in new[] { true, false }
        from width in new[] { 1, 2, 3, 5 }
        from integer in new[] { -2, 0, 1, width, width + 2 }
        select new FixedType(signed, width, integer);

    /// <summary>The definition in part A.1 and B.0 of the semantics, on raw · 2^−fraction with small exponents.</summary>
    private static int Define(int raw, int fraction, Quantizer quantizer)
    {
        // In units of 2^-16 every number here is an integer; the type's resolution is `unit` of them.
        var value = (long)raw << (16 - fraction);
        var unit = 1L << (16 - quantizer.Type.Fraction);
        var below = (long)Math.Floor((decimal)value / unit);
        var above = (long)Math.Ceiling((decimal)value / unit);
        var toBelow = value - below * unit;
        var toAbove = above * unit - value;
        var rounded = quantizer.Rounding switch
        {
            Rounding.Trn => below,
            Rounding.TrnZero => Math.Abs(below) < Math.Abs(above) ? below : above,
            _ when toBelow < toAbove => below,
            _ when toBelow > toAbove => above,
            Rounding.Rnd => above,
            Rounding.RndMinInf => below,
            Rounding.RndZero => Math.Abs(below) < Math.Abs(above) ? below : above,
            Rounding.RndInf => Math.Abs(below) > Math.Abs(above) ? below : above,
            Rounding.RndConv => below % 2 == 0 ? below : above,
            _ => throw new ArgumentOutOfRangeException(nameof(quantizer)),
        };
        return Overflowed(rounded, quantizer.Type, quantizer.Overflow);
    }

    private static int Overflowed(long rounded, FixedType type, Overflow overflow)
    {
        var count = 1 << type.Width;
        var members = Enumerable.Range(type.Signed ? -count / 2 : 0, count).ToArray();
        return overflow switch
        {
            Overflow.Wrap => members.Single(m => (rounded - m) % count == 0),
            Overflow.SatZero => members.Contains((int)rounded) ? (int)rounded : 0,
            Overflow.Sat => members.MinBy(m => Math.Abs(rounded - m)),
            _ => members.Where(m => members.Contains(-m) || !type.Signed).MinBy(m => Math.Abs(rounded - m)),
        };
    }
}
