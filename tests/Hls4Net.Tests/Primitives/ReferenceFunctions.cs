using System.Numerics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Tests.Primitives;

/// <summary>
/// Every real function to about 2^−700, by the most naive way in integers of 1000 fraction bits: power series without argument reduction,
/// Newton's method for what is an inverse. Shares nothing with the compiler's own evaluation.
/// </summary>
internal static class ReferenceFunctions
{
    private const int Bits = 1000;

    private static readonly BigInteger One = BigInteger.One << Bits;

    /// <summary>π = 48 atan(1/18) + 32 atan(1/57) − 20 atan(1/239) (Gauss).</summary>
    private static readonly BigInteger Pi = 48 * AtanOfInverse(18) + 32 * AtanOfInverse(57) - 20 * AtanOfInverse(239);

    /// <summary>A function of each name, with parameters where it has some.</summary>
    public static IReadOnlyList<RealFunction> Samples { get; } =
    [
        .. RealFunctions.Names.Where(n => RealFunctions.ParameterCount(n) == 0).Select(n => new RealFunction(n, [])),
        .. With("swish", [1], [1.5], [-0.75]),
        .. With("elu", [1], [0.3], [-1.25]),
        .. With("selu", [1.6732632, 1.0507010]),
        .. With("celu", [0.75], [1], [-2]),
        .. With("pow", [0.5], [-1], [-0.5], [-2], [0.25], [1.0 / 3], [2.5], [9], [10], [0], [-1.7]),
        .. With("power_of", [2], [0.7], [10], [1]),
    ];

    /// <summary>f(x), or null where f has no finite value.</summary>
    public static Dyadic? Evaluate(RealFunction function, Dyadic x)
    {
        if (!RealFunctions.IsDefined(function, x, x))
            return null;
        var value = new Dyadic(Raw(function.Name, x.ToRaw(Bits), [.. function.Parameters.Select(p => p.ToRaw(Bits))]), -Bits);
        // Where an exact value was missed by the error of this computation, it is meant.
        var snapped = new Dyadic(Casting.Round(value.Mantissa, -value.Exponent - 300, Rounding.Rnd), -300);
        var distance = value - snapped;
        return (distance.Sign < 0 ? -distance : distance) < new Dyadic(1, -500) ? snapped : value;
    }

    private static IEnumerable<RealFunction> With(string name, params double[][] parameters) =>
        parameters.Select(p => new RealFunction(name, p.Select(Dyadic.FromDouble).ToSeq()));

    private static BigInteger Raw(string name, BigInteger x, BigInteger[] p) => name switch
    {
        "exp" => Exp(x),
        "exp_minus_x_minus_1" => Exp(x) - x - One,
        "exp_minus_half" => Exp(-x / 2),
        "log" => Log(x),
        "sqrt" => Root(x),
        "reciprocal" => Divide(One, x),
        "reciprocal_sqrt" => Divide(One, Root(x)),
        "sinh" => (Exp(x) - Exp(-x)) / 2,
        "cosh" => (Exp(x) + Exp(-x)) / 2,
        "tanh" => Divide(Exp(x) - Exp(-x), Exp(x) + Exp(-x)),
        "asinh" => Log(x + Root(Multiply(x, x) + One)),
        "acosh" => Log(x + Root(Multiply(x, x) - One)),
        "atanh" => Log(Divide(One + x, One - x)) / 2,
        "sigmoid" => Divide(One, One + Exp(-x)),
        "softplus" => Log(One + Exp(x)),
        "softsign" => Divide(x, One + BigInteger.Abs(x)),
        "erf" => Erf(x),
        "gelu" => Multiply(x, One + Erf(Divide(x, Root(2 * One)))) / 2,
        "gelu_tanh" => Multiply(x, One + Raw("tanh", Multiply(Root(Divide(2 * One, Pi)), x + Multiply(x, Multiply(x, x)) * 44715 / 1_000_000), [])) / 2,
        "mish" => Multiply(x, Raw("tanh", Raw("softplus", x, []), [])),
        "swish" => Multiply(x, Raw("sigmoid", Multiply(p[0], x), [])),
        "elu" => x >= 0 ? x : Multiply(p[0], Exp(x) - One),
        "selu" => Multiply(p[1], x >= 0 ? x : Multiply(p[0], Exp(x) - One)),
        "celu" => BigInteger.Max(0, x) + BigInteger.Min(0, Multiply(p[0], Exp(Divide(x, p[0])) - One)),
        "pow" => Power(x, p[0]),
        "power_of" => Power(p[0], x),
        "sin" => Sine(x),
        "cos" => Sine(Pi / 2 - x),
        "tan" => Divide(Sine(x), Sine(Pi / 2 - x)),
        "atan" => Atan(x),
        "asin" => Asin(x),
        "acos" => Pi / 2 - Asin(x),
        _ => throw new InvalidOperationException($"This test does not know the function {name}; teach it."),
    };

    private static BigInteger Multiply(BigInteger a, BigInteger b) => a * b >> Bits;

    private static BigInteger Divide(BigInteger a, BigInteger b) => (a << Bits) / b;

    private static BigInteger Exp(BigInteger x)
    {
        var (sum, term) = (BigInteger.Zero, One);
        for (var n = 1; term > 0; n++)
        {
            sum += term;
            term = Multiply(term, BigInteger.Abs(x)) / n;
        }
        return x.Sign >= 0 ? sum : Divide(One, sum);
    }

    /// <summary>y ← y + 2 (x − e^y) / (x + e^y), from float64.</summary>
    private static BigInteger Log(BigInteger x)
    {
        var y = Dyadic.FromDouble(Math.Log(new Dyadic(x, -Bits).ToDouble())).ToRaw(Bits);
        for (var i = 0; i < 4; i++)
        {
            var power = Exp(y);
            y += 2 * Divide(x - power, x + power);
        }
        return y;
    }

    private static BigInteger Root(BigInteger x)
    {
        if (x.IsZero)
            return x;
        var square = x << Bits;
        var root = Dyadic.FromDouble(Math.Sqrt(new Dyadic(x, -Bits).ToDouble())).ToRaw(Bits) + 1;
        for (var i = 0; i < 8; i++)
            root = (root + square / root) / 2;
        return root;
    }

    private static BigInteger Power(BigInteger x, BigInteger exponent)
    {
        if (exponent.IsZero)
            return One;
        if (x.Sign > 0)
            return Exp(Multiply(exponent, Log(x)));
        var isOdd = !(exponent >> Bits).IsEven;
        return x.IsZero ? 0 : isOdd ? -Power(-x, exponent) : Power(-x, exponent);
    }

    /// <summary>The alternating series, with the bits that cancel added.</summary>
    private static BigInteger Erf(BigInteger x)
    {
        const int Extra = 1500;
        var (sum, power) = (BigInteger.Zero, x << Extra);
        var square = Multiply(x, x);
        for (var n = 0; !power.IsZero && power != BigInteger.MinusOne; n++)
        {
            sum += power / (2 * n + 1);
            power = -(power * square >> Bits) / (n + 1);
        }
        return Divide(2 * (sum >> Extra), Root(Pi));
    }

    private static BigInteger Sine(BigInteger x)
    {
        const int Extra = 800;
        var (sum, term) = (BigInteger.Zero, x << Extra);
        var square = Multiply(x, x);
        for (var n = 1; !term.IsZero && term != BigInteger.MinusOne; n += 2)
        {
            sum += term;
            term = -(term * square >> Bits) / ((n + 1) * (n + 2));
        }
        return sum >> Extra;
    }

    /// <summary>y ← y − (tan y − x) · cos² y, from float64.</summary>
    private static BigInteger Atan(BigInteger x)
    {
        var y = Dyadic.FromDouble(Math.Atan(new Dyadic(x, -Bits).ToDouble())).ToRaw(Bits);
        for (var i = 0; i < 6; i++)
        {
            var (sine, cosine) = (Sine(y), Sine(Pi / 2 - y));
            y -= Multiply(Multiply(sine, cosine) - Multiply(x, Multiply(cosine, cosine)), One);
        }
        return y;
    }

    private static BigInteger Asin(BigInteger x)
    {
        var rest = One - Multiply(x, x);
        return rest.IsZero ? x.Sign * Pi / 2 : Atan(Divide(x, Root(rest)));
    }

    private static BigInteger AtanOfInverse(int divisor)
    {
        var (power, sum) = (One / divisor, BigInteger.Zero);
        for (var n = 0; !power.IsZero; n++)
        {
            sum += (n % 2 == 0 ? power : -power) / (2 * n + 1);
            power /= divisor * divisor;
        }
        return sum;
    }
}
