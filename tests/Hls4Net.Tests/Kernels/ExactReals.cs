using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Tests.Kernels;

/// <summary>Real numbers without rounding: casts do nothing, and null is what has no value (a quotient by zero, an exponential beyond float64).</summary>
internal sealed class ExactReals : IAlgebra<Dyadic?>
{
    private readonly ExactAlgebra _exact = new();

    public Dyadic? Literal(Dyadic value) => value;

    public Dyadic? Add(Dyadic? left, Dyadic? right) => left + right;

    public Dyadic? Subtract(Dyadic? left, Dyadic? right) => left - right;

    public Dyadic? Multiply(Dyadic? left, Dyadic? right) => left * right;

    public Dyadic? Square(Dyadic? operand) => operand * operand;

    public Dyadic? Divide(Dyadic? left, Dyadic? right, int fraction) => right is not { IsZero: false } ? null : left / right;

    public Dyadic? Minimum(Dyadic? left, Dyadic? right) => Both(left, right, _exact.Minimum);

    public Dyadic? Maximum(Dyadic? left, Dyadic? right) => Both(left, right, _exact.Maximum);

    /// <summary>A comparison with what has no value may come out either way; it comes out false.</summary>
    public Dyadic? Compare(Comparison comparison, Dyadic? left, Dyadic? right) =>
        Both(left, right, (a, b) => _exact.Compare(comparison, a, b)) ?? Dyadic.Zero;

    public Dyadic? Select(Dyadic? condition, Dyadic? then, Dyadic? otherwise) => condition is { } c ? (c.IsZero ? otherwise : then) : null;

    public Dyadic? Shift(Dyadic? operand, int power) => operand?.Scale(power);

    public Dyadic? Cast(Dyadic? operand, Quantizer quantizer) => operand;

    public Dyadic? Lookup(Dyadic? operand, Table table) =>
        operand is { } x && RealFunctions.Evaluate(table.Function, x.ToDouble()) is var y && double.IsFinite(y) ? Dyadic.FromDouble(y) : null;

    public Dyadic? Sum(IReadOnlyList<Dyadic?> terms) => terms.Aggregate((Dyadic?)Dyadic.Zero, (a, b) => a + b);

    private static Dyadic? Both(Dyadic? left, Dyadic? right, Func<Dyadic, Dyadic, Dyadic> function) =>
        left is { } a && right is { } b ? function(a, b) : null;
}
