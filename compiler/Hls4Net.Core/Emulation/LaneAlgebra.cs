using System.Numerics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Core.Emulation;

/// <summary>
/// Fixed point on blocks of events: the meaning of <see cref="ExactAlgebra"/>, with integers of a width that the range analysis has
/// proved sufficient. Sums are exact modulo 2^width and therefore exact; everything else is checked all the same.
/// </summary>
/// <param name="lanes">Events in a block.</param>
/// <param name="overflows">Receives the number of values that casts move because their type cannot hold them; null if nobody asks.</param>
internal sealed class LaneAlgebra<T>(int lanes, Action<Overflow, long>? overflows = null) : IAlgebra<Lanes<T>>
    where T : IBinaryInteger<T>
{
    /// <summary>Beyond this many dropped bits a 64-bit lane cannot express half a unit; such casts go through big integers.</summary>
    private const int LargestDrop = 61;

    public Lanes<T> Literal(Dyadic value)
    {
        var fraction = Math.Max(0, -value.Exponent);
        return new([T.CreateChecked(value.ToRaw(fraction))], fraction);
    }

    public Lanes<T> Add(Lanes<T> left, Lanes<T> right)
    {
        var (a, b, fraction) = Align(left, right);
        return Map(a, b, fraction, static (x, y) => checked(x + y));
    }

    public Lanes<T> Subtract(Lanes<T> left, Lanes<T> right)
    {
        var (a, b, fraction) = Align(left, right);
        return Map(a, b, fraction, static (x, y) => checked(x - y));
    }

    public Lanes<T> Multiply(Lanes<T> left, Lanes<T> right)
    {
        var fraction = left.Fraction + right.Fraction;
        if (right.IsUniform && !left.IsUniform)
            return Scale(left, right[0], fraction);
        if (left.IsUniform && !right.IsUniform)
            return Scale(right, left[0], fraction);
        return Map(left, right, fraction, static (x, y) => checked(x * y));
    }

    public Lanes<T> Square(Lanes<T> operand) => Map(operand, 2 * operand.Fraction, static x => checked(x * x));

    public Lanes<T> Divide(Lanes<T> left, Lanes<T> right, int fraction)
    {
        // q·2^-f = trunc(a·2^-fa / (b·2^-fb)): shift whichever operand makes the quotient come out at f fraction bits.
        var shift = fraction + right.Fraction - left.Fraction;
        var a = shift > 0 ? ShiftLeft(left, shift) : left;
        var b = shift < 0 ? ShiftLeft(right, -shift) : right;
        return Map(a, b, fraction, static (x, y) => x / y);
    }

    public Lanes<T> Minimum(Lanes<T> left, Lanes<T> right)
    {
        var (a, b, fraction) = Align(left, right);
        return Map(a, b, fraction, T.Min);
    }

    public Lanes<T> Maximum(Lanes<T> left, Lanes<T> right)
    {
        var (a, b, fraction) = Align(left, right);
        return Map(a, b, fraction, T.Max);
    }

    public Lanes<T> Compare(Comparison comparison, Lanes<T> left, Lanes<T> right)
    {
        var (a, b, _) = Align(left, right);
        return comparison switch
        {
            Comparison.Less => Map(a, b, 0, static (x, y) => x < y ? T.One : T.Zero),
            Comparison.LessOrEqual => Map(a, b, 0, static (x, y) => x <= y ? T.One : T.Zero),
            _ => Map(a, b, 0, static (x, y) => x == y ? T.One : T.Zero),
        };
    }

    public Lanes<T> Select(Lanes<T> condition, Lanes<T> then, Lanes<T> otherwise)
    {
        var (a, b, fraction) = Align(then, otherwise);
        if (condition.IsUniform)
            return T.IsZero(condition[0]) ? b : a;
        var result = new T[lanes];
        for (var lane = 0; lane < lanes; lane++)
            result[lane] = T.IsZero(condition[lane]) ? b[lane] : a[lane];
        return new(result, fraction);
    }

    public Lanes<T> Shift(Lanes<T> operand, int power) => operand.Reinterpret(operand.Fraction - power);

    public Lanes<T> Cast(Lanes<T> operand, Quantizer quantizer)
    {
        var drop = operand.Fraction - quantizer.Type.Fraction;
        var source = (drop < 0 ? ShiftLeft(operand, -drop) : operand).Raw;
        var result = new T[source.Length];
        if (drop > LargestDrop)
        {
            for (var lane = 0; lane < result.Length; lane++)
                result[lane] = T.CreateChecked(Casting.Cast(BigInteger.CreateChecked(source[lane]), operand.Fraction, quantizer));
            overflows?.Invoke(quantizer.Overflow, PerEvent(source, source.Count(r => IsOutside(BigInteger.CreateChecked(r), drop, quantizer))));
        }
        else
        {
            var step = new CastStep<T>(quantizer, Math.Max(drop, 0));
            step.Apply(source, result);
            overflows?.Invoke(quantizer.Overflow, PerEvent(source, step.CountOutside(source)));
        }
        return new(result, quantizer.Type.Fraction, quantizer.Type.Width <= (quantizer.Type.Signed ? 32 : 31));
    }

    /// <summary>A number that is the same for all events counts for each of them.</summary>
    private long PerEvent(T[] source, int count) => source.Length == 1 ? (long)count * lanes : count;

    private static bool IsOutside(BigInteger raw, int drop, Quantizer quantizer)
    {
        var rounded = Casting.Round(raw, drop, quantizer.Rounding);
        return Casting.Confine(rounded, quantizer.Type, quantizer.Overflow) != rounded;
    }

    public Lanes<T> Lookup(Lanes<T> operand, Table table)
    {
        if (table.Folded is { } folded)
            return folded.Expand(this, operand, table.Function);
        var data = table.Data ?? throw new InvalidOperationException($"The table of {table.Function} has no entries yet.");
        var mask = T.CreateChecked(data.Entries.Count - 1);
        var address = operand.Fraction < data.Input.Fraction ? ShiftLeft(operand, data.Input.Fraction - operand.Fraction) : operand;
        if (address.Fraction != data.Input.Fraction)
            throw new InvalidOperationException($"An operand with {operand.Fraction} fraction bits addresses a table of {data.Input}.");
        return Map(address, data.Output.Fraction, raw => T.CreateChecked(data.Entries[int.CreateChecked(raw & mask)]));
    }

    public Lanes<T> Sum(IReadOnlyList<Lanes<T>> terms)
    {
        var fraction = terms.Count == 0 ? 0 : int.MinValue;
        for (var i = 0; i < terms.Count; i++)
            fraction = Math.Max(fraction, terms[i].Fraction);
        var sum = new LaneSum<T>(terms.Count);
        for (var i = 0; i < terms.Count; i++)
            sum.Add(terms[i], fraction);
        return new(sum.ToArray(), fraction);
    }

    private static Lanes<T> Scale(Lanes<T> operand, T factor, int fraction) =>
        T.IsZero(factor) ? new([T.Zero], fraction, isNarrow: true) : Lanes<T>.Product(operand, factor, fraction);

    private static Lanes<T> ShiftLeft(Lanes<T> operand, int bits) => Map(operand, operand.Fraction + bits, x => x << bits);

    private static (Lanes<T> A, Lanes<T> B, int Fraction) Align(Lanes<T> a, Lanes<T> b)
    {
        var fraction = Math.Max(a.Fraction, b.Fraction);
        return (a.Fraction == fraction ? a : ShiftLeft(a, fraction - a.Fraction), b.Fraction == fraction ? b : ShiftLeft(b, fraction - b.Fraction), fraction);
    }

    private static Lanes<T> Map(Lanes<T> operand, int fraction, Func<T, T> function)
    {
        var source = operand.Raw;
        var result = new T[source.Length];
        for (var lane = 0; lane < result.Length; lane++)
            result[lane] = function(source[lane]);
        return new(result, fraction);
    }

    private static Lanes<T> Map(Lanes<T> left, Lanes<T> right, int fraction, Func<T, T, T> function)
    {
        var (a, b) = (left.Raw, right.Raw);
        var result = new T[Math.Max(a.Length, b.Length)];
        if (b.Length == 1)
        {
            for (var lane = 0; lane < result.Length; lane++)
                result[lane] = function(a[lane], b[0]);
        }
        else
        {
            for (var lane = 0; lane < result.Length; lane++)
                result[lane] = function(a.Length == 1 ? a[0] : a[lane], b[lane]);
        }
        return new(result, fraction);
    }
}
