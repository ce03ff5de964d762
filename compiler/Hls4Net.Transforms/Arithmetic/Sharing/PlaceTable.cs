namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>
/// How many terms a row has in common with each other row, for each factor ± 2^distance between them: a hash table of open addressing.
/// </summary>
internal sealed class PlaceTable
{
    private const int DistanceBits = 7;

    private (int Place, int Count)[] _entries = new (int, int)[1 << 10];
    private int _hashShift = 32 - 10;
    private readonly List<int> _used = [];

    public void Clear()
    {
        foreach (var index in _used)
            _entries[index] = default;
        _used.Clear();
    }

    /// <summary>Counts the uses of a variable in other rows.</summary>
    /// <param name="uses">Where the variable is used.</param>
    /// <param name="term">The variable's term in the row.</param>
    /// <param name="row">The row itself, which does not count.</param>
    public void Add(ReadOnlySpan<int> uses, int term, int row)
    {
        while ((_used.Count + uses.Length) * 2L > _entries.Length)
            Grow();
        foreach (var use in uses)
        {
            if (TermCode.Variable(use) != row)
                Count(PlaceOf(use, term));
        }
    }

    /// <summary>The other row with the most terms in common, with the factor between them.</summary>
    public (int Row, int Distance, int Negative)? Longest(int shortest, Random random)
    {
        var best = 0;
        var most = double.MinValue;
        foreach (var index in _used)
        {
            var (place, count) = _entries[index];
            if (count < shortest || count + 0.5 <= most)
                continue;
            var score = count + 0.5 * random.NextDouble();
            if (score > most)
                (most, best) = (score, place);
        }
        return best == 0 ? null : (best >> DistanceBits + 1, (best >> 1 & (1 << DistanceBits) - 1) - TermCode.LargestShift - 1, best & 1);
    }

    /// <summary>Never 0, since distances are counted from 1.</summary>
    private static int PlaceOf(int use, int term) =>
        TermCode.Variable(use) << DistanceBits + 1 | TermCode.Shift(use) - TermCode.Shift(term) + TermCode.LargestShift + 1 << 1 | (use ^ term) & 1;

    private void Count(int place)
    {
        var entries = _entries;
        var index = unchecked((int)((uint)place * 0x9E3779B9U >> _hashShift));
        while (entries[index].Place != place && entries[index].Place != 0)
            index = index + 1 & entries.Length - 1;
        if (entries[index].Place == 0)
        {
            entries[index].Place = place;
            _used.Add(index);
        }
        entries[index].Count++;
    }

    private void Grow()
    {
        var old = _used.ConvertAll(index => _entries[index]);
        _entries = new (int, int)[2 * _entries.Length];
        _hashShift--;
        _used.Clear();
        foreach (var (place, count) in old)
        {
            Count(place);
            var index = _used[^1];
            _entries[index].Count = count;
        }
    }
}
