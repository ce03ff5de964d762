using System.Numerics;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Primitives;

/// <summary>
/// The real functions that tables hold: in float64 for the real interpretation, and correctly rounded for table entries by interval
/// evaluation with more and more bits until both ends round alike (Ziv's strategy).
/// </summary>
public static class RealFunctions
{
    /// <summary>Encloses f(x): the true value lies in [Low, High], whose distance is about 2^−bits.</summary>
    private delegate (Dyadic Low, Dyadic High) Enclosure(Dyadic x, int bits);

    private static readonly Dictionary<string, (Func<double, double> Real, Enclosure Enclose)> Functions = new(StringComparer.Ordinal)
    {
        ["exp"] = (Math.Exp, Exp),
        ["exp_minus_x_minus_1"] = (x => Math.Exp(x) - x - 1, (x, bits) => Offset(Exp(x, bits), -x - Dyadic.One)),
        ["exp_minus_half"] = (x => Math.Exp(-x / 2), (x, bits) => Exp((-x).Scale(-1), bits)),
    };

    /// <summary>The names of all functions.</summary>
    public static IEnumerable<string> Names => Functions.Keys;

    /// <summary>The function in float64.</summary>
    public static double Evaluate(RealFunction function, double x) => Functions[function.Name].Real(x);

    /// <summary>The raw integer of f(x) cast by the quantizer, as if f(x) were known exactly.</summary>
    public static BigInteger Quantize(RealFunction function, Dyadic x, Quantizer quantizer)
    {
        var enclose = Functions[function.Name].Enclose;
        for (var bits = 64; bits <= 4096; bits *= 2)
        {
            var (low, high) = enclose(x, bits + Math.Abs(quantizer.Type.Fraction));
            var raw = Casting.Cast(low, quantizer);
            if (raw == Casting.Cast(high, quantizer))
                return raw;
        }
        throw new ArithmeticException($"{function} at {x} lies too close to a rounding boundary of {quantizer}.");
    }

    private static (Dyadic Low, Dyadic High) Offset((Dyadic Low, Dyadic High) range, Dyadic offset) => (range.Low + offset, range.High + offset);

    /// <summary>e^x by halving the argument, a Taylor series in integers, and squaring back.</summary>
    private static (Dyadic Low, Dyadic High) Exp(Dyadic x, int bits)
    {
        if (x.IsZero)
            return (Dyadic.One, Dyadic.One);
        var halvings = Math.Max(0, x.Magnitude + 9);
        // The value can have about 1.45·|x| bits before the point, and every squaring doubles the relative error.
        var growth = x.Magnitude < 0 ? 2 : (int)Math.Min(1 << 20, 2L << x.Magnitude) + 2;
        var working = bits + halvings + growth + 32;
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
        return (new Dyadic(sum - slack, -working), new Dyadic(sum + slack, -working));
    }

    private static BigInteger ToFixed(Dyadic x, int fraction)
    {
        var shift = x.Exponent + fraction;
        return shift >= 0 ? x.Mantissa << shift : x.Mantissa >> -shift;
    }
}
