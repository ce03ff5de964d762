using Hls4Net.Transforms.Arithmetic.Sharing;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>A term of a row while it is being added up.</summary>
/// <param name="Span">How many numbers above its least one the term has, in units of 2^shift.</param>
/// <param name="Depth">The adder level at which it is there.</param>
internal readonly record struct RowPart(SignedTerm Term, double Span, int Depth)
{
    /// <summary>The first position above the term's bits.</summary>
    public int Top => Term.Shift + Widths.Of(0, Span);

    /// <summary>What the sum of some parts is, in units of the lowest.</summary>
    public static RowPart SumOf(IReadOnlyList<RowPart> parts)
    {
        var shift = parts.Min(p => p.Term.Shift);
        var span = parts.Sum(p => Math.ScaleB(p.Span, p.Term.Shift - shift));
        return new(new(-1, shift, false), span, 1 + parts.Max(p => p.Depth));
    }

    /// <summary>Look-up tables of an adder over the parts: see <see cref="Estimation.Costs"/>.</summary>
    public static int CostOf(ReadOnlySpan<RowPart> parts)
    {
        var (low, start, top, next) = (int.MaxValue, int.MaxValue, 0, 0);
        foreach (var part in parts)
        {
            (low, start) = part.Term.Shift < low ? (part.Term.Shift, low) : (low, Math.Min(start, part.Term.Shift));
            (top, next) = part.Top > top ? (part.Top, top) : (top, Math.Max(next, part.Top));
        }
        return next <= start ? 0 : Estimation.Costs.LutsOfAdder(parts.Length, top - start);
    }
}

/// <summary>
/// Adds up rows with adders of at most three operands: again and again the parts whose adder costs least, with some chance in the
/// choice; of several attempts the cheapest counts. Deterministic.
/// </summary>
/// <param name="attempts">How often a row is added up.</param>
internal sealed class RowAdders(int attempts)
{
    /// <summary>What one attempt at a row costs; it is a little more than the best of many.</summary>
    public double CostOf(IReadOnlyList<RowPart> parts, int limit) => new RowAttempt(parts, limit, new Random(0), 0).Run();

    /// <param name="limit">The level at which the sum must be there.</param>
    /// <param name="append">Makes a node.</param>
    public RowPart Add(IReadOnlyList<RowPart> parts, int limit, Func<IReadOnlyList<RowPart>, RowPart> append)
    {
        IReadOnlyList<int[]> best = [];
        var least = double.MaxValue;
        for (var attempt = 0; attempt < (parts.Count > 3 ? attempts : 1); attempt++)
        {
            var tree = new RowAttempt(parts, limit, new Random(attempt), attempt == 0 ? 0 : 1.5);
            var cost = tree.Run();
            if (cost < least)
                (least, best) = (cost, tree.Sums);
        }
        var all = parts.ToList();
        foreach (var sum in best)
            all.Add(append([.. sum.Select(k => all[k])]));
        return all[^1];
    }
}
