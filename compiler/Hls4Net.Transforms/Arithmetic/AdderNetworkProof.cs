using System.Numerics;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>
/// The exact linear function that each node of a network computes, and with it the proof that the network is right: the coefficients
/// of each output are compared with those that were asked for.
/// </summary>
public sealed class AdderNetworkProof
{
    private readonly LinearProblem _problem;
    private readonly List<LinearFunction> _nodes = [];

    private AdderNetworkProof(LinearProblem problem) => _problem = problem;

    /// <summary>What a node computes, and the exact range of it.</summary>
    public sealed record Node(LinearFunction Function, BigInteger Low, BigInteger High);

    /// <summary>Proves that the network computes the problem.</summary>
    /// <returns>What each node computes.</returns>
    /// <exception cref="InvalidOperationException">It does not: the solver's mistake.</exception>
    public static IReadOnlyList<Node> Check(LinearProblem problem, AdderNetwork network)
    {
        var proof = new AdderNetworkProof(problem);
        foreach (var node in network.Nodes)
        {
            if (Math.Min(node.Left.Shift, node.Right.Shift) != 0)
                throw new InvalidOperationException("Both operands of an adder are shifted: the network is not in its normal form.");
            var right = proof.Of(node.Right);
            proof._nodes.Add(proof.Of(node.Left) + (node.IsSubtraction ? right.Times(BigInteger.MinusOne) : right));
        }
        if (network.Outputs.Count != problem.Rows.Count)
            throw new InvalidOperationException("The network has not one output for each row.");
        for (var k = 0; k < problem.Rows.Count; k++)
            proof.CheckRow(k, problem.Rows[k], network.Outputs[k]);
        return [.. proof._nodes.Select(proof.WithRange)];
    }

    private void CheckRow(int index, LinearRow row, AdderOutput output)
    {
        var value = Of(output.Value);
        var function = output.IsNegated ? value.Times(BigInteger.MinusOne) : value;
        if (!function.IsParallelTo(row.Terms) || function.Constant != row.Constant)
            throw new InvalidOperationException($"Row {index} of a constant multiplication does not compute its coefficients.");
    }

    private LinearFunction Of(AdderOperand operand) => (operand.Source switch
    {
        AdderOperand.ConstantSource => LinearFunction.Of(operand.Value),
        var k when k < _problem.Inputs.Count => LinearFunction.OfInput(k),
        var k => _nodes[k - _problem.Inputs.Count],
    }).Times(BigInteger.One << operand.Shift);

    private Node WithRange(LinearFunction function)
    {
        var (low, high) = function.RangeOver(_problem);
        return new(function, low, high);
    }
}
