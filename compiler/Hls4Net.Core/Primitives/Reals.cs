namespace Hls4Net.Core.Primitives;

/// <summary>Functions in float64 that .NET does not have, each to a few units in the last place also where the plain formula cancels.</summary>
internal static class Reals
{
    private const int TermsOfFraction = 170;

    /// <summary>e^x − 1 = 2 · e^(x/2) · sinh(x/2).</summary>
    public static double ExpMinus1(double x) => Math.Abs(x) > 1 ? Math.Exp(x) - 1 : 2 * Math.Exp(x / 2) * Math.Sinh(x / 2);

    /// <summary>log(1 + x): what 1 + x rounds away is put back as a factor (Kahan).</summary>
    public static double LogOfOnePlus(double x)
    {
        var sum = 1 + x;
        return sum is 1 or double.PositiveInfinity ? x : Math.Log(sum) * (x / (sum - 1));
    }

    public static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    public static double Softplus(double x) => Math.Max(x, 0) + LogOfOnePlus(Math.Exp(-Math.Abs(x)));

    /// <summary>x · tanh(softplus(x)), where tanh(log(1 + e)) = n / (n + 2) with n = e(e + 2).</summary>
    public static double Mish(double x)
    {
        if (x > 40)
            return x;
        var power = Math.Exp(x);
        var n = power * (power + 2);
        return x * (n / (n + 2));
    }

    public static double Erf(double x) => Math.Abs(x) < 1 ? ErfSeries(x) : x > 0 ? 1 - Erfc(x) : Erfc(-x) - 1;

    /// <summary>1 − erf(x).</summary>
    public static double Erfc(double x)
    {
        if (x < 1)
            return 1 - Erf(x);
        if (x > 28)
            return double.IsNaN(x) ? x : 0;
        // The continued fraction of Abramowitz and Stegun 7.1.14, from its end.
        var tail = x;
        for (var n = TermsOfFraction; n >= 1; n--)
            tail = x + n / 2.0 / tail;
        return ExpOfMinusSquare(x) / (tail * Math.Sqrt(Math.PI));
    }

    private static double ErfSeries(double x)
    {
        var (term, sum) = (x, 0.0);
        for (var n = 1; n < 40; n++)
        {
            sum += term;
            term *= 2 * x * x / (2 * n + 1);
        }
        return 2 / Math.Sqrt(Math.PI) * ExpOfMinusSquare(x) * sum;
    }

    /// <summary>e^(−x²) with what x² rounds away put back.</summary>
    private static double ExpOfMinusSquare(double x)
    {
        var square = x * x;
        return Math.Exp(-square) * (1 - Math.FusedMultiplyAdd(x, x, -square));
    }

    /// <summary>x · Φ(x), Φ the normal distribution.</summary>
    public static double Gelu(double x) => x / 2 * Erfc(-x * Math.Sqrt(0.5));

    /// <summary>The approximation of Gelu by a hyperbolic tangent, (1 + tanh u) / 2 written as the sigmoid of 2u.</summary>
    public static double GeluTanh(double x) => x < -60 ? 0 : x * Sigmoid(2 * Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x));

    /// <summary>e^x − x − 1; near zero the difference cancels, and the series is summed instead.</summary>
    public static double ExpMinusXMinus1(double x)
    {
        if (Math.Abs(x) > 0.5)
            return Math.Exp(x) - x - 1;
        var sum = 0.0;
        for (var n = 20; n >= 2; n--)
            sum = (1 + sum) * x / (n + 1);
        return (1 + sum) * x * x / 2;
    }
}
