using System.Numerics;

namespace Hls4Net.Transforms.Estimation;

/// <summary>A node's cut as it is merged: nodes, ascending, from which the node can be computed.</summary>
internal readonly ref struct Cut(ReadOnlySpan<int> leaves, ulong mark)
{
    public ReadOnlySpan<int> Leaves { get; } = leaves;

    /// <summary>A bit for each leaf, not of its own: those of a part are among those of the whole.</summary>
    public ulong Mark { get; } = mark;

    public static ulong MarkOf(ReadOnlySpan<int> leaves)
    {
        var mark = 0UL;
        foreach (var leaf in leaves)
            mark |= 1UL << (leaf & 63);
        return mark;
    }
}

/// <summary>The cuts of all nodes, in one piece of memory.</summary>
/// <param name="widest">Most leaves of a cut.</param>
/// <param name="logic">Nodes that will have cuts.</param>
/// <param name="nodes">All nodes.</param>
internal sealed class CutSets(int widest, int logic, int nodes)
{
    private readonly int[] _first = new int[nodes];
    private readonly byte[] _count = new byte[nodes];
    private readonly int[] _self = new int[2];
    private (int Start, int Length, ulong Mark)[] _cuts = new (int, int, ulong)[logic + CutList.Most];
    private int[] _leaves = new int[2 * logic + CutList.Most * widest];
    private int _cutCount;
    private int _leafCount;

    /// <summary>Cuts of a node besides itself.</summary>
    public int CountOf(int node) => _count[node];

    public int FirstOf(int node) => _first[node];

    public ReadOnlySpan<int> LeavesOf(int cut) => _leaves.AsSpan(_cuts[cut].Start, _cuts[cut].Length);

    /// <summary>A cut of a node; the last is the node itself. No two of them are looked at with the same side at a time.</summary>
    public Cut CutOf(int node, int number, int side)
    {
        if (number < _count[node])
            return new(LeavesOf(_first[node] + number), _cuts[_first[node] + number].Mark);
        _self[side] = node;
        return new(_self.AsSpan(side, 1), 1UL << (node & 63));
    }

    /// <summary>Keeps what was found for a node.</summary>
    public void Add(int node, CutList found)
    {
        (_first[node], _count[node]) = (_cutCount, (byte)found.Count);
        if (_cutCount + found.Count > _cuts.Length)
            Array.Resize(ref _cuts, 2 * _cuts.Length);
        if (_leafCount + found.Count * widest > _leaves.Length)
            Array.Resize(ref _leaves, 2 * _leaves.Length);
        for (var k = 0; k < found.Count; k++)
        {
            var cut = found[k];
            cut.Leaves.CopyTo(_leaves.AsSpan(_leafCount));
            _cuts[_cutCount++] = (_leafCount, cut.Leaves.Length, cut.Mark);
            _leafCount += cut.Leaves.Length;
        }
    }
}

/// <summary>The few best cuts of one node while they are looked for, best first, none within another.</summary>
/// <param name="widest">Most leaves of a cut.</param>
/// <param name="byArea">Whether area comes before time among cuts that are in time.</param>
internal sealed class CutList(int widest, bool byArea)
{
    /// <summary>Cuts that are kept.</summary>
    public const int Most = 8;

    private readonly int[] _leaves = new int[(Most + 1) * widest];
    private readonly int[] _union = new int[widest];
    private readonly Entry[] _entries = new Entry[Most + 1];

    // Entries in their order, best first; behind them those that are free.
    private readonly int[] _order = [.. Enumerable.Range(0, Most + 1)];
    private int _limit;

    private readonly record struct Entry(int Length, ulong Mark, int Arrival, double Flow);

    public int Count { get; private set; }

    public Cut this[int place] => new(Leaves(place), _entries[_order[place]].Mark);

    /// <summary>Begins with another node.</summary>
    /// <param name="limit">When its result must be there.</param>
    public void Clear(int limit) => (Count, _limit) = (0, limit);

    /// <summary>Keeps the leaves of both, if they are few enough and among the best.</summary>
    public void OfferUnion(Cut left, Cut right, LutMapper mapper)
    {
        var mark = left.Mark | right.Mark;
        if (BitOperations.PopCount(mark) > widest)
            return;
        var (i, j, count) = (0, 0, 0);
        var a = left.Leaves;
        var b = right.Leaves;
        while (i < a.Length || j < b.Length)
        {
            if (count == widest)
                return;
            var next = j == b.Length || (i < a.Length && a[i] <= b[j]) ? a[i] : b[j];
            if (i < a.Length && a[i] == next)
                i++;
            if (j < b.Length && b[j] == next)
                j++;
            _union[count++] = next;
        }
        Offer(_union.AsSpan(0, count), mapper);
    }

    /// <summary>Keeps a cut, if it is among the best.</summary>
    public void Offer(ReadOnlySpan<int> leaves, LutMapper mapper)
    {
        var mark = Cut.MarkOf(leaves);
        for (var k = 0; k < Count; k++)
        {
            if (IsWithin(Leaves(k), _entries[_order[k]].Mark, leaves, mark))
                return;
        }
        var (arrival, flow) = mapper.Weigh(leaves);
        for (var k = Count - 1; k >= 0; k--)
        {
            if (IsWithin(leaves, mark, Leaves(k), _entries[_order[k]].Mark))
                RemoveAt(k);
        }
        var entry = new Entry(leaves.Length, mark, arrival, flow);
        var place = Count;
        while (place > 0 && IsBefore(entry, _entries[_order[place - 1]]))
            place--;
        if (place == Most)
            return;
        var slot = _order[Count];
        _entries[slot] = entry;
        leaves.CopyTo(_leaves.AsSpan(slot * widest));
        for (var k = Count; k > place; k--)
            _order[k] = _order[k - 1];
        _order[place] = slot;
        Count = Math.Min(Count + 1, Most);
    }

    private ReadOnlySpan<int> Leaves(int place) => _leaves.AsSpan(_order[place] * widest, _entries[_order[place]].Length);

    private void RemoveAt(int place)
    {
        var slot = _order[place];
        Count--;
        for (var k = place; k < Count; k++)
            _order[k] = _order[k + 1];
        _order[Count] = slot;
    }

    private bool IsBefore(in Entry x, in Entry y)
    {
        // What takes too long comes last.
        if (byArea && (x.Arrival > _limit) != (y.Arrival > _limit))
            return y.Arrival > _limit;
        if (byArea && x.Flow != y.Flow)
            return x.Flow < y.Flow;
        if (x.Arrival != y.Arrival)
            return x.Arrival < y.Arrival;
        return x.Length != y.Length ? x.Length < y.Length : x.Flow < y.Flow;
    }

    /// <summary>Whether the first cut's leaves are all among the second's.</summary>
    private static bool IsWithin(ReadOnlySpan<int> inner, ulong innerMark, ReadOnlySpan<int> outer, ulong outerMark)
    {
        if (inner.Length > outer.Length || (innerMark & ~outerMark) != 0)
            return false;
        var at = 0;
        foreach (var leaf in inner)
        {
            while (at < outer.Length && outer[at] < leaf)
                at++;
            if (at == outer.Length || outer[at] != leaf)
                return false;
        }
        return true;
    }
}
