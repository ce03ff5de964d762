namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>
/// Makes the pair of terms that saves most adder bits a variable of its own, wherever it occurs without overlap and no row misses its
/// level by it, and goes on until no pair saves anything. Only pairs that were touched since the last run are looked at.
/// </summary>
internal sealed class PairSharing(SharedRows rows)
{
    /// <summary>An adder costs this much beside its bits: fewer adders leave fewer levels and wires.</summary>
    private const double AdderCost = 2;

    private readonly PriorityQueue<ulong, double> _queue = new();
    private readonly List<SharedRow> _found = [];
    private double _noise;
    private ulong _salt;

    /// <param name="noise">How much of a score is chance; 0 for none.</param>
    /// <param name="salt">Decides the chance.</param>
    public void Run(double noise, ulong salt)
    {
        (_noise, _salt) = (noise, salt);
        EnqueueTouched();
        while (_queue.TryDequeue(out var pair, out var priority))
        {
            var count = rows.Pairs.Count(pair);
            if (count < 2)
                continue;
            var score = Score(pair, count);
            if (score < -priority)
                _queue.Enqueue(pair, -score);
            // A count that has grown was put into the queue a second time.
            if (score != -priority)
                continue;
            Share(pair);
            EnqueueTouched();
        }
    }

    private void EnqueueTouched()
    {
        foreach (var pair in rows.Touched)
        {
            var count = rows.Pairs.Count(pair);
            if (count >= 2)
                _queue.Enqueue(pair, -Score(pair, count));
        }
        rows.ForgetTouched();
    }

    /// <summary>The adder bits saved, with chance.</summary>
    private double Score(ulong pair, int count)
    {
        var score = (count - 1) * (Bits(pair) + AdderCost);
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
        var (a, b, factor) = (rows[lower], rows[upper], Math.ScaleB(1, distance));
        return negative == 0
            ? (a.Low + b.Low * factor, a.High + b.High * factor, distance, negative)
            : (a.Low - b.High * factor, a.High - b.Low * factor, distance, negative);
    }

    private void Share(ulong pair)
    {
        var (lower, upper, distance, negative) = TermCode.Unpair(pair);
        var depth = Math.Max(rows[lower].Depth, rows[upper].Depth) + 1;
        var kraft = (1L << rows[lower].Depth) + (1L << rows[upper].Depth);
        var (existing, code, occurrences) = Find(pair, (1L << depth) - kraft);
        if (occurrences < (existing is null ? 2 : 1))
            return;
        if (existing is not null)
            rows.FixAsOperand(existing);
        else
            (existing, code) = (Define(pair, depth), TermCode.Of(0, 0, 1));
        var growth = (1L << existing.Depth) - kraft;
        foreach (var row in _found)
        {
            while (row != existing && row.Kraft + growth <= 1L << row.Limit && LowestMatch(row, pair, TermCode.Shift(code)) is >= 0 and var low)
            {
                rows.Remove(row, low);
                rows.Remove(row, TermCode.Partner(low, upper, distance, negative));
                Coefficients.Add(rows, row, TermCode.Of(existing.Variable, TermCode.Shift(low) - TermCode.Shift(code), TermCode.Sign(low) * TermCode.Sign(code)));
            }
        }
    }

    private SharedRow Define(ulong pair, int depth)
    {
        var (lower, upper, distance, negative) = TermCode.Unpair(pair);
        var row = rows.Create(depth, rows[lower].Block);
        (row.Low, row.High, _, _) = Range(pair);
        rows.Add(row, TermCode.Of(lower, 0, 1));
        rows.Add(row, TermCode.Of(upper, distance, 1 - 2 * negative));
        return row;
    }

    /// <summary>Puts the rows with the pair into the list, and finds one that is nothing but the pair, with the factor that it has there.</summary>
    private (SharedRow? Existing, int Code, int Occurrences) Find(ulong pair, long growth)
    {
        var (lower, upper, _, _) = TermCode.Unpair(pair);
        var readers = rows[lower].Readers.Count <= rows[upper].Readers.Count ? rows[lower].Readers : rows[upper].Readers;
        _found.Clear();
        SharedRow? existing = null;
        var occurrences = 0;
        foreach (var reader in readers)
        {
            var row = rows[reader];
            var matches = Matches(row, pair);
            if (matches == 0)
                continue;
            if (row.Count == 2 && row.OwnKraft == 0 && existing is null)
            {
                existing = row;
                continue;
            }
            if (growth > 0)
                matches = (int)Math.Min(matches, ((1L << row.Limit) - row.Kraft) / growth);
            if (matches <= 0)
                continue;
            _found.Add(row);
            occurrences += matches;
        }
        return (existing, existing is null ? 0 : LowestMatch(existing, pair, 0), occurrences);
    }

    /// <summary>How often a row has the pair without overlap.</summary>
    private static int Matches(SharedRow row, ulong pair)
    {
        var (lower, upper, distance, negative) = TermCode.Unpair(pair);
        var count = 0;
        var used = 0UL;
        foreach (var term in row.Span)
        {
            if (TermCode.Variable(term) != lower)
                continue;
            var partner = TermCode.Partner(term, upper, distance, negative);
            if (partner == term || row.IndexOf(partner) < 0)
                continue;
            if (lower == upper)
            {
                var both = 1UL << TermCode.Shift(term) | 1UL << TermCode.Shift(partner);
                if ((used & both) != 0)
                    continue;
                used |= both;
            }
            count++;
        }
        return count;
    }

    /// <summary>The lower term of the lowest occurrence from a shift on, or −1.</summary>
    private static int LowestMatch(SharedRow row, ulong pair, int from)
    {
        var (lower, upper, distance, negative) = TermCode.Unpair(pair);
        var lowest = -1;
        foreach (var term in row.Span)
        {
            if (TermCode.Variable(term) != lower || TermCode.Shift(term) < from || (lowest >= 0 && TermCode.Shift(term) >= TermCode.Shift(lowest)))
                continue;
            var partner = TermCode.Partner(term, upper, distance, negative);
            if (partner != term && row.IndexOf(partner) >= 0)
                lowest = term;
        }
        return lowest;
    }
}
