using System.Numerics;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.Lowering;

/// <summary>
/// Constant + Σ Factor · (integer on a net): a number that has not met an adder yet. Sums of forms share their parts, so that a long
/// chain of additions costs no more than its length.
/// </summary>
internal sealed class LinearForm
{
    private readonly LinearForm? _left;
    private readonly LinearForm? _right;
    private readonly Dyadic _scale;
    private readonly int _net = -1;
    private readonly Dyadic _constant;
    private Terms? _terms;

    private LinearForm(Interval range, int net, Dyadic constant) => (Range, _net, _scale, _constant) = (range, net, Dyadic.One, constant);

    private LinearForm(Interval range, LinearForm left, LinearForm? right, Dyadic scale) =>
        (Range, _left, _right, _scale) = (range, left, right, scale);

    /// <summary>The sum written out: integers times distinct nets, the nets ascending, at a common place of the binary point.</summary>
    /// <param name="Fraction">All of it counts in units of 2^−Fraction, the largest unit for which factors and constant are integers.</param>
    /// <param name="Nets">Nets with a factor that is not zero.</param>
    internal sealed record Terms(int Fraction, IReadOnlyList<(int Net, BigInteger Factor)> Nets, BigInteger Constant);

    /// <summary>Bounds of the number, exact if its parts do not depend on one another.</summary>
    public Interval Range { get; }

    public static LinearForm Of(Dyadic constant) => new(Interval.Of(constant), -1, constant);

    /// <summary>The number on a net whose integers count in units of 2^−range.Fraction.</summary>
    public static LinearForm Of(int net, Interval range) => new LinearForm(range, net, Dyadic.Zero).NetAt(range.Fraction);

    private LinearForm NetAt(int fraction) => new(Range, new LinearForm(Range, _net, Dyadic.Zero), null, new(1, -fraction));

    public static LinearForm operator +(LinearForm a, LinearForm b) => new(a.Range + b.Range, a, b, Dyadic.One);

    public LinearForm Times(Dyadic factor) =>
        new(Range * Interval.Of(factor), this, null, factor);

    /// <summary>The same number, of which more is known.</summary>
    public LinearForm Within(Interval range) => new(range, this, null, Dyadic.One);

    /// <summary>The form written out.</summary>
    public Terms Flatten()
    {
        if (_terms is not null)
            return _terms;
        var factors = new SortedDictionary<int, Dyadic>();
        var constant = Dyadic.Zero;
        // A part that is shared is visited once, with the sum of its factors: the number of ways to it can double with every addition.
        var scales = new Dictionary<LinearForm, Dyadic>(ReferenceEqualityComparer.Instance) { [this] = Dyadic.One };
        foreach (var form in UsersFirst())
        {
            var scale = scales[form] * form._scale;
            if (form._left is { } left)
            {
                scales[left] = scales.GetValueOrDefault(left) + scale;
                if (form._right is { } right)
                    scales[right] = scales.GetValueOrDefault(right) + scale;
            }
            else if (form._net >= 0)
                factors[form._net] = factors.GetValueOrDefault(form._net) + scale;
            else
                constant += scale * form._constant;
        }
        return _terms = ToIntegers(factors, constant);
    }

    /// <summary>All parts of the form, each after everything that it is a part of.</summary>
    private List<LinearForm> UsersFirst()
    {
        var order = new List<LinearForm>();
        var seen = new HashSet<LinearForm>(ReferenceEqualityComparer.Instance);
        var open = new Stack<(LinearForm Form, bool IsDone)>();
        open.Push((this, false));
        while (open.TryPop(out var next))
        {
            if (next.IsDone)
            {
                order.Add(next.Form);
                continue;
            }
            if (!seen.Add(next.Form))
                continue;
            open.Push((next.Form, true));
            if (next.Form._left is { } left)
                open.Push((left, false));
            if (next.Form._right is { } right)
                open.Push((right, false));
        }
        order.Reverse();
        return order;
    }

    private static Terms ToIntegers(SortedDictionary<int, Dyadic> factors, Dyadic constant)
    {
        var exponent = constant.IsZero ? int.MaxValue : constant.Exponent;
        foreach (var factor in factors.Values)
            exponent = factor.IsZero ? exponent : Math.Min(exponent, factor.Exponent);
        if (exponent == int.MaxValue)
            return new(0, [], BigInteger.Zero);
        var nets = factors.Where(f => !f.Value.IsZero).Select(f => (f.Key, f.Value.ToRaw(-exponent))).ToArray();
        return new(-exponent, nets, constant.ToRaw(-exponent));
    }
}
