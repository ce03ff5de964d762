using Hls4Net.Core.Netlists;

namespace Hls4Net.Transforms.Estimation;

internal sealed partial class LogicBuilder
{
    /// <summary>
    /// Left ± right. Low bits to which nothing is added are copies, high bits behind the signs of both are the sum's sign; what is between
    /// goes onto a carry chain.
    /// </summary>
    private int[] Sum(int[] left, int[] right, bool subtract)
    {
        var (low, width) = (0, left.Length);
        while (low < width && (right[low] == LogicGraph.False || (!subtract && left[low] == LogicGraph.False)))
            low++;
        var high = Math.Min(width, HighestPosition(left, right, subtract));
        var result = new int[width];
        for (var k = 0; k < Math.Min(low, width); k++)
            result[k] = right[k] == LogicGraph.False ? left[k] : right[k];
        if (low >= width)
            return result;
        high = Math.Max(high, low + 1);
        if (high - low < _rules.ShortestChain)
            Ripple(left, right, subtract, low, high).CopyTo(result, low);
        else
            Leaves(high - low).CopyTo(result, low);
        for (var k = high; k < width; k++)
            result[k] = IsNatural(left, k) && IsNatural(right, k) && !subtract ? LogicGraph.False : result[high - 1];
        if (high - low >= _rules.ShortestChain)
            _additions.Add(new(Graph.Layer, Graph.Kind, [new(left, false), new(right, subtract)], result) { Span = (low, high) });
        return result;
    }

    private static bool IsNatural(int[] bits, int from) => bits[from..].All(b => b == LogicGraph.False);

    /// <summary>One above the highest bit of a sum that is not a copy of the one below.</summary>
    private static int HighestPosition(int[] left, int[] right, bool subtract)
    {
        var both = Math.Max(SignedWidth(left), SignedWidth(right));
        var natural = !subtract && left[^1] == LogicGraph.False && right[^1] == LogicGraph.False;
        return natural ? both : both + 1;
    }

    /// <summary>The fewest bits, sign included, that the rest are copies of.</summary>
    private static int SignedWidth(int[] bits)
    {
        var width = bits.Length;
        while (width > 1 && bits[width - 2] == bits[width - 1])
            width--;
        return width;
    }

    /// <summary>A short sum in logic.</summary>
    private int[] Ripple(int[] left, int[] right, bool subtract, int low, int high)
    {
        var carry = subtract ? LogicGraph.True : LogicGraph.False;
        var bits = new int[high - low];
        for (var k = low; k < high; k++)
            (bits[k - low], carry) = Graph.Count3(left[k], subtract ? LogicGraph.Not(right[k]) : right[k], carry);
        return bits;
    }

    /// <summary>Sums of three rows, and products in logic: rows that are added all at once.</summary>
    private int[] SumOf(int width, IReadOnlyList<Term> terms)
    {
        var result = Leaves(width);
        _additions.Add(new(Graph.Layer, Graph.Kind, terms, result) { Span = (0, width) });
        return result;
    }

    private int[] SumOfThree(TernaryAdder cell, int[][] nets) => SumOf(nets[cell.First].Length,
        [new(nets[cell.First], false), new(nets[cell.Second], cell.Subtracted > 1), new(nets[cell.Third], cell.Subtracted > 0)]);

    /// <summary>1 if left is below right.</summary>
    private int Less(LessThan cell, Module module, int[][] nets)
    {
        var (left, right, signed) = (nets[cell.Left], nets[cell.Right], module.Nets[cell.Left].Signed);
        if (LessThanPower(left, right, signed) is { } simple)
            return simple;
        if (_rules.ComparisonInputs == 0)
            return LessBySubtraction(left, right, signed);
        var modules = _structures.Of(module);
        var (leftConstant, rightConstant) = (modules.LowestConstant(cell.Left), modules.LowestConstant(cell.Right));
        // Cut into groups of bits that fit into a look-up table: each says whether right is larger there, and whether both are equal.
        var (all, any) = (new List<int>(), new List<int>());
        var (equal, above, budget) = (LogicGraph.True, LogicGraph.False, _rules.ComparisonInputs);
        for (var k = left.Length - 1; k >= 0; k--)
        {
            // Where any bit from here on down is written as a constant, the tool counts one input less.
            var cost = (leftConstant > k ? 1 : 0) + (rightConstant > k ? 1 : 0);
            if (budget < cost)
            {
                all.Add(equal);
                any.Add(above);
                (equal, above, budget) = (LogicGraph.True, LogicGraph.False, _rules.ComparisonInputs);
            }
            var isSign = signed && k == left.Length - 1;
            var larger = isSign ? Graph.And(LogicGraph.Not(right[k]), left[k]) : Graph.And(right[k], LogicGraph.Not(left[k]));
            above = Graph.Or(above, Graph.And(equal, larger));
            equal = Graph.And(equal, LogicGraph.Not(Graph.Xor(left[k], right[k])));
            budget -= cost;
        }
        all.Add(equal);
        any.Add(above);
        all.Reverse();
        any.Reverse();
        if (all.Count < _rules.ShortestChain)
            return all.Zip(any).Aggregate(LogicGraph.False, (carry, group) => Graph.Or(group.Second, Graph.And(group.First, carry)));
        var result = Graph.Leaf();
        _blocks.Add(new Chain(Graph.Layer, [.. all.Zip(any, (p, g) => Graph.And(p, LogicGraph.Not(g)))], [.. any], [result >> 1]));
        return result;
    }

    /// <summary>Below 0 is a sign, and below a power of two is without higher bits: synthesis finds both; null for anything else.</summary>
    private int? LessThanPower(int[] left, int[] right, bool signed)
    {
        var ones = right.Count(b => b == LogicGraph.True);
        if (right.Any(b => b >> 1 != 0) || ones != (signed ? 0 : 1))
            return null;
        return signed ? left[^1] : LogicGraph.Not(Graph.Any(left.AsSpan(Array.IndexOf(right, LogicGraph.True))));
    }

    /// <summary>The borrow of a difference; of signed numbers with the signs exchanged.</summary>
    private int LessBySubtraction(int[] left, int[] right, bool signed)
    {
        if (signed)
            (left, right) = ([.. left[..^1], LogicGraph.Not(left[^1])], [.. right[..^1], LogicGraph.Not(right[^1])]);
        if (left.Length >= _rules.ShortestChain)
        {
            var result = Graph.Leaf();
            _blocks.Add(new Chain(Graph.Layer, right, left, [result >> 1]));
            return result;
        }
        var less = LogicGraph.False;
        for (var k = 0; k < left.Length; k++)
            less = Graph.Choose(Graph.Xor(left[k], right[k]), right[k], less);
        return less;
    }
}
