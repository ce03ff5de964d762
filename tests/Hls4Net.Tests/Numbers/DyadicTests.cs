using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Tests.Numbers;

public sealed class DyadicTests
{
    private static readonly Gen<Dyadic> Numbers =
        from mantissa in Gen.Choose(int.MinValue, int.MaxValue)
        from small in Gen.Choose(-9, 9)
        from isSmall in Gen.Elements(true, false)
        from exponent in Gen.Choose(-40, 40)
        select new Dyadic(isSmall ? small : mantissa, exponent);

    [Fact]
    public void Sums_and_products_obey_the_laws_of_a_ring()
    {
        var triples = from a in Numbers from b in Numbers from c in Numbers select (a, b, c);
        Prop.ForAll(triples.ToArbitrary(), t =>
            t.a + t.b == t.b + t.a
            && (t.a + t.b) + t.c == t.a + (t.b + t.c)
            && t.a * t.b == t.b * t.a
            && t.a * t.b * t.c == t.a * (t.b * t.c)
            && t.a * (t.b + t.c) == t.a * t.b + t.a * t.c
            && t.a - t.a == Dyadic.Zero
            && t.a + -t.b == t.a - t.b
            && t.a * Dyadic.One == t.a).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Equal_numbers_have_equal_fields_hashes_and_texts()
    {
        var cases = from a in Numbers from zeros in Gen.Choose(0, 200) select (a, zeros);
        Prop.ForAll(cases.ToArbitrary(), t =>
        {
            var same = new Dyadic(t.a.Mantissa << t.zeros, t.a.Exponent - t.zeros);
            return same == t.a && same.GetHashCode() == t.a.GetHashCode() && same.CompareTo(t.a) == 0
                && Dyadic.Parse(same.ToString()) == t.a && same.ToString() == t.a.ToString()
                && (same.IsZero ? same.Exponent == 0 : !same.Mantissa.IsEven);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_order_is_that_of_the_numbers()
    {
        var pairs = from a in Numbers from b in Numbers select (a, b);
        Prop.ForAll(pairs.ToArbitrary(), t =>
        {
            // Both are multiples of 2^-40.
            var expected = t.a.ToRaw(40).CompareTo(t.b.ToRaw(40));
            return t.a.CompareTo(t.b) == expected && t.a < t.b == expected < 0 && t.a <= t.b == expected <= 0
                && t.a > t.b == expected > 0 && t.a >= t.b == expected >= 0 && t.a == t.b == (expected == 0);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_quotient_times_the_divisor_is_the_dividend_to_160_bits_and_exactly_where_it_can_be()
    {
        var pairs = from a in Numbers from b in Numbers where !a.IsZero && !b.IsZero select (a, b);
        Prop.ForAll(pairs.ToArbitrary(), t =>
        {
            var error = t.a / t.b * t.b - t.a;
            return t.a * t.b / t.b == t.a && (error.IsZero || error.Magnitude <= t.a.Magnitude - 158);
        }).QuickCheckThrowOnFailure();
        Assert.Throws<DivideByZeroException>(() => Dyadic.One / Dyadic.Zero);
    }

    [Fact]
    public void A_root_squared_is_the_number_to_160_bits_and_exactly_where_it_can_be()
    {
        var cases = from a in Numbers select a.Sign < 0 ? -a : a;
        Prop.ForAll(cases.ToArbitrary(), a =>
        {
            var error = a - a.Sqrt() * a.Sqrt();
            return (a * a).Sqrt() == a && error.Sign >= 0 && (error.IsZero || error.Magnitude <= a.Magnitude - 158);
        }).QuickCheckThrowOnFailure();
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dyadic(-1, 0).Sqrt());
    }

    [Fact]
    public void A_float64_survives_the_way_there_and_back()
    {
        var random = new Random(3);
        double[] special = [0, 1, -1, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, 2.2250738585072014E-308, 0.1, 1e-310];
        var drawn = Enumerable.Range(0, 20_000).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)));
        foreach (var value in special.Concat(drawn).Where(double.IsFinite))
            Assert.Equal(value, Dyadic.FromDouble(value).ToDouble());
        Assert.Throws<ArgumentOutOfRangeException>(() => Dyadic.FromDouble(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Dyadic.FromDouble(double.PositiveInfinity));
    }

    [Fact]
    public void The_nearest_float64_is_nearer_than_its_neighbours_and_even_at_a_tie()
    {
        var random = new Random(4);
        for (var n = 0; n < 20_000; n++)
        {
            var mantissa = new BigInteger(random.NextInt64()) * random.Next(1, 1 << 30) * (random.Next(2) == 0 ? 1 : -1) + random.Next(100);
            // Down into the subnormal numbers, and up near the largest.
            var number = new Dyadic(n % 3 == 0 ? Tie(random) : mantissa, n % 2 == 0 ? random.Next(-1170, -960) : random.Next(-100, 900));
            var nearest = number.ToDouble();
            var error = Distance(number, nearest);
            var lower = Distance(number, Math.BitDecrement(nearest));
            var upper = Distance(number, Math.BitIncrement(nearest));
            var isEven = (BitConverter.DoubleToInt64Bits(nearest) & 1) == 0;
            Assert.True(error < lower || (error == lower && isEven), $"{number} became {nearest:R}.");
            Assert.True(error < upper || (error == upper && isEven), $"{number} became {nearest:R}.");
        }
        Assert.Equal(double.PositiveInfinity, new Dyadic(1, 5000).ToDouble());
        Assert.Equal(double.NegativeInfinity, new Dyadic(-1, 1024).ToDouble());
        Assert.Equal(0, new Dyadic(1, -5000).ToDouble());
    }

    [Fact]
    public void A_raw_integer_is_exact_or_refused()
    {
        Assert.Equal(-10, new Dyadic(-5, -3).ToRaw(4));
        Assert.Equal(0, Dyadic.Zero.ToRaw(-7));
        Assert.Equal(3, new Dyadic(3, 7).ToRaw(-7));
        Assert.Throws<ArithmeticException>(() => new Dyadic(-5, -3).ToRaw(2));
    }

    [Theory]
    [InlineData("5p-3", 5, -3)]
    [InlineData("-12", -3, 2)]
    [InlineData("0p0", 0, 0)]
    [InlineData("123456789012345678901234567890p0", 0, 0)]
    public void A_text_is_read_exactly(string text, int mantissa, int exponent)
    {
        var expected = mantissa == 0 && text.Length > 5 ? new Dyadic(BigInteger.Parse("123456789012345678901234567890"), 0) : new Dyadic(mantissa, exponent);
        Assert.Equal(expected, Dyadic.Parse(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("p")]
    [InlineData("1.5")]
    [InlineData("1p")]
    [InlineData("p1")]
    [InlineData("1p2p3")]
    public void A_text_that_is_no_number_is_refused(string text) => Assert.Throws<FormatException>(() => Dyadic.Parse(text));

    [Fact]
    public void The_magnitude_is_the_exponent_of_the_leading_bit()
    {
        Assert.Equal(0, Dyadic.One.Magnitude);
        Assert.Equal(-1, new Dyadic(-3, -2).Magnitude);
        Assert.Equal(10, new Dyadic(1024, 0).Magnitude);
    }

    private static BigInteger Tie(Random random) => (new BigInteger(random.NextInt64(1L << 52, 1L << 53)) * 2 + 1) << random.Next(5);

    private static Dyadic Distance(Dyadic number, double value)
    {
        var difference = number - Dyadic.FromDouble(value);
        return difference.Sign < 0 ? -difference : difference;
    }
}
