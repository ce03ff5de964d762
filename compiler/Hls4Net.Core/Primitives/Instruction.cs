using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Primitives;

/// <summary>
/// Offset + Σ Coefficients[k] · index[k] over the loop indices: first the output dimensions of the kernel, outermost first, then the
/// dimensions of the reductions around the instruction. Missing coefficients are 0.
/// </summary>
public sealed record Affine(int Offset, Seq<int> Coefficients)
{
    public static Affine Constant(int offset) => new(offset, []);

    /// <summary>The loop index of the given position.</summary>
    public static Affine Index(int position)
    {
        var coefficients = new int[position + 1];
        coefficients[position] = 1;
        return new(0, Seq.Own(coefficients));
    }

    public static Affine operator +(Affine a, Affine b) => Combine(a, b, 1);

    public static Affine operator -(Affine a, Affine b) => Combine(a, b, -1);

    public static Affine operator *(Affine a, int factor) => new(a.Offset * factor, a.Coefficients.Select(c => c * factor).ToSeq());

    public static implicit operator Affine(int offset) => Constant(offset);

    public int Evaluate(ReadOnlySpan<int> indices)
    {
        var result = Offset;
        var coefficients = Coefficients.Span;
        for (var k = 0; k < coefficients.Length; k++)
            result += coefficients[k] * indices[k];
        return result;
    }

    public bool DependsOn(int position) => position < Coefficients.Count && Coefficients[position] != 0;

    private static Affine Combine(Affine a, Affine b, int sign)
    {
        var coefficients = new int[Math.Max(a.Coefficients.Count, b.Coefficients.Count)];
        for (var k = 0; k < coefficients.Length; k++)
            coefficients[k] = At(a, k) + sign * At(b, k);
        return new(a.Offset + sign * b.Offset, Seq.Own(coefficients));

        static int At(Affine x, int k) => k < x.Coefficients.Count ? x.Coefficients[k] : 0;
    }
}

/// <summary>A term of a reduction is skipped unless 0 ≤ Coordinate &lt; Extent: how padding is said without values for it.</summary>
public sealed record Guard(Affine Coordinate, int Extent);

/// <summary>How the terms of a reduction are combined.</summary>
public enum Reduction
{
    Sum,
    Maximum,
    Minimum,
}

/// <summary>A flat list in single-assignment form: an operand is the index of an earlier instruction; the last one is the result.</summary>
public sealed record Block(Seq<Instruction> Instructions);

/// <summary>One step of a block. The family is closed: <see cref="IAlgebra{T}"/> has one method for each that computes.</summary>
public abstract record Instruction;

/// <summary>An element of an input tensor, by its linear row-major position. Constants are inputs as well.</summary>
public sealed record Load(int Input, Affine Element) : Instruction;

/// <summary>A number written in the kernel.</summary>
public sealed record Literal(Dyadic Value) : Instruction;

/// <summary>The value of loop indices, as a number.</summary>
public sealed record IndexValue(Affine Value) : Instruction;

public sealed record Add(int Left, int Right) : Instruction;

public sealed record Subtract(int Left, int Right) : Instruction;

public sealed record Multiply(int Left, int Right) : Instruction;

public sealed record Square(int Operand) : Instruction;

/// <summary>Left / Right at Fraction bits right of the point, truncated toward zero.</summary>
public sealed record Divide(int Left, int Right, int Fraction) : Instruction;

public sealed record Minimum(int Left, int Right) : Instruction;

public sealed record Maximum(int Left, int Right) : Instruction;

public sealed record Compare(Comparison Comparison, int Left, int Right) : Instruction;

public sealed record Select(int Condition, int Then, int Otherwise) : Instruction;

/// <summary>Operand · 2^Power.</summary>
public sealed record Shift(int Operand, int Power) : Instruction;

public sealed record Cast(int Operand, Quantizer Quantizer) : Instruction;

public sealed record Lookup(int Operand, Table Table) : Instruction;

/// <summary>
/// Combines the values of Term over all indices of Extents in ascending row-major order, leaving out those that a guard excludes.
/// Term sees the outer loop indices followed by those of Extents, and no outer instruction.
/// </summary>
/// <param name="Accumulator">
/// Null for an exact result in any order. With a type (sums only): each term is cast to it before it is added, and the sum is cast
/// to it after every addition, starting from the cast of Initial.
/// </param>
/// <param name="Initial">The instruction whose value is added first (sums only), or −1 for none.</param>
public sealed record Reduce(Reduction Reduction, Seq<int> Extents, Seq<Guard> Where, Block Term, Quantizer? Accumulator, int Initial) : Instruction;
