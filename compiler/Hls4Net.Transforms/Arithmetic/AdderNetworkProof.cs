using System.Numerics;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>
/// The exact linear function that each node of a network computes, and with it the proof that the network is right: the coefficients
/// of each output are compared with those that were asked for.
/// </summary>
public sealed class AdderNetworkProof
{
    private readonly LinearProblem _problem;
    private readonly List<Vector> _nodes = [];

    private AdderNetworkProof(LinearProblem problem) => _problem = problem;

    /// <summary>Factor of each input that has one, and the constant.</summary>
    private sealed record Vector((int Input, BigInteger Factor)[] Terms, BigInteger Constant);

    /// <summary>What a node computes, and the exact range of it.</summary>
    public sealed record Node(IReadOnlyList<(int Input, BigInteger Factor)> Terms, BigInteger Constant, BigInteger Low, BigInteger High);

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
            proof._nodes.Add(Combine(proof.Of(node.Left), proof.Of(node.Right), node.IsSubtraction));
        }
        if (network.Outputs.Count != problem.Rows.Count)
            throw new InvalidOperationException("The network has not one output for each row.");
        for (var k = 0; k < problem.Rows.Count; k++)
            proof.CheckRow(k, problem.Rows[k], network.Outputs[k]);
        return [.. proof._nodes.Select(proof.RangeOf)];
    }

    private void CheckRow(int index, LinearRow row, AdderOutput output)
    {
        var vector = Of(output.Value);
        var sign = output.IsNegated ? BigInteger.MinusOne : BigInteger.One;
        var same = vector.Terms.Length == row.Terms.Count && vector.Constant * sign == row.Constant;
        for (var k = 0; same && k < vector.Terms.Length; k++)
            same = vector.Terms[k].Input == row.Terms[k].Input && vector.Terms[k].Factor * sign == row.Terms[k].Factor;
        if (!same)
            throw new InvalidOperationException($"Row {index} of a constant multiplication does not compute its coefficients.");
    }

    private Vector Of(AdderOperand operand)
    {
        if (operand.Source == AdderOperand.ConstantSource)
            return new([], operand.Value << operand.Shift);
        var inputs = _problem.Inputs.Count;
        if (operand.Source < inputs)
            return new([(operand.Source, BigInteger.One << operand.Shift)], BigInteger.Zero);
        var node = _nodes[operand.Source - inputs];
        return operand.Shift == 0
            ? node
            : new([.. node.Terms.Select(t => (t.Input, t.Factor << operand.Shift))], node.Constant << operand.Shift);
    }

    private static Vector Combine(Vector left, Vector right, bool subtract)
    {
        var terms = new List<(int Input, BigInteger Factor)>(left.Terms.Length + right.Terms.Length);
        var (i, j) = (0, 0);
        while (i < left.Terms.Length || j < right.Terms.Length)
        {
            var a = i < left.Terms.Length ? left.Terms[i].Input : int.MaxValue;
            var b = j < right.Terms.Length ? right.Terms[j].Input : int.MaxValue;
            var factor = BigInteger.Zero;
            if (a <= b)
                factor += left.Terms[i++].Factor;
            if (b <= a)
                factor += subtract ? -right.Terms[j++].Factor : right.Terms[j++].Factor;
            if (!factor.IsZero)
                terms.Add((Math.Min(a, b), factor));
        }
        return new([.. terms], subtract ? left.Constant - right.Constant : left.Constant + right.Constant);
    }

    private Node RangeOf(Vector vector)
    {
        var (low, high) = (vector.Constant, vector.Constant);
        foreach (var (input, factor) in vector.Terms)
        {
            var (a, b) = (_problem.Inputs[input].Low * factor, _problem.Inputs[input].High * factor);
            low += BigInteger.Min(a, b);
            high += BigInteger.Max(a, b);
        }
        return new(vector.Terms, vector.Constant, low, high);
    }
}
