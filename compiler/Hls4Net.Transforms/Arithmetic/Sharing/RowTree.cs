namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>The tree of adders of one row.</summary>
/// <param name="limit">The level at which the sum must be there.</param>
/// <param name="isPositive">Whether the sum itself is wanted, and not, as it may happen, minus the sum.</param>
/// <param name="order">What decides which two parts are added next.</param>
internal sealed class RowTree(SumTrees trees, IReadOnlyList<SumTrees.Part> terms, int limit, bool isPositive, SumOrder order)
{
    /// <summary>In longer rows the parts are added in the order of level and size instead of looking at every pair.</summary>
    private const int LongestSearched = 96;

    private readonly List<(double Cost, int Partner)> _best = [];
    private List<SumTrees.Part> _parts = [.. terms];
    private long _kraft = terms.Sum(p => 1L << p.Depth);
    private int _positive = terms.Count(p => p.Sign > 0);

    public SumTrees.Part Sum()
    {
        while (_parts.Count > LongestSearched)
            AddEarliest();
        for (var k = 0; k < _parts.Count; k++)
            _best.Add(PartnerOf(k));
        while (_parts.Count > 1)
        {
            var (a, b) = Cheapest();
            Replace(a, b);
        }
        return _parts[0];
    }

    private SumTrees.Part Combine(SumTrees.Part a, SumTrees.Part b)
    {
        // The last positive part stays positive, and with it the sum.
        var isLast = isPositive && a.Sign != b.Sign && _positive == 1;
        var sum = trees.Append(a, b, isLast);
        _kraft += (1L << sum.Depth) - (1L << a.Depth) - (1L << b.Depth);
        _positive += (sum.Sign > 0 ? 1 : 0) - (a.Sign > 0 ? 1 : 0) - (b.Sign > 0 ? 1 : 0);
        return sum;
    }

    private void AddEarliest()
    {
        _parts.Sort((x, y) => (x.Depth, Widths.Of(x.Low, x.High) + x.Operand.Shift).CompareTo((y.Depth, Widths.Of(y.Low, y.High) + y.Operand.Shift)));
        var sums = new List<SumTrees.Part>();
        var level = _parts[0].Depth;
        var next = 0;
        for (; next + 1 < _parts.Count && _parts[next + 1].Depth == level && _parts.Count - next + sums.Count > LongestSearched; next += 2)
            sums.Add(Combine(_parts[next], _parts[next + 1]));
        if (next == 0)
        {
            sums.Add(Combine(_parts[0], _parts[1]));
            next = 2;
        }
        sums.AddRange(_parts[next..]);
        _parts = sums;
    }

    private (int A, int B) Cheapest()
    {
        while (true)
        {
            var cheapest = 0;
            for (var k = 1; k < _parts.Count; k++)
            {
                if (_best[k].Cost < _best[cheapest].Cost)
                    cheapest = k;
            }
            var partner = _best[cheapest].Partner;
            if (partner >= 0 && IsInTime(_parts[cheapest], _parts[partner]))
                return (cheapest, partner);
            // Since it was chosen, the row has lost the time for it.
            _best[cheapest] = PartnerOf(cheapest);
        }
    }

    private bool IsInTime(SumTrees.Part a, SumTrees.Part b) =>
        _kraft + (2L << Math.Max(a.Depth, b.Depth)) - (1L << a.Depth) - (1L << b.Depth) <= 1L << limit;

    /// <summary>The best partner among all others; there is always one, or the row would have missed its level before.</summary>
    private (double Cost, int Partner) PartnerOf(int index)
    {
        var best = (Cost: double.PositiveInfinity, Partner: -1);
        for (var k = 0; k < _parts.Count; k++)
        {
            if (k == index || !IsInTime(_parts[index], _parts[k]))
                continue;
            var cost = SumTrees.CostOf(_parts[index], _parts[k], order);
            if (cost < best.Cost)
                best = (cost, k);
        }
        return best;
    }

    private void Replace(int a, int b)
    {
        var sum = Combine(_parts[a], _parts[b]);
        var (kept, gone) = (Math.Min(a, b), Math.Max(a, b));
        var last = _parts.Count - 1;
        _parts[kept] = sum;
        (_parts[gone], _best[gone]) = (_parts[last], _best[last]);
        _parts.RemoveAt(last);
        _best.RemoveAt(last);
        for (var k = 0; k < _parts.Count; k++)
        {
            var partner = _best[k].Partner;
            if (k == kept || partner == kept || partner == gone)
                _best[k] = PartnerOf(k);
            else if (partner == last)
                _best[k] = (_best[k].Cost, gone);
        }
        Offer(kept);
    }

    /// <summary>A new part may be a better partner for others.</summary>
    private void Offer(int index)
    {
        for (var k = 0; k < _parts.Count; k++)
        {
            if (k == index || !IsInTime(_parts[k], _parts[index]))
                continue;
            var cost = SumTrees.CostOf(_parts[k], _parts[index], order);
            if (cost < _best[k].Cost)
                _best[k] = (cost, index);
        }
    }
}
