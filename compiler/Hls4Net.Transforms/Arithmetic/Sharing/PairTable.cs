namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>How often each pair of terms occurs in all rows: a hash table of open addressing, since it is the inner loop of the search.</summary>
internal sealed class PairTable
{
    private Entry[] _entries = new Entry[1 << 10];
    private int _mask = (1 << 10) - 1;
    private int _used;

    /// <summary>One pair.</summary>
    public struct Entry
    {
        /// <summary>The pair; 0 for a free place.</summary>
        public ulong Pair;
        public int Count;

        /// <summary>The step in which the pair was last put on the list of those to look at.</summary>
        public int Stamp;
    }

    /// <summary>The entry of a pair, made where there is none. It is valid until the next call.</summary>
    public ref Entry this[ulong pair]
    {
        get
        {
            if (_used * 2 > _mask)
                Grow();
            ref var entry = ref Find(pair);
            if (entry.Pair == 0)
            {
                _used++;
                entry.Pair = pair;
            }
            return ref entry;
        }
    }

    /// <summary>How often the pair occurs.</summary>
    public int Count(ulong pair) => Find(pair).Count;

    private ref Entry Find(ulong pair)
    {
        var entries = _entries;
        var place = Place(pair);
        while (entries[place].Pair != pair && entries[place].Pair != 0)
            place = place + 1 & _mask;
        return ref entries[place];
    }

    private int Place(ulong pair) => unchecked((int)((pair * 0x9E3779B97F4A7C15UL) >> 32)) & _mask;

    /// <summary>Pairs that no longer occur are dropped when the table is made anew.</summary>
    private void Grow()
    {
        var old = _entries;
        var live = old.Count(e => e.Count != 0);
        var size = old.Length;
        while (live * 4L > size)
            size *= 2;
        _entries = new Entry[size];
        (_mask, _used) = (size - 1, 0);
        foreach (var entry in old)
        {
            if (entry.Count == 0)
                continue;
            Find(entry.Pair) = entry;
            _used++;
        }
    }
}
