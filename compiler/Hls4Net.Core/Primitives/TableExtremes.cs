using System.Numerics;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Primitives;

/// <summary>The smallest and largest entry of a table between two operands, without walking over all the entries between.</summary>
internal sealed class TableExtremes
{
    private const int BlockSize = 512;

    private readonly TableData _data;
    private readonly long[] _entries;
    private readonly (long Low, long High)[] _blocks;

    public TableExtremes(TableData data)
    {
        _data = data;
        // In the order of the operands, which for a signed type is not that of the bit patterns.
        var half = data.Input.Signed ? data.Entries.Count / 2 : 0;
        _entries = [.. data.Entries.Span[half..], .. data.Entries.Span[..half]];
        _blocks = [.. _entries.Chunk(BlockSize).Select(c => (c.Min(), c.Max()))];
    }

    /// <summary>The entries for all operands in the interval.</summary>
    public Interval Within(Interval operand)
    {
        var type = _data.Input;
        // What lies between the numbers of the type does not occur.
        var drop = operand.Fraction - type.Fraction;
        var low = Casting.Round(operand.Low, drop, Rounding.Trn);
        var high = -Casting.Round(-operand.High, drop, Rounding.Trn);
        var isInside = low >= type.MinimumRaw && high <= type.MaximumRaw;
        var (from, to) = isInside ? ((int)(low - type.MinimumRaw), (int)(high - type.MinimumRaw)) : (0, _entries.Length - 1);
        var (least, most) = Between(from, to);
        return new(least, most, _data.Output.Fraction);
    }

    private (BigInteger Low, BigInteger High) Between(int from, int to)
    {
        var (low, high) = (long.MaxValue, long.MinValue);
        for (var i = from; i <= to;)
        {
            var isBlock = i % BlockSize == 0 && i + BlockSize - 1 <= to;
            var (least, most) = isBlock ? _blocks[i / BlockSize] : (_entries[i], _entries[i]);
            (low, high) = (Math.Min(low, least), Math.Max(high, most));
            i += isBlock ? BlockSize : 1;
        }
        return (low, high);
    }
}
