namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>The rows of a state: for each variable its terms (none for inputs and for variables not in use) and the level of its tree.</summary>
internal sealed record Snapshot(int[][] Terms, int[] Levels, double Cost)
{
    public static Snapshot Of(SharedRows rows)
    {
        var terms = new int[rows.All.Count][];
        var levels = new int[terms.Length];
        for (var k = 0; k < terms.Length; k++)
        {
            terms[k] = rows[k].Terms.Span.ToArray();
            levels[k] = rows[k].Limit;
        }
        return new(terms, levels, rows.Cost);
    }
}
