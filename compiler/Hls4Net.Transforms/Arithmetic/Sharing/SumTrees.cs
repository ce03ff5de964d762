using System.Numerics;
using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <summary>
/// Turns rows into adders of two operands: in every row the two lowest parts are added first, as long as the row
/// still meets its level, in the best of several orders. Signs are carried along, so that the operand that lies lower is hardly ever the one that is subtracted.
/// </summary>
internal sealed class SumTrees
{
    private readonly LinearProblem _problem;
    private readonly List<AdderNode> _nodes = [];
    private readonly (double Low, double High, int Depth)[] _inputs;
    private Snapshot _snapshot = new([], [], 0);
    private Part?[] _variables = [];

    /// <summary>About the adder bits of all nodes: ranges of parts that have inputs in common are taken for independent.</summary>
    private long _bits;

    /// <param name="depths">Level of each input.</param>
    public SumTrees(LinearProblem problem, int[] depths)
    {
        _problem = problem;
        _inputs = [.. problem.Inputs.Select((x, k) => ((double)x.Low, (double)x.High, depths[k]))];
    }

    /// <summary>A part of a row, ± Operand; its integers without the operand's shift lie between Low and High.</summary>
    internal sealed record Part(AdderOperand Operand, int Sign, double Low, double High, int Depth);

    /// <summary>The network of a state of the search.</summary>
    public AdderNetwork Build(Snapshot snapshot)
    {
        _snapshot = snapshot;
        _variables = new Part?[snapshot.Terms.Length];
        return Finish(k => OfVariable(_problem.Inputs.Count + k));
    }

    /// <summary>The network that shares nothing.</summary>
    /// <param name="rows">The signed digits of each row.</param>
    /// <param name="limit">The level at which all rows must be there.</param>
    public AdderNetwork Build(IReadOnlyList<IReadOnlyList<(int Input, int Shift, int Sign)>> rows, int limit) =>
        Finish(k => Add(rows[k].Select(d => OfInput(d.Input) with { Operand = new(d.Input, d.Shift, default), Sign = d.Sign }), k, limit));

    private AdderNetwork Finish(Func<int, Part> row)
    {
        var outputs = new AdderOutput[_problem.Rows.Count];
        for (var k = 0; k < outputs.Length; k++)
        {
            var part = row(k);
            outputs[k] = new(part.Operand, part.Sign < 0);
        }
        return new(_nodes.ToSeq(), outputs.ToSeq());
    }

    private Part OfInput(int input) => new(new(input, 0, default), 1, _inputs[input].Low, _inputs[input].High, _inputs[input].Depth);

    private Part Add(IEnumerable<Part> terms, int row, int limit)
    {
        var isResult = row < _problem.Rows.Count;
        var parts = terms.ToList();
        if (isResult && !_problem.Rows[row].Constant.IsZero)
            parts.Add(OfConstant(_problem.Rows[row].Constant));
        return parts.Count is < 3 or > SumOrder.LongestTried
            ? new RowTree(this, parts, limit, isResult, SumOrder.All[0]).Sum()
            : BestSum(parts, limit, isResult);
    }

    /// <summary>The sum in the order that takes the fewest bits.</summary>
    private Part BestSum(List<Part> parts, int limit, bool isResult)
    {
        var (firstNode, firstBit) = (_nodes.Count, _bits);
        var best = (Sum: parts[0], Bits: long.MaxValue, Nodes: new List<AdderNode>());
        foreach (var order in SumOrder.All)
        {
            var sum = new RowTree(this, parts, limit, isResult, order).Sum();
            if (_bits < best.Bits)
                best = (sum, _bits, _nodes[firstNode..]);
            _nodes.RemoveRange(firstNode, _nodes.Count - firstNode);
            _bits = firstBit;
        }
        _nodes.AddRange(best.Nodes);
        _bits = best.Bits;
        return best.Sum;
    }

    /// <summary>Shared parts refer to one another to a depth of at most the number of levels.</summary>
    private Part OfVariable(int variable)
    {
        if (_variables[variable] is { } known)
            return known;
        return _variables[variable] = variable < _problem.Inputs.Count
            ? OfInput(variable)
            : Add(_snapshot.Terms[variable].Select(OfTerm), variable - _problem.Inputs.Count, _snapshot.Levels[variable]);
    }

    private Part OfTerm(int term)
    {
        var part = OfVariable(TermCode.Variable(term));
        return part with { Operand = part.Operand with { Shift = part.Operand.Shift + TermCode.Shift(term) }, Sign = part.Sign * TermCode.Sign(term) };
    }

    private static Part OfConstant(BigInteger value)
    {
        var zeros = 0;
        for (; value.IsEven; value >>= 1)
            zeros++;
        return new(new(AdderOperand.ConstantSource, zeros, value), 1, (double)value, (double)value, 0);
    }

    /// <summary>Adds a node: low ± high, where at most one of the shifts that are left is not zero.</summary>
    internal Part Append(Part a, Part b, bool isPositive)
    {
        // First minus second, where they differ in sign: the one that lies lower first, so that its low bits are copied.
        var isDifference = a.Sign != b.Sign;
        var wantsSwap = isDifference && a.Operand.Shift == b.Operand.Shift ? a.Sign < 0 : a.Operand.Shift > b.Operand.Shift;
        if (isDifference && isPositive)
            wantsSwap = a.Sign < 0;
        if (wantsSwap)
            (a, b) = (b, a);
        var shift = Math.Min(a.Operand.Shift, b.Operand.Shift);
        var (low, high) = RangeOf(a, b);
        var (left, right) = (Lower(a.Operand, shift), Lower(b.Operand, shift));
        _nodes.Add(new(left, right, isDifference));
        var copied = isDifference && left.Shift > 0 ? 0 : Math.Max(left.Shift, right.Shift);
        _bits += Math.Max(left.Shift + Widths.Of(a.Low, a.High), right.Shift + Widths.Of(b.Low, b.High)) - copied;
        return new(new(_problem.Inputs.Count + _nodes.Count - 1, shift, default), a.Sign, low, high, Math.Max(a.Depth, b.Depth) + 1);
    }

    /// <summary>The range of the sum, or of first minus second, in units of the lower of the two.</summary>
    internal static (double Low, double High) RangeOf(Part a, Part b)
    {
        var shift = Math.Min(a.Operand.Shift, b.Operand.Shift);
        var (x, y) = (Math.ScaleB(1, a.Operand.Shift - shift), Math.ScaleB(1, b.Operand.Shift - shift));
        return a.Sign == b.Sign ? (a.Low * x + b.Low * y, a.High * x + b.High * y) : (a.Low * x - b.High * y, a.High * x - b.Low * y);
    }

    /// <summary>
    /// How expensive it is to add two parts now. An adder takes the positions from the higher of the operands' lowest bits to the higher
    /// of their highest. Of any two parts that are added the sum keeps the lower lowest bit, so over a whole tree the lowest bits come to
    /// the same whatever the order; what counts is to add low numbers while they are low.
    /// </summary>
    internal static double CostOf(Part a, Part b, SumOrder order)
    {
        var (low, high) = RangeOf(a, b);
        var shift = Math.Min(a.Operand.Shift, b.Operand.Shift);
        var top = Math.Max(a.Operand.Shift + Widths.Of(a.Low, a.High), b.Operand.Shift + Widths.Of(b.Low, b.High));
        return top + order.GrowthCost * (shift + Widths.Of(low, high) - top) + order.LevelCost * Math.Max(a.Depth, b.Depth);
    }

    private static AdderOperand Lower(AdderOperand operand, int shift) => operand with { Shift = operand.Shift - shift };
}
