using System.Numerics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Primitives;

/// <summary>A real function of one variable, by the name under which <see cref="RealFunctions"/> knows it.</summary>
/// <param name="Name">For example <c>exp</c>.</param>
/// <param name="Parameters">Constants of the function, for example the slope of an ELU.</param>
public sealed record RealFunction(string Name, Seq<Dyadic> Parameters)
{
    public override string ToString() => Parameters.Count == 0 ? Name : $"{Name}({string.Join(';', Parameters)})";
}

/// <summary>
/// A function and, once types are chosen, its value for every input code. Every back end prints these integers; none recomputes them.
/// </summary>
/// <param name="Function">What the entries approximate; the meaning in the real interpretation.</param>
/// <param name="Data">The entries; null in an untyped graph.</param>
/// <param name="Folded">Instead of entries for every code, those from which the others follow.</param>
public sealed record Table(RealFunction Function, TableData? Data, FoldedTable? Folded = null)
{
    /// <summary>The type of the operand, once types are chosen.</summary>
    public FixedType? Input => Data?.Input ?? Folded?.Input;

    /// <summary>The type of the result, once types are chosen.</summary>
    public FixedType? Output => Data?.Output ?? Folded?.Output;
}

/// <summary>The entries of a table.</summary>
/// <param name="Input">Type of the operand; it must be exactly this one.</param>
/// <param name="Output">Type of the entries.</param>
/// <param name="Entries">Raw integers, 2^Input.Width of them; entry k belongs to the operand whose bit pattern, read as unsigned, is k.</param>
public sealed record TableData(FixedType Input, FixedType Output, Seq<long> Entries)
{
    /// <summary>The widest input for which a table is stored in full.</summary>
    public const int MaximumInputWidth = 20;

    /// <summary>The table of the correctly rounded (or otherwise quantised) values of a function.</summary>
    public static TableData Of(RealFunction function, FixedType input, Quantizer output)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(input.Width, MaximumInputWidth);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(output.Type.Width, 63);
        var entries = new long[1 << input.Width];
        for (var code = 0; code < entries.Length; code++)
            entries[code] = (long)RealFunctions.Quantize(function, new Dyadic(RawOf(code, input), -input.Fraction), output);
        return new TableData(input, output.Type, Seq.Own(entries));
    }

    /// <summary>The entry for an operand's raw integer.</summary>
    public long At(BigInteger raw) => Entries[(int)(raw & (Entries.Count - 1))];

    /// <summary>The raw integer whose bit pattern is <paramref name="code"/>.</summary>
    public static BigInteger RawOf(int code, FixedType type) =>
        type.Signed && code >> (type.Width - 1) != 0 ? code - (BigInteger.One << type.Width) : code;
}
