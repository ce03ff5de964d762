namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>Changes the coefficient of a variable in a row, and chooses the signed digits by which it is written.</summary>
internal static class Coefficients
{
    /// <summary>No two neighbours are both digits but for those of three.</summary>
    private const int MostDigits = 64;

    /// <summary>
    /// Adds a term. Where the row has the variable already at that shift, the whole coefficient is written anew with as few digits as
    /// possible.
    /// </summary>
    public static void Add(SharedRows rows, SharedRow row, int term)
    {
        if (row.Terms.Contains(term) || row.Terms.Contains(term ^ 1))
            AddFactor(rows, row, TermCode.Variable(term), TermCode.Factor(term), 0, 0);
        else
            rows.Add(row, term);
    }

    /// <summary>Adds a term, and writes the coefficient of its variable anew if the row has that already.</summary>
    public static void Merge(SharedRows rows, SharedRow row, int term, double variety, ulong seed)
    {
        if (row.Terms.IndexOfVariable(TermCode.Variable(term), 0) >= 0)
            AddFactor(rows, row, TermCode.Variable(term), TermCode.Factor(term), variety, seed);
        else
            rows.Add(row, term);
    }

    /// <summary>Writes the coefficient of a variable anew, changed by a number.</summary>
    /// <param name="variety">How likely three is written as 2 + 1 where it could be 4 − 1.</param>
    public static void AddFactor(SharedRows rows, SharedRow row, int variable, long change, double variety, ulong seed)
    {
        var factor = change;
        for (var k = row.Terms.IndexOfVariable(variable, 0); k >= 0; k = row.Terms.IndexOfVariable(variable, k + 1))
            factor += TermCode.Factor(row.Terms[k]);
        Span<int> digits = stackalloc int[MostDigits];
        digits = digits[..Write(digits, variable, factor, variety, seed)];
        for (var k = row.Terms.IndexOfVariable(variable, 0); k >= 0; k = row.Terms.IndexOfVariable(variable, k))
        {
            // Another term takes the place of the one that goes.
            if (digits.Contains(row.Terms[k]))
                k++;
            else
                rows.RemoveAt(row, k);
        }
        foreach (var digit in digits)
        {
            if (!row.Terms.Contains(digit))
                rows.Add(row, digit);
        }
    }

    /// <summary>
    /// Canonical signed digits from the lowest up, except that a digit d at position k and −d at k + 2 may become −d at k and −d at k + 1,
    /// which are as many.
    /// </summary>
    /// <returns>The number of digits.</returns>
    private static int Write(Span<int> digits, int variable, long factor, double variety, ulong seed)
    {
        var count = 0;
        for (var shift = 0; factor != 0; shift++, factor >>= 1)
        {
            if ((factor & 1) == 0)
                continue;
            var sign = Digit(factor);
            // d − 4d = −d − 2d: as many digits, but other neighbours.
            if (variety > 0 && ((factor - sign) & 7) == 4 && Digit(factor - sign >> 2) == -sign && Draw(ref seed) < variety)
            {
                digits[count++] = TermCode.Of(variable, shift, -sign);
                digits[count++] = TermCode.Of(variable, shift + 1, -sign);
                factor += 3L * sign;
                continue;
            }
            digits[count++] = TermCode.Of(variable, shift, sign);
            factor -= sign;
        }
        return count;
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
