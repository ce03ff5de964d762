using System.Numerics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Tests.Primitives;

/// <summary>
/// Raw integers as lanes hold them, step by step and without a limit, beside the interval of every step: fails where a number leaves
/// its interval, and notes how many bits, sign included, the widest integer takes.
/// </summary>
internal sealed class WatchfulAlgebra : IAlgebra<WatchfulAlgebra.Number>
{
    private static readonly ExactAlgebra Exact = new();
    private static readonly IntervalAlgebra Ranges = new();

    public int Widest { get; private set; }

    public Number Literal(Dyadic value) => Note(value, Ranges.Literal(value), Math.Max(0, -value.Exponent));

    public Number Add(Number left, Number right) => Aligned(left, right, Exact.Add(left.Value, right.Value), Ranges.Add(left.Range, right.Range));

    public Number Subtract(Number left, Number right) =>
        Aligned(left, right, Exact.Subtract(left.Value, right.Value), Ranges.Subtract(left.Range, right.Range));

    public Number Multiply(Number left, Number right) =>
        Note(Exact.Multiply(left.Value, right.Value), Ranges.Multiply(left.Range, right.Range), left.Fraction + right.Fraction);

    public Number Square(Number operand) => Note(Exact.Square(operand.Value), Ranges.Square(operand.Range), 2 * operand.Fraction);

    public Number Divide(Number left, Number right, int fraction)
    {
        OnGrid(left, Math.Max(left.Fraction, fraction + right.Fraction));
        OnGrid(right, Math.Max(right.Fraction, left.Fraction - fraction));
        return Note(Exact.Divide(left.Value, right.Value, fraction), Ranges.Divide(left.Range, right.Range, fraction), fraction);
    }

    public Number Minimum(Number left, Number right) =>
        Aligned(left, right, Exact.Minimum(left.Value, right.Value), Ranges.Minimum(left.Range, right.Range));

    public Number Maximum(Number left, Number right) =>
        Aligned(left, right, Exact.Maximum(left.Value, right.Value), Ranges.Maximum(left.Range, right.Range));

    public Number Compare(Comparison comparison, Number left, Number right)
    {
        Aligned(left, right, left.Value, left.Range.Union(right.Range));
        return Note(Exact.Compare(comparison, left.Value, right.Value), Ranges.Compare(comparison, left.Range, right.Range), 0);
    }

    public Number Select(Number condition, Number then, Number otherwise) =>
        Aligned(then, otherwise, Exact.Select(condition.Value, then.Value, otherwise.Value), Ranges.Select(condition.Range, then.Range, otherwise.Range));

    public Number Shift(Number operand, int power) =>
        Note(Exact.Shift(operand.Value, power), Ranges.Shift(operand.Range, power), operand.Fraction - power);

    public Number Cast(Number operand, Quantizer quantizer)
    {
        OnGrid(operand, Math.Max(operand.Fraction, quantizer.Type.Fraction));
        return Note(Exact.Cast(operand.Value, quantizer), Ranges.Cast(operand.Range, quantizer), quantizer.Type.Fraction);
    }

    public Number Lookup(Number operand, Table table) =>
        Note(Exact.Lookup(operand.Value, table), Ranges.Lookup(operand.Range, table), table.Data!.Output.Fraction);

    /// <summary>Adds in the order given and in the reverse, on the finest grid of all terms.</summary>
    public Number Sum(IReadOnlyList<Number> terms)
    {
        var fraction = terms.Count == 0 ? 0 : terms.Max(t => t.Fraction);
        foreach (var order in new[] { terms, terms.Reverse() })
        {
            var sum = BigInteger.Zero;
            foreach (var term in order)
                Measure(sum += OnGrid(term, fraction).Raw);
        }
        return Note(Exact.Sum([.. terms.Select(t => t.Value)]), Ranges.Sum([.. terms.Select(t => t.Range)]), fraction);
    }

    /// <summary>The same number with more fraction bits.</summary>
    public Number OnGrid(Number number, int fraction) => Note(number.Value, number.Range, fraction);

    private Number Aligned(Number left, Number right, Dyadic value, Interval range)
    {
        var fraction = Math.Max(left.Fraction, right.Fraction);
        OnGrid(left, fraction);
        OnGrid(right, fraction);
        return Note(value, range, fraction);
    }

    private Number Note(Dyadic value, Interval range, int fraction)
    {
        AlgebrasAgreeTests.AssertInside(range, value, "A step");
        Measure(value.ToRaw(fraction));
        return new Number(value.ToRaw(fraction), fraction, range);
    }

    private void Measure(BigInteger raw) => Widest = Math.Max(Widest, 1 + (int)(raw.Sign < 0 ? -(raw + 1) : raw).GetBitLength());

    internal readonly record struct Number(BigInteger Raw, int Fraction, Interval Range)
    {
        public Dyadic Value => new(Raw, -Fraction);
    }
}
