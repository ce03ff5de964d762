using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Operators;

/// <summary>What elements are divided by.</summary>
public enum Spread
{
    /// <summary>The standard deviation √(E[(x − E x)²] + ε), after the mean was subtracted.</summary>
    Deviation,

    /// <summary>The root of the mean square √(E[x²] + ε).</summary>
    MeanSquare,

    /// <summary>The Euclidean length √(Σ x² + ε).</summary>
    Length,
}

/// <summary>The types inside a division by a spread. With n elements, everything is multiplied by n so that nothing is divided early.</summary>
/// <param name="Grid">Fraction bits of the sum of squares with ε.</param>
/// <param name="Smallest">That sum is not below this.</param>
/// <param name="Exponents">Where it lies.</param>
/// <param name="Root">The tables of the reciprocal root of its mantissa.</param>
/// <param name="Factor">The type of the reciprocal root.</param>
/// <param name="Result">The type of the result and the way into it.</param>
/// <param name="ErrorBound">No result is farther than this from the real one; null if its type does not hold every value.</param>
public sealed record SpreadTypes(
    int Grid, Dyadic Smallest, ExponentRange Exponents, Interpolation Root, FixedType Factor, Quantizer Result, Dyadic? ErrorBound);

/// <summary>
/// Elements divided by the spread of their group. Exact up to the reciprocal root: with n elements, n·x − Σx and n·Σx² − (Σx)² + n²ε are
/// integers on the grid of the input, so that a small variance is as accurate as a large one; its reciprocal root comes from a mantissa
/// between 1 and 4 and is shifted back. A group without any spread gives 0.
/// </summary>
/// <param name="Axes">The dimensions of a group, ascending.</param>
/// <param name="By">What elements are divided by.</param>
/// <param name="Epsilon">ε, not negative.</param>
/// <param name="IsInverse">True for the reciprocal of the spread itself, one for each group, instead of the elements.</param>
/// <param name="Types">Null before types are chosen.</param>
public sealed record Standardise(Seq<int> Axes, Spread By, Dyadic Epsilon, bool IsInverse = false, SpreadTypes? Types = null) : Operator
{
    /// <summary>Results keep this many bits at least, however large they are.</summary>
    private const int SignificantBits = 17;

    /// <summary>Bits of ε n² that are kept.</summary>
    private const int EpsilonBits = 16;

    /// <summary>Before types are chosen, a spread of zero counts as this, which no type holds.</summary>
    private static readonly Dyadic Least = new(1, -200);

    public override bool Multiplies => true;

    public override Seq<Seq<int>> InferShapes(IReadOnlyList<Seq<int>?> inputs) =>
        [IsInverse ? ReducedAxes.Shape(inputs[0]!.Value, Axes, keep: true) : inputs[0]!.Value];

    public override Operator WithInnerTypes(InnerTyping typing)
    {
        var (x, shape) = (typing.Hull(0), typing.Shapes[0]!.Value);
        var count = Count(shape);
        var epsilon = Epsilon * count * count;
        var grid = Math.Max(0, 2 * x.Fraction);
        if (!epsilon.IsZero)
            grid = Math.Max(grid, EpsilonBits - epsilon.Magnitude);
        var unit = new Dyadic(1, -2 * x.Fraction);
        // Rounded to its grid ε may be a little smaller.
        var smallest = epsilon.IsZero ? unit : new Dyadic(Casting.Round(epsilon.Mantissa, -epsilon.Exponent - grid, Rounding.Trn), -grid);
        var elements = Shapes.Count(ReducedAxes.Extents(shape, Axes));
        var exponents = ExponentRange.Of(smallest, x.Largest * x.Largest * elements * count + epsilon + unit, 2);
        var largest = IsInverse ? new Dyadic(count, 0) * new Dyadic(1, -exponents.Least / 2) : RootOf(By == Spread.Length ? 1 : elements);
        var result = typing.Result ?? new Quantizer(
            LogSumTypes.TypeOf(IsInverse ? Dyadic.Zero : -largest, largest + Dyadic.One, typing.FractionBits), Rounding.Rnd, Overflow.Sat);
        var fraction = Math.Max(0, result.Type.Fraction);
        // What the factor is off by is multiplied by the largest element.
        var factor = IsInverse ? new Dyadic(count, 0) : (x.Maximum - x.Minimum) * count;
        var integer = -exponents.Least / 2 + 1;
        var type = new FixedType(false, Math.Max(fraction + 3 + factor.Magnitude + integer, 1), integer);
        var bits = Math.Min(fraction + Math.Max(0, largest.Magnitude) + 4, Math.Max(SignificantBits, fraction + 3));
        var root = Interpolation.ReciprocalRoot(bits);
        var isSafe = result.Type.Range.Contains(largest) && (IsInverse || result.Type.Range.Contains(-largest));
        // The mantissa's root is at least a half, so that its error is at most doubled as a part of the result; ε was cut off to its bits.
        var part = 2 * root.ErrorBound + (epsilon.IsZero ? 0 : Math.ScaleB(1, -EpsilonBits));
        var error = LogSumTypes.RoundingError(result) + largest.ToDouble() * part + factor.ToDouble() * Math.ScaleB(1, -type.Fraction);
        return this with { Types = new(grid, smallest, exponents, root, type, result, isSafe ? Dyadic.FromDouble(error) : null) };
    }

    public override void Define(Definition definition)
    {
        var x = definition.Input(0);
        var shape = ReducedAxes.Shape(x.Shape, Axes, keep: true);
        var (count, extents) = (Count(x.Shape), ReducedAxes.Extents(x.Shape, Axes));
        var sum = By == Spread.Deviation ? definition.Temporary("sum", shape, (b, i) => b.Sum(extents, (t, r) => Element(t, i, r))) : null;
        Func<BlockBuilder, Affine[], Term> inverse = (b, i) =>
        {
            var squares = b.Sum(extents, (t, r) =>
            {
                var element = Element(t, i, r);
                return element * element;
            }) * b.Literal(count);
            if (sum is not null)
            {
                var mean = b.At(sum, i);
                squares -= mean * mean;
            }
            return ReciprocalRoot(b, squares, Epsilon * count * count);
        };
        if (IsInverse)
        {
            State(definition.Output(0, shape, (b, i) => Finish(inverse(b, i) * b.Literal(count))));
            return;
        }
        var factor = definition.Temporary("inverse", shape, inverse);
        State(definition.Output(0, x.Shape, (b, i) =>
        {
            var group = ReducedAxes.Group(Axes, i);
            var element = b.At(x, i) * b.Literal(count);
            return Finish((sum is null ? element : element - b.At(sum, group)) * b.At(factor, group));
        }));

        void State(TensorHandle result) => definition.State(result, Types?.ErrorBound?.ToDouble());

        Term Element(BlockBuilder t, Affine[] i, Affine[] r) => t.At(x, ReducedAxes.Element(x.Shape, Axes, keep: true, i, r));
    }

    private Term Finish(Term result) => Types is null ? result : result.Cast(Types.Result);

    private Term ReciprocalRoot(BlockBuilder block, Term squares, Dyadic epsilon)
    {
        if (Types is not { } types)
            return (squares + block.Literal(epsilon)).Max(block.Literal(Least)).Lookup(new Table(new RealFunction("reciprocal_sqrt", []), null));
        if (!epsilon.IsZero)
        {
            var integer = Math.Max(0, epsilon.Magnitude + 1);
            squares += block.Literal(epsilon).Cast(new(new FixedType(false, types.Grid + integer, integer), Rounding.Trn, Overflow.Sat));
        }
        // The squares are never negative, which intervals do not see in their difference.
        var total = squares.Max(block.Literal(types.Smallest));
        var mantissa = new Mantissa(block, total, types.Grid, types.Exponents, types.Root.Fine);
        return mantissa.Scale(types.Root.Apply(mantissa.Value), -1).Cast(new(types.Factor, Rounding.Trn, Overflow.Wrap));
    }

    /// <summary>What everything is multiplied by.</summary>
    private int Count(Seq<int> shape) => By == Spread.Length ? 1 : Shapes.Count(ReducedAxes.Extents(shape, Axes));

    /// <summary>A number not below the root.</summary>
    private static Dyadic RootOf(int count) => (int)Math.Ceiling(Math.Sqrt(count));
}
