using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Primitives;

/// <summary>
/// The real functions behind the tables of the HLS dialect, over a table's address: f(x · step + offset), where step and offset are the
/// parameters. They say what entries stand for; the entries themselves are defined by float32 computations, which whoever makes the
/// table carries out.
/// </summary>
public static class HlsFunctions
{
    /// <summary>The functions; all of them rise or fall over their whole range.</summary>
    private static readonly Dictionary<string, Func<double, double>> Functions = new(StringComparer.Ordinal)
    {
        ["hls_sigmoid"] = x => 1 / (1 + Math.Exp(-x)),
        ["hls_tanh"] = Math.Tanh,
        ["hls_softplus"] = x => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x))),
        ["hls_softsign"] = x => x / (1 + Math.Abs(x)),
        ["hls_exp"] = Math.Exp,
        ["hls_exp_minus_1"] = x => Math.Exp(x) - 1,
        ["hls_selu"] = x => 1.0507009873554805 * 1.6732632423543772 * (Math.Exp(x) - 1),
        ["hls_reciprocal"] = x => 1 / x,
        ["hls_inverse_root"] = x => 1 / Math.Sqrt(x),
    };

    /// <summary>The function f(x · step + offset).</summary>
    public static RealFunction Of(string name, Dyadic step, Dyadic offset) => Functions.ContainsKey(name)
        ? new(name, [step, offset])
        : throw new ArgumentException($"There is no function '{name}'.", nameof(name));

    internal static bool Knows(string name) => Functions.ContainsKey(name);

    internal static double Evaluate(RealFunction function, double x) =>
        Functions[function.Name](x * function.Parameters[0].ToDouble() + function.Parameters[1].ToDouble());

    /// <summary>Numbers between which the function lies on [low, high]: its values at the ends, and a little more.</summary>
    internal static (double Least, double Most) Range(RealFunction function, Dyadic low, Dyadic high)
    {
        var (a, b) = (Evaluate(function, Math.BitDecrement(low.ToDouble())), Evaluate(function, Math.BitIncrement(high.ToDouble())));
        var slack = 1e-12 * Math.Max(Math.Abs(a), Math.Abs(b)) + double.Epsilon;
        return (Math.Min(a, b) - slack, Math.Max(a, b) + slack);
    }
}
