using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Primitives;

/// <summary>How a function's values at all operands follow from those that are stored.</summary>
public enum Folding
{
    /// <summary>They are stored.</summary>
    None,

    /// <summary>f(−x) = −f(x): stored for x ≥ 0.</summary>
    Odd,

    /// <summary>f(−x) = f(x): stored for x ≥ 0.</summary>
    Even,

    /// <summary>f(−x) = 1 − f(x): stored for x ≥ 0.</summary>
    Complement,

    /// <summary>f(x) = x + f(−x): stored for x ≤ 0; the linear part is not.</summary>
    Ramp,

    /// <summary>f(x) = x above 0: stored for x ≤ 0.</summary>
    Rectifier,
}

/// <summary>
/// A table of which only the part is stored from which the rest follows, in pieces that each resolve the operand as finely as the function
/// needs there. <see cref="Expand"/> says what it means in primitives; ranges and errors are found from its steps.
/// </summary>
/// <param name="Input">Type of the operand; it must be exactly this one, of any width.</param>
/// <param name="Output">Type of the result; finer than the entries where an operand is added to them.</param>
/// <param name="Folding">What is not stored.</param>
/// <param name="Pieces">In ascending order; the first stands for all that is before it as well, the last for all that follows.</param>
/// <param name="Bound">How far a result is from the function at most, in units of the last place of the entries, for the operands that the table
/// was made for.</param>
public sealed record FoldedTable(FixedType Input, FixedType Output, Folding Folding, Seq<TablePiece> Pieces, Dyadic Bound)
{
    /// <summary>Fraction bits of the entries, in units of whose last place <see cref="Bound"/> is.</summary>
    public int Fraction => Pieces[0].Data.Output.Fraction;

    /// <summary>How many entries are stored.</summary>
    public int Entries => Pieces.Sum(p => p.Data.Entries.Count);

    /// <summary>How many bits are stored.</summary>
    public long Bits => Pieces.Sum(p => (long)p.Data.Entries.Count * (p.Data.Output.Width + (p.Thresholds?.Output.Width ?? 0)));

    /// <summary>Whether the stored part is that of operands up to zero, by their distance from it.</summary>
    private bool IsMirrored => Folding is Folding.Ramp or Folding.Rectifier;

    /// <summary>The operand of the function at a distance that addresses a piece.</summary>
    public Dyadic OperandAt(Dyadic distance) => IsMirrored ? -distance : distance;

    /// <summary>The table's meaning: the result for an operand, written in primitives.</summary>
    public T Expand<T>(IAlgebra<T> algebra, T operand, RealFunction function)
    {
        var zero = algebra.Literal(Dyadic.Zero);
        var distance = Folding switch
        {
            Folding.None => operand,
            Folding.Rectifier => algebra.Maximum(algebra.Subtract(zero, operand), zero),
            _ => algebra.Maximum(operand, algebra.Subtract(zero, operand)),
        };
        var stored = Piece(algebra, distance, Pieces[^1], function);
        for (var k = Pieces.Count - 2; k >= 0; k--)
        {
            var isBefore = algebra.Compare(Comparison.Less, distance, algebra.Literal(Pieces[k + 1].Start));
            stored = algebra.Select(isBefore, Piece(algebra, distance, Pieces[k], function), stored);
        }
        // The sum of the extremes of both summands may need a bit more than any result does.
        return algebra.Cast(Unfold(algebra, operand, stored, zero), new Quantizer(Output, Rounding.Trn, Overflow.Wrap));
    }

    private static T Piece<T>(IAlgebra<T> algebra, T distance, TablePiece piece, RealFunction function)
    {
        var offset = piece.Start.IsZero ? distance : algebra.Subtract(distance, algebra.Literal(piece.Start));
        return piece.Expand(algebra, offset, function);
    }

    private T Unfold<T>(IAlgebra<T> algebra, T operand, T stored, T zero) => Folding switch
    {
        Folding.Odd => algebra.Select(algebra.Compare(Comparison.Less, operand, zero), algebra.Subtract(zero, stored), stored),
        Folding.Complement => algebra.Select(algebra.Compare(Comparison.Less, operand, zero), algebra.Subtract(algebra.Literal(Dyadic.One), stored), stored),
        Folding.Ramp or Folding.Rectifier => algebra.Add(algebra.Maximum(operand, zero), stored),
        _ => stored,
    };

    /// <summary>What the table makes of the operands from one number to another, as constants and ramps in ascending order.</summary>
    internal IEnumerable<TableStep> Steps(Dyadic from, Dyadic to)
    {
        if (Folding == Folding.None)
            return Distances(from, to).Select(d => new TableStep(d.From, d.To, d.Value, false));
        var negative = from.Sign >= 0 ? [] : Distances(to.Sign < 0 ? -to : Unit, -from)
            .Select(d => new TableStep(-d.To, -d.From, Folding switch
            {
                Folding.Odd => -d.Value,
                Folding.Complement => Dyadic.One - d.Value,
                _ => d.Value,
            }, false));
        if (to.Sign < 0)
            return negative;
        var first = from.Sign < 0 ? Dyadic.Zero : from;
        var positive = Folding == Folding.Rectifier
            ? Distances(Dyadic.Zero, Dyadic.Zero).Select(d => new TableStep(first, to, d.Value, true))
            : Distances(first, to).Select(d => new TableStep(d.From, d.To, d.Value, Folding == Folding.Ramp));
        return negative.Reverse().Concat(positive);
    }

    private Dyadic Unit => new(1, -Input.Fraction);

    /// <summary>The entries for the distances from one to another, with the distances of the operand's grid that each stands for.</summary>
    private IEnumerable<(Dyadic From, Dyadic To, Dyadic Value)> Distances(Dyadic from, Dyadic to)
    {
        for (var k = 0; k < Pieces.Count; k++)
        {
            var piece = Pieces[k];
            var first = k == 0 ? from : Larger(from, piece.Start);
            var last = k == Pieces.Count - 1 ? to : Smaller(to, Pieces[k + 1].Start - Unit);
            for (var at = first; at <= last;)
            {
                var (lastOf, value) = piece.StepAt(at, Input.Fraction);
                var end = Smaller(last, lastOf ?? last);
                yield return (at, end, value);
                at = end + Unit;
            }
        }
    }

    private static Dyadic Smaller(Dyadic a, Dyadic b) => a <= b ? a : b;

    private static Dyadic Larger(Dyadic a, Dyadic b) => a >= b ? a : b;
}

/// <summary>Operands for which a table gives a constant, or their own value if that is positive and a constant.</summary>
internal readonly record struct TableStep(Dyadic From, Dyadic To, Dyadic Value, bool IsRamp)
{
    public Dyadic Least => IsRamp ? From + Value : Value;

    public Dyadic Most => IsRamp ? To + Value : Value;
}
