using System.Numerics;
using Hls4Net.Transforms.Scheduling;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>The nodes of a network while it is made, with when each is there and how wide it is about, and trees of them for rows.</summary>
internal sealed class AdderTrees
{
    private readonly List<(BigInteger Low, BigInteger High, int Arrival)> _variables = [];
    private readonly int _inputs;

    public AdderTrees(LinearProblem problem)
    {
        _inputs = problem.Inputs.Count;
        foreach (var input in problem.Inputs)
            _variables.Add((input.Low, input.High, input.Arrival));
    }

    public List<AdderNode> Nodes { get; } = [];

    /// <summary>A part of a row: ± variable · 2^shift, or a constant.</summary>
    private sealed record Part(AdderOperand Operand, int Sign, BigInteger Low, BigInteger High, int Arrival)
    {
        public int Top => (int)BigInteger.Max(BigInteger.Abs(Low), BigInteger.Abs(High)).GetBitLength();
    }

    /// <summary>Adds a node, and returns its variable.</summary>
    public int AddNode(int left, int leftShift, int right, int rightShift, bool isSubtraction) =>
        AddNode(new(left, leftShift, default), new(right, rightShift, default), isSubtraction);

    /// <summary>Bits of a sum or difference of two variables, the second shifted: how much an adder for them costs.</summary>
    public int WidthOf(int left, int right, int shift)
    {
        var (a, b) = (_variables[left], _variables[right]);
        var bound = BigInteger.Max(BigInteger.Abs(a.Low), BigInteger.Abs(a.High)) + (BigInteger.Max(BigInteger.Abs(b.Low), BigInteger.Abs(b.High)) << shift);
        return Math.Max(1, (int)bound.GetBitLength() + 1 - shift);
    }

    /// <summary>The sum of the terms and the constant.</summary>
    public AdderOutput Sum(IEnumerable<(int Variable, int Shift, int Sign)> terms, BigInteger constant)
    {
        var open = new PriorityQueue<Part, (int Arrival, int Top, int Order)>();
        var order = 0;
        foreach (var (variable, shift, sign) in terms)
            Push(new(new(variable, shift, default), sign, _variables[variable].Low << shift, _variables[variable].High << shift, _variables[variable].Arrival));
        if (!constant.IsZero)
            Push(new(new(AdderOperand.ConstantSource, 0, constant), 1, constant, constant, 0));
        while (true)
        {
            var first = open.Dequeue();
            if (open.Count == 0)
                return new(first.Operand, first.Sign < 0);
            Push(Combine(first, open.Dequeue()));
        }

        void Push(Part part) => open.Enqueue(part, (part.Arrival, part.Top, order++));
    }

    private Part Combine(Part a, Part b)
    {
        // The part that lies lower comes first, so that its low bits are copied.
        if (a.Sign == b.Sign ? ShiftOf(a) > ShiftOf(b) : a.Sign < 0)
            (a, b) = (b, a);
        var shift = Math.Min(ShiftOf(a), ShiftOf(b));
        var isSubtraction = a.Sign != b.Sign;
        var variable = AddNode(Lower(a.Operand, shift), Lower(b.Operand, shift), isSubtraction);
        var (low, high, arrival) = _variables[variable];
        return new(new(variable, shift, default), a.Sign, low << shift, high << shift, arrival);
    }

    private static int ShiftOf(Part part) =>
        part.Operand.Source == AdderOperand.ConstantSource ? TrailingZeros(part.Operand.Value) : part.Operand.Shift;

    private static AdderOperand Lower(AdderOperand operand, int shift) => operand.Source == AdderOperand.ConstantSource
        ? operand with { Value = operand.Value >> TrailingZeros(operand.Value), Shift = TrailingZeros(operand.Value) - shift }
        : operand with { Shift = operand.Shift - shift };

    private static int TrailingZeros(BigInteger value)
    {
        var zeros = 0;
        for (; value.IsEven; value >>= 1)
            zeros++;
        return zeros;
    }

    private int AddNode(AdderOperand left, AdderOperand right, bool isSubtraction)
    {
        var (a, b) = (RangeOf(left), RangeOf(right));
        var (low, high) = isSubtraction ? (a.Low - b.High, a.High - b.Low) : (a.Low + b.Low, a.High + b.High);
        Nodes.Add(new(left, right, isSubtraction));
        _variables.Add((low, high, Math.Max(a.Arrival, b.Arrival) + DelayModel.AdderDelay));
        return _inputs + Nodes.Count - 1;
    }

    private (BigInteger Low, BigInteger High, int Arrival) RangeOf(AdderOperand operand)
    {
        if (operand.Source == AdderOperand.ConstantSource)
            return (operand.Value << operand.Shift, operand.Value << operand.Shift, 0);
        var (low, high, arrival) = _variables[operand.Source];
        return (low << operand.Shift, high << operand.Shift, arrival);
    }
}
