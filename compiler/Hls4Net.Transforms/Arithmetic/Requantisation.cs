using System.Numerics;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>What stands for n · Ratio + Shift, n a whole number, in front of a rounding.</summary>
/// <param name="Multiplier">In place of the ratio.</param>
/// <param name="Offset">In place of the shift.</param>
public readonly record struct LinearStep(Dyadic Multiplier, Dyadic Offset);

/// <summary>
/// Rounds n · M + B, M and B rational, for every whole n of an interval as the exact number is rounded, with dyadic M′ and B′. A number
/// rounds like another if no boundary (a tie, or an integer where the mode is directed) lies between them. Of all n only the two next to each
/// boundary matter, because the sum is monotone in n: their distances from it are computed exactly, and M′ and B′ are the shortest numbers
/// that stay closer than the least of these distances. Where n · M + B lies on a boundary itself, the rounding has to know: see
/// <see cref="Requantize"/>.
/// </summary>
public sealed class Requantisation
{
    /// <summary>More boundaries than this are not looked at one by one; then the common denominator bounds their distances.</summary>
    private const int MostBoundaries = 1 << 17;

    private readonly QuantCode _code;
    private readonly BigInteger _low;
    private readonly BigInteger _high;

    /// <param name="code">The rounding and the range of the integers.</param>
    /// <param name="low">The least n.</param>
    /// <param name="high">The largest n.</param>
    public Requantisation(QuantCode code, BigInteger low, BigInteger high) => (_code, _low, _high) = (code, low, high);

    /// <summary>The steps for several sums that are rounded by one operator.</summary>
    /// <param name="sums">Ratio and shift of each.</param>
    /// <returns>The steps, the code to round with, and its slack.</returns>
    public (IReadOnlyList<LinearStep> Steps, QuantCode Code, Dyadic Slack) Solve(IReadOnlyList<(Rational Ratio, Rational Shift)> sums)
    {
        var isExact = sums.All(s => s.Ratio.IsPowerOfTwo && s.Shift.IsDyadic);
        if (isExact)
            return (Exactly(sums), _code, Dyadic.Zero);
        var reaches = sums.Select(s => ReachOf(s.Ratio, s.Shift)).ToArray();
        if (reaches.All(r => !r.Hits))
        {
            // To nearest without ties is half a unit more and down, which costs least.
            var code = _code.IsToNearest ? _code with { Rounding = Rounding.Trn } : _code;
            var half = _code.IsToNearest ? new Rational(1, 2) : Rational.Zero;
            return ([.. sums.Select((s, k) => Shortest(s.Ratio, s.Shift + half, reaches[k].Gap, reaches[k].Farthest))], code, Dyadic.Zero);
        }
        if (sums.All(s => s.Ratio.IsDyadic && s.Shift.IsDyadic && BigInteger.Abs(s.Ratio.Numerator).GetBitLength() <= 24))
            return (Exactly(sums), _code, Dyadic.Zero);
        var slack = PowerBelow(reaches.Min(r => r.Gap) * new Rational(1, 2));
        return ([.. sums.Select((s, k) => Shortest(s.Ratio, s.Shift, slack, reaches[k].Farthest))], _code, slack.ToDyadic());
    }

    private static LinearStep[] Exactly(IReadOnlyList<(Rational Ratio, Rational Shift)> sums) =>
        [.. sums.Select(s => new LinearStep(s.Ratio.ToDyadic(), s.Shift.ToDyadic()))];

    /// <summary>Numbers closer than the budget for all n that matter, three quarters of it for the ratio.</summary>
    private static LinearStep Shortest(Rational ratio, Rational shift, Rational budget, BigInteger farthest)
    {
        var forRatio = budget * new Rational(3, 4 * BigInteger.Max(BigInteger.One, farthest));
        // A multiplier of the other sign would not be monotone the same way.
        var (low, high) = (ratio - forRatio, ratio + forRatio);
        low = ratio.Sign >= 0 && low.Sign < 0 ? Rational.Zero : low;
        high = ratio.Sign <= 0 && high.Sign > 0 ? Rational.Zero : high;
        var forShift = budget * new Rational(3, 16);
        return new(ShortestBetween(low, high, ratio), ShortestBetween(shift - forShift, shift + forShift, shift));
    }

    /// <summary>The dyadic number with the fewest fraction bits between two numbers; of several, one next to <paramref name="near"/>.</summary>
    private static Dyadic ShortestBetween(Rational low, Rational high, Rational near)
    {
        if (low.Sign <= 0 && high.Sign >= 0)
            return Dyadic.Zero;
        var largest = low.Sign > 0 ? high : -low;
        // At this many fraction bits the larger end is still less than one unit.
        for (var fraction = (int)(largest.Denominator.GetBitLength() - largest.Numerator.GetBitLength()) - 2; ; fraction++)
        {
            var first = -(-low.Scale(fraction)).Floor;
            var last = high.Scale(fraction).Floor;
            if (first > last)
                continue;
            var nearest = (near.Scale(fraction) + new Rational(1, 2)).Floor;
            return new(BigInteger.Max(first, BigInteger.Min(last, nearest)), -fraction);
        }
    }

    /// <summary>The largest power of two that is not above a positive number.</summary>
    private static Rational PowerBelow(Rational value)
    {
        var power = (int)(value.Numerator.GetBitLength() - value.Denominator.GetBitLength());
        return Rational.One.Scale(power) <= value ? Rational.One.Scale(power) : Rational.One.Scale(power - 1);
    }

    /// <summary>
    /// The least distance from a boundary that is not zero, the n farthest from zero that is next to a boundary, and whether a sum lies on one.
    /// </summary>
    private (Rational Gap, BigInteger Farthest, bool Hits) ReachOf(Rational ratio, Rational shift)
    {
        // With a common denominator d: n · M + B = (n · m + b) / d, and a boundary is h / 2.
        var d = ratio.Denominator / BigInteger.GreatestCommonDivisor(ratio.Denominator, shift.Denominator) * shift.Denominator;
        var (m, b) = (2 * ratio.Numerator * (d / ratio.Denominator), 2 * shift.Numerator * (d / shift.Denominator));
        // The integers above and below the range are boundaries of the modes that round toward or away from zero.
        var (first, last) = _code.IsToNearest ? (2 * _code.Lowest + 1, 2 * _code.Highest - 1) : (2 * _code.Lowest - 2, 2 * _code.Highest + 2);
        var (least, most) = m.Sign >= 0 ? (_low * m + b, _high * m + b) : (_high * m + b, _low * m + b);
        first = BigInteger.Max(first, first + 2 * FloorDivide(FloorDivide(least, d) - 2 - first, 2));
        last = BigInteger.Min(last, FloorDivide(most, d) + 4);
        if (last - first > 2 * MostBoundaries)
            return (new Rational(1, 2 * d), BigInteger.Max(BigInteger.Abs(_low), BigInteger.Abs(_high)), true);
        var (gap, farthest, hits) = (BigInteger.Zero, BigInteger.Zero, false);
        for (var h = first; h <= last; h += 2)
        {
            var n = m.IsZero ? BigInteger.Zero : FloorDivide(h * d - b, m);
            for (var k = -1; k <= 2; k++)
            {
                var candidate = BigInteger.Min(_high, BigInteger.Max(_low, n + k));
                var distance = BigInteger.Abs(candidate * m + b - h * d);
                farthest = BigInteger.Max(farthest, BigInteger.Abs(candidate));
                hits |= distance.IsZero;
                if (!distance.IsZero && (gap.IsZero || distance < gap))
                    gap = distance;
            }
        }
        return (gap.IsZero ? Rational.One : new Rational(gap, 2 * d), farthest, hits);
    }

    private static BigInteger FloorDivide(BigInteger a, BigInteger b)
    {
        var quotient = BigInteger.DivRem(a, b, out var rest);
        return !rest.IsZero && rest.Sign != b.Sign ? quotient - 1 : quotient;
    }
}
