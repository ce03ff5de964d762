using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Primitives;

/// <summary>The order in which two numbers stand.</summary>
public enum Comparison
{
    Less,
    LessOrEqual,
    Equal,
}

/// <summary>
/// The closed set of primitives, one method each. An interpretation (reals, fixed point, intervals, C++ text, bits, costs) is one
/// class that implements it; a new primitive then fails to compile in exactly those classes. Everything is exact except
/// <see cref="Cast"/>, <see cref="Divide"/> and <see cref="Lookup"/>.
/// </summary>
/// <typeparam name="T">What a number is in this interpretation.</typeparam>
public interface IAlgebra<T>
{
    /// <summary>A number that is the same for every event.</summary>
    T Literal(Dyadic value);

    T Add(T left, T right);

    T Subtract(T left, T right);

    T Multiply(T left, T right);

    /// <summary>operand · operand, which is never negative.</summary>
    T Square(T operand);

    /// <summary>left / right, kept to <paramref name="fraction"/> bits right of the binary point and truncated toward zero.</summary>
    T Divide(T left, T right, int fraction);

    T Minimum(T left, T right);

    T Maximum(T left, T right);

    /// <summary>1 if the comparison holds, else 0.</summary>
    T Compare(Comparison comparison, T left, T right);

    /// <summary><paramref name="then"/> where the condition is 1, <paramref name="otherwise"/> where it is 0.</summary>
    T Select(T condition, T then, T otherwise);

    /// <summary>operand · 2^power: only the binary point moves.</summary>
    T Shift(T operand, int power);

    T Cast(T operand, Quantizer quantizer);

    /// <summary>The function's value; in hardware an entry of the table, addressed by the operand's bits.</summary>
    T Lookup(T operand, Table table);

    /// <summary>The exact sum of the terms, in any order; 0 if there are none.</summary>
    T Sum(IReadOnlyList<T> terms);
}
