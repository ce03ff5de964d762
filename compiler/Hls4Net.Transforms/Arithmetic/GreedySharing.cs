using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>
/// Shares pairs of terms: rows are written as sums of signed, shifted variables, and the pair that saves most, over all rows, becomes a
/// variable of its own, until no pair occurs twice. What is left of each row is added by a tree that takes the earliest terms first.
/// Deterministic: ties are broken by the order of variables and shifts.
/// </summary>
public sealed class GreedySharing : IConstantMultiplier
{
    /// <summary>Pairs that are looked at together; beyond this many the variables are split into blocks that do not pair.</summary>
    private const long LargestPairCount = 6_000_000;

    public AdderNetwork Solve(LinearProblem problem) => new Search(problem).Run();

    /// <summary>Variable · Sign · 2^Shift.</summary>
    private readonly record struct Term(int Variable, int Shift, int Sign);

    /// <summary>Variable Low plus or minus variable High · 2^Shift; the term that lies lower comes first, so that its low bits are copied.</summary>
    private readonly record struct Pair(int Low, int High, int Shift, bool IsSubtraction) : IComparable<Pair>
    {
        public int CompareTo(Pair other) =>
            (Low, High, Shift, IsSubtraction ? 1 : 0).CompareTo((other.Low, other.High, other.Shift, other.IsSubtraction ? 1 : 0));
    }

    private sealed class Search
    {
        private readonly LinearProblem _problem;
        private readonly List<Term>[] _rows;
        private readonly AdderTrees _trees;
        private readonly List<HashSet<int>> _rowsOf = [];
        private readonly List<int> _blocks = [];
        private readonly Dictionary<Pair, int> _counts = [];
        private readonly PriorityQueue<(Pair Pair, int Count), (long Cost, Pair Pair)> _queue = new();

        public Search(LinearProblem problem)
        {
            _problem = problem;
            _trees = new AdderTrees(problem);
            _rows = [.. problem.Rows.Select(r => r.Terms.SelectMany(
                t => SignedDigits.Of(t.Factor).Select(d => new Term(t.Input, d.Shift, d.Sign))).ToList())];
            var blocks = Blocks();
            for (var variable = 0; variable < problem.Inputs.Count; variable++)
            {
                _rowsOf.Add([]);
                _blocks.Add((int)((long)variable * blocks / problem.Inputs.Count));
            }
            for (var row = 0; row < _rows.Length; row++)
            {
                foreach (var term in _rows[row])
                    _rowsOf[term.Variable].Add(row);
            }
        }

        public AdderNetwork Run()
        {
            foreach (var row in _rows)
            {
                for (var a = 0; a < row.Count; a++)
                {
                    for (var b = a + 1; b < row.Count; b++)
                        Count(row[a], row[b], 1);
                }
            }
            foreach (var (pair, count) in _counts)
                Enqueue(pair, count);
            while (_queue.TryDequeue(out var best, out _))
            {
                if (_counts.GetValueOrDefault(best.Pair) == best.Count)
                    Share(best.Pair);
            }
            var outputs = _rows.Select((row, k) => _trees.Sum(row.Select(t => (t.Variable, t.Shift, t.Sign)), _problem.Rows[k].Constant)).ToSeq();
            return new(_trees.Nodes.ToSeq(), outputs);
        }

        private int Blocks()
        {
            var pairs = _rows.Sum(r => (long)r.Count * r.Count / 2);
            return (int)Math.Clamp((pairs + LargestPairCount - 1) / LargestPairCount, 1, Math.Max(1, _problem.Inputs.Count));
        }

        private static (Pair Pair, Term Anchor) PairOf(Term a, Term b)
        {
            var ordered = a.Shift < b.Shift || (a.Shift == b.Shift && a.Variable <= b.Variable);
            var (low, high) = ordered ? (a, b) : (b, a);
            return (new(low.Variable, high.Variable, high.Shift - low.Shift, low.Sign != high.Sign), low);
        }

        private void Count(Term a, Term b, int change)
        {
            if (_blocks[a.Variable] != _blocks[b.Variable])
                return;
            var (pair, _) = PairOf(a, b);
            var count = _counts.GetValueOrDefault(pair) + change;
            if (count == 0)
                _counts.Remove(pair);
            else
                _counts[pair] = count;
        }

        private void Enqueue(Pair pair, int count)
        {
            if (count >= 2)
                _queue.Enqueue((pair, count), (-(count - 1L) * _trees.WidthOf(pair.Low, pair.High, pair.Shift), pair));
        }

        /// <summary>Makes the pair a variable wherever it occurs without overlap, if that is at least twice.</summary>
        private void Share(Pair pair)
        {
            var found = Find(pair);
            if (found.Count < 2)
                return;
            var variable = _trees.AddNode(pair.Low, 0, pair.High, pair.Shift, pair.IsSubtraction);
            _rowsOf.Add([]);
            _blocks.Add(_blocks[pair.Low]);
            var touched = new HashSet<Pair>();
            foreach (var (row, low, high) in found)
                Replace(row, low, high, new(variable, low.Shift, low.Sign), touched);
            foreach (var changed in touched)
                Enqueue(changed, _counts.GetValueOrDefault(changed));
        }

        private List<(int Row, Term Low, Term High)> Find(Pair pair)
        {
            var found = new List<(int Row, Term Low, Term High)>();
            foreach (var row in _rowsOf[pair.Low].Where(_rowsOf[pair.High].Contains).Order())
            {
                var used = new HashSet<Term>();
                foreach (var low in _rows[row].Where(t => t.Variable == pair.Low).OrderBy(t => t.Shift))
                {
                    var high = new Term(pair.High, low.Shift + pair.Shift, pair.IsSubtraction ? -low.Sign : low.Sign);
                    if (!used.Contains(low) && !used.Contains(high) && _rows[row].Contains(high))
                    {
                        used.Add(low);
                        used.Add(high);
                        found.Add((row, low, high));
                    }
                }
            }
            return found;
        }

        private void Replace(int row, Term low, Term high, Term node, HashSet<Pair> touched)
        {
            var terms = _rows[row];
            terms.Remove(low);
            terms.Remove(high);
            Count(low, high, -1);
            foreach (var other in terms)
            {
                Count(low, other, -1);
                Count(high, other, -1);
                Count(node, other, 1);
                touched.Add(PairOf(low, other).Pair);
                touched.Add(PairOf(high, other).Pair);
                touched.Add(PairOf(node, other).Pair);
            }
            terms.Add(node);
            _rowsOf[node.Variable].Add(row);
            foreach (var variable in new[] { low.Variable, high.Variable })
            {
                if (!terms.Exists(t => t.Variable == variable))
                    _rowsOf[variable].Remove(row);
            }
        }
    }
}
