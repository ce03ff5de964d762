using System.Numerics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Core.Emulation;

/// <summary>
/// One value for each event of a block: raw integers that all have the same number of fraction bits. A uniform value is the same
/// for every event and holds one integer.
/// </summary>
internal readonly struct Lanes<T>(T[] raw, int fraction)
{
    public T[] Raw { get; } = raw;

    public int Fraction { get; } = fraction;

    public bool IsUniform => Raw.Length == 1;

    public T this[int lane] => Raw[IsUniform ? 0 : lane];
}

/// <summary>
/// Fixed point on blocks of events: the meaning of <see cref="ExactAlgebra"/>, with integers of a width that the range analysis has
/// proved sufficient. Arithmetic is checked all the same.
/// </summary>
/// <param name="lanes">Events in a block.</param>
internal sealed class LaneAlgebra<T>(int lanes) : IAlgebra<Lanes<T>>
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
        if (Vector<T>.IsSupported && !a.IsUniform && !b.IsUniform)
            return new(AddVectors(a.Raw, b.Raw), fraction);
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
            return Scale(left, right.Raw[0], fraction);
        if (left.IsUniform && !right.IsUniform)
            return Scale(right, left.Raw[0], fraction);
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
        var result = new T[lanes];
        for (var lane = 0; lane < lanes; lane++)
            result[lane] = T.IsZero(condition[lane]) ? b[lane] : a[lane];
        return new(result, fraction);
    }

    public Lanes<T> Shift(Lanes<T> operand, int power) => new(operand.Raw, operand.Fraction - power);

    public Lanes<T> Cast(Lanes<T> operand, Quantizer quantizer)
    {
        var drop = operand.Fraction - quantizer.Type.Fraction;
        var aligned = drop < 0 ? ShiftLeft(operand, -drop) : operand;
        var result = new T[operand.Raw.Length];
        if (drop > LargestDrop)
        {
            for (var lane = 0; lane < result.Length; lane++)
                result[lane] = T.CreateChecked(Casting.Cast(BigInteger.CreateChecked(aligned.Raw[lane]), operand.Fraction, quantizer));
            return new(result, quantizer.Type.Fraction);
        }
        var step = new CastStep<T>(quantizer, Math.Max(drop, 0));
        for (var lane = 0; lane < result.Length; lane++)
            result[lane] = step.Apply(aligned.Raw[lane]);
        return new(result, quantizer.Type.Fraction);
    }

    public Lanes<T> Lookup(Lanes<T> operand, Table table)
    {
        var data = table.Data ?? throw new InvalidOperationException($"The table of {table.Function} has no entries yet.");
        var mask = T.CreateChecked(data.Entries.Count - 1);
        var address = operand.Fraction < data.Input.Fraction ? ShiftLeft(operand, data.Input.Fraction - operand.Fraction) : operand;
        if (address.Fraction != data.Input.Fraction)
            throw new InvalidOperationException($"An operand with {operand.Fraction} fraction bits addresses a table of {data.Input}.");
        return Map(address, data.Output.Fraction, raw => T.CreateChecked(data.Entries[int.CreateChecked(raw & mask)]));
    }

    public Lanes<T> Sum(IReadOnlyList<Lanes<T>> terms)
    {
        var fraction = terms.Count == 0 ? 0 : terms.Max(t => t.Fraction);
        var constant = T.Zero;
        T[]? sum = null;
        foreach (var term in terms)
        {
            var shift = fraction - term.Fraction;
            if (term.IsUniform)
                constant = checked(constant + (term.Raw[0] << shift));
            else if (sum is null)
                sum = shift == 0 ? (T[])term.Raw.Clone() : ShiftLeft(term, shift).Raw;
            else
                Accumulate(sum, shift == 0 ? term.Raw : ShiftLeft(term, shift).Raw);
        }
        return sum is null ? new([constant], fraction) : T.IsZero(constant) ? new(sum, fraction) : Add(new(sum, fraction), new([constant], fraction));
    }

    private static void Accumulate(T[] sum, T[] term)
    {
        var lane = 0;
        if (Vector<T>.IsSupported)
        {
            for (; lane <= sum.Length - Vector<T>.Count; lane += Vector<T>.Count)
                (new Vector<T>(sum, lane) + new Vector<T>(term, lane)).CopyTo(sum, lane);
        }
        for (; lane < sum.Length; lane++)
            sum[lane] = checked(sum[lane] + term[lane]);
    }

    private static T[] AddVectors(T[] a, T[] b)
    {
        var result = (T[])a.Clone();
        Accumulate(result, b);
        return result;
    }

    private static Lanes<T> Scale(Lanes<T> operand, T factor, int fraction)
    {
        if (T.IsZero(factor))
            return new([T.Zero], fraction);
        var source = operand.Raw;
        var result = new T[source.Length];
        var lane = 0;
        if (Vector<T>.IsSupported)
        {
            for (; lane <= source.Length - Vector<T>.Count; lane += Vector<T>.Count)
                (new Vector<T>(source, lane) * factor).CopyTo(result, lane);
        }
        for (; lane < result.Length; lane++)
            result[lane] = checked(source[lane] * factor);
        return new(result, fraction);
    }

    private static Lanes<T> ShiftLeft(Lanes<T> operand, int bits) => Map(operand, operand.Fraction + bits, x => x << bits);

    private static (Lanes<T> A, Lanes<T> B, int Fraction) Align(Lanes<T> a, Lanes<T> b)
    {
        var fraction = Math.Max(a.Fraction, b.Fraction);
        return (a.Fraction == fraction ? a : ShiftLeft(a, fraction - a.Fraction), b.Fraction == fraction ? b : ShiftLeft(b, fraction - b.Fraction), fraction);
    }

    private static Lanes<T> Map(Lanes<T> operand, int fraction, Func<T, T> function)
    {
        var result = new T[operand.Raw.Length];
        for (var lane = 0; lane < result.Length; lane++)
            result[lane] = function(operand.Raw[lane]);
        return new(result, fraction);
    }

    private static Lanes<T> Map(Lanes<T> left, Lanes<T> right, int fraction, Func<T, T, T> function)
    {
        var result = new T[Math.Max(left.Raw.Length, right.Raw.Length)];
        for (var lane = 0; lane < result.Length; lane++)
            result[lane] = function(left[lane], right[lane]);
        return new(result, fraction);
    }
}

/// <summary>A cast from a known number of dropped bits, on integers of any width. The same law as <see cref="Casting"/>, without big integers.</summary>
internal readonly struct CastStep<T>
    where T : IBinaryInteger<T>
{
    private readonly Quantizer _quantizer;
    private readonly int _drop;
    private readonly T _low;
    private readonly T _high;
    private readonly T _half;
    private readonly T _mask;

    public CastStep(Quantizer quantizer, int drop)
    {
        var type = quantizer.Type;
        _quantizer = quantizer;
        _drop = drop;
        _low = T.CreateSaturating(quantizer.Overflow == Overflow.SatSym && type.Signed ? -type.MaximumRaw : type.MinimumRaw);
        _high = T.CreateSaturating(type.MaximumRaw);
        _half = T.CreateSaturating(drop == 0 ? BigInteger.Zero : BigInteger.One << (drop - 1));
        _mask = T.CreateSaturating((BigInteger.One << drop) - 1);
    }

    public T Apply(T raw)
    {
        var rounded = _drop == 0 ? raw : Round(raw);
        if (rounded >= _low && rounded <= _high)
            return rounded;
        return _quantizer.Overflow switch
        {
            Overflow.Wrap => T.CreateChecked(Casting.Confine(BigInteger.CreateChecked(rounded), _quantizer.Type, Overflow.Wrap)),
            Overflow.SatZero => T.Zero,
            _ => rounded < _low ? _low : _high,
        };
    }

    private T Round(T raw)
    {
        var floor = raw >> _drop;
        var rest = raw & _mask;
        if (T.IsZero(rest))
            return floor;
        var up = _quantizer.Rounding switch
        {
            Rounding.Trn => false,
            Rounding.TrnZero => T.IsNegative(raw),
            Rounding.Rnd => rest >= _half,
            Rounding.RndMinInf => rest > _half,
            Rounding.RndZero => rest > _half || (rest == _half && T.IsNegative(raw)),
            Rounding.RndInf => rest > _half || (rest == _half && !T.IsNegative(raw)),
            _ => rest > _half || (rest == _half && !T.IsEvenInteger(floor)),
        };
        return up ? floor + T.One : floor;
    }
}
