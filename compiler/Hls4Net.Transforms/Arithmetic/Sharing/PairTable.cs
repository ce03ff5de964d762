namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>
/// How often each pair of terms occurs in all rows: a hash table of open addressing with a pair and its count in one word, since it is
/// the inner loop of the search.
/// </summary>
internal sealed class PairTable
{
    private const int CountBits = 64 - TermCode.PairBits;

    /// <summary>Counts that reach this stay there; they only rank pairs.</summary>
    private const ulong MostCount = (1UL << CountBits) - 1;

    private const int SmallestLog = 10;

    /// <summary>A table that is made anew has at least so many places for each pair.</summary>
    private const long Spacing = 6;

    private ulong[] _entries = new ulong[1 << SmallestLog];
    private int _hashShift = 64 - SmallestLog;
    private ulong[] _spare = [];
    private int _used;

    /// <summary>How often the pair occurs.</summary>
    public int Count(ulong pair) => (int)(_entries[Find(pair)] & MostCount);

    /// <summary>Counts the pairs of a term with each of the others.</summary>
    /// <param name="grown">Gets the pairs that occur twice or more now.</param>
    public void Add(ReadOnlySpan<int> others, int term, PairList grown)
    {
        while ((_used + others.Length) * 2L > _entries.Length)
            Rebuild(others.Length);
        var entries = _entries;
        foreach (var other in others)
        {
            var pair = TermCode.Pair(other, term);
            ref var entry = ref entries[Find(pair)];
            if (entry == 0)
            {
                entry = pair << CountBits | 1;
                _used++;
                continue;
            }
            if ((entry & MostCount) == MostCount)
                continue;
            entry++;
            if ((entry & MostCount) > 1)
                grown.Add(pair);
        }
    }

    /// <summary>Takes the pairs of a term with each of the others off their counts.</summary>
    public void Remove(ReadOnlySpan<int> others, int term)
    {
        var entries = _entries;
        foreach (var other in others)
        {
            ref var entry = ref entries[Find(TermCode.Pair(other, term))];
            if ((entry & MostCount) != MostCount)
                entry--;
        }
    }

    /// <summary>The place of a pair, or the free place where it would be.</summary>
    private int Find(ulong pair)
    {
        var entries = _entries;
        var place = unchecked((int)(pair * 0x9E3779B97F4A7C15UL >> _hashShift));
        while (entries[place] >> CountBits != pair && entries[place] != 0)
            place = place + 1 & entries.Length - 1;
        return place;
    }

    /// <summary>Drops the pairs that no longer occur, and takes as much memory as the others need.</summary>
    /// <param name="more">Pairs that will be added.</param>
    private void Rebuild(int more)
    {
        var old = _entries;
        var live = 0;
        foreach (var entry in old)
            live += (entry & MostCount) == 0 ? 0 : 1;
        var log = SmallestLog;
        while ((live + more) * Spacing > 1L << log)
            log++;
        if (_spare.Length == 1 << log)
            Array.Clear(_spare);
        else
            _spare = new ulong[1 << log];
        (_entries, _spare) = (_spare, old);
        (_hashShift, _used) = (64 - log, live);
        foreach (var entry in old)
        {
            if ((entry & MostCount) != 0)
                _entries[Find(entry >> CountBits)] = entry;
        }
    }
}
