namespace Hls4Net.Transforms.Arithmetic;

/// <summary>Variable · Sign · 2^Shift.</summary>
internal readonly record struct SharedTerm(int Variable, int Shift, int Sign);

/// <summary>The search of <see cref="GreedySharing"/> within one block of inputs.</summary>
internal sealed class SharingSearch
{
    private readonly AdderTrees _trees;
    private readonly List<SharedTerm>[] _rows;
    private readonly Dictionary<int, SortedSet<int>> _rowsOf = [];
    private readonly Dictionary<Pair, int> _counts = [];
    private readonly PriorityQueue<(Pair Pair, int Count), (long Cost, Pair Pair)> _queue = new();
    private readonly HashSet<Pair> _touched = [];

    /// <param name="trees">Receives the nodes that are made.</param>
    /// <param name="rows">The terms of each row, which are rewritten.</param>
    public SharingSearch(AdderTrees trees, IReadOnlyList<(int Row, List<SharedTerm> Terms)> rows)
    {
        _trees = trees;
        _rows = [.. rows.Select(r => r.Terms)];
        for (var row = 0; row < _rows.Length; row++)
        {
            foreach (var term in _rows[row])
                RowsOf(term.Variable).Add(row);
        }
    }

    /// <summary>Variable Low plus or minus variable High · 2^Shift; the term that lies lower comes first, so that its low bits are copied.</summary>
    private readonly record struct Pair(int Low, int High, int Shift, bool IsSubtraction) : IComparable<Pair>
    {
        public int CompareTo(Pair other) =>
            Low != other.Low ? Low.CompareTo(other.Low)
            : High != other.High ? High.CompareTo(other.High)
            : Shift != other.Shift ? Shift.CompareTo(other.Shift)
            : IsSubtraction.CompareTo(other.IsSubtraction);

        // The compiler's own spreads neighbouring numbers less well, and this is most of the time of a search.
        public override int GetHashCode() => unchecked(
            (int)((((((ulong)Low << 32) | (uint)High) * 0x9E3779B97F4A7C15UL) >> 32) + (ulong)(2 * Shift + (IsSubtraction ? 1 : 0)) * 0x85EBCA6BUL));
    }

    /// <summary>Rewrites the rows until no pair occurs twice.</summary>
    public void Run()
    {
        foreach (var row in _rows)
        {
            for (var a = 0; a < row.Count; a++)
            {
                for (var b = a + 1; b < row.Count; b++)
                    Count(PairOf(row[a], row[b]), 1);
            }
        }
        foreach (var (pair, count) in _counts)
            Enqueue(pair, count);
        while (_queue.TryDequeue(out var best, out _))
        {
            if (_counts.GetValueOrDefault(best.Pair) == best.Count)
                Share(best.Pair);
        }
    }

    private SortedSet<int> RowsOf(int variable)
    {
        if (!_rowsOf.TryGetValue(variable, out var rows))
            _rowsOf[variable] = rows = [];
        return rows;
    }

    private static Pair PairOf(SharedTerm a, SharedTerm b)
    {
        var ordered = a.Shift < b.Shift || (a.Shift == b.Shift && a.Variable <= b.Variable);
        var (low, high) = ordered ? (a, b) : (b, a);
        return new(low.Variable, high.Variable, high.Shift - low.Shift, low.Sign != high.Sign);
    }

    private void Count(Pair pair, int change)
    {
        ref var count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_counts, pair, out _);
        count += change;
        if (count == 0)
            _counts.Remove(pair);
    }

    private void Enqueue(Pair pair, int count)
    {
        if (count >= 2)
            _queue.Enqueue((pair, count), (-(count - 1L) * _trees.WidthOf(pair.Low, pair.High, pair.Shift), pair));
    }

    /// <summary>Makes the pair a variable wherever it occurs without overlap, if that is at least twice.</summary>
    private void Share(Pair pair)
    {
        var found = Find(pair);
        if (found.Count < 2)
            return;
        var variable = _trees.AddNode(pair.Low, 0, pair.High, pair.Shift, pair.IsSubtraction);
        _touched.Clear();
        foreach (var (row, low, high) in found)
            Replace(row, low, high, new(variable, low.Shift, low.Sign));
        foreach (var changed in _touched)
            Enqueue(changed, _counts.GetValueOrDefault(changed));
    }

    private List<(int Row, SharedTerm Low, SharedTerm High)> Find(Pair pair)
    {
        var found = new List<(int Row, SharedTerm Low, SharedTerm High)>();
        var (low, high) = (RowsOf(pair.Low), RowsOf(pair.High));
        foreach (var row in low.Count <= high.Count ? low.Where(high.Contains) : high.Where(low.Contains))
            FindIn(row, pair, found);
        return found;
    }

    private void FindIn(int row, Pair pair, List<(int Row, SharedTerm Low, SharedTerm High)> found)
    {
        var first = found.Count;
        foreach (var low in _rows[row].Where(t => t.Variable == pair.Low).OrderBy(t => t.Shift))
        {
            var high = new SharedTerm(pair.High, low.Shift + pair.Shift, pair.IsSubtraction ? -low.Sign : low.Sign);
            if (!IsUsed(low) && !IsUsed(high) && _rows[row].Contains(high))
                found.Add((row, low, high));
        }

        bool IsUsed(SharedTerm term)
        {
            for (var k = first; k < found.Count; k++)
            {
                if (found[k].Low == term || found[k].High == term)
                    return true;
            }
            return false;
        }
    }

    private void Replace(int row, SharedTerm low, SharedTerm high, SharedTerm node)
    {
        var terms = _rows[row];
        terms.Remove(low);
        terms.Remove(high);
        Count(PairOf(low, high), -1);
        foreach (var other in terms)
        {
            Change(PairOf(low, other), -1);
            Change(PairOf(high, other), -1);
            Change(PairOf(node, other), 1);
        }
        terms.Add(node);
        RowsOf(node.Variable).Add(row);
        foreach (var variable in (ReadOnlySpan<int>)[low.Variable, high.Variable])
        {
            if (!terms.Exists(t => t.Variable == variable))
                RowsOf(variable).Remove(row);
        }
    }

    private void Change(Pair pair, int change)
    {
        Count(pair, change);
        _touched.Add(pair);
    }
}
