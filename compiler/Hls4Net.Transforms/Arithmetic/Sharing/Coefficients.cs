namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>Changes the coefficient of a variable in a row, and chooses the signed digits by which it is written.</summary>
internal static class Coefficients
{
    /// <summary>
    /// Adds a term. Where the row has the variable already at that shift, the whole coefficient is written anew with as few digits as
    /// possible.
    /// </summary>
    public static void Add(SharedRows rows, SharedRow row, int term)
    {
        foreach (var other in row.Span)
        {
            if (other >> 1 != term >> 1)
                continue;
            AddFactor(rows, row, TermCode.Variable(term), TermCode.Factor(term), 0, 0);
            return;
        }
        rows.Add(row, term);
    }

    /// <summary>Adds a term, and writes the coefficient of its variable anew if the row has that already.</summary>
    public static void Merge(SharedRows rows, SharedRow row, int term, double variety, ulong seed)
    {
        foreach (var other in row.Span)
        {
            if (TermCode.Variable(other) != TermCode.Variable(term))
                continue;
            AddFactor(rows, row, TermCode.Variable(term), TermCode.Factor(term), variety, seed);
            return;
        }
        rows.Add(row, term);
    }

    /// <summary>Writes the coefficient of a variable anew, changed by a number.</summary>
    /// <param name="variety">How likely three is written as 2 + 1 where it could be 4 − 1.</param>
    public static void AddFactor(SharedRows rows, SharedRow row, int variable, long change, double variety, ulong seed)
    {
        var factor = change;
        for (var k = row.Count - 1; k >= 0; k--)
        {
            if (TermCode.Variable(row.Terms[k]) != variable)
                continue;
            factor += TermCode.Factor(row.Terms[k]);
            rows.RemoveAt(row, k);
        }
        Write(rows, row, variable, factor, variety, seed);
    }

    /// <summary>
    /// Canonical signed digits from the lowest up, except that a digit d at position k and −d at k + 2 may become −d at k and −d at k + 1,
    /// which are as many.
    /// </summary>
    private static void Write(SharedRows rows, SharedRow row, int variable, long factor, double variety, ulong seed)
    {
        for (var shift = 0; factor != 0; shift++, factor >>= 1)
        {
            if ((factor & 1) == 0)
                continue;
            var sign = (factor & 3) == 1 ? 1 : -1;
            // d − 4d = −d − 2d: as many digits, but other neighbours.
            if (variety > 0 && ((factor - sign) & 7) == 4 && Digit(factor - sign >> 2) == -sign && Draw(ref seed) < variety)
            {
                rows.Add(row, TermCode.Of(variable, shift, -sign));
                rows.Add(row, TermCode.Of(variable, shift + 1, -sign));
                factor += 3L * sign;
                continue;
            }
            rows.Add(row, TermCode.Of(variable, shift, sign));
            factor -= sign;
        }
    }

    /// <summary>The lowest canonical digit of an odd number.</summary>
    private static int Digit(long factor) => (factor & 3) == 1 ? 1 : -1;

    private static double Draw(ref ulong seed)
    {
        unchecked
        {
            seed = (seed + 0x9E3779B97F4A7C15UL) * 0xD6E8FEB86659FD93UL;
            seed ^= seed >> 32;
        }
        return (seed >> 40) / (double)(1 << 24);
    }
}
