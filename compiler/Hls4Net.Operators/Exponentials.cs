using System.Numerics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators;

/// <summary>
/// How e^−d is computed for the distance d ≥ 0 of an element from the largest of its group: by one table, or as the product of two, of the
/// high bits of d and of the low ones. Decision 9 derives the errors.
/// </summary>
/// <param name="Distance">The type of d, which saturates where e^−d is below a quarter of the exponential's unit.</param>
/// <param name="IsRounded">Whether that type has fewer fraction bits than the elements.</param>
/// <param name="High">The table of the high bits.</param>
/// <param name="Low">The table of the low bits; null if the high bits are all.</param>
/// <param name="Fraction">Fraction bits of the exponential.</param>
public sealed record ExponentialTypes(FixedType Distance, bool IsRounded, Table High, Table? Low, int Fraction)
{
    /// <summary>Distances of at most this many bits address one table.</summary>
    private const int OneTable = 8;

    /// <summary>e^(−u/2) at u = 2d; d itself is not negative, so that no bit of the address is lost to its sign.</summary>
    internal static RealFunction Function { get; } = new("exp_minus_half", []);

    /// <summary>Chooses the types.</summary>
    /// <param name="x">What the elements can be.</param>
    /// <param name="distance">Fraction bits of the distance that are enough.</param>
    /// <param name="fraction">Fraction bits of an exponential.</param>
    public static ExponentialTypes Choose(Interval x, int distance, int fraction)
    {
        var needed = Math.Max(0, (int)(x.High - x.Low).GetBitLength() - x.Fraction);
        // e^−d is below 2^−(fraction + 2) from here on.
        var enough = (int)Math.Ceiling(Math.Log2((fraction + 2) * Math.Log(2) + 1));
        var integer = Math.Min(needed, enough);
        var kept = Math.Max(Math.Min(distance, x.Fraction), 1 - integer);
        var type = new FixedType(false, integer + kept, integer);
        if (type.Width <= OneTable)
            return new(type, kept < x.Fraction, TableOf(type, fraction), null, fraction);
        var coarse = (type.Width + 1) / 2;
        var (high, low) = (new FixedType(false, coarse, integer), new FixedType(false, type.Width - coarse, integer - coarse));
        return new(type, kept < x.Fraction, TableOf(high, fraction + 2), TableOf(low, fraction + 2), fraction);
    }

    /// <summary>No exponential is farther than this from that of the distance that it was computed for, saturated or not.</summary>
    public double ErrorBound
    {
        get
        {
            var unit = Math.ScaleB(1, -Fraction);
            // Two entries to an eighth of the unit, of factors that are at most 1, and their product rounded to half a unit.
            return (Low is null ? 0.5 : 0.75) * unit + unit / 4;
        }
    }

    /// <summary>By how much a distance is rounded.</summary>
    public double RoundingOfDistance => IsRounded ? Math.ScaleB(1, -Distance.Fraction - 1) : 0;

    /// <summary>The smallest k with count ≤ 2^k.</summary>
    internal static int BitsFor(int count) => count <= 1 ? 0 : BitOperations.Log2((uint)(count - 1)) + 1;

    private static Table TableOf(FixedType distance, int fraction) => new(Function, TableData.Of(Function,
        distance with { Integer = distance.Integer + 1 }, new(new FixedType(false, fraction + 1, 1), Rounding.RndConv, Overflow.Sat)));
}

/// <summary>
/// What softmax and its kin share: the exponentials of the distances from the largest element of a group, of which the largest is 1, so that
/// nothing overflows and the sum of n lies between 1 and n.
/// </summary>
internal static class Exponentials
{
    /// <summary>The largest element of each group.</summary>
    public static TensorHandle Largest(Definition definition, TensorHandle x, Seq<int> axes) =>
        definition.Temporary("largest", ReducedAxes.Shape(x.Shape, axes, keep: true), (b, i) =>
            b.Max(ReducedAxes.Extents(x.Shape, axes), (t, r) => t.At(x, ReducedAxes.Element(x.Shape, axes, keep: true, i, r))));

    /// <summary>e to the power of each element less the largest of its group.</summary>
    public static TensorHandle Of(Definition definition, TensorHandle x, TensorHandle largest, Seq<int> axes, ExponentialTypes? types) =>
        definition.Temporary("exponential", x.Shape, (b, i) =>
        {
            var distance = b.At(largest, ReducedAxes.Group(axes, i)) - b.At(x, i);
            return types is null ? distance.Shift(1).Lookup(new Table(ExponentialTypes.Function, null)) : Typed(distance, types);
        });

    /// <summary>The sum of each group's exponentials; the largest alone is 1, which intervals do not know.</summary>
    public static Term Sum(BlockBuilder block, TensorHandle exponentials, Seq<int> axes, Affine[] group) =>
        block.Sum(ReducedAxes.Extents(exponentials.Shape, axes),
            (t, r) => t.At(exponentials, ReducedAxes.Element(exponentials.Shape, axes, keep: true, group, r))).Max(block.Literal(Dyadic.One));

    private static Term Typed(Term distance, ExponentialTypes types)
    {
        distance = distance.Cast(new(types.Distance, Rounding.Rnd, Overflow.Sat));
        if (types.Low is null)
            return distance.Shift(1).Lookup(types.High);
        // e^−d = e^−high · e^−low, where high are the top bits. In real numbers nothing is cut off: high is d, and low is 0.
        var high = distance.Cast(Part(types.High));
        var low = (distance - high).Cast(Part(types.Low));
        var result = new Quantizer(new FixedType(false, types.Fraction + 1, 1), Rounding.Rnd, Overflow.Sat);
        return (high.Shift(1).Lookup(types.High) * low.Shift(1).Lookup(types.Low)).Cast(result);
    }

    private static Quantizer Part(Table table)
    {
        var type = table.Data!.Input;
        return new(type with { Integer = type.Integer - 1 }, Rounding.Trn, Overflow.Wrap);
    }
}
