using System.Numerics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators.Hls;

/// <summary>Tables of the HLS dialect, and the two ways in which it finds an entry.</summary>
internal static class HlsTables
{
    /// <summary>What a number becomes on its way to an index: <c>int</c>, truncated toward zero, 32 bits.</summary>
    private static readonly Quantizer Int = new(new FixedType(true, 32, 32), Rounding.TrnZero, Overflow.Wrap);

    /// <summary>A table of entries 0 to size − 1, of which entry <paramref name="below"/> stands for address 0.</summary>
    /// <param name="function">What the entries stand for, by address.</param>
    /// <param name="entry">The value of an entry; null for infinity.</param>
    public static Table Make(RealFunction function, int size, int below, Quantizer type, Func<int, Dyadic?> entry)
    {
        var input = IndexType(size, below);
        var values = new long[size];
        for (var i = 0; i < size; i++)
            values[i] = HlsFloat.Cast(entry(i), type);
        var entries = new long[1 << input.Width];
        for (var code = 0; code < entries.Length; code++)
            entries[code] = values[(int)BigInteger.Clamp(TableData.RawOf(code, input) + below, 0, size - 1)];
        return new(function, new TableData(input, type.Type, Seq.Own(entries)));
    }

    /// <summary>The table that the leading bits of a type address; entry i belongs to the number with those bits and zeros behind.</summary>
    /// <param name="entry">The value at such a number; null for infinity.</param>
    public static Table MakeByLeadingBits(RealFunction function, FixedType addressed, int size, Quantizer type, Func<Dyadic, Dyadic?> entry)
    {
        var input = Leading(addressed, size);
        var entries = new long[1 << input.Width];
        for (var code = 0; code < entries.Length; code++)
            entries[code] = HlsFloat.Cast(entry(new Dyadic(TableData.RawOf(code, input), -input.Fraction)), type);
        return new(function, new TableData(input, type.Type, Seq.Own(entries)));
    }

    /// <summary>The entry for multiplier · x / 2^range, truncated toward zero and confined to the table.</summary>
    public static Term At(BlockBuilder block, Term x, Table table, int size, int below, int range)
    {
        var index = Scaled(block, x, size).Shift(-range).Cast(Int);
        var input = table.Data!.Input;
        if (int.IsPow2(size))
            return index.Cast(new Quantizer(input, Rounding.Trn, Overflow.Sat)).Lookup(table);
        var confined = index.Max(block.Literal(-below)).Min(block.Literal(size - 1 - below));
        return confined.Cast(new Quantizer(input, Rounding.Trn, Overflow.Wrap)).Lookup(table);
    }

    /// <summary>The entry that the leading bits of x address.</summary>
    public static Term AtLeadingBits(Term x, Table table) =>
        x.Cast(new Quantizer(table.Data!.Input, Rounding.Trn, Overflow.Wrap)).Lookup(table);

    /// <summary>The leading bits of a type, as many as number the entries.</summary>
    public static FixedType Leading(FixedType type, int size) => type with { Width = BitsFor(size) };

    /// <summary>Address bits of so many entries.</summary>
    public static int BitsFor(int size) => BitOperations.Log2((uint)(size - 1)) + 1;

    private static Term Scaled(BlockBuilder block, Term x, int size) =>
        int.IsPow2(size) ? x.Shift(BitOperations.Log2((uint)size)) : x * block.Literal(size);

    private static FixedType IndexType(int size, int below)
    {
        var bits = BitsFor(size);
        return new FixedType(below > 0, bits, bits);
    }
}
