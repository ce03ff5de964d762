using System.Numerics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators;
using Hls4Net.Transforms.Arithmetic;

namespace Hls4Net.Transforms.Typing;

/// <summary>Types for and around the model's own quantisers of any scale.</summary>
internal static class TypeQuantiser
{
    /// <summary>Bits below a quantiser's step that an input has by default: it then rounds otherwise than unquantised events in one of 2^8.</summary>
    private const int InputBitsBelowStep = 8;

    /// <summary>A quantiser's rounding as one multiplication, for operands in the given interval.</summary>
    /// <param name="quantiser">The operator.</param>
    /// <param name="parameters">Factor, shift, divisor, and perhaps what is added after rounding.</param>
    /// <param name="operand">What the operand can be.</param>
    /// <returns>The operator and its constants in order.</returns>
    public static (Requantize Operator, IReadOnlyList<ConstantTensor> Constants) Choose(
        UniformQuantize quantiser, IReadOnlyList<ConstantTensor> parameters, Interval operand)
    {
        var shape = ShapeOf(parameters);
        var sums = Sums(parameters, shape).Select(s => s with { Ratio = s.Ratio.Scale(-operand.Fraction) }).ToArray();
        var whole = Array.ConvertAll(sums, s => (s.Ratio, s.Shift + s.Zero));
        var different = whole.Distinct().ToArray();
        var (steps, code, slack) = new Requantisation(quantiser.Code, operand.Low, operand.High).Solve(different);
        var stepOf = different.Zip(steps).ToDictionary(p => p.First, p => p.Second);
        // Only a tie to even cares whether a whole number is added before it or after it.
        var isAfter = code is { Mode: QuantRounding.Direct, Rounding: Rounding.RndConv } && Array.Exists(sums, s => !s.Zero.IsEven);
        var multipliers = whole.Select(s => stepOf[s].Multiplier.Scale(operand.Fraction)).ToSeq();
        var offsets = whole.Select((s, k) => stepOf[s].Offset - (isAfter ? new Dyadic(sums[k].Zero, 0) : Dyadic.Zero)).ToSeq();
        var constants = new List<ConstantTensor> { ConstantTensor.Of(shape, multipliers), ConstantTensor.Of(shape, offsets) };
        if (isAfter)
            constants.Add(ConstantTensor.Of(shape, sums.Select(s => new Dyadic(s.Zero, 0)).ToSeq()));
        return (new Requantize(code, quantiser.Scale, slack), constants);
    }

    /// <summary>The cast that the quantiser is if its scale is a power of two, or null.</summary>
    public static Quantizer? AsCast(UniformQuantize quantiser, IReadOnlyList<ConstantTensor> parameters)
    {
        var sums = Sums(parameters, ShapeOf(parameters)).Distinct().ToArray();
        return sums is [({ IsPowerOfTwo: true, Sign: > 0 } ratio, { IsZero: true }, { IsZero: true })] && quantiser.Code.IsPlain
            ? quantiser.Code.Quantizer(-ratio.ToDyadic().Exponent)
            : null;
    }

    /// <summary>A type for an input that this quantiser reads: all values that it does not saturate, and some bits below its finest step.</summary>
    public static Quantizer InputFor(UniformQuantize quantiser, IReadOnlyList<ConstantTensor> parameters)
    {
        var sums = Sums(parameters, ShapeOf(parameters)).Where(s => !s.Ratio.IsZero).ToArray();
        if (sums.Length == 0)
            return TypeRules.UnknownInput;
        var steepest = sums.Max(s => Rational.Abs(s.Ratio)).ToDyadic();
        var fraction = steepest.Magnitude + 1 + InputBitsBelowStep;
        var range = new Interval(0, 0, fraction);
        foreach (var (ratio, shift, zero) in sums)
        {
            foreach (var code in new[] { quantiser.Code.Lowest - 1, quantiser.Code.Highest + 1 })
            {
                var end = ((code - zero - shift) / ratio).Scale(fraction).Floor;
                range = range.Union(new Interval(end, end, fraction));
            }
        }
        return new(range.Type, Rounding.RndConv, Overflow.Sat);
    }

    private static Seq<int> ShapeOf(IReadOnlyList<ConstantTensor> parameters) =>
        parameters.Aggregate((Seq<int>)[], (s, p) => Broadcasting.Shape(s, p.Shape));

    private static IEnumerable<(Rational Ratio, Rational Shift, BigInteger Zero)> Sums(IReadOnlyList<ConstantTensor> parameters, Seq<int> shape)
    {
        for (var k = 0; k < Shapes.Count(shape); k++)
        {
            var (factor, shift, divisor) = (At(parameters[0], k), At(parameters[1], k), At(parameters[2], k));
            yield return (factor / divisor, shift / divisor, parameters.Count > 3 ? At(parameters[3], k).Floor : BigInteger.Zero);
        }

        Rational At(ConstantTensor tensor, int position) => tensor.Values[Broadcasting.Element(position, shape, tensor.Shape)];
    }
}
