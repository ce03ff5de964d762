using System.Numerics;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Primitives;

/// <summary>
/// The real functions that tables hold: in float64 for the real interpretation, and correctly rounded for table entries by interval
/// evaluation with more and more bits until both ends round alike (Ziv's strategy). That ends, because where a function takes a value
/// that a type can hold or a value half-way between two, its enclosure is exact: roots and quotients are, and the others take such
/// values only at operands such as 0 (theorems of Lindemann, Weierstrass and Siegel).
/// </summary>
public static class RealFunctions
{
    /// <summary>The float64 functions err by less than this part of their value.</summary>
    private const double RealAccuracy = 1e-13;

    /// <summary>What float64 functions lose where their value is too small for a relative accuracy.</summary>
    private const double Smallest = 1e-290;

    /// <summary>Fraction bits of a function's value before types are chosen.</summary>
    public const int ExactFraction = 128;

    private static readonly Dictionary<string, FunctionDefinition> Functions =
        new(ExponentialFunctions.All.Concat(ActivationFunctions.All).Concat(AlgebraicFunctions.All).Concat(CircularFunctions.All), StringComparer.Ordinal);

    /// <summary>The names of all functions.</summary>
    public static IEnumerable<string> Names => Functions.Keys;

    /// <summary>How many parameters a function has.</summary>
    public static int ParameterCount(string name) => Functions[name].Parameters;

    /// <summary>The function in float64: NaN outside its domain, an infinity at its poles, as IEEE 754 has it.</summary>
    public static double Evaluate(RealFunction function, double x) =>
        HlsFunctions.Knows(function.Name) ? HlsFunctions.Evaluate(function, x) : Functions[function.Name].Real(x, ParametersOf(function));

    /// <summary>Whether the function has a finite value at every operand between two.</summary>
    public static bool IsDefined(RealFunction function, Dyadic low, Dyadic high) =>
        Functions[function.Name].Domain(function.Parameters).Contains(low, high);

    /// <summary>What need not be stored of a function.</summary>
    public static Folding FoldingOf(RealFunction function) => Functions[function.Name].Folding(function.Parameters);

    /// <summary>Where the function is defined.</summary>
    internal static Domain DomainOf(RealFunction function) => Functions[function.Name].Domain(function.Parameters);

    /// <summary>The operand, or the end of the function's domain that it lies beyond.</summary>
    public static Dyadic Nearest(RealFunction function, Dyadic x) => DomainOf(function).Nearest(x);

    /// <summary>The operands at which the function is infinite.</summary>
    public static IEnumerable<Dyadic> InfiniteAt(RealFunction function) => DomainOf(function).Infinite.Select(i => i.At);

    /// <summary>Whether the function only rises or only falls between two operands of its domain.</summary>
    public static bool IsMonotone(RealFunction function, Dyadic low, Dyadic high)
    {
        var (definition, parameters, from, to) = (Functions[function.Name], ParametersOf(function), low.ToDouble(), high.ToDouble());
        return !definition.HasPole(parameters, from, to) && !definition.Turns(parameters, from, to).Any(t => t > from && t < to);
    }

    /// <summary>
    /// Numbers between which f lies on [low, high], at most a little outside of what it takes there; infinite beyond float64 and where f has
    /// no bounds, NaN where it is not defined.
    /// </summary>
    public static (double Least, double Most) Range(RealFunction function, Dyadic low, Dyadic high)
    {
        if (HlsFunctions.Knows(function.Name))
            return HlsFunctions.Range(function, low, high);
        var definition = Functions[function.Name];
        var parameters = ParametersOf(function);
        var domain = definition.Domain(function.Parameters);
        var (from, to) = (Math.BitDecrement(low.ToDouble()), Math.BitIncrement(high.ToDouble()));
        if (domain.Nearest(low) != low || domain.Nearest(high) != high)
            return (double.NaN, double.NaN);
        if (domain.Least is { } first)
            from = Math.Max(from, first.ToDouble());
        if (domain.Most is { } last)
            to = Math.Min(to, last.ToDouble());
        if (definition.HasPole(parameters, from, to))
            return (double.NegativeInfinity, double.PositiveInfinity);
        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var x in definition.Turns(parameters, from, to).Where(t => t > from && t < to).Append(from).Append(to))
        {
            var value = definition.Real(x, parameters);
            var slack = double.IsInfinity(value) ? 0 : Math.Abs(value) * RealAccuracy + Smallest;
            (least, most) = (Math.Min(least, value - slack), Math.Max(most, value + slack));
        }
        return (least, most);
    }

    /// <summary>Numbers between which f(x) lies, about 2^−bits apart; far apart for 0 bits. The operand is in the domain and no pole.</summary>
    internal static (Dyadic Low, Dyadic High) Enclose(RealFunction function, Dyadic x, int bits)
    {
        var (low, high) = Functions[function.Name].Enclose(x, function.Parameters, bits);
        return (low, high);
    }

    /// <summary>
    /// f(x) rounded down to a multiple of 2^−<see cref="ExactFraction"/>, for computations on constants, before types are chosen; outside its
    /// domain the value at the domain's end, and where it is infinite more than any type holds.
    /// </summary>
    public static Dyadic Approximate(RealFunction function, Dyadic x)
    {
        if (HlsFunctions.Knows(function.Name))
            return Floor(Dyadic.FromDouble(HlsFunctions.Evaluate(function, x.ToDouble())));
        var domain = Functions[function.Name].Domain(function.Parameters);
        x = domain.Nearest(x);
        foreach (var (at, sign) in domain.Infinite)
        {
            if (at == x)
                return new(sign, 2 * ExactFraction);
        }
        return Floor(Enclose(function, x, ExactFraction).Low);
    }

    /// <summary>Numbers between which <see cref="Approximate"/> lies on [low, high].</summary>
    public static Interval Bounds(RealFunction function, Dyadic low, Dyadic high)
    {
        var domain = HlsFunctions.Knows(function.Name) ? Domain.All : Functions[function.Name].Domain(function.Parameters);
        var (least, most) = Range(function, domain.Nearest(low), domain.Nearest(high));
        var unit = new Dyadic(1, -ExactFraction);
        return Interval.Between(Floor(Finite(least, -1)) - unit, Floor(Finite(most, 1)) + unit, ExactFraction);

        static Dyadic Finite(double x, int sign) => double.IsFinite(x) ? Dyadic.FromDouble(x) : new Dyadic(sign, 2 * ExactFraction);
    }

    private static Dyadic Floor(Dyadic x) => new(Casting.Round(x.Mantissa, -x.Exponent - ExactFraction, Rounding.Trn), -ExactFraction);

    /// <summary>
    /// The raw integer of f(x) cast by the quantizer, as if f(x) were known exactly. Outside its domain a function has the value that it has
    /// at the domain's end; infinity is cast as in ap_fixed: to the end of the type where overflow saturates, else to 0.
    /// </summary>
    /// <exception cref="ArithmeticException">The value wraps around so often that its low bits are out of reach.</exception>
    public static BigInteger Quantize(RealFunction function, Dyadic x, Quantizer quantizer)
    {
        var type = quantizer.Type;
        var domain = Functions[function.Name].Domain(function.Parameters);
        x = domain.Nearest(x);
        foreach (var (at, sign) in domain.Infinite)
        {
            if (at == x)
                return Casting.Cast(sign * double.PositiveInfinity, quantizer);
        }
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

    private static double[] ParametersOf(RealFunction function)
    {
        if (function.Parameters.Count == 0)
            return [];
        var parameters = new double[function.Parameters.Count];
        for (var k = 0; k < parameters.Length; k++)
            parameters[k] = function.Parameters[k].ToDouble();
        return parameters;
    }
}
