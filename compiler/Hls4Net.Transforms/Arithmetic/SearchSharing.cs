using Hls4Net.Transforms.Arithmetic.Sharing;
using Hls4Net.Transforms.Scheduling;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>
/// Constant sums by sharing and search: pairs of terms and common parts of rows are shared, then taken apart and shared anew, for as long
/// as the effort allows (<see cref="SharingSearch"/>); the best state becomes trees of adders that meet their levels.
/// </summary>
/// <param name="effort">How long to search. The budget is counted in operations: the result is the same on every machine.</param>
/// <param name="slack">
/// Adder levels that results may take beyond those of balanced trees without any sharing; negative for no limit. The first one saves one to
/// five per cent of the adders, further ones hardly any.
/// </param>
/// <param name="seed">Another seed gives another, equally good network.</param>
/// <remarks>
/// A row of n terms has n²/2 pairs. The inputs are split into blocks that do not pair with one another, as many as it takes to have no
/// more pairs than a number that grows with the number of terms: so the time grows with the number of weights, not with its square.
/// </remarks>
public sealed class SearchSharing(SearchEffort effort = default, int slack = 0, int seed = 1) : IConstantMultiplier
{
    /// <summary>Sums of longer factors might not fit the integers of the search; such rows are added without sharing.</summary>
    private const int LongestFactor = 44;

    /// <summary>Inputs that are there so many levels before the last one need not be told from those that are there from the start.</summary>
    private const int WidestSpread = 24;

    /// <summary>Pairs that are looked at however small the problem is.</summary>
    private const long FewestPairs = 3_000_000;

    /// <summary>Pairs that are looked at for each term of a large problem.</summary>
    private const long PairsPerTerm = 24;

    /// <summary>Quick effort leaves larger problems at what the first sharing finds.</summary>
    private const long QuickDigits = 20_000;

    /// <summary>Changes of pair counts in a second: what seconds are translated by, so that the result is the same on every machine.</summary>
    private const long CountsPerSecond = 270_000_000;

    /// <summary>Changes of pair counts.</summary>
    private const long NormalBudget = 2_500_000_000;

    /// <summary>How much longer a change takes in a matrix of <see cref="ManyWeights"/>, whose counts no longer fit the nearest cache.</summary>
    private const double Slowdown = 0.18;

    /// <summary>Small problems need less.</summary>
    private const long BudgetPerDigit = 24_000_000;

    /// <summary>As good as no limit: more levels than this beyond balanced trees are of no use.</summary>
    public const int MostSlack = 12;

    /// <summary>Problems of more weights than this get more time.</summary>
    private const double ManyWeights = 2_048;

    /// <summary>
    /// The adder level at which all results must be there, counted from the earliest input; null to let the slack decide. Where balanced trees
    /// without sharing need more, their levels hold: no network of signed digits has fewer.
    /// </summary>
    public int? Level { get; init; }

    public AdderNetwork Solve(LinearProblem problem)
    {
        var depths = Depths(problem);
        var digits = problem.Rows.Select(r => r.Terms.SelectMany(
            t => SignedDigits.Of(t.Factor).Select(d => (t.Input, d.Shift, d.Sign))).ToArray()).ToArray();
        var limit = Limit(problem.Rows.Select((r, k) => digits[k].Sum(d => 1L << depths[d.Input]) + (r.Constant.IsZero ? 0 : 1)).ToArray());
        var trees = new SumTrees(problem, depths);
        if (problem.Rows.Any(r => r.Terms.Any(t => t.Factor.GetBitLength() > LongestFactor)))
            return trees.Build([.. digits.Select(row => (IReadOnlyList<(int, int, int)>)row)], limit);
        var rows = new SharedRows([.. problem.Inputs.Select((x, k) => ((double)x.Low, (double)x.High, depths[k]))],
            [.. problem.Rows.Select(r => Result(problem, r, limit))], Blocks(problem.Inputs.Count, digits));
        for (var k = 0; k < digits.Length; k++)
        {
            foreach (var (input, shift, sign) in digits[k])
                rows.Add(rows[rows.Inputs + k], TermCode.Of(input, shift, sign));
        }
        var search = new SharingSearch(rows, seed);
        search.Run(Budget(problem, digits.Sum(d => (long)d.Length), rows.Work));
        return trees.Build(search.Best);
    }

    /// <summary>The level at which results must be there.</summary>
    /// <param name="rows">Kraft sum of each row without sharing.</param>
    private int Limit(long[] rows)
    {
        var balanced = rows.Length == 0 ? 0 : rows.Max(SharedRow.LevelOf);
        var most = balanced + MostSlack;
        return Level is { } level ? Math.Clamp(level, balanced, most) : slack < 0 ? most : Math.Min(balanced + slack, most);
    }

    /// <summary>The adder level at which each input is there, the earliest at 0.</summary>
    private static int[] Depths(LinearProblem problem)
    {
        var levels = problem.Inputs.Select(i => (i.Arrival + DelayModel.AdderDelay - 1) / DelayModel.AdderDelay).ToArray();
        var earliest = Math.Max(levels.DefaultIfEmpty(0).Min(), levels.DefaultIfEmpty(0).Max() - WidestSpread);
        return Array.ConvertAll(levels, l => Math.Max(0, l - earliest));
    }

    private static (int Limit, bool HasConstant, double Low, double High) Result(LinearProblem problem, LinearRow row, int limit)
    {
        var (low, high) = ((double)row.Constant, (double)row.Constant);
        foreach (var (input, factor) in row.Terms)
        {
            var (a, b) = ((double)(problem.Inputs[input].Low * factor), (double)(problem.Inputs[input].High * factor));
            (low, high) = (low + Math.Min(a, b), high + Math.Max(a, b));
        }
        return (limit, !row.Constant.IsZero, low, high);
    }

    private static int[] Blocks(int inputs, (int Input, int Shift, int Sign)[][] digits)
    {
        var terms = digits.Sum(d => (long)d.Length);
        var pairs = digits.Sum(d => (long)d.Length * d.Length / 2);
        var largest = Math.Max(FewestPairs, PairsPerTerm * terms);
        var count = Math.Clamp((pairs + largest - 1) / largest, 1, Math.Max(1, inputs));
        return [.. Enumerable.Range(0, inputs).Select(k => (int)(k * count / inputs))];
    }

    /// <summary>How many changes of pair counts the search may make.</summary>
    /// <param name="digits">Signed digits in the problem.</param>
    /// <param name="spent">What the first sharing took.</param>
    private long Budget(LinearProblem problem, long digits, long spent)
    {
        var weights = (double)problem.Inputs.Count * problem.Rows.Count / ManyWeights;
        var size = Math.Max(1, weights);
        // A step takes longer in a large matrix, which has more to take apart as well.
        var normal = (long)(NormalBudget / (1 + Slowdown * Math.Min(1, weights)) * size * Math.Min(Math.Pow(size, 1.2), 4));
        return effort.Level switch
        {
            _ when effort.Seconds > 0 => effort.Seconds * CountsPerSecond,
            Effort.Quick => digits > QuickDigits ? 0 : 2 * spent,
            Effort.Normal => Math.Min(normal, digits * BudgetPerDigit),
            _ => 10 * normal,
        };
    }
}
