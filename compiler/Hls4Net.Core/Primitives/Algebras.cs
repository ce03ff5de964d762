using System.Numerics;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Primitives;

/// <summary>Fixed point: exact numbers, where a cast moves a number into its type. This interpretation is the meaning of a design.</summary>
public sealed class ExactAlgebra : IAlgebra<Dyadic>
{
    public Dyadic Literal(Dyadic value) => value;

    public Dyadic Add(Dyadic left, Dyadic right) => left + right;

    public Dyadic Subtract(Dyadic left, Dyadic right) => left - right;

    public Dyadic Multiply(Dyadic left, Dyadic right) => left * right;

    public Dyadic Square(Dyadic operand) => operand * operand;

    public Dyadic Divide(Dyadic left, Dyadic right, int fraction)
    {
        // Left/right at 2^-fraction: align both numbers to integers, then divide integers, which truncates toward zero.
        var scale = Math.Min(left.Exponent + fraction, right.Exponent);
        return new(BigInteger.Divide(left.Mantissa << (left.Exponent + fraction - scale), right.Mantissa << (right.Exponent - scale)), -fraction);
    }

    public Dyadic Minimum(Dyadic left, Dyadic right) => left <= right ? left : right;

    public Dyadic Maximum(Dyadic left, Dyadic right) => left >= right ? left : right;

    public Dyadic Compare(Comparison comparison, Dyadic left, Dyadic right) => comparison switch
    {
        Comparison.Less => left < right,
        Comparison.LessOrEqual => left <= right,
        _ => left == right,
    } ? Dyadic.One : Dyadic.Zero;

    public Dyadic Select(Dyadic condition, Dyadic then, Dyadic otherwise) => condition.IsZero ? otherwise : then;

    public Dyadic Shift(Dyadic operand, int power) => operand.Scale(power);

    public Dyadic Cast(Dyadic operand, Quantizer quantizer) => Casting.Apply(operand, quantizer);

    public Dyadic Lookup(Dyadic operand, Table table)
    {
        if (table.Folded is { } folded)
            return folded.Expand(this, operand, table.Function);
        if (table.Data is not { } data)
            return RealFunctions.Approximate(table.Function, operand);
        return new(data.At(operand.ToRaw(data.Input.Fraction)), -data.Output.Fraction);
    }

    public Dyadic Sum(IReadOnlyList<Dyadic> terms)
    {
        var sum = Dyadic.Zero;
        foreach (var term in terms)
            sum += term;
        return sum;
    }
}

/// <summary>
/// Real numbers in float64: what the network computes without quantisation, or with only the quantisers that the model itself has.
/// </summary>
/// <param name="applyCasts">True if casts are part of the model (imported quantisers), false to leave them out.</param>
public sealed class RealAlgebra(bool applyCasts) : IAlgebra<double>
{
    public double Literal(Dyadic value) => value.ToDouble();

    public double Add(double left, double right) => left + right;

    public double Subtract(double left, double right) => left - right;

    public double Multiply(double left, double right) => left * right;

    public double Square(double operand) => operand * operand;

    public double Divide(double left, double right, int fraction) => left / right;

    public double Minimum(double left, double right) => Math.Min(left, right);

    public double Maximum(double left, double right) => Math.Max(left, right);

    public double Compare(Comparison comparison, double left, double right) => comparison switch
    {
        Comparison.Less => left < right,
        Comparison.LessOrEqual => left <= right,
        _ => left.Equals(right),
    } ? 1 : 0;

    public double Select(double condition, double then, double otherwise) => condition != 0 ? then : otherwise;

    public double Shift(double operand, int power) => Math.ScaleB(operand, power);

    public double Cast(double operand, Quantizer quantizer) =>
        applyCasts ? new Dyadic(Casting.Cast(operand, quantizer), -quantizer.Type.Fraction).ToDouble() : operand;

    public double Lookup(double operand, Table table) => RealFunctions.Evaluate(table.Function, operand);

    public double Sum(IReadOnlyList<double> terms)
    {
        var sum = 0.0;
        foreach (var term in terms)
            sum += term;
        return sum;
    }
}

/// <summary>
/// Intervals: the range and resolution of every value, from which widths and the absence of overflow follow. The resolution grows
/// as in exact ap_fixed expressions, so that it is the same for all elements of a tensor.
/// </summary>
public sealed class IntervalAlgebra : IAlgebra<Interval>
{
    private readonly Dictionary<TableData, TableExtremes> _tables = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<FoldedTable, Dictionary<Interval, Interval>> _folded = new(ReferenceEqualityComparer.Instance);

    public Interval Literal(Dyadic value) => Interval.Of(value);

    public Interval Add(Interval left, Interval right) => left + right;

    public Interval Subtract(Interval left, Interval right) => left - right;

    public Interval Multiply(Interval left, Interval right) => left * right;

    public Interval Square(Interval operand)
    {
        var a = operand.Low * operand.Low;
        var b = operand.High * operand.High;
        var low = operand.Low.Sign <= 0 && operand.High.Sign >= 0 ? BigInteger.Zero : BigInteger.Min(a, b);
        return new(low, BigInteger.Max(a, b), 2 * operand.Fraction);
    }

    public Interval Divide(Interval left, Interval right, int fraction)
    {
        // A divisor is never zero: where its interval holds zero, it ends one unit before and begins again one unit after.
        var negative = right.Low.Sign < 0 ? Quotients(left, right with { High = BigInteger.Min(right.High, -1) }, fraction) : (Interval?)null;
        var positive = right.High.Sign > 0 ? Quotients(left, right with { Low = BigInteger.Max(right.Low, 1) }, fraction) : (Interval?)null;
        return (negative, positive) switch
        {
            ({ } n, { } p) => n.Union(p),
            _ => negative ?? positive ?? throw new DivideByZeroException("The divisor can be nothing but zero."),
        };
    }

    /// <summary>The quotients by a divisor of one sign: truncation keeps order, so that the corners are the ends.</summary>
    private static Interval Quotients(Interval left, Interval right, int fraction)
    {
        var exact = new ExactAlgebra();
        Dyadic[] corners =
        [
            exact.Divide(left.Minimum, right.Minimum, fraction), exact.Divide(left.Minimum, right.Maximum, fraction),
            exact.Divide(left.Maximum, right.Minimum, fraction), exact.Divide(left.Maximum, right.Maximum, fraction),
        ];
        return Interval.Between(corners.Min(), corners.Max(), fraction);
    }

    public Interval Minimum(Interval left, Interval right)
    {
        var (a, b) = Interval.Align(left, right);
        return new(BigInteger.Min(a.Low, b.Low), BigInteger.Min(a.High, b.High), a.Fraction);
    }

    public Interval Maximum(Interval left, Interval right)
    {
        var (a, b) = Interval.Align(left, right);
        return new(BigInteger.Max(a.Low, b.Low), BigInteger.Max(a.High, b.High), a.Fraction);
    }

    public Interval Compare(Comparison comparison, Interval left, Interval right) => new(0, 1, 0);

    public Interval Select(Interval condition, Interval then, Interval otherwise) => then.Union(otherwise);

    public Interval Shift(Interval operand, int power) => operand with { Fraction = operand.Fraction - power };

    /// <summary>The image of the interval if no end overflows, else all values of the type.</summary>
    public Interval Cast(Interval operand, Quantizer quantizer)
    {
        var drop = operand.Fraction - quantizer.Type.Fraction;
        var low = Casting.Round(operand.Low, drop, quantizer.Rounding);
        var high = Casting.Round(operand.High, drop, quantizer.Rounding);
        var type = quantizer.Type;
        if (quantizer.Overflow is Overflow.Sat or Overflow.SatSym)
            return new(Casting.Confine(low, type, quantizer.Overflow), Casting.Confine(high, type, quantizer.Overflow), type.Fraction);
        return low >= type.MinimumRaw && high <= type.MaximumRaw ? new(low, high, type.Fraction) : type.Range;
    }

    public Interval Lookup(Interval operand, Table table)
    {
        if (table.Folded is { } folded)
            return Folded(operand, folded);
        if (table.Data is not { } data)
            return RealFunctions.Bounds(table.Function, operand.Minimum, operand.Maximum);
        if (!_tables.TryGetValue(data, out var extremes))
            _tables[data] = extremes = new TableExtremes(data);
        return extremes.Within(operand);
    }

    /// <summary>What the steps of a folded table give for the operands of an interval, on the grid of its type.</summary>
    private Interval Folded(Interval operand, FoldedTable table)
    {
        if (!_folded.TryGetValue(table, out var known))
            _folded[table] = known = [];
        if (known.TryGetValue(operand, out var found))
            return found;
        var (low, high) = ((Dyadic?)null, (Dyadic?)null);
        foreach (var step in table.Steps(operand.Minimum, operand.Maximum))
        {
            low = low is { } l && l <= step.Least ? l : step.Least;
            high = high is { } h && h >= step.Most ? h : step.Most;
        }
        return known[operand] = Interval.Between(low!.Value, high!.Value, table.Output.Fraction);
    }

    public Interval Sum(IReadOnlyList<Interval> terms)
    {
        if (terms.Count == 0)
            return new(0, 0, 0);
        var sum = terms[0];
        for (var i = 1; i < terms.Count; i++)
            sum += terms[i];
        return sum;
    }
}
