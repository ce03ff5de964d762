using System.Globalization;
using System.Numerics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Emission;

/// <summary>A C++ expression that has exactly this ap_fixed type.</summary>
/// <param name="Number">The number, if it is written in the kernel: it can be written in any other type as well.</param>
internal readonly record struct CppTerm(string Text, FixedType Type, Dyadic? Number = null);

/// <summary>
/// The primitives as C++ expressions. Rounding and overflow are left to the ap_fixed headers; every other result is exact, because
/// an ap_fixed expression has a type in which it fits.
/// </summary>
/// <param name="tables">The C++ name of a table.</param>
/// <param name="isNested">Whether results are put into further expressions, and need parentheses.</param>
internal sealed class CppAlgebra(Func<TableData, string> tables, bool isNested = false) : IAlgebra<CppTerm>
{
    private const int LongestPlainInteger = 63;

    /// <summary>Bits of the widest type that was written so far, or that an expression has on the way.</summary>
    public int WidestType { get; private set; }

    public CppTerm Literal(Dyadic value)
    {
        var type = new Interval(value.Mantissa, value.Mantissa, -value.Exponent).Type;
        return Term(LiteralText(value, type), type) with { Number = value };
    }

    public CppTerm Add(CppTerm left, CppTerm right) => Term($"{left.Text} + {right.Text}", HlsCppTypes.Sum(left.Type, right.Type));

    public CppTerm Subtract(CppTerm left, CppTerm right) => Term($"{left.Text} - {right.Text}", HlsCppTypes.Difference(left.Type, right.Type));

    public CppTerm Multiply(CppTerm left, CppTerm right) => Term($"{left.Text} * {right.Text}", HlsCppTypes.Product(left.Type, right.Type));

    public CppTerm Square(CppTerm operand) => Multiply(operand, operand);

    /// <summary>
    /// ap_fixed keeps the dividend's fraction bits and truncates toward zero. A dividend that has more of them than are asked for is
    /// divided with all of them, because truncating twice toward zero is truncating once. One more integer bit lets the most negative
    /// number be divided by −1.
    /// </summary>
    public CppTerm Divide(CppTerm left, CppTerm right, int fraction)
    {
        var dividend = HlsCppTypes.Widened(left.Type, fraction, 1);
        var divisor = HlsCppTypes.Widened(right.Type, 0, 0);
        var quotient = HlsCppTypes.Quotient(dividend, divisor);
        Note(divisor);
        var text = $"{As(left, dividend)} / {As(right, divisor)}";
        if (quotient.Fraction == fraction)
            return Term(text, quotient);
        var width = Math.Max(1, quotient.Integer + fraction);
        var type = new FixedType(true, width, width - fraction);
        return Term($"{HlsCppTypes.Text(new Quantizer(type, Rounding.TrnZero, Overflow.Wrap))}({text})", type);
    }

    public CppTerm Minimum(CppTerm left, CppTerm right) => Choose("<=", left, right);

    public CppTerm Maximum(CppTerm left, CppTerm right) => Choose(">=", left, right);

    public CppTerm Compare(Comparison comparison, CppTerm left, CppTerm right)
    {
        var symbol = comparison switch
        {
            Comparison.Less => "<",
            Comparison.LessOrEqual => "<=",
            Comparison.Equal => "==",
            _ => throw new ArgumentOutOfRangeException(nameof(comparison), comparison, null),
        };
        var type = HlsCppTypes.Union(left.Type, right.Type);
        Note(type);
        return Term($"{HlsCppTypes.Text(FixedType.Bit)}({As(left, type)} {symbol} {As(right, type)})", FixedType.Bit);
    }

    public CppTerm Select(CppTerm condition, CppTerm then, CppTerm otherwise)
    {
        var type = HlsCppTypes.Union(then.Type, otherwise.Type);
        return Term($"({condition.Text} != 0) ? {As(then, type)} : {As(otherwise, type)}", type);
    }

    public CppTerm Shift(CppTerm operand, int power)
    {
        var type = operand.Type with { Integer = operand.Type.Integer + power };
        return power == 0 ? operand : Term($"with_point<{HlsCppTypes.Text(type)} >({operand.Text})", type);
    }

    public CppTerm Cast(CppTerm operand, Quantizer quantizer) => Term($"{HlsCppTypes.Text(quantizer)}({operand.Text})", quantizer.Type);

    public CppTerm Lookup(CppTerm operand, Table table)
    {
        if (table.Folded is { } folded)
        {
            var inner = new CppAlgebra(tables, isNested: true);
            var result = folded.Expand(inner, operand, table.Function);
            Note(new FixedType(true, inner.WidestType, 0));
            return Term($"{HlsCppTypes.Text(folded.Output)}({result.Text})", folded.Output);
        }
        var data = table.Data ?? throw new InvalidOperationException($"The table of {table.Function} has no entries yet.");
        return Term($"from_raw<{HlsCppTypes.Text(data.Output)} >({tables(data)}[bits_of({As(operand, data.Input)})])", data.Output);
    }

    public CppTerm Sum(IReadOnlyList<CppTerm> terms) => terms.Count == 0 ? Literal(Dyadic.Zero) : terms.Aggregate(Add);

    /// <summary>The same number in another type that holds it.</summary>
    public static string As(CppTerm term, FixedType type) =>
        term.Type == type ? term.Text
        : term.Number is { } number ? LiteralText(number, type)
        : $"{HlsCppTypes.Text(type)}({term.Text})";

    /// <summary>Takes notice of a type that is written.</summary>
    public void Note(FixedType type) => WidestType = Math.Max(WidestType, type.Width);

    private CppTerm Choose(string symbol, CppTerm left, CppTerm right)
    {
        var type = HlsCppTypes.Union(left.Type, right.Type);
        var (a, b) = (As(left, type), As(right, type));
        return Term($"({a} {symbol} {b}) ? {a} : {b}", type);
    }

    private CppTerm Term(string text, FixedType type)
    {
        Note(type);
        return new(isNested ? $"({text})" : text, type);
    }

    private static string LiteralText(Dyadic value, FixedType type)
    {
        var raw = value.ToRaw(type.Fraction);
        return raw.IsZero ? $"{HlsCppTypes.Text(type)}(0)"
            : raw.GetBitLength() <= LongestPlainInteger ? $"from_raw<{HlsCppTypes.Text(type)} >({HlsCppTypes.Integer(raw)})"
            : $"from_hexadecimal<{HlsCppTypes.Text(type)} >(\"{Hexadecimal(raw, type.Width)}\")";
    }

    /// <summary>Two's complement of so many bits.</summary>
    private static string Hexadecimal(BigInteger value, int width)
    {
        var bits = value.Sign < 0 ? value + (BigInteger.One << width) : value;
        return $"0{bits.ToString("x", CultureInfo.InvariantCulture).TrimStart('0')}";
    }
}
