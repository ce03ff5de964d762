using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Operators.Hls;

/// <summary>The activations that the HLS dialect looks up in a table of its own range and spacing.</summary>
public enum HlsCurve
{
    /// <summary>1 / (1 + e^−x) over [−8, 8).</summary>
    Sigmoid,

    /// <summary>Over [−4, 4).</summary>
    Tanh,

    /// <summary>log(1 + e^x) over [−8, 8).</summary>
    Softplus,

    /// <summary>x / (1 + |x|) over [−8, 8).</summary>
    Softsign,

    /// <summary>e^x − 1 over (−8, 0]; x itself above.</summary>
    Elu,

    /// <summary>λ·α·(e^x − 1) over (−8, 0]; λ·x above.</summary>
    Selu,
}

/// <summary>The tables of <see cref="HlsCurve"/>: where their entries stand and what they hold.</summary>
internal static class HlsCurves
{
    /// <summary>The factors of SELU as the sources write them, in float64.</summary>
    private static readonly Dyadic SeluScale = Dyadic.FromDouble(1.0507009873554804934193349852946);

    private static readonly Dyadic SeluAlpha = Dyadic.FromDouble(1.6732632423543772848170429916717);

    /// <summary>The factor of SELU above zero: ap_ufixed&lt;16,1&gt;, truncated.</summary>
    public static Dyadic SeluAbove { get; } =
        Casting.Apply(SeluScale, new Quantizer(new FixedType(false, 16, 1), Rounding.Trn, Overflow.Wrap));

    /// <summary>Whether the table holds the function below zero only.</summary>
    public static bool IsOneSided(this HlsCurve curve) => curve is HlsCurve.Elu or HlsCurve.Selu;

    /// <summary>The width of the range that the table covers, as a power of two.</summary>
    public static int RangePower(this HlsCurve curve) => curve is HlsCurve.Sigmoid or HlsCurve.Softplus or HlsCurve.Softsign ? 4 : 3;

    /// <summary>The real function over multiples of a step.</summary>
    public static RealFunction Function(this HlsCurve curve, Dyadic step) => curve switch
    {
        HlsCurve.Sigmoid => HlsFunctions.Of("hls_sigmoid", step, Dyadic.Zero),
        HlsCurve.Tanh => HlsFunctions.Of("hls_tanh", step, Dyadic.Zero),
        HlsCurve.Softplus => HlsFunctions.Of("hls_softplus", step, Dyadic.Zero),
        HlsCurve.Softsign => HlsFunctions.Of("hls_softsign", step, Dyadic.Zero),
        HlsCurve.Elu => HlsFunctions.Of("hls_exp_minus_1", -step, Dyadic.Zero),
        _ => HlsFunctions.Of("hls_selu", -step, Dyadic.Zero),
    };

    /// <summary>The table with so many entries of the given type.</summary>
    public static Table TableOf(this HlsCurve curve, int size, Quantizer type)
    {
        var power = curve.RangePower();
        var step = new Dyadic(1, power) / size;
        var below = curve.IsOneSided() ? 0 : size / 2;
        return HlsTables.Make(curve.Function(step), size, below, type, curve.IsOneSided()
            ? i => Value(curve, Argument(-i, size, power))
            // The middle is size / 2 also for an odd size, where the index of zero is rounded down.
            : i => Value(curve, Argument(new Dyadic(2 * i - size, -1), size, power)));
    }

    /// <summary>position · 2^power / size in float64, then float32.</summary>
    private static Dyadic Argument(Dyadic position, int size, int power) => HlsFloat.Divide(position.Scale(power), size)!.Value;

    private static Dyadic? Value(HlsCurve curve, Dyadic x)
    {
        switch (curve)
        {
            case HlsCurve.Sigmoid:
                return HlsFloat.Divide(Dyadic.One, Float32.Round(Dyadic.One + HlsFloat.Exp(-x)!.Value));
            case HlsCurve.Tanh:
                return HlsFloat.Tanh(x);
            case HlsCurve.Softplus:
                return HlsFloat.Log(HlsFloat.Float64(HlsFloat.Exp(x)!.Value + Dyadic.One));
            case HlsCurve.Softsign:
                return HlsFloat.Divide(x, HlsFloat.Float64((x.Sign < 0 ? -x : x) + Dyadic.One));
        }
        var difference = HlsFloat.Float64(HlsFloat.Exp(x)!.Value - Dyadic.One);
        return HlsFloat.Narrow(curve == HlsCurve.Elu
            ? difference
            : HlsFloat.Float64(SeluScale * HlsFloat.Float64(SeluAlpha * difference)));
    }
}
