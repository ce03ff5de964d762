using Hls4Net.Core.Text;
using Hls4Net.Transforms.Scheduling;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>
/// Takes a network of two-operand adders apart into rows, of which only those stay that several others read or that are results, and adds the
/// terms of each row anew. A row of few terms goes where writing it out is cheaper: with three-operand adders a shared term saves less.
/// No row is there later than before.
/// </summary>
internal sealed class RowForest
{
    /// <summary>Shared rows of more terms, or with more readers, are hardly ever cheaper written out.</summary>
    private const int LongestInlined = 8;

    /// <summary>How often all shared rows are looked at; what is written out changes what its neighbours cost.</summary>
    private const int Passes = 3;

    private readonly int _inputs;
    private readonly RowAdders _adders;
    private readonly List<RowPart> _parts = [];
    private readonly List<Row> _rows = [];
    private readonly List<Seq<SignedTerm>> _nodes = [];

    private RowForest(LinearProblem problem, RowAdders adders)
    {
        (_inputs, _adders) = (problem.Inputs.Count, adders);
        for (var k = 0; k < _inputs; k++)
        {
            var depth = (problem.Inputs[k].Arrival + DelayModel.AdderDelay - 1) / DelayModel.AdderDelay;
            _parts.Add(new(new(k, 0, false), (double)(problem.Inputs[k].High - problem.Inputs[k].Low), depth));
        }
    }

    /// <summary>A sum of terms; it is variable inputs + its index.</summary>
    private sealed class Row(int limit)
    {
        /// <summary>The level at which the sum must be there.</summary>
        public int Limit { get; } = limit;

        public bool IsResult { get; set; }

        public List<SignedTerm> Terms { get; set; } = [];

        public double Cost { get; set; }

        public bool IsGone { get; set; }
    }

    public static SignedNetwork Of(LinearProblem problem, AdderNetwork network, RowAdders adders)
    {
        var forest = new RowForest(problem, adders);
        var outputs = forest.Read(problem, network);
        for (var pass = 0; pass < Passes; pass++)
            forest.WriteOut();
        return forest.Build(outputs);
    }

    /// <summary>The rows of a network; returns its outputs.</summary>
    private SignedTerm[] Read(LinearProblem problem, AdderNetwork network)
    {
        var proved = AdderNetworkProof.Check(problem, network);
        var (uses, isResult) = (new int[network.Nodes.Count], new bool[network.Nodes.Count]);
        foreach (var operand in network.Nodes.SelectMany(n => new[] { n.Left, n.Right }).Where(o => o.Source >= _inputs))
            uses[operand.Source - _inputs]++;
        foreach (var output in network.Outputs.Where(o => o.Value.Source >= _inputs))
            isResult[output.Value.Source - _inputs] = true;
        var depths = _parts.ConvertAll(p => p.Depth);
        var terms = new List<SignedTerm>[network.Nodes.Count];
        IEnumerable<SignedTerm> TermsOf(AdderOperand operand, bool isNegative) => operand.Source switch
        {
            AdderOperand.ConstantSource => [],
            var k when k < _inputs => [new(k, operand.Shift, isNegative)],
            var k => terms[k - _inputs].Select(t => t.Times(operand.Shift, isNegative)),
        };
        for (var k = 0; k < terms.Length; k++)
        {
            var node = network.Nodes[k];
            terms[k] = [.. TermsOf(node.Left, false), .. TermsOf(node.Right, node.IsSubtraction)];
            depths.Add(1 + Math.Max(node.Left.Source < 0 ? 0 : depths[node.Left.Source], node.Right.Source < 0 ? 0 : depths[node.Right.Source]));
            if (terms[k].Count < 2 || (uses[k] < 2 && !isResult[k]))
                continue;
            _rows.Add(new(depths[^1]) { Terms = terms[k] });
            var source = _inputs + _rows.Count - 1;
            _parts.Add(new(new(source, 0, false), (double)(proved[k].High - proved[k].Low), depths[^1]));
            terms[k] = [new(source, 0, false)];
        }
        SignedTerm[] outputs = [.. network.Outputs.Select(o => TermsOf(o.Value, o.IsNegated).FirstOrDefault(new SignedTerm(AdderOperand.ConstantSource, 0, false)))];
        // A result can also be a shared row with a constant.
        foreach (var output in outputs.Where(o => o.Source >= _inputs))
            _rows[output.Source - _inputs].IsResult = true;
        return outputs;
    }

    private double CostOf(Row row, IEnumerable<SignedTerm> terms) => _adders.CostOf([.. terms.Select(PartOf)], row.Limit);

    private RowPart PartOf(SignedTerm term) => _parts[term.Source] with { Term = term };

    private void WriteOut()
    {
        foreach (var row in _rows)
            row.Cost = CostOf(row, row.Terms);
        for (var k = _rows.Count - 1; k >= 0; k--)
        {
            var (inner, source) = (_rows[k], _inputs + k);
            if (inner.IsGone || inner.IsResult || inner.Terms.Count > LongestInlined)
                continue;
            var readers = _rows.Where(r => !r.IsGone && r.Terms.Any(t => t.Source == source)).ToArray();
            if (readers.Length > LongestInlined)
                continue;
            var written = readers.Select(r => r.Terms.SelectMany(t => t.Source == source ? inner.Terms.Select(i => i.Times(t.Shift, t.IsNegative)) : [t]).ToList()).ToArray();
            var costs = readers.Zip(written).Select(r => CostOf(r.First, r.Second)).ToArray();
            if (costs.Sum() >= inner.Cost + readers.Sum(r => r.Cost))
                continue;
            inner.IsGone = true;
            for (var r = 0; r < readers.Length; r++)
                (readers[r].Terms, readers[r].Cost) = (written[r], costs[r]);
        }
    }

    private SignedNetwork Build(SignedTerm[] outputs)
    {
        var done = new SignedTerm[_rows.Count];
        SignedTerm Resolve(SignedTerm term) => term.Source < _inputs ? term : done[term.Source - _inputs].Times(term.Shift, term.IsNegative);
        var built = _parts.Take(_inputs).ToList();
        RowPart Append(IReadOnlyList<RowPart> parts)
        {
            var sum = RowPart.SumOf(parts);
            _nodes.Add(parts.Select(p => p.Term.Times(-sum.Term.Shift, false)).ToSeq());
            built.Add(sum with { Term = new(_inputs + _nodes.Count - 1, 0, false) });
            return sum with { Term = built[^1].Term with { Shift = sum.Term.Shift } };
        }
        for (var k = 0; k < _rows.Count; k++)
        {
            if (_rows[k].IsGone)
                continue;
            var parts = _rows[k].Terms.Select(Resolve).Select(t => built[t.Source] with { Term = t }).ToList();
            done[k] = _adders.Add(parts, _rows[k].Limit, Append).Term;
            if (done[k].Source >= _inputs)
                built[done[k].Source] = built[done[k].Source] with { Span = Math.ScaleB(_parts[_inputs + k].Span, -done[k].Shift) };
        }
        return new(_nodes.ToSeq(), outputs.Select(o => o.Source < 0 ? o : Resolve(o)).ToSeq());
    }
}
