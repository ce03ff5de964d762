using System.Numerics;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Scheduling;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>
/// Turns a network of signed sums into sums of natural numbers: a − b → a + ~b + (1 − 2^width), x with a sign → (x + 2^(width − 1)) − 2^(width − 1).
/// An operand then has zeros in front instead of copies of a sign, which cost a look-up table each; a sum needs no more bits than its range has
/// numbers; and every constant of a result, its own included, is placed once by <see cref="ConstantPlacement"/>.
/// </summary>
internal sealed class NaturalSums
{
    private readonly LinearProblem _problem;
    private readonly SignedNetwork _network;
    private readonly SignedTerm[] _references;
    private readonly List<SumDraft> _drafts = [];
    private readonly Dictionary<(SignedTerm Source, BigInteger Value), int> _roots = [];

    private NaturalSums(LinearProblem problem, SignedNetwork network)
    {
        (_problem, _network) = (problem, network);
        _references = new SignedTerm[network.Nodes.Count];
    }

    public static SumNetwork Of(LinearProblem problem, SignedNetwork network) => new NaturalSums(problem, network).Run();

    private SumNetwork Run()
    {
        for (var k = 0; k < _references.Length; k++)
            _references[k] = Rewrite(_network.Nodes[k]);
        var outputs = _problem.Rows.Select((row, k) => ToOutput(row, _network.Outputs[k])).ToSeq();
        CountUsers();
        var sources = _problem.Inputs.Select((x, k) => new SumNetworkProof.Node(LinearFunction.OfInput(k), x.Low, x.High)).ToArray();
        // Parts that are appended for a constant that found no room come after all others.
        var placement = new ConstantPlacement(_problem, sources, _drafts) { Limit = Depth() };
        for (var k = 0; k < _drafts.Count; k++)
            placement.Settle(k);
        return new(_drafts.Select(d => d.ToNode()).ToSeq(), outputs.Select(o => placement.Moved(o)).ToSeq());
    }

    /// <summary>When the last sum is there, without constants.</summary>
    private int Depth()
    {
        var depths = _problem.Inputs.Select(x => x.Arrival).ToList();
        foreach (var draft in _drafts)
            depths.Add(draft.Operands.Max(o => depths[o.Source]) + (draft.Operands.Length > 1 ? DelayModel.AdderDelay : 0));
        return depths.DefaultIfEmpty(0).Max();
    }

    /// <summary>What became of a node: ± its draft · 2^shift.</summary>
    private SignedTerm Rewrite(Seq<SignedTerm> node)
    {
        var terms = new SignedTerm[node.Count];
        for (var k = 0; k < terms.Length; k++)
            terms[k] = Follow(node[k]);
        // The lowest shift, and the lowest of the others, which is where addition begins.
        var (shift, start) = (int.MaxValue, int.MaxValue);
        foreach (var term in terms)
            (shift, start) = term.Shift < shift ? (term.Shift, shift) : (shift, Math.Min(start, term.Shift));
        start = terms.Length == 1 ? shift : start;
        // The complement lacks one unit at its lowest bit, which is a carry only where addition begins.
        int Cost(bool isNegative) => terms.Sum(t => t.IsNegative == isNegative ? 0 : t.Shift == start ? 1 : 2)
            + (terms.All(t => t.IsNegative != isNegative) ? terms.Length : 0);
        var isNegative = Cost(true) < Cost(false);
        _drafts.Add(new(Array.ConvertAll(terms, t => new SumOperand(t.Source, t.Shift - shift, t.IsNegative != isNegative))));
        return new(_problem.Inputs.Count + _drafts.Count - 1, shift, isNegative);
    }

    private SignedTerm Follow(SignedTerm term) => term.Source < _problem.Inputs.Count
        ? term
        : _references[term.Source - _problem.Inputs.Count].Times(term.Shift, term.IsNegative);

    private SumOutput ToOutput(LinearRow row, SignedTerm output)
    {
        var reference = Follow(output);
        if (reference.Source == AdderOperand.ConstantSource)
            return new(AdderOperand.ConstantSource, 0, row.Constant);
        var value = row.Constant >> reference.Shift;
        var low = row.Constant - (value << reference.Shift);
        if (reference.Source < _problem.Inputs.Count && !reference.IsNegative && value.IsZero)
            return new(reference.Source, reference.Shift, low);
        return new(RootOf(reference with { Shift = 0 }, value), reference.Shift, low);
    }

    /// <summary>The node that a result shows: one that computes it already, turned where it computes the opposite, or one of its own.</summary>
    private int RootOf(SignedTerm reference, BigInteger value)
    {
        if (_roots.TryGetValue((reference, value), out var known))
            return known;
        var draft = reference.Source < _problem.Inputs.Count ? null : _drafts[reference.Source - _problem.Inputs.Count];
        if (draft is null || draft.Value is not null || (reference.IsNegative && IsRead(reference.Source)))
        {
            _drafts.Add(draft = new([new(reference.Source, 0, reference.IsNegative)]));
            draft.Value = value;
            return _roots[(reference, value)] = _problem.Inputs.Count + _drafts.Count - 1;
        }
        if (reference.IsNegative)
            draft.Operands = Array.ConvertAll(draft.Operands, o => o with { IsComplement = !o.IsComplement });
        draft.Value = value;
        return _roots[(reference, value)] = reference.Source;
    }

    private bool IsRead(int source) => _drafts.Any(d => d.Operands.Any(o => o.Source == source))
        || _network.Outputs.Count(o => Follow(o).Source == source) > 1;

    private void CountUsers()
    {
        for (var k = 0; k < _drafts.Count; k++)
        {
            foreach (var operand in _drafts[k].Operands.Where(o => o.Source >= _problem.Inputs.Count))
            {
                var used = _drafts[operand.Source - _problem.Inputs.Count];
                (used.Users, used.User) = (used.Users + 1, k);
            }
        }
    }
}
