using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>
/// Shares pairs of terms: rows are written as sums of signed, shifted variables, and the pair that saves most, over all rows, becomes a
/// variable of its own, until no pair occurs twice. What is left of each row is added by a tree that takes the earliest terms first.
/// Deterministic: ties are broken by the order of variables and shifts.
/// </summary>
/// <remarks>
/// A row of n terms has n²/2 pairs. The inputs are split into blocks that do not pair with one another, as many as it takes to have no
/// more pairs than a number that grows with the number of terms: so the time grows with the number of weights, not with its square.
/// </remarks>
public sealed class GreedySharing : IConstantMultiplier
{
    /// <summary>Pairs that are looked at however small the problem is.</summary>
    private const long FewestPairs = 3_000_000;

    /// <summary>Pairs that are looked at for each term of a large problem.</summary>
    private const long PairsPerTerm = 24;

    public AdderNetwork Solve(LinearProblem problem)
    {
        var trees = new AdderTrees(problem);
        var rows = problem.Rows.Select(r => r.Terms.SelectMany(
            t => SignedDigits.Of(t.Factor).Select(d => new SharedTerm(t.Input, d.Shift, d.Sign))).ToList()).ToArray();
        var blocks = Blocks(problem, rows);
        var shared = rows.Select(_ => new List<SharedTerm>()).ToArray();
        foreach (var block in Split(rows, problem.Inputs.Count, blocks))
        {
            new SharingSearch(trees, block).Run();
            foreach (var (row, terms) in block)
                shared[row].AddRange(terms);
        }
        var outputs = shared.Select((row, k) => trees.Sum(row.Select(t => (t.Variable, t.Shift, t.Sign)), problem.Rows[k].Constant)).ToSeq();
        return new(trees.Nodes.ToSeq(), outputs);
    }

    private static int Blocks(LinearProblem problem, List<SharedTerm>[] rows)
    {
        var pairs = rows.Sum(r => (long)r.Count * r.Count / 2);
        var most = Math.Max(FewestPairs, PairsPerTerm * rows.Sum(r => (long)r.Count));
        return (int)Math.Clamp((pairs + most - 1) / most, 1, Math.Max(1, problem.Inputs.Count));
    }

    /// <summary>For each block of neighbouring inputs the rows' terms in it; a row without any is left out.</summary>
    private static List<(int Row, List<SharedTerm> Terms)>[] Split(List<SharedTerm>[] rows, int inputs, int blocks)
    {
        var split = new List<(int Row, List<SharedTerm> Terms)>[blocks];
        for (var block = 0; block < blocks; block++)
            split[block] = [];
        for (var row = 0; row < rows.Length; row++)
        {
            foreach (var term in rows[row])
            {
                var block = split[(int)((long)term.Variable * blocks / inputs)];
                if (block.Count == 0 || block[^1].Row != row)
                    block.Add((row, []));
                block[^1].Terms.Add(term);
            }
        }
        return split;
    }
}
