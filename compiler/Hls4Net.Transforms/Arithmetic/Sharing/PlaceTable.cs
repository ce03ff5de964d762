using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>
/// How many terms a row has in common with each other row, for each factor ± 2^distance between them: a hash table of open addressing.
/// </summary>
internal sealed class PlaceTable
{
    private const int DistanceBits = 7;

    /// <summary>The bits of an entry that count; those above are the place.</summary>
    private const int CountBits = 32;

    private const int SmallestLog = 10;
    private const uint HashFactor = 0x9E3779B9;

    private ulong[] _entries = new ulong[1 << SmallestLog];
    private int[] _used = new int[1 << SmallestLog];
    private int _usedCount;
    private int _hashShift = 32 - SmallestLog;

    public void Clear()
    {
        foreach (var index in _used.AsSpan(0, _usedCount))
            _entries[index] = 0;
        _usedCount = 0;
    }

    /// <summary>Counts the uses of a variable in other rows.</summary>
    /// <param name="uses">Where the variable is used.</param>
    /// <param name="term">The variable's term in the row.</param>
    /// <param name="row">The row itself, which does not count.</param>
    public void Add(TermList uses, int term, int row)
    {
        while ((_usedCount + uses.Count) * 2L > _entries.Length)
            Grow();
        ref var entries = ref MemoryMarshal.GetArrayDataReference(_entries);
        ref var used = ref MemoryMarshal.GetArrayDataReference(_used);
        var (count, mask) = (_usedCount, _entries.Length - 1);
        Span<int> places = stackalloc int[Vector256<int>.Count];
        Span<int> hashes = stackalloc int[Vector256<int>.Count];
        for (var k = 0; k < uses.Count; k += places.Length)
        {
            var block = PlacesOf(uses.Block(k), term);
            block.CopyTo(places);
            Vector256.ShiftRightLogical(block * unchecked((int)HashFactor), _hashShift).CopyTo(hashes);
            var many = Math.Min(places.Length, uses.Count - k);
            for (var j = 0; j < many; j++)
            {
                var place = places[j];
                if (place >> DistanceBits + 1 == row)
                    continue;
                var index = hashes[j];
                while (Unsafe.Add(ref entries, index) >> CountBits is var other && other != (uint)place && other != 0)
                    index = index + 1 & mask;
                ref var entry = ref Unsafe.Add(ref entries, index);
                if (entry == 0)
                {
                    entry = (ulong)(uint)place << CountBits;
                    Unsafe.Add(ref used, count++) = index;
                }
                entry++;
            }
        }
        _usedCount = count;
    }

    /// <summary>The other row with the most terms in common, with the factor between them.</summary>
    public (int Row, int Distance, int Negative)? Longest(int shortest, SearchRandom random)
    {
        var best = 0;
        var most = double.MinValue;
        foreach (var index in _used.AsSpan(0, _usedCount))
        {
            var (place, count) = ((int)(_entries[index] >> CountBits), (int)(_entries[index] & uint.MaxValue));
            if (count < shortest || count + 0.5 <= most)
                continue;
            var score = count + 0.5 * random.NextDouble();
            if (score > most)
                (most, best) = (score, place);
        }
        return best == 0 ? null : (best >> DistanceBits + 1, (best >> 1 & (1 << DistanceBits) - 1) - TermCode.LargestShift - 1, best & 1);
    }

    /// <summary>Row, distance and sign of eight uses seen from a term. Never 0, since distances are counted from 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> PlacesOf(Vector256<int> uses, int term)
    {
        var rows = (uses & Vector256.Create(TermCode.WithVariable(0, TermCode.MostVariables - 1))) << DistanceBits;
        var distances = (uses >> TermCode.ShiftAt) + Vector256.Create(TermCode.LargestShift + 1 - TermCode.Shift(term)) << 1;
        return rows | distances | (uses ^ Vector256.Create(term)) & Vector256<int>.One;
    }

    private void Grow()
    {
        var old = _entries;
        var used = _used.AsSpan(0, _usedCount);
        _entries = new ulong[2 * old.Length];
        _hashShift--;
        foreach (ref var index in used)
        {
            var entry = old[index];
            index = (int)(unchecked((uint)(entry >> CountBits) * HashFactor) >> _hashShift);
            while (_entries[index] != 0)
                index = index + 1 & _entries.Length - 1;
            _entries[index] = entry;
        }
        Array.Resize(ref _used, _entries.Length);
    }
}
