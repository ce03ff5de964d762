using System.Numerics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Verification.Verilator;

/// <summary>Raw integers in the bits of a port (element 0 in the low bits) and ports in 32-bit words, as the bench exchanges them.</summary>
internal static class PortWords
{
    /// <summary>Words of a port: two for 33 to 64 bits, as Verilator's 64-bit type, else as many as the bits need.</summary>
    public static int Count(HardwarePort port) => (port.Width + 31) / 32;

    /// <summary>Writes one event's elements.</summary>
    public static void Pack(HardwarePort port, RawBatch batch, int @event, Span<uint> words)
    {
        words.Clear();
        var bit = 0;
        var width = port.Type.Width;
        for (var element = 0; element < port.Elements; element++, bit += width)
        {
            if (batch.Wide is null && width <= 64)
                Put(words, bit, width, unchecked((ulong)batch.Raw[@event * batch.Elements + element]));
            else
                Put(words, bit, width, batch[@event, element]);
        }
    }

    /// <summary>Reads one event's elements.</summary>
    public static void Unpack(HardwarePort port, ReadOnlySpan<uint> words, Span<long> narrow, Span<BigInteger> wide)
    {
        var width = port.Type.Width;
        for (int element = 0, bit = 0; element < port.Elements; element++, bit += width)
        {
            if (wide.IsEmpty)
                narrow[element] = Signed(Get(words, bit, width), port.Type);
            else
                wide[element] = Signed(GetWide(words, bit, width), port.Type);
        }
    }

    private static void Put(Span<uint> words, int bit, int width, ulong value)
    {
        for (var done = 0; done < width;)
        {
            var (word, offset) = ((bit + done) / 32, (bit + done) % 32);
            var take = Math.Min(32 - offset, width - done);
            var piece = (uint)((value >> done) & ((1UL << take) - 1));
            words[word] |= piece << offset;
            done += take;
        }
    }

    private static void Put(Span<uint> words, int bit, int width, BigInteger value)
    {
        for (var done = 0; done < width; done += 32)
        {
            var take = Math.Min(32, width - done);
            Put(words, bit + done, take, (ulong)((value >> done) & uint.MaxValue));
        }
    }

    private static ulong Get(ReadOnlySpan<uint> words, int bit, int width)
    {
        var value = 0UL;
        for (var done = 0; done < width;)
        {
            var (word, offset) = ((bit + done) / 32, (bit + done) % 32);
            var take = Math.Min(32 - offset, width - done);
            value |= ((ulong)(words[word] >> offset) & ((1UL << take) - 1)) << done;
            done += take;
        }
        return value;
    }

    private static BigInteger GetWide(ReadOnlySpan<uint> words, int bit, int width)
    {
        var value = BigInteger.Zero;
        for (var done = 0; done < width; done += 32)
            value |= (BigInteger)Get(words, bit + done, Math.Min(32, width - done)) << done;
        return value;
    }

    private static long Signed(ulong bits, FixedType type) =>
        type.Signed && type.Width < 64 && bits >> (type.Width - 1) != 0 ? unchecked((long)(bits | (ulong.MaxValue << type.Width))) : unchecked((long)bits);

    private static BigInteger Signed(BigInteger bits, FixedType type) =>
        type.Signed && !((bits >> (type.Width - 1)) & 1).IsZero ? bits - (BigInteger.One << type.Width) : bits;
}
