using System.Numerics;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>
/// The exact linear function that the bits of each node of a sum network stand for, and with it the proof that the network computes its
/// problem and that no sum of natural numbers loses a carry.
/// </summary>
public sealed class SumNetworkProof
{
    private readonly LinearProblem _problem;
    private readonly List<Node> _nodes = [];

    private SumNetworkProof(LinearProblem problem) => _problem = problem;

    /// <summary>What the bits of an input or node are: the function in a type, exact over its range.</summary>
    public sealed record Node(LinearFunction Function, BigInteger Low, BigInteger High)
    {
        public FixedType Type { get; } = new Interval(Low, High, 0).Type;

        /// <summary>The bits as a natural number: with the sign bit inverted, which adds half of the range, where there is one.</summary>
        public LinearFunction Natural => Function.Plus(Type.Signed ? BigInteger.One << (Type.Width - 1) : BigInteger.Zero);
    }

    /// <summary>Proves that the network computes the problem.</summary>
    /// <returns>What the bits of each input and node are.</returns>
    /// <exception cref="InvalidOperationException">It does not: the compiler's own mistake.</exception>
    public static IReadOnlyList<Node> Check(LinearProblem problem, SumNetwork network)
    {
        var proof = new SumNetworkProof(problem);
        for (var k = 0; k < problem.Inputs.Count; k++)
            proof._nodes.Add(new(LinearFunction.OfInput(k), problem.Inputs[k].Low, problem.Inputs[k].High));
        foreach (var node in network.Nodes)
            proof.Add(node);
        if (network.Outputs.Count != problem.Rows.Count)
            throw new InvalidOperationException("The network has not one output for each row.");
        for (var k = 0; k < problem.Rows.Count; k++)
            proof.CheckRow(k, network);
        return proof._nodes;
    }

    /// <summary>An operand as a function, before its shift.</summary>
    public static LinearFunction Addend(Node source, bool isComplement) => isComplement
        ? source.Natural.Times(BigInteger.MinusOne).Plus((BigInteger.One << source.Type.Width) - 1)
        : source.Natural;

    /// <summary>The constant of an operand, before its shift.</summary>
    public static BigInteger AddendConstant(Node source, bool isComplement)
    {
        var constant = source.Function.Constant + (source.Type.Signed ? BigInteger.One << (source.Type.Width - 1) : BigInteger.Zero);
        return isComplement ? (BigInteger.One << source.Type.Width) - 1 - constant : constant;
    }

    private void Add(SumNode node)
    {
        var sum = LinearFunction.Of(node.Constant);
        foreach (var operand in node.Operands)
            sum += Addend(_nodes[operand.Source], operand.IsComplement).Times(BigInteger.One << operand.Shift);
        if (node.Value is { } value)
        {
            var (low, high) = (sum with { Constant = value }).RangeOver(_problem);
            var result = new Node(sum with { Constant = value }, low, high);
            if (!((sum.Constant - value) % (BigInteger.One << result.Type.Width)).IsZero)
                throw new InvalidOperationException("A result of a sum network has another constant than its bits.");
            _nodes.Add(result);
            return;
        }
        var range = sum.RangeOver(_problem);
        if (range.Low.Sign < 0)
            throw new InvalidOperationException("A sum of natural numbers can be negative.");
        _nodes.Add(new(sum, range.Low, range.High));
    }

    private void CheckRow(int index, SumNetwork network)
    {
        var (output, row) = (network.Outputs[index], _problem.Rows[index]);
        var isConstant = output.Source == AdderOperand.ConstantSource;
        var isExact = output.Source < _problem.Inputs.Count || network.Nodes[output.Source - _problem.Inputs.Count].Value is not null;
        var isBehind = isConstant || (output.Low.Sign >= 0 && (output.Low >> output.Shift).IsZero);
        var function = isConstant ? LinearFunction.Of(output.Low)
            : _nodes[output.Source].Function.Times(BigInteger.One << output.Shift).Plus(output.Low);
        if (!isExact || !isBehind || !function.IsParallelTo(row.Terms) || function.Constant != row.Constant)
            throw new InvalidOperationException($"Row {index} of a constant multiplication does not compute its coefficients.");
    }
}
