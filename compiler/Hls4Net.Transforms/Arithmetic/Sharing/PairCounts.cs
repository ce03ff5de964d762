using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>
/// How often each pair of terms occurs in all rows, or a little more: pairs are only known by a hash, and of pairs with the same hash the
/// counts are added up. A count above one says that it is worth while to look. That makes it several times faster than
/// <see cref="PairTable"/>, nothing is searched for, and it is the inner loop of the search.
/// </summary>
internal sealed class PairCounts
{
    /// <summary>So many places for each pair: of the pairs that occur once about the inverse of it seem to occur twice.</summary>
    private const long Spacing = 24;

    private const int SmallestLog = 12;
    private const int LargestLog = 26;

    private readonly byte[] _counts;
    private readonly int _hashShift;

    /// <param name="pairs">About the number of different pairs.</param>
    public PairCounts(long pairs)
    {
        var log = SmallestLog;
        while (log < LargestLog && 1L << log < pairs * Spacing)
            log++;
        (_counts, _hashShift) = (new byte[1 << log], 32 - log);
    }

    /// <summary>How often the pair occurs, or more.</summary>
    public int Count(ulong pair) => _counts[Place(TermCode.LowerOf(pair), TermCode.AboveOf(pair))];

    /// <summary>Counts the pairs of a term with each of the others.</summary>
    /// <param name="grown">Gets the pairs that may occur twice or more now.</param>
    public void Add(TermList others, int term, PairList grown)
    {
        ref var counts = ref MemoryMarshal.GetArrayDataReference(_counts);
        ref var pairs = ref MemoryMarshal.GetArrayDataReference(grown.Reserve(others.Count));
        var (next, shift) = (grown.Count, _hashShift);
        Span<int> places = stackalloc int[Vector256<int>.Count];
        for (var k = 0; k < others.Count; k += places.Length)
        {
            PlacesOf(others.Block(k), term, shift).CopyTo(places);
            var many = Math.Min(places.Length, others.Count - k);
            for (var j = 0; j < many; j++)
            {
                ref var count = ref Unsafe.Add(ref counts, places[j]);
                var raised = count + 1;
                if (raised > byte.MaxValue)
                    continue;
                count = unchecked((byte)raised);
                if (raised > 1)
                    Unsafe.Add(ref pairs, next++) = TermCode.Pair(others[k + j], term);
            }
        }
        grown.Count = next;
    }

    /// <summary>Takes the pairs of a term with each of the others off their counts.</summary>
    public void Remove(TermList others, int term)
    {
        ref var counts = ref MemoryMarshal.GetArrayDataReference(_counts);
        var shift = _hashShift;
        Span<int> places = stackalloc int[Vector256<int>.Count];
        for (var k = 0; k < others.Count; k += places.Length)
        {
            PlacesOf(others.Block(k), term, shift).CopyTo(places);
            var many = Math.Min(places.Length, others.Count - k);
            for (var j = 0; j < many; j++)
            {
                ref var count = ref Unsafe.Add(ref counts, places[j]);
                count = unchecked((byte)(count - (count == byte.MaxValue ? 0 : 1)));
            }
        }
    }

    /// <summary>The places of the pairs of a term with eight others: that of <see cref="TermCode.Pair"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> PlacesOf(Vector256<int> others, int term, int hashShift)
    {
        var all = Vector256.Create(term);
        var (lower, upper) = (Vector256.Min(others, all), Vector256.Max(others, all));
        var above = upper - (lower & Vector256.Create(-1 << TermCode.ShiftAt)) ^ lower & Vector256<int>.One;
        var variable = lower & Vector256.Create((1 << TermCode.ShiftAt) - 2);
        var hash = variable * unchecked((int)0x9E3779B1) + above * unchecked((int)0x85EBCA77);
        hash = (hash ^ Vector256.ShiftRightLogical(hash, 15)) * unchecked((int)0xC2B2AE3D);
        return Vector256.ShiftRightLogical(hash, hashShift);
    }

    private int Place(int lower, int above)
    {
        unchecked
        {
            var hash = (uint)(lower << 1) * 0x9E3779B1 + (uint)above * 0x85EBCA77;
            hash = (hash ^ hash >> 15) * 0xC2B2AE3D;
            return (int)(hash >> _hashShift);
        }
    }
}
