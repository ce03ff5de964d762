using Hls4Net.Core.Emulation;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Tests.Emulation;

public sealed class InputConversionTests
{
    [Fact]
    public void The_quick_way_from_float64_gives_the_bits_of_the_exact_way()
    {
        var random = new Random(2);
        double[] special = [0, -0.0, 1, -1, double.Epsilon, -double.Epsilon, 1e-300, -1e-300, 1e300, double.MaxValue, double.PositiveInfinity, double.NegativeInfinity, 2251799813685247.5];
        for (var n = 0; n < 3000; n++)
        {
            var width = random.Next(1, 80);
            var quantizer = new Quantizer(new FixedType(random.Next(2) == 0, width, random.Next(-5, width + 5)), (Rounding)random.Next(7), (Overflow)random.Next(4));
            var step = Math.ScaleB(1, -quantizer.Type.Fraction);
            // Around the ends of the range, on halves of the resolution, and anywhere.
            double[] near = [quantizer.Type.Range.Minimum.ToDouble(), quantizer.Type.Range.Maximum.ToDouble(), random.Next(-9, 9) * step / 2, random.NextDouble() * step * 20];
            double[] values = [.. special, .. near, .. near.SelectMany(v => new[] { v + step / 2, v - step / 2, v + step, v - step, -v }), .. Enumerable.Range(-16, 33).Select(k => k * step / 4)];
            var batch = InputConversion.Quantize(values, values.Length, quantizer);
            for (var i = 0; i < values.Length; i++)
                Assert.True(Casting.Cast(values[i], quantizer) == batch[0, i], $"{values[i]:R} to {quantizer} is {Casting.Cast(values[i], quantizer)}, found {batch[0, i]}.");
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => InputConversion.Quantize([double.NaN], 1, new Quantizer(new FixedType(true, 8, 4), Rounding.Trn, Overflow.Sat)));
        Assert.Throws<ArgumentOutOfRangeException>(() => InputConversion.Quantize([double.NaN], 1, new Quantizer(new FixedType(true, 80, 4), Rounding.Trn, Overflow.Sat)));
    }

    [Fact]
    public void Raw_integers_become_the_nearest_float64()
    {
        var type = new FixedType(true, 8, 10);
        Assert.Equal([4, -512, 508], InputConversion.ToDoubles(RawBatch.Of(1, [1L, -128, 127]), type));
        var wide = new FixedType(true, 100, 50);
        Assert.Equal([Math.ScaleB(1, 40), -0.5], InputConversion.ToDoubles(RawBatch.Of(1, [System.Numerics.BigInteger.One << 90, -(System.Numerics.BigInteger.One << 49)]), wide));
    }
}
