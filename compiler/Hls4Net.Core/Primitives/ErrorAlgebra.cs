using System.Numerics;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Primitives;

/// <summary>
/// Errors: how far a typed value can be from the real one, which is the value of the same expression without casts, with real functions
/// in place of tables and real constants in place of typed ones. Each rule is a theorem about all events at once; no two errors are
/// supposed to cancel.
/// </summary>
public sealed class ErrorAlgebra : IAlgebra<ErrorBound>
{
    /// <summary>A quotient of two exact numbers is known to 160 bits, truncated; this much more is no less than the true one.</summary>
    private static readonly Dyadic QuotientSlack = Dyadic.One + new Dyadic(1, -150);

    private readonly IntervalAlgebra _ranges = new();
    private readonly Dictionary<FoldedTable, Dictionary<(Interval Typed, Dyadic Error), Dyadic?>> _folded = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<TableData, Dictionary<(int From, int To, Dyadic Error), Dyadic?>> _tables = new(ReferenceEqualityComparer.Instance);

    public ErrorBound Literal(Dyadic value) => ErrorBound.Exact(_ranges.Literal(value));

    public ErrorBound Add(ErrorBound left, ErrorBound right) => ErrorBound.Of(_ranges.Add(left.Typed, right.Typed), left.Error + right.Error);

    public ErrorBound Subtract(ErrorBound left, ErrorBound right) => ErrorBound.Of(_ranges.Subtract(left.Typed, right.Typed), left.Error + right.Error);

    /// <summary>ab − AB = a(b − B) + b(a − A) − (a − A)(b − B).</summary>
    public ErrorBound Multiply(ErrorBound left, ErrorBound right) => ErrorBound.Of(_ranges.Multiply(left.Typed, right.Typed),
        left.Typed.Largest * right.Error + right.Typed.Largest * left.Error + left.Error * right.Error);

    /// <summary>a² − A² = (a − A)(2a − (a − A)).</summary>
    public ErrorBound Square(ErrorBound operand) => ErrorBound.Of(_ranges.Square(operand.Typed),
        operand.Error * (operand.Typed.Largest.Scale(1) + operand.Error));

    /// <summary>a/b − A/B = (a − A)/B − a(b − B)/(bB), and the typed quotient is truncated.</summary>
    public ErrorBound Divide(ErrorBound left, ErrorBound right, int fraction)
    {
        var typed = _ranges.Divide(left.Typed, right.Typed, fraction);
        if (left.Error is not { } a || right.Error is not { } b || SmallestReal(right) is not { IsZero: false } real)
            return new(typed, null);
        var error = a / real + left.Typed.Largest * b / (SmallestDivisor(right.Typed) * real);
        return ErrorBound.Of(typed, error * QuotientSlack + new Dyadic(1, -fraction));
    }

    public ErrorBound Minimum(ErrorBound left, ErrorBound right) => ErrorBound.Of(_ranges.Minimum(left.Typed, right.Typed),
        IsBelow(left, right) ? left.Error : IsBelow(right, left) ? right.Error : Larger(left.Error, right.Error));

    public ErrorBound Maximum(ErrorBound left, ErrorBound right) => ErrorBound.Of(_ranges.Maximum(left.Typed, right.Typed),
        IsBelow(left, right) ? right.Error : IsBelow(right, left) ? left.Error : Larger(left.Error, right.Error));

    /// <summary>Wrong by one where typed and real operands can be in different orders.</summary>
    public ErrorBound Compare(Comparison comparison, ErrorBound left, ErrorBound right)
    {
        var agree = (left.IsExact && right.IsExact) || IsStrictlyBelow(left, right) || IsStrictlyBelow(right, left);
        return new(_ranges.Compare(comparison, left.Typed, right.Typed), agree ? Dyadic.Zero : Dyadic.One);
    }

    /// <summary>Where the condition can be wrong, typed and real value may come from different sides.</summary>
    public ErrorBound Select(ErrorBound condition, ErrorBound then, ErrorBound otherwise)
    {
        var error = Larger(then.Error, otherwise.Error);
        if (!condition.IsExact)
            error = Larger(error, Larger(Distance(then.Typed, otherwise), Distance(otherwise.Typed, then)));
        return ErrorBound.Of(_ranges.Select(condition.Typed, then.Typed, otherwise.Typed), error);
    }

    public ErrorBound Shift(ErrorBound operand, int power) => new(_ranges.Shift(operand.Typed, power), operand.Error?.Scale(power));

    public ErrorBound Cast(ErrorBound operand, Quantizer quantizer) =>
        ErrorBound.Of(_ranges.Cast(operand.Typed, quantizer), operand.Error + Loss(operand.Typed, quantizer));

    public ErrorBound Lookup(ErrorBound operand, Table table)
    {
        if (table.Folded is { } folded)
            return Folded(operand, table.Function, folded);
        var data = table.Data ?? throw new InvalidOperationException($"The table of {table.Function} has no entries yet.");
        var typed = _ranges.Lookup(operand.Typed, table);
        if (operand.Error is not { } error)
            return new(typed, null);
        // Operands outside the type wrap around: then any entry can stand for any operand.
        if (!data.Input.Contains(operand.Typed))
            return ErrorBound.Of(typed, Distance(typed, table.Function, operand.Typed.Minimum - error, operand.Typed.Maximum + error));
        var grid = operand.Typed.WithFraction(data.Input.Fraction);
        var (from, to) = ((int)grid.Low, (int)grid.High);
        if (!_tables.TryGetValue(data, out var known))
            _tables[data] = known = [];
        if (!known.TryGetValue((from, to, error), out var bound))
            known[(from, to, error)] = bound = TableError(table.Function, data, from, to, error);
        return ErrorBound.Of(typed, bound);
    }

    private ErrorBound Folded(ErrorBound operand, RealFunction function, FoldedTable table)
    {
        var typed = _ranges.Lookup(operand.Typed, new Table(function, null, table));
        if (operand.Error is not { } error)
            return new(typed, null);
        if (!_folded.TryGetValue(table, out var known))
            _folded[table] = known = [];
        if (!known.TryGetValue((operand.Typed, error), out var bound))
        {
            bound = Dyadic.Zero;
            foreach (var step in table.Steps(operand.Typed.Minimum, operand.Typed.Maximum))
            {
                bound = Larger(bound, StepError(step, function, table.Folding, error));
                if (bound is null)
                    break;
            }
            known[(operand.Typed, error)] = bound;
        }
        return ErrorBound.Of(typed, bound);
    }

    /// <summary>
    /// A ramp adds the operand itself to a constant that stands for f(−|x|), and f rises by at most the operand's error there; elsewhere a
    /// step stands for f over its operands.
    /// </summary>
    private static Dyadic? StepError(TableStep step, RealFunction function, Folding folding, Dyadic error)
    {
        if (!step.IsRamp)
            return Distance(Constant(step.Value), function, step.From - error, step.To + error);
        var near = step.From - error;
        if (folding == Folding.Rectifier)
            return Abs(step.Value) + error + (near.Sign < 0 ? Distance(Constant(Dyadic.Zero), function, near, Dyadic.Zero) : Dyadic.Zero);
        var mirrored = Distance(Constant(step.Value), function, -(step.To + error), near.Sign < 0 ? near : -near);
        return mirrored + error;
    }

    private static Interval Constant(Dyadic value) => Interval.Of(value);

    public ErrorBound Sum(IReadOnlyList<ErrorBound> terms)
    {
        Dyadic? error = Dyadic.Zero;
        foreach (var term in terms)
            error += term.Error;
        return ErrorBound.Of(_ranges.Sum([.. terms.Select(t => t.Typed)]), error);
    }

    /// <summary>The largest |q(a) − a| over the interval: what rounding moves, and what overflow moves after it.</summary>
    private static Dyadic Loss(Interval operand, Quantizer quantizer)
    {
        var (type, drop) = (quantizer.Type, operand.Fraction - quantizer.Type.Fraction);
        if (operand.Low == operand.High)
            return Abs(Casting.Apply(operand.Minimum, quantizer) - operand.Minimum);
        var low = Casting.Round(operand.Low, drop, quantizer.Rounding);
        var high = Casting.Round(operand.High, drop, quantizer.Rounding);
        var overflow = BigInteger.Max(Overflow(low, quantizer), Overflow(high, quantizer));
        return Rounding(drop, quantizer.Rounding, type.Fraction) + new Dyadic(overflow, -type.Fraction);
    }

    /// <summary>Less than a unit for truncation, half a unit to the nearest, nothing where no bit is dropped.</summary>
    private static Dyadic Rounding(int drop, Rounding rounding, int fraction) =>
        drop <= 0 ? Dyadic.Zero
        : rounding is Numbers.Rounding.Trn or Numbers.Rounding.TrnZero ? new Dyadic(1, -fraction) - new Dyadic(1, -fraction - drop)
        : new Dyadic(1, -fraction - 1);

    /// <summary>
    /// How far overflow moves a rounded number. The distance grows with the distance from the type on either side, except that a wrapped
    /// number moves by whole periods: also then the ends of an interval move farthest.
    /// </summary>
    private static BigInteger Overflow(BigInteger raw, Quantizer quantizer) =>
        BigInteger.Abs(Casting.Confine(raw, quantizer.Type, quantizer.Overflow) - raw);

    private static Dyadic? TableError(RealFunction function, TableData data, int from, int to, Dyadic error)
    {
        Dyadic? bound = Dyadic.Zero;
        for (var raw = from; raw <= to && bound is not null; raw++)
        {
            var operand = new Dyadic(raw, -data.Input.Fraction);
            var entry = data.At(raw);
            bound = Larger(bound, Distance(new Interval(entry, entry, data.Output.Fraction), function, operand - error, operand + error));
        }
        return bound;
    }

    /// <summary>The largest distance between a typed value and the function over an interval.</summary>
    private static Dyadic? Distance(Interval typed, RealFunction function, Dyadic low, Dyadic high)
    {
        var (least, most) = RealFunctions.Range(function, low, high);
        if (!double.IsFinite(least) || !double.IsFinite(most))
            return null;
        return Larger(Abs(Dyadic.FromDouble(most) - typed.Minimum), Abs(typed.Maximum - Dyadic.FromDouble(least)));
    }

    private static Dyadic? Distance(Interval typed, ErrorBound other) => other.Real is var (low, high)
        ? Larger(Abs(high - typed.Minimum), Abs(typed.Maximum - low))
        : null;

    /// <summary>Whether both the typed and the real left are never above the right.</summary>
    private static bool IsBelow(ErrorBound left, ErrorBound right) =>
        left.Typed.Maximum <= right.Typed.Minimum && left.Real is var (_, high) && right.Real is var (low, _) && high <= low;

    private static bool IsStrictlyBelow(ErrorBound left, ErrorBound right) =>
        left.Typed.Maximum < right.Typed.Minimum && left.Real is var (_, high) && right.Real is var (low, _) && high < low;

    /// <summary>The smallest magnitude of a typed divisor, which is never zero.</summary>
    private static Dyadic SmallestDivisor(Interval divisor) =>
        divisor.Low.Sign > 0 ? divisor.Minimum : divisor.High.Sign < 0 ? -divisor.Maximum : new Dyadic(1, -divisor.Fraction);

    /// <summary>The smallest magnitude of the real divisor; zero where it can vanish.</summary>
    private static Dyadic? SmallestReal(ErrorBound divisor) =>
        divisor.IsExact ? SmallestDivisor(divisor.Typed)
        : divisor.Real is not var (low, high) ? null
        : low.Sign > 0 ? low : high.Sign < 0 ? -high : Dyadic.Zero;

    private static Dyadic Abs(Dyadic x) => x.Sign < 0 ? -x : x;

    private static Dyadic? Larger(Dyadic? a, Dyadic? b) => a is { } x && b is { } y ? (x >= y ? x : y) : null;
}
