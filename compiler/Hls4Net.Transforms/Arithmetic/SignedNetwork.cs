using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>± source · 2^Shift.</summary>
/// <param name="Source">An input (0, 1, …), a node (after the inputs), or <see cref="AdderOperand.ConstantSource"/> for nothing.</param>
internal readonly record struct SignedTerm(int Source, int Shift, bool IsNegative)
{
    public SignedTerm Times(int shift, bool isNegative) => new(Source, Shift + shift, IsNegative != isNegative);
}

/// <summary>
/// Signed sums of two or three terms each, without constants, which the rows of a problem know; an output for each row.
/// </summary>
internal sealed record SignedNetwork(Seq<Seq<SignedTerm>> Nodes, Seq<SignedTerm> Outputs)
{
    public static SignedNetwork Of(LinearProblem problem, AdderNetwork network)
    {
        var inputs = problem.Inputs.Count;
        var nodes = new List<Seq<SignedTerm>>();
        var terms = new List<SignedTerm>();
        SignedTerm Follow(AdderOperand operand) => operand.Source < inputs
            ? new(operand.Source, operand.Shift, false)
            : terms[operand.Source - inputs].Times(operand.Shift, false);
        foreach (var node in network.Nodes)
        {
            var (left, right) = (Follow(node.Left), Follow(node.Right).Times(0, node.IsSubtraction));
            if (left.Source == AdderOperand.ConstantSource || right.Source == AdderOperand.ConstantSource)
            {
                terms.Add(left.Source == AdderOperand.ConstantSource ? right : left);
                continue;
            }
            nodes.Add([left, right]);
            terms.Add(new(inputs + nodes.Count - 1, 0, false));
        }
        return new(nodes.ToSeq(), network.Outputs.Select(o => Follow(o.Value).Times(0, o.IsNegated)).ToSeq());
    }
}
