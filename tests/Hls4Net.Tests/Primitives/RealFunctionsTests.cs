using System.Diagnostics;
using System.Numerics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Tests.Primitives;

/// <summary>Table entries and float64 values against <see cref="ReferenceFunctions"/>.</summary>
[Trait("Speed", "Slow")]
public sealed class RealFunctionsTests
{
    public static TheoryData<int> Samples => [.. Enumerable.Range(0, ReferenceFunctions.Samples.Count)];

    [Fact]
    public void Every_function_has_a_sample() =>
        Assert.Equal(RealFunctions.Names.Order(), ReferenceFunctions.Samples.Select(f => f.Name).Distinct().Order());

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_entry_is_the_correctly_rounded_value(int sample)
    {
        var function = ReferenceFunctions.Samples[sample];
        var checkedEntries = 0;
        foreach (var input in new FixedType[] { new(true, 9, 5), new(false, 7, -3), new(true, 6, 1), new(true, 6, 5) })
        {
            for (var code = 0; code < 1 << input.Width; code += input.Width > 6 ? 11 : 3)
            {
                var x = new Dyadic(TableData.RawOf(code, input), -input.Fraction);
                if (ReferenceFunctions.Evaluate(function, x) is not { } reference)
                    continue;
                foreach (var output in new FixedType[] { new(false, 12, 2), new(true, 16, 9), new(true, 30, 4), new(false, 10, 12), new(true, 8, -6) })
                {
                    for (var r = code % 2; r < 7; r += 2)
                        checkedEntries += Check(function, x, reference, new Quantizer(output, (Rounding)r, (Overflow)((code + r) % 4)));
                }
            }
        }
        Assert.True(checkedEntries > 300, $"{checkedEntries} entries.");
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_real_interpretation_is_the_value_to_float64(int sample)
    {
        var function = ReferenceFunctions.Samples[sample];
        for (var k = -60; k <= 60; k += 3)
        {
            foreach (var scale in new[] { 2, 5, 12, 30 })
            {
                var x = new Dyadic(k, -scale);
                var found = RealFunctions.Evaluate(function, x.ToDouble());
                if (ReferenceFunctions.Evaluate(function, x) is not { } reference)
                {
                    Assert.False(double.IsFinite(found), $"{function}({x.ToDouble()}) is not defined, found {found:R}.");
                    continue;
                }
                var expected = reference.ToDouble();
                Assert.True(Math.Abs(found - expected) <= 1e-13 * Math.Abs(expected), $"{function}({x.ToDouble()}) is {expected:R}, found {found:R}.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void An_enclosure_holds_the_value_and_is_as_narrow_as_asked(int sample)
    {
        var function = ReferenceFunctions.Samples[sample];
        var random = new Random(6);
        for (var n = 0; n < 60; n++)
        {
            var x = new Dyadic(random.Next(-4000, 4000), -random.Next(7, 14));
            if (ReferenceFunctions.Evaluate(function, x) is not { } value)
                continue;
            foreach (var bits in new[] { 0, 1, 8, 64, 200 })
            {
                var (low, high) = RealFunctions.Enclose(function, x, bits);
                // The reference itself errs by less than 2^-400.
                var margin = new Dyadic(1, -400);
                Assert.True(low <= value + margin && high >= value - margin, $"{function}({x.ToDouble()}) with {bits} bits: [{low.ToDouble():R}, {high.ToDouble():R}], not {value.ToDouble():R}.");
                Assert.True(bits < 64 || high - low < new Dyadic(1, 16 - bits), $"{function}({x}) with {bits} bits is {(high - low).ToDouble()} wide.");
            }
        }
    }

    [Theory]
    [InlineData("sqrt", 0, 6.25, 2.5)]
    [InlineData("reciprocal", 0, -0.25, -4)]
    [InlineData("reciprocal_sqrt", 0, 0.0625, 4)]
    [InlineData("pow", 0.75, 16, 8)]
    [InlineData("pow", -1.5, 0.25, 8)]
    [InlineData("pow", -3, -0.5, -8)]
    [InlineData("pow", 12, -1, 1)]
    [InlineData("power_of", 4, 1.5, 8)]
    [InlineData("softsign", 0, -3, -0.75)]
    [InlineData("log", 0, 1, 0)]
    [InlineData("acosh", 0, 1, 0)]
    [InlineData("celu", 0.5, 0, 0)]
    public void What_is_exact_is_exact_under_every_rounding(string name, double parameter, double x, double expected)
    {
        var function = new RealFunction(name, RealFunctions.ParameterCount(name) == 0 ? [] : [Dyadic.FromDouble(parameter)]);
        // In units of 2^-3 the value is on the grid, in units of 8 it is not, and 4 is half a unit.
        foreach (var type in new FixedType[] { new(true, 12, 9), new(true, 12, 15) })
        {
            foreach (var rounding in Enum.GetValues<Rounding>())
            {
                var quantizer = new Quantizer(type, rounding, Overflow.Sat);
                Assert.Equal(Casting.Cast(Dyadic.FromDouble(expected), quantizer), RealFunctions.Quantize(function, Dyadic.FromDouble(x), quantizer));
            }
        }
    }

    [Fact]
    public void Outside_its_domain_a_function_has_the_value_of_the_domains_end_and_infinity_is_the_end_of_the_type()
    {
        Assert.Equal(-128, Entry("log", Dyadic.Zero, Rounding.Trn, Overflow.Sat));
        Assert.Equal(-127, Entry("log", -3, Rounding.Trn, Overflow.SatSym));
        Assert.Equal(0, Entry("log", Dyadic.Zero, Rounding.Trn, Overflow.Wrap));
        Assert.Equal(0, Entry("sqrt", -3, Rounding.Trn, Overflow.Sat));
        Assert.Equal(127, Entry("reciprocal", Dyadic.Zero, Rounding.Trn, Overflow.Sat));
        Assert.Equal(127, Entry("reciprocal_sqrt", -1, Rounding.Trn, Overflow.Sat));
        Assert.Equal(0, Entry("acosh", Dyadic.Zero, Rounding.Trn, Overflow.Sat));
        Assert.Equal(Entry("asin", Dyadic.One, Rounding.Rnd, Overflow.Sat), Entry("asin", 2, Rounding.Rnd, Overflow.Sat));
        Assert.Equal(-128, Entry("atanh", -2, Rounding.Rnd, Overflow.Sat));
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

    [Theory]
    [MemberData(nameof(Samples))]
    public void No_operand_is_too_large_or_too_small_for_any_function(int sample)
    {
        var function = ReferenceFunctions.Samples[sample];
        foreach (var magnitude in new[] { -200, -60, -14, 9, 14, 21, 100 })
        {
            foreach (var mantissa in new[] { -5, 1 })
            {
                foreach (var rounding in Enum.GetValues<Rounding>())
                {
                    var quantizer = new Quantizer(new FixedType(true, 12, 4), rounding, Overflow.Sat);
                    var x = new Dyadic(mantissa, magnitude);
                    var raw = (long)RealFunctions.Quantize(function, x, quantizer);
                    var real = RealFunctions.Evaluate(function, x.ToDouble());
                    if (double.IsFinite(real))
                        Assert.InRange(raw - Math.Clamp(real * 256, -2048, 2047), -1.001, 1.001);
                }
            }
        }
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

    private static int Check(RealFunction function, Dyadic x, Dyadic reference, Quantizer quantizer)
    {
        var expected = Casting.Cast(reference, quantizer);
        var found = RealFunctions.Quantize(function, x, quantizer);
        Assert.True(found == expected, $"{function}({x.ToDouble()}) to {quantizer} is {expected}, found {found}.");
        return 1;
    }

    private static BigInteger Entry(string name, Dyadic x, Rounding rounding, Overflow overflow) =>
        RealFunctions.Quantize(new RealFunction(name, []), x, new Quantizer(new FixedType(true, 8, 4), rounding, overflow));
}
