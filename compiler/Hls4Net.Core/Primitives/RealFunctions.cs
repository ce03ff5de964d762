using System.Numerics;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Primitives;

/// <summary>
/// The real functions that tables hold: in float64 for the real interpretation, and correctly rounded for table entries by interval
/// evaluation with more and more bits until both ends round alike (Ziv's strategy).
/// </summary>
public static class RealFunctions
{
    /// <summary>
    /// Beyond 2^±this, the exponential is larger than every type or smaller than every type's resolution, whatever its exact amount.
    /// </summary>
    private const int Horizon = 1 << 15;

    /// <summary>Encloses f(x): the true value lies in [Low, High], whose distance is about 2^−bits; with 0 bits a quick, wide one.</summary>
    private delegate (Dyadic Low, Dyadic High) Enclosure(Dyadic x, int bits);

    /// <summary>The float64 functions below err by less than this part of their value.</summary>
    private const double RealAccuracy = 1e-13;

    /// <summary>Turns: where the function has a minimum or maximum; between them it only rises or only falls.</summary>
    private static readonly Dictionary<string, (Func<double, double> Real, Enclosure Enclose, double[] Turns)> Functions = new(StringComparer.Ordinal)
    {
        ["exp"] = (Math.Exp, Exp, []),
        ["exp_minus_x_minus_1"] = (ExpMinusXMinus1, (x, bits) => Offset(Exp(x, bits), -x - Dyadic.One), [0]),
        ["exp_minus_half"] = (x => Math.Exp(-x / 2), (x, bits) => Exp((-x).Scale(-1), bits), []),
    };

    /// <summary>The names of all functions.</summary>
    public static IEnumerable<string> Names => Functions.Keys;

    /// <summary>The function in float64.</summary>
    public static double Evaluate(RealFunction function, double x) =>
        HlsFunctions.Knows(function.Name) ? HlsFunctions.Evaluate(function, x) : Functions[function.Name].Real(x);

    /// <summary>Numbers between which f lies on [low, high], at most a little outside of what it takes there; infinite beyond float64.</summary>
    public static (double Least, double Most) Range(RealFunction function, Dyadic low, Dyadic high)
    {
        if (HlsFunctions.Knows(function.Name))
            return HlsFunctions.Range(function, low, high);
        var (real, _, turns) = Functions[function.Name];
        var (from, to) = (Math.BitDecrement(low.ToDouble()), Math.BitIncrement(high.ToDouble()));
        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var x in turns.Where(t => t > from && t < to).Append(from).Append(to))
        {
            var value = real(x);
            var slack = Math.Abs(value) * RealAccuracy + double.Epsilon;
            (least, most) = (Math.Min(least, value - slack), Math.Max(most, value + slack));
        }
        return (least, most);
    }

    /// <summary>Numbers between which f(x) lies, about 2^−bits apart; far apart for 0 bits.</summary>
    internal static (Dyadic Low, Dyadic High) Enclose(RealFunction function, Dyadic x, int bits) => Functions[function.Name].Enclose(x, bits);

    /// <summary>The raw integer of f(x) cast by the quantizer, as if f(x) were known exactly.</summary>
    /// <exception cref="ArithmeticException">The value wraps around so often that its low bits are out of reach.</exception>
    public static BigInteger Quantize(RealFunction function, Dyadic x, Quantizer quantizer)
    {
        var type = quantizer.Type;
        for (var bits = 0; bits <= 4096; bits = Math.Max(64, 2 * bits))
        {
            var (least, most) = Enclose(function, x, bits == 0 ? 0 : bits + Math.Max(0, type.Fraction));
            var low = Casting.Round(least.Mantissa, -least.Exponent - type.Fraction, quantizer.Rounding);
            var high = Casting.Round(most.Mantissa, -most.Exponent - type.Fraction, quantizer.Rounding);
            var beyond = quantizer.Overflow != Overflow.Wrap && (low > type.MaximumRaw || high < type.MinimumRaw);
            if (low == high || beyond)
                return Casting.Confine(low > type.MaximumRaw ? low : high, type, quantizer.Overflow);
        }
        throw new ArithmeticException($"{function} at {x} cannot be rounded to {quantizer}.");
    }

    private static (Dyadic Low, Dyadic High) Offset((Dyadic Low, Dyadic High) range, Dyadic offset) => (range.Low + offset, range.High + offset);

    /// <summary>Near zero the difference cancels, and the series is summed instead.</summary>
    private static double ExpMinusXMinus1(double x)
    {
        if (Math.Abs(x) > 0.5)
            return Math.Exp(x) - x - 1;
        var sum = 0.0;
        for (var n = 20; n >= 2; n--)
            sum = (1 + sum) * x / (n + 1);
        return (1 + sum) * x * x / 2;
    }

    private static (Dyadic Low, Dyadic High) Exp(Dyadic x, int bits)
    {
        if (x.IsZero)
            return (Dyadic.One, Dyadic.One);
        // e = 2^1.4426…, so that e^x lies between 2^(1.4x) and 2^(1.5x).
        if (x.Magnitude > 20)
            return x.Sign > 0 ? (new(1, Horizon), new(1, 2 * Horizon)) : (new(1, -2 * Horizon), new(1, -Horizon));
        var (lesser, greater) = x.Sign > 0 ? (14, 15) : (15, 14);
        var low = Math.Clamp(Floor(x * lesser) / 10 - 1, -2 * Horizon, Horizon);
        var high = Math.Clamp(Floor(x * greater) / 10 + 2, -Horizon, 2 * Horizon);
        return bits == 0 || low >= Horizon || high <= -Horizon ? (new(1, low), new(1, high)) : ExpByPowerSeries(x, bits, high);
    }

    /// <summary>e^x, less than 2^<paramref name="exponent"/>, by halving the argument, a Taylor series in integers, and squaring back.</summary>
    private static (Dyadic Low, Dyadic High) ExpByPowerSeries(Dyadic x, int bits, int exponent)
    {
        var halvings = Math.Max(0, x.Magnitude + 9);
        var working = bits + halvings + Math.Max(0, exponent) + 32;
        var reduced = ToFixed(x.Scale(-halvings), working);
        var sum = BigInteger.One << working;
        var term = sum;
        for (var n = 1; !term.IsZero && term != BigInteger.MinusOne; n++)
        {
            term = (term * reduced >> working) / n;
            sum += term;
        }
        for (var i = 0; i < halvings; i++)
            sum = sum * sum >> working;
        // Each truncation errs by less than a unit; the series has fewer than `working` terms, and squaring doubles the relative error.
        var error = BigInteger.Max(BigInteger.One, sum >> working) + 1;
        var slack = error * working << (halvings + 3);
        // The exponential is positive, which decides the sign of what is rounded away.
        var low = sum > slack ? new Dyadic(sum - slack, -working) : new Dyadic(1, -2 * Horizon);
        return (low, new Dyadic(sum + slack, -working));
    }

    private static int Floor(Dyadic x) => (int)(x.Exponent >= 0 ? x.Mantissa << x.Exponent : x.Mantissa >> -x.Exponent);

    private static BigInteger ToFixed(Dyadic x, int fraction)
    {
        var shift = x.Exponent + fraction;
        return shift >= 0 ? x.Mantissa << shift : x.Mantissa >> -shift;
    }
}
