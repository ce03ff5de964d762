using System.Globalization;
using System.IO.Compression;
using System.Numerics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Numbers;

/// <summary>Every line of the reference data that the ap_fixed headers of the HLS tools computed, bit for bit.</summary>
public sealed class FixedPointReferenceTests
{
    private static readonly ExactAlgebra Exact = new();
    private static readonly IntervalAlgebra Intervals = new();

    [Theory]
    [InlineData("cast_from_signed.csv.gz", 124_040)]
    [InlineData("cast_from_unsigned.csv.gz", 75_320)]
    public void A_cast_between_fixed_point_types_gives_the_reference_integer(string file, int rows)
    {
        var count = 0;
        foreach (var c in Rows(file))
        {
            var source = TypeOf(c[0], c[1], c[2]);
            var quantizer = QuantizerOf(c[3], c[4], c[5], c[6], c[7]);
            var raw = BigInteger.Parse(c[8], CultureInfo.InvariantCulture);
            var expected = BigInteger.Parse(c[9], CultureInfo.InvariantCulture);
            var value = new Dyadic(raw, -source.Fraction);
            if (Casting.Cast(raw, source.Fraction, quantizer) != expected || Casting.Cast(value, quantizer) != expected)
                Assert.Fail($"{raw} of {source} to {quantizer}: expected {expected}.");
            CheckLanes(raw, source, quantizer, expected);
            count++;
        }
        Assert.Equal(rows, count);
    }

    [Fact]
    public void A_cast_from_float64_gives_the_reference_integer_and_value()
    {
        var count = 0;
        foreach (var c in Rows("cast_from_double.csv.gz"))
        {
            var quantizer = QuantizerOf(c[0], c[1], c[2], c[3], c[4]);
            var raw = Casting.Cast(HexFloat(c[5]), quantizer);
            if (raw != BigInteger.Parse(c[6], CultureInfo.InvariantCulture))
                Assert.Fail($"{c[5]} to {quantizer}: {raw} instead of {c[6]}.");
            Assert.Equal(double.Parse(c[7], CultureInfo.InvariantCulture), new Dyadic(raw, -quantizer.Type.Fraction).ToDouble(), 1e-6);
            count++;
        }
        Assert.Equal(19_488, count);
    }

    [Fact]
    public void Sums_products_and_quotients_are_exact_and_lie_in_the_types_that_the_reference_grows()
    {
        var count = 0;
        foreach (var c in Rows("arith.csv"))
        {
            var (left, leftType) = Operand(c, 1);
            var (right, rightType) = Operand(c, 5);
            var type = TypeOf(c[9], c[10], c[11]);
            var expected = new Dyadic(BigInteger.Parse(c[12], CultureInfo.InvariantCulture), -type.Fraction);
            var (value, range) = Apply(c[0], left, leftType, right, rightType, type.Fraction);
            Assert.Equal(expected, value);
            Assert.True(range.Contains(value));
            Assert.Equal(type.Fraction, range.Fraction);
            Assert.True(type.Contains(range), $"{c[0]} of {leftType} and {rightType}: {range} is not inside {type}.");
            count++;
        }
        Assert.Equal(4_000, count);
    }

    [Fact]
    public void Table_indices_truncate_toward_zero_as_in_the_reference()
    {
        var count = 0;
        foreach (var c in Rows("lut_index.csv"))
        {
            var type = TypeOf(c[1], c[2], c[3]);
            var x = new Dyadic(BigInteger.Parse(c[4], CultureInfo.InvariantCulture), -type.Fraction);
            var size = int.Parse(c[5], CultureInfo.InvariantCulture);
            var scaled = c[0] == "int(x)" ? x : Exact.Divide(x * size, int.Parse(c[0][5..], CultureInfo.InvariantCulture), type.Fraction);
            var index = Casting.Cast(scaled, new Quantizer(new FixedType(true, 64, 64), Rounding.TrnZero, Overflow.Wrap));
            Assert.Equal(BigInteger.Parse(c[6], CultureInfo.InvariantCulture), index);
            count++;
        }
        Assert.Equal(4_000, count);
    }

    private static void CheckLanes(BigInteger raw, FixedType source, Quantizer quantizer, BigInteger expected)
    {
        var lane = new LaneAlgebra<long>(1).Cast(new Lanes<long>([(long)raw], source.Fraction), quantizer);
        if (lane.Raw[0] != expected || lane.Fraction != quantizer.Type.Fraction)
            Assert.Fail($"In lanes: {raw} of {source} to {quantizer}: {lane.Raw[0]} instead of {expected}.");
    }

    private static (Dyadic Value, Interval Range) Apply(string operation, Dyadic left, FixedType leftType, Dyadic right, FixedType rightType, int fraction) =>
        operation switch
        {
            "add" => (Exact.Add(left, right), Intervals.Add(leftType.Range, rightType.Range)),
            "sub" => (Exact.Subtract(left, right), Intervals.Subtract(leftType.Range, rightType.Range)),
            "mul" => (Exact.Multiply(left, right), Intervals.Multiply(leftType.Range, rightType.Range)),
            "div" => (Exact.Divide(left, right, fraction), Intervals.Divide(leftType.Range, rightType.Range, fraction)),
            _ => throw new InvalidOperationException($"Unknown operation {operation}."),
        };

    private static (Dyadic Value, FixedType Type) Operand(string[] columns, int at)
    {
        var type = TypeOf(columns[at], columns[at + 1], columns[at + 2]);
        return (new Dyadic(BigInteger.Parse(columns[at + 3], CultureInfo.InvariantCulture), -type.Fraction), type);
    }

    private static FixedType TypeOf(string width, string integer, string signed) =>
        new(signed == "1", int.Parse(width, CultureInfo.InvariantCulture), int.Parse(integer, CultureInfo.InvariantCulture));

    private static Quantizer QuantizerOf(string width, string integer, string signed, string rounding, string overflow)
    {
        var text = $"ap_{(signed == "1" ? "" : "u")}fixed<{width},{integer},{rounding},{overflow}>";
        Assert.True(Quantizer.TryParse(text, Rounding.Trn, Overflow.Wrap, out var quantizer, out var problem), problem);
        return quantizer;
    }

    /// <summary>C's %a notation.</summary>
    private static double HexFloat(string text)
    {
        var negative = text.StartsWith('-');
        var digits = text[(negative ? 3 : 2)..text.IndexOf('p', StringComparison.Ordinal)];
        var exponent = int.Parse(text[(text.IndexOf('p', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);
        var point = digits.IndexOf('.', StringComparison.Ordinal);
        var places = point < 0 ? 0 : digits.Length - point - 1;
        var mantissa = long.Parse(digits.Replace(".", "", StringComparison.Ordinal), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return Math.ScaleB(negative ? -mantissa : mantissa, exponent - 4 * places);
    }

    private static IEnumerable<string[]> Rows(string file)
    {
        var path = TestFiles.Shared("data", "fixed-point", file);
        using var stream = File.OpenRead(path);
        using var text = new StreamReader(file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream);
        text.ReadLine();
        while (text.ReadLine() is { } line)
            yield return line.Split(',');
    }
}
