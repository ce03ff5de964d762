namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>
/// Makes the pair of terms that saves most adder bits a variable of its own, wherever it occurs without overlap and no row misses its
/// level by it, and goes on until no pair saves anything. Only pairs that were touched since the last run are looked at.
/// </summary>
/// <param name="delayed">Pairs whose turn comes when no other saves anything.</param>
internal sealed class PairSharing(SharedRows rows, HashSet<ulong> delayed)
{
    /// <summary>An adder costs this much beside its bits: fewer adders leave fewer levels and wires.</summary>
    private const double AdderCost = 2;

    /// <summary>Of so many touched pairs most are there several times.</summary>
    private const int ManyTouched = 1 << 18;

    /// <summary>Taking a pair from the queue, looking for it, and each place that is looked at: about as long as so many changes of pair counts.</summary>
    private const int QueueWork = 25;
    private const int SearchWork = 20;
    private const int PlaceWork = 15;

    /// <summary>What counts of the score of a delayed pair.</summary>
    private const double DelayedScore = 0.01;

    private readonly PairQueue _queue = new();
    private readonly List<(int Row, int Lower)> _found = [];
    private double _noise;
    private ulong _salt;

    /// <param name="noise">How much of a score is chance; 0 for none.</param>
    /// <param name="salt">Decides the chance.</param>
    public void Run(double noise, ulong salt)
    {
        (_noise, _salt) = (noise, salt);
        EnqueueTouched();
        while (_queue.TryDequeue(out var pair, out var queued))
        {
            rows.Spend(QueueWork);
            var count = rows.Pairs.Count(pair);
            if (count < 2)
                continue;
            var score = Score(pair, count);
            if (score < queued)
                _queue.Enqueue(pair, score);
            // A count that has grown was put into the queue a second time.
            if (score != queued)
                continue;
            Share(pair);
            EnqueueTouched();
        }
    }

    private void EnqueueTouched()
    {
        var areMany = rows.Touched.Count > ManyTouched;
        if (areMany)
            rows.Touched.Sort();
        var last = 0UL;
        foreach (var pair in rows.Touched.Span)
        {
            if (areMany && pair == last)
                continue;
            last = pair;
            var count = rows.Pairs.Count(pair);
            if (count >= 2)
                _queue.Enqueue(pair, Score(pair, count));
        }
        rows.Touched.Clear();
    }

    /// <summary>The adder bits saved, with chance.</summary>
    private double Score(ulong pair, int count)
    {
        var score = (count - 1) * (Bits(pair) + AdderCost);
        if (delayed.Count > 0 && delayed.Contains(pair))
            score *= DelayedScore;
        return _noise == 0 ? score : score * (1 + _noise * (Chance(pair ^ _salt) - 0.5));
    }

    private static double Chance(ulong seed)
    {
        unchecked
        {
            seed = (seed ^ seed >> 32) * 0xD6E8FEB86659FD93UL;
            seed = (seed ^ seed >> 32) * 0xD6E8FEB86659FD93UL;
        }
        return (seed >> 40) / (double)(1 << 24);
    }

    /// <summary>The positions of the result that are added: the lower term's bits below the upper term are copied.</summary>
    private int Bits(ulong pair)
    {
        var (low, high, distance, _) = Range(pair);
        return Math.Max(1, Widths.Of(low, high) - distance);
    }

    private (double Low, double High, int Distance, int Negative) Range(ulong pair)
    {
        var (lower, upper, distance, negative) = TermCode.Unpair(pair);
        var (a, b, factor) = (rows[lower], rows[upper], (double)(1UL << distance));
        return negative == 0
            ? (a.Low + b.Low * factor, a.High + b.High * factor, distance, negative)
            : (a.Low - b.High * factor, a.High - b.Low * factor, distance, negative);
    }

    private void Share(ulong pair)
    {
        var (lower, upper, distance, negative) = TermCode.Unpair(pair);
        var depth = Math.Max(rows[lower].Depth, rows[upper].Depth) + 1;
        var kraft = (1L << rows[lower].Depth) + (1L << rows[upper].Depth);
        var (existing, code) = Find(pair, (1L << depth) - kraft);
        if (_found.Count < (existing is null ? 2 : 1) || rows.IsFull)
            return;
        if (existing is not null)
            rows.FixAsOperand(existing);
        else
            (existing, code) = (Define(pair, depth), TermCode.Of(0, 0, 1));
        var growth = (1L << existing.Depth) - kraft;
        foreach (var (reader, low) in _found)
        {
            var row = rows[reader];
            var high = TermCode.Partner(low, upper, distance, negative);
            if (TermCode.Shift(low) < TermCode.Shift(code) || !row.Meets(growth) || !row.Terms.Contains(low) || !row.Terms.Contains(high))
                continue;
            rows.Remove(row, low);
            rows.Remove(row, high);
            Coefficients.Add(rows, row, TermCode.Of(existing.Variable, TermCode.Shift(low) - TermCode.Shift(code), TermCode.Sign(low) * TermCode.Sign(code)));
        }
    }

    private SharedRow Define(ulong pair, int depth)
    {
        var (lower, upper, distance, negative) = TermCode.Unpair(pair);
        var row = rows.Create(depth, rows[lower].Block);
        var (low, high, _, _) = Range(pair);
        row.Between(low, high);
        rows.Add(row, TermCode.Of(lower, 0, 1));
        rows.Add(row, TermCode.Of(upper, distance, 1 - 2 * negative));
        return row;
    }

    /// <summary>
    /// Puts where the pair occurs into the list, and finds a row that is nothing but the pair, with the factor that it has there.
    /// </summary>
    /// <param name="growth">What a row's Kraft sum grows by if the pair becomes one term.</param>
    private (SharedRow? Existing, int Code) Find(ulong pair, long growth)
    {
        var (lower, upper, distance, negative) = TermCode.Unpair(pair);
        _found.Clear();
        var (existing, code) = (default(SharedRow), 0);
        var (walked, searched) = (rows[lower].Uses, rows[upper].Uses);
        var isLower = walked.Count <= searched.Count;
        if (!isLower)
            (walked, searched) = (searched, walked);
        rows.Spend(SearchWork + PlaceWork * walked.Count);
        var move = isLower ? distance : -distance;
        foreach (var use in walked.Span)
        {
            // Both columns are at hand; a row is looked at only where it has the pair.
            if ((!isLower && TermCode.Shift(use) < distance) || !searched.Contains((use ^ negative) + (move << TermCode.ShiftAt)))
                continue;
            var row = rows[TermCode.Variable(use)];
            var low = isLower ? TermCode.WithVariable(use, lower) : TermCode.Partner(use, lower, -distance, negative);
            if (row.Terms.Count == 2 && row.OwnKraft == 0 && existing is null)
                (existing, code) = (row, low);
            else if (row.Meets(growth))
                _found.Add((row.Variable, low));
        }
        if (lower == upper)
            DropOverlaps(distance);
        return (existing, code);
    }

    /// <summary>Of x + 4x + 16x only the lower two are a pair.</summary>
    private void DropOverlaps(int distance)
    {
        _found.Sort();
        for (var k = 1; k < _found.Count; k++)
        {
            var (row, low) = _found[k];
            for (var before = k - 1; before >= 0 && _found[before].Row == row; before--)
            {
                if (TermCode.Shift(_found[before].Lower) + distance != TermCode.Shift(low))
                    continue;
                _found.RemoveAt(k--);
                break;
            }
        }
    }
}
