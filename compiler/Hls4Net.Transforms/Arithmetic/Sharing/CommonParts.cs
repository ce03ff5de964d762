namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>
/// Finds the longest part that a row has in common with another row, up to a factor ± 2^n, and makes it a variable. Where pairs are
/// shared by many rows, this shares many terms by two: the same thing in the transposed matrix.
/// </summary>
internal sealed class CommonParts(SharedRows rows)
{
    /// <summary>Looking for a term in other rows takes about as long as so many changes of pair counts.</summary>
    private const int TermWork = 16;

    private readonly PlaceTable _places = new();
    private readonly List<int> _common = [];

    /// <summary>Shares the longest common part of a row once.</summary>
    /// <param name="shortest">Parts of fewer terms are left alone.</param>
    /// <param name="random">Breaks ties, and sometimes prefers a part one term shorter.</param>
    /// <returns>False if there is none.</returns>
    public bool Share(SharedRow row, int shortest, SearchRandom random)
    {
        if (row.Terms.Count < shortest || rows.IsFull)
            return false;
        _places.Clear();
        foreach (var term in row.Terms.Span)
        {
            var uses = rows[TermCode.Variable(term)].Uses;
            rows.Spend(TermWork);
            _places.Add(uses, term, row.Variable);
        }
        if (_places.Longest(shortest, random) is not { } place)
            return false;
        var other = rows[place.Row];
        var kraft = Collect(row, other, place.Distance, place.Negative);
        if (_common.Count == other.Terms.Count && other.OwnKraft == 0)
            return Use(other, row, -place.Distance, place.Negative, kraft, isFirst: true);
        if (_common.Count == row.Terms.Count && row.OwnKraft == 0)
            return Use(row, other, place.Distance, place.Negative, kraft, isFirst: false);
        return Define(row, other, place.Distance, place.Negative, kraft);
    }

    /// <summary>Puts the common terms, as the first row has them, into the list; returns their Kraft sum.</summary>
    private long Collect(SharedRow row, SharedRow other, int distance, int negative)
    {
        _common.Clear();
        var kraft = 0L;
        foreach (var term in row.Terms.Span)
        {
            var shift = TermCode.Shift(term) + distance;
            if (shift is < 0 or > TermCode.LargestShift || !other.Terms.Contains(Moved(term, distance, negative)))
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
        if (shift < 0 || !other.Meets((1L << rows.DepthAsOperand(whole)) - kraft))
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
        if (!row.Meets(growth) || !other.Meets(growth))
            return false;
        var lowest = TermCode.LargestShift;
        foreach (var term in _common)
            lowest = Math.Min(lowest, TermCode.Shift(term));
        var part = rows.Create(depth, rows[TermCode.Variable(_common[0])].Block);
        var (low, high) = (0.0, 0.0);
        foreach (var term in _common)
        {
            rows.Remove(row, term);
            rows.Remove(other, Moved(term, distance, negative));
            rows.Add(part, Moved(term, -lowest, 0));
            var (variable, factor) = (rows[TermCode.Variable(term)], Math.ScaleB(TermCode.Sign(term), TermCode.Shift(term) - lowest));
            low += Math.Min(variable.Low * factor, variable.High * factor);
            high += Math.Max(variable.Low * factor, variable.High * factor);
        }
        part.Between(low, high);
        Coefficients.Add(rows, row, TermCode.Of(part.Variable, lowest, 1));
        Coefficients.Add(rows, other, TermCode.Of(part.Variable, lowest + distance, 1 - 2 * negative));
        return true;
    }
}
