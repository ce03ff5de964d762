namespace Hls4Net.Transforms.Arithmetic;

/// <summary>One attempt at the tree of a row.</summary>
/// <param name="limit">The level at which the sum must be there.</param>
/// <param name="noise">How much chance there is in the choice, in look-up tables.</param>
internal sealed class RowAttempt(IReadOnlyList<RowPart> terms, int limit, Random random, double noise)
{
    /// <summary>In longer rows the earliest and shortest parts are added instead of looking at every pair.</summary>
    private const int LongestSearched = 120;

    /// <summary>How much it counts that a sum is wider than all of its operands.</summary>
    private readonly double _spread = noise == 0 ? 0.5 : random.NextDouble();

    private readonly List<RowPart> _all = [.. terms];
    private readonly List<int> _open = [.. Enumerable.Range(0, terms.Count)];
    private readonly List<int[]> _sums = [];
    private double _kraft = terms.Sum(p => Math.ScaleB(1, p.Depth));

    /// <summary>The parts of each sum: terms first, then sums in their order.</summary>
    public IReadOnlyList<int[]> Sums => _sums;

    /// <returns>The look-up tables of all adders.</returns>
    public double Run()
    {
        var total = 0.0;
        while (_open.Count > 1)
        {
            var pair = _open.Count > LongestSearched ? Earliest() : CheapestPair();
            // An even number of parts takes one adder of two operands: the first and cheapest.
            var chosen = _open.Count % 2 == 1 && CheapestThird(pair) is >= 0 and var third ? [.. pair, third] : pair;
            total += RowPart.CostOf(Array.ConvertAll(chosen, k => _all[k]));
            Join(chosen);
        }
        return total;
    }

    private void Join(int[] chosen)
    {
        var parts = Array.ConvertAll(chosen, k => _all[k]);
        var sum = RowPart.SumOf(parts);
        _kraft += Growth(parts);
        _all.Add(sum);
        _sums.Add(chosen);
        _open.RemoveAll(chosen.Contains);
        _open.Add(_all.Count - 1);
    }

    private static double Growth(params ReadOnlySpan<RowPart> parts)
    {
        var (depth, kraft) = (0, 0.0);
        foreach (var part in parts)
            (depth, kraft) = (Math.Max(depth, part.Depth), kraft + Math.ScaleB(1, part.Depth));
        return Math.ScaleB(2, depth) - kraft;
    }

    private bool IsInTime(params ReadOnlySpan<RowPart> parts) => _kraft + Growth(parts) <= Math.ScaleB(1, limit);

    /// <summary>Two parts that are there first; adding them costs no row its level.</summary>
    private int[] Earliest()
    {
        _open.Sort((a, b) => (_all[a].Depth, _all[a].Top, a).CompareTo((_all[b].Depth, _all[b].Top, b)));
        return [_open[0], _open[1]];
    }

    private int[] CheapestPair()
    {
        var (best, least) = (((int, int))(0, 0), double.MaxValue);
        for (var i = 0; i < _open.Count; i++)
        {
            for (var j = i + 1; j < _open.Count; j++)
            {
                var (a, b) = (_all[_open[i]], _all[_open[j]]);
                var score = Score(a, b);
                if (score < least && IsInTime(a, b))
                    (least, best) = (score, (_open[i], _open[j]));
            }
        }
        return [best.Item1, best.Item2];
    }

    private int CheapestThird(int[] pair)
    {
        var (best, least) = (-1, double.MaxValue);
        var (a, b) = (_all[pair[0]], _all[pair[1]]);
        foreach (var k in _open.Count > LongestSearched ? _open.GetRange(2, 1) : _open)
        {
            if (k == pair[0] || k == pair[1] || !IsInTime(a, b, _all[k]))
                continue;
            var score = Score(a, b, _all[k]);
            if (score < least)
                (least, best) = (score, k);
        }
        return best;
    }

    private double Score(params ReadOnlySpan<RowPart> parts)
    {
        var (shift, span, top) = (int.MaxValue, 0.0, 0);
        foreach (var part in parts)
            (shift, top) = (Math.Min(shift, part.Term.Shift), Math.Max(top, part.Top));
        foreach (var part in parts)
            span += Math.ScaleB(part.Span, part.Term.Shift - shift);
        var growth = new RowPart(new(-1, shift, false), span, 0).Top - top;
        return RowPart.CostOf(parts) + _spread * growth + (noise == 0 ? 0 : noise * random.NextDouble());
    }
}
