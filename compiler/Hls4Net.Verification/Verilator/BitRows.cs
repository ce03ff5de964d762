using System.Numerics;
using Hls4Net.Core.Emulation;

namespace Hls4Net.Verification.Verilator;

/// <summary>Batches of integers as rows of bits in 32-bit words, the lowest first, the way the bench reads and writes vectors.</summary>
internal static class BitRows
{
    /// <summary>Puts the elements of a batch into rows.</summary>
    /// <param name="words">Words of a row.</param>
    /// <param name="low">The lowest bit of element 0 in a row.</param>
    public static void Pack(Span<uint> rows, int words, int low, int width, RawBatch batch)
    {
        for (var e = 0; e < batch.Events; e++)
        {
            var row = rows.Slice(e * words, words);
            for (var k = 0; k < batch.Elements; k++)
            {
                if (batch.Wide is null && width <= 64)
                    Put(row, low + k * width, width, unchecked((ulong)batch.Raw[e * batch.Elements + k]));
                else
                    PutWide(row, low + k * width, width, batch[e, k]);
            }
        }
    }

    /// <summary>The integers at one place of a row each, from a first row on.</summary>
    /// <param name="results">One integer for each event; <paramref name="stride"/> places apart.</param>
    public static void Unpack(ReadOnlySpan<uint> rows, int words, int firstRow, int low, int width, bool signed, Span<long> results, int stride)
    {
        var spare = 64 - width;
        for (int e = 0, at = 0; at < results.Length; e++, at += stride)
        {
            var bits = Get(rows.Slice((firstRow + e) * words, words), low, width);
            results[at] = signed ? unchecked((long)(bits << spare)) >> spare : unchecked((long)bits);
        }
    }

    /// <summary>The integer at a place of a row, of any width.</summary>
    public static BigInteger GetWide(ReadOnlySpan<uint> row, int low, int width, bool signed)
    {
        var value = BigInteger.Zero;
        for (var k = (width - 1) / 32; k >= 0; k--)
            value = (value << 32) | Get(row, low + 32 * k, Math.Min(32, width - 32 * k));
        return signed && value >> (width - 1) != 0 ? value - (BigInteger.One << width) : value;
    }

    private static void PutWide(Span<uint> row, int low, int width, BigInteger value)
    {
        for (var k = 0; k < width; k += 32)
            Put(row, low + k, Math.Min(32, width - k), (ulong)((value >> k) & uint.MaxValue));
    }

    private static void Put(Span<uint> row, int low, int width, ulong bits)
    {
        if (width < 64)
            bits &= (1UL << width) - 1;
        var word = low >> 5;
        var shift = low & 31;
        row[word] |= unchecked((uint)(bits << shift));
        for (var done = 32 - shift; done < width; done += 32)
            row[++word] |= unchecked((uint)(bits >> done));
    }

    private static ulong Get(ReadOnlySpan<uint> row, int low, int width)
    {
        var word = low >> 5;
        var shift = low & 31;
        var bits = (ulong)row[word] >> shift;
        for (var done = 32 - shift; done < width; done += 32)
            bits |= (ulong)row[++word] << done;
        return width < 64 ? bits & ((1UL << width) - 1) : bits;
    }
}
