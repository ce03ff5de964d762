using System.Diagnostics;
using System.Numerics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Tests.Primitives;

/// <summary>Table entries against the power series of the exponential, summed here without any argument reduction.</summary>
public sealed class RealFunctionsTests
{
    private const int Bits = 600;

    public static TheoryData<string> Names => [.. RealFunctions.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_entry_is_the_correctly_rounded_value(string name)
    {
        var function = new RealFunction(name, []);
        foreach (var input in new FixedType[] { new(true, 9, 5), new(false, 7, -3), new(true, 6, 1) })
        {
            foreach (var output in new FixedType[] { new(false, 12, 2), new(true, 16, 9), new(true, 30, 4), new(false, 10, 12), new(true, 8, -6) })
            {
                for (var code = 0; code < 1 << input.Width; code += 3)
                {
                    var x = new Dyadic(TableData.RawOf(code, input), -input.Fraction);
                    var reference = Reference(name, x);
                    foreach (var rounding in Enum.GetValues<Rounding>())
                        Check(function, x, reference, new Quantizer(output, rounding, (Overflow)((code + (int)rounding) % 4)));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_real_interpretation_is_the_value_to_float64(string name)
    {
        for (var k = -60; k <= 60; k++)
        {
            foreach (var scale in new[] { 2, 5, 12, 30 })
            {
                var x = new Dyadic(k, -scale);
                var expected = Reference(name, x).ToDouble();
                var found = RealFunctions.Evaluate(new RealFunction(name, []), x.ToDouble());
                Assert.True(Math.Abs(found - expected) <= 1e-14 * Math.Abs(expected), $"{name}({x}) is {expected:R}, found {found:R}.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_enclosure_holds_the_value_and_is_as_narrow_as_asked(string name)
    {
        var random = new Random(6);
        for (var n = 0; n < 2000; n++)
        {
            var x = new Dyadic(random.Next(-4000, 4000), -random.Next(5, 14));
            var value = Reference(name, x);
            foreach (var bits in new[] { 0, 1, 8, 64, 200 })
            {
                var (low, high) = RealFunctions.Enclose(new RealFunction(name, []), x, bits);
                // The reference itself errs by less than 2^-400.
                var margin = new Dyadic(1, -400);
                Assert.True(low <= value + margin && high >= value - margin, $"{name}({x}) with {bits} bits: [{low.ToDouble():R}, {high.ToDouble():R}].");
                Assert.True(bits == 0 || high - low < new Dyadic(1, 16 - bits), $"{name}({x}) with {bits} bits is {(high - low).ToDouble()} wide.");
            }
        }
    }

    [Fact]
    public void The_first_digits_of_e_are_those_in_the_books()
    {
        // 2.718281828459045235360287471352662497757 · 10^39, truncated.
        var quantizer = new Quantizer(new FixedType(false, 140, 2), Rounding.Trn, Overflow.Sat);
        var raw = RealFunctions.Quantize(new RealFunction("exp", []), Dyadic.One, quantizer);
        Assert.Equal("2718281828459045235360287471352662497757", ((raw * BigInteger.Pow(10, 39)) >> 138).ToString());
    }

    [Fact]
    public void Arguments_far_out_cost_nothing_and_are_rounded_like_any_other()
    {
        var watch = Stopwatch.StartNew();
        foreach (var magnitude in new[] { 14, 20, 100, 4000 })
        {
            var far = new Dyadic(5, magnitude);
            Assert.Equal(0, Entry("exp", -far, Rounding.Trn, Overflow.Wrap));
            Assert.Equal(0, Entry("exp", -far, Rounding.RndInf, Overflow.Sat));
            Assert.Equal(127, Entry("exp", far, Rounding.RndConv, Overflow.Sat));
            Assert.Equal(0, Entry("exp", far, Rounding.RndConv, Overflow.SatZero));
            Assert.Equal(127, Entry("exp_minus_half", -far, Rounding.Rnd, Overflow.SatSym));
            Assert.Equal(127, Entry("exp_minus_x_minus_1", far, Rounding.Rnd, Overflow.Sat));
            Assert.Equal(127, Entry("exp_minus_x_minus_1", -far, Rounding.Rnd, Overflow.Sat));
            // e^x − x − 1 is a hair more than −x − 1, so its floor is −x − 1.
            Assert.Equal(far.ToRaw(0) - 1,
                RealFunctions.Quantize(new RealFunction("exp_minus_x_minus_1", []), -far, new Quantizer(new FixedType(true, 4096, 4096), Rounding.Trn, Overflow.Wrap)));
        }
        Assert.Throws<ArithmeticException>(() => Entry("exp", new Dyadic(1, 100), Rounding.Trn, Overflow.Wrap));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"It took {watch.Elapsed}.");
    }

    [Fact]
    public void A_wrapped_overflow_keeps_the_low_bits()
    {
        // e^20 = 485165195.40979...: in units of 1/4 it is 1940660781.6, and modulo 256 that is 45.
        Assert.Equal(45, RealFunctions.Quantize(new RealFunction("exp", []), 20, new Quantizer(new FixedType(false, 8, 6), Rounding.Trn, Overflow.Wrap)));
    }

    [Fact]
    public void A_table_holds_an_entry_for_every_bit_pattern_of_its_input()
    {
        var table = TableData.Of(new RealFunction("exp", []), new FixedType(true, 4, 2), new Quantizer(new FixedType(false, 10, 4), Rounding.Rnd, Overflow.Sat));
        Assert.Equal(16, table.Entries.Count);
        for (var raw = -8; raw < 8; raw++)
        {
            var expected = (long)Math.Floor(Math.Exp(raw / 4.0) * 64 + 0.5);
            Assert.Equal(expected, table.At(raw));
            Assert.Equal(expected, table.Entries[raw & 15]);
            Assert.Equal(raw, TableData.RawOf(raw & 15, table.Input));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            TableData.Of(new RealFunction("exp", []), new FixedType(true, 21, 2), new Quantizer(table.Output, Rounding.Rnd, Overflow.Sat)));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            TableData.Of(new RealFunction("exp", []), table.Input, new Quantizer(new FixedType(true, 64, 2), Rounding.Rnd, Overflow.Sat)));
    }

    private static void Check(RealFunction function, Dyadic x, Dyadic reference, Quantizer quantizer)
    {
        // The reference errs by less than 2^-500, and no value here lies that close to a boundary unless it is on it (x = 0).
        var expected = Casting.Cast(reference, quantizer);
        var found = RealFunctions.Quantize(function, x, quantizer);
        Assert.True(found == expected, $"{function}({x}) to {quantizer} is {expected}, found {found}.");
    }

    private static BigInteger Entry(string name, Dyadic x, Rounding rounding, Overflow overflow) =>
        RealFunctions.Quantize(new RealFunction(name, []), x, new Quantizer(new FixedType(true, 8, 4), rounding, overflow));

    private static Dyadic Reference(string name, Dyadic x) => name switch
    {
        "exp" => Exponential(x),
        "exp_minus_x_minus_1" => Exponential(x) - x - Dyadic.One,
        "exp_minus_half" => Exponential(-x * new Dyadic(1, -1)),
        _ => throw new InvalidOperationException($"This test does not know the function {name}; teach it."),
    };

    private static Dyadic Exponential(Dyadic x)
    {
        if (x.IsZero)
            return Dyadic.One;
        var magnitude = (x.Sign < 0 ? -x : x).ToRaw(Bits);
        var term = BigInteger.One << Bits;
        var sum = BigInteger.Zero;
        for (var n = 1; term > 0; n++)
        {
            sum += term;
            term = (term * magnitude >> Bits) / n;
        }
        return x.Sign > 0 ? new Dyadic(sum, -Bits) : new Dyadic((BigInteger.One << (2 * Bits)) / sum, -Bits);
    }
}
