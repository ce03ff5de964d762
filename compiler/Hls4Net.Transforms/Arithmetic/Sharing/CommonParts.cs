namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>
/// Finds the longest part that a row has in common with another row, up to a factor ± 2^n, and makes it a variable. Where pairs are
/// shared by many rows, this shares many terms by two: the same thing in the transposed matrix.
/// </summary>
internal sealed class CommonParts(SharedRows rows)
{
    private readonly Dictionary<(int Row, int Distance, int Negative), int> _counts = [];
    private readonly List<int> _common = [];

    /// <summary>Shares the longest common part of a row once.</summary>
    /// <param name="shortest">Parts of fewer terms are left alone.</param>
    /// <param name="random">Breaks ties, and sometimes prefers a part one term shorter.</param>
    /// <returns>False if there is none.</returns>
    public bool Share(SharedRow row, int shortest, Random random)
    {
        if (row.Count < shortest || Longest(row, shortest, random) is not { } place)
            return false;
        var other = rows[place.Row];
        var kraft = Collect(row, other, place.Distance, place.Negative);
        if (_common.Count == other.Count && other.OwnKraft == 0)
            return Use(other, row, -place.Distance, place.Negative, kraft, isFirst: true);
        if (_common.Count == row.Count && row.OwnKraft == 0)
            return Use(row, other, place.Distance, place.Negative, kraft, isFirst: false);
        return Define(row, other, place.Distance, place.Negative, kraft);
    }

    /// <summary>The other row with the most terms in common, with the factor between them.</summary>
    private (int Row, int Distance, int Negative)? Longest(SharedRow row, int shortest, Random random)
    {
        _counts.Clear();
        foreach (var term in row.Span)
        {
            var variable = rows[TermCode.Variable(term)];
            foreach (var reader in variable.Readers)
            {
                if (reader != row.Variable)
                    Count(rows[reader], term);
            }
        }
        (int Row, int Distance, int Negative)? best = null;
        var most = double.MinValue;
        foreach (var (place, count) in _counts)
        {
            if (count < shortest || count + 0.5 <= most)
                continue;
            var score = count + 0.5 * random.NextDouble();
            if (score > most)
                (most, best) = (score, place);
        }
        return best;
    }

    private void Count(SharedRow other, int term)
    {
        foreach (var match in other.Span)
        {
            if (TermCode.Variable(match) != TermCode.Variable(term))
                continue;
            ref var count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(
                _counts, (other.Variable, TermCode.Shift(match) - TermCode.Shift(term), (match ^ term) & 1), out _);
            count++;
        }
    }

    /// <summary>Puts the common terms, as the first row has them, into the list; returns their Kraft sum.</summary>
    private long Collect(SharedRow row, SharedRow other, int distance, int negative)
    {
        _common.Clear();
        var kraft = 0L;
        foreach (var term in row.Span)
        {
            var shift = TermCode.Shift(term) + distance;
            if (shift is < 0 or > TermCode.LargestShift || other.IndexOf(Moved(term, distance, negative)) < 0)
                continue;
            _common.Add(term);
            kraft += 1L << rows[TermCode.Variable(term)].Depth;
        }
        return kraft;
    }

    private static int Moved(int term, int distance, int negative) =>
        TermCode.Partner(term, TermCode.Variable(term), distance, negative);

    /// <summary>A row that is all of the common part replaces it in the other one.</summary>
    /// <param name="shift">The other row has whole · 2^shift.</param>
    /// <param name="isFirst">Whether the other row is the one whose terms are in the list.</param>
    private bool Use(SharedRow whole, SharedRow other, int shift, int negative, long kraft, bool isFirst)
    {
        if (shift < 0)
            return false;
        if (other.Kraft - kraft + (1L << rows.DepthAsOperand(whole)) > 1L << other.Limit)
            return false;
        rows.FixAsOperand(whole);
        foreach (var term in _common)
            rows.Remove(other, isFirst ? term : Moved(term, shift, negative));
        Coefficients.Add(rows, other, TermCode.Of(whole.Variable, shift, 1 - 2 * negative));
        return true;
    }

    private bool Define(SharedRow row, SharedRow other, int distance, int negative, long kraft)
    {
        var depth = SharedRow.LevelOf(kraft);
        var growth = (1L << depth) - kraft;
        if (row.Kraft + growth > 1L << row.Limit || other.Kraft + growth > 1L << other.Limit)
            return false;
        var lowest = _common.Min(TermCode.Shift);
        var part = rows.Create(depth, rows[TermCode.Variable(_common[0])].Block);
        (part.Low, part.High) = (0, 0);
        foreach (var term in _common)
        {
            rows.Remove(row, term);
            rows.Remove(other, Moved(term, distance, negative));
            AddToPart(part, Moved(term, -lowest, 0));
        }
        Coefficients.Add(rows, row, TermCode.Of(part.Variable, lowest, 1));
        Coefficients.Add(rows, other, TermCode.Of(part.Variable, lowest + distance, 1 - 2 * negative));
        return true;
    }

    private void AddToPart(SharedRow part, int term)
    {
        var (variable, factor) = (rows[TermCode.Variable(term)], (double)TermCode.Factor(term));
        part.Low += Math.Min(variable.Low * factor, variable.High * factor);
        part.High += Math.Max(variable.Low * factor, variable.High * factor);
        rows.Add(part, term);
    }
}
