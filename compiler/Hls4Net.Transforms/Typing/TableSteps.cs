using System.Numerics;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Transforms.Typing;

/// <summary>The result of an address: before its threshold, and from it on.</summary>
/// <param name="Threshold">The first of the address's operands with the second result; 0 if all have it.</param>
internal readonly record struct TableStepOf(BigInteger Before, BigInteger After, BigInteger Threshold);

/// <summary>
/// Finds where the correctly rounded results of the operands that share an address step by one unit. Float64 proposes a place; exact
/// entries on both sides of it, and that the function is monotone there, prove it.
/// </summary>
/// <param name="function">What the table holds.</param>
/// <param name="entryAt">The correctly rounded entry of a distance.</param>
/// <param name="operandAt">The function's operand at a distance.</param>
/// <param name="stored">How entries are rounded.</param>
internal sealed class TableSteps(RealFunction function, Func<BigInteger, BigInteger> entryAt, Func<BigInteger, Dyadic> operandAt, Quantizer stored)
{
    /// <summary>The steps of addresses of 2^drop distances each, or null if one has more than one step or a larger one.</summary>
    public TableStepOf[]? Of(BigInteger start, long count, int drop, BigInteger last)
    {
        var steps = new TableStepOf[count];
        for (var code = 0L; code < count; code++)
        {
            var first = start + ((BigInteger)code << drop);
            if (first > last)
            {
                // No operand is here, or all have the last entry.
                Array.Fill(steps, new(steps[code - 1].After, steps[code - 1].After, 0), (int)code, (int)(count - code));
                break;
            }
            if (Of(first, BigInteger.Min(last, first + (BigInteger.One << drop) - 1)) is not { } step)
                return null;
            steps[code] = step;
        }
        return steps;
    }

    private TableStepOf? Of(BigInteger first, BigInteger last)
    {
        var (before, after) = (entryAt(first), entryAt(last));
        var (a, b) = (operandAt(first), operandAt(last));
        var (low, high) = a <= b ? (a, b) : (b, a);
        if (!RealFunctions.IsMonotone(function, low, high))
            return before == after && IsConstant(low, high, before) ? new(before, after, 0) : null;
        if (before == after)
            return new(before, after, 0);
        return BigInteger.Abs(after - before).IsOne ? new(before, after, FirstOf(after, before, first, last) - first) : null;
    }

    private bool IsConstant(Dyadic low, Dyadic high, BigInteger entry)
    {
        var (least, most) = RealFunctions.Range(function, low, high);
        return double.IsFinite(least) && double.IsFinite(most) && Casting.Cast(Dyadic.FromDouble(least), stored) == entry && Casting.Cast(Dyadic.FromDouble(most), stored) == entry;
    }

    /// <summary>The first distance of (first, last] with the entry of the last one.</summary>
    private BigInteger FirstOf(BigInteger after, BigInteger before, BigInteger first, BigInteger last)
    {
        var boundary = stored.Rounding is Rounding.Trn ? (double)BigInteger.Max(after, before) : ((double)after + (double)before) / 2;
        var value = Math.ScaleB(boundary, -stored.Type.Fraction);
        var guess = Search(first, last, d => (RealFunctions.Evaluate(function, operandAt(d).ToDouble()) >= value) == (after > before));
        // The guess is right but for the last bits of float64.
        if (entryAt(guess) == after && (guess == first || entryAt(guess - 1) == before))
            return guess;
        return Search(first, last, d => entryAt(d) == after);
    }

    private static BigInteger Search(BigInteger low, BigInteger high, Func<BigInteger, bool> holds)
    {
        while (low < high)
        {
            var middle = (low + high) >> 1;
            (low, high) = holds(middle) ? (low, middle) : (middle + 1, high);
        }
        return low;
    }
}
