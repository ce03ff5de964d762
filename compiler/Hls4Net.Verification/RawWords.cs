using System.Numerics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Verification;

/// <summary>
/// Raw integers as 64-bit words, the way benches read and write them: as many words an element as its width needs, the lowest first,
/// the bits above the width zero.
/// </summary>
internal static class RawWords
{
    /// <summary>Words of one element.</summary>
    public static int WordsOf(int width) => (width + 63) / 64;

    /// <summary>The words of a batch, event by event.</summary>
    public static ulong[] Pack(RawBatch batch, int width)
    {
        var count = batch.Events * batch.Elements;
        var perElement = WordsOf(width);
        var words = new ulong[checked(count * perElement)];
        if (batch.Wide is null && perElement == 1)
        {
            var mask = ulong.MaxValue >> (64 - width);
            for (var i = 0; i < count; i++)
                words[i] = unchecked((ulong)batch.Raw[i]) & mask;
            return words;
        }
        var modulus = BigInteger.One << width;
        for (var i = 0; i < count; i++)
        {
            var raw = batch.Wide is null ? batch.Raw[i] : batch.Wide[i];
            var bits = raw.Sign < 0 ? raw + modulus : raw;
            for (var word = 0; word < perElement; word++)
                words[i * perElement + word] = (ulong)((bits >> (64 * word)) & ulong.MaxValue);
        }
        return words;
    }

    /// <summary>The batch of such words; big integers only where some number does not fit 64 bits with a sign.</summary>
    public static RawBatch Unpack(ReadOnlySpan<ulong> words, int events, int elements, FixedType type)
    {
        var count = events * elements;
        if (type.Width + (type.Signed ? 0 : 1) <= 64)
        {
            var raw = new long[count];
            var spare = 64 - type.Width;
            for (var i = 0; i < count; i++)
                raw[i] = type.Signed ? unchecked((long)(words[i] << spare)) >> spare : (long)words[i];
            return new(events, elements, null, raw);
        }
        var perElement = WordsOf(type.Width);
        var wide = new BigInteger[count];
        for (var i = 0; i < count; i++)
        {
            var bits = BigInteger.Zero;
            for (var word = perElement - 1; word >= 0; word--)
                bits = (bits << 64) | words[i * perElement + word];
            wide[i] = bits > type.MaximumRaw ? bits - (BigInteger.One << type.Width) : bits;
        }
        return Array.TrueForAll(wide, w => w >= long.MinValue && w <= long.MaxValue)
            ? new(events, elements, null, Array.ConvertAll(wide, w => (long)w))
            : new(events, elements, wide, []);
    }
}
