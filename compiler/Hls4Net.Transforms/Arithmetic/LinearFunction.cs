using System.Numerics;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>Constant + Σ Factor · input, exactly: the inputs ascending, each once, with factors that are not zero.</summary>
public sealed record LinearFunction(IReadOnlyList<(int Input, BigInteger Factor)> Terms, BigInteger Constant)
{
    public static LinearFunction Of(BigInteger constant) => new([], constant);

    public static LinearFunction OfInput(int input) => new([(input, BigInteger.One)], BigInteger.Zero);

    /// <summary>The function and a number.</summary>
    public LinearFunction Plus(BigInteger constant) => constant.IsZero ? this : this with { Constant = Constant + constant };

    /// <summary>The function times a number that is not zero.</summary>
    public LinearFunction Times(BigInteger factor) => factor.IsOne
        ? this
        : new([.. Terms.Select(t => (t.Input, t.Factor * factor))], Constant * factor);

    public static LinearFunction operator +(LinearFunction left, LinearFunction right)
    {
        var terms = new List<(int Input, BigInteger Factor)>(left.Terms.Count + right.Terms.Count);
        var (i, j) = (0, 0);
        while (i < left.Terms.Count || j < right.Terms.Count)
        {
            var a = i < left.Terms.Count ? left.Terms[i].Input : int.MaxValue;
            var b = j < right.Terms.Count ? right.Terms[j].Input : int.MaxValue;
            var factor = BigInteger.Zero;
            if (a <= b)
                factor += left.Terms[i++].Factor;
            if (b <= a)
                factor += right.Terms[j++].Factor;
            if (!factor.IsZero)
                terms.Add((Math.Min(a, b), factor));
        }
        return new(terms, left.Constant + right.Constant);
    }

    /// <summary>The exact range, for inputs that can be anything between their ends.</summary>
    public (BigInteger Low, BigInteger High) RangeOver(LinearProblem problem)
    {
        var (low, high) = (Constant, Constant);
        foreach (var (input, factor) in Terms)
        {
            var (a, b) = (problem.Inputs[input].Low * factor, problem.Inputs[input].High * factor);
            low += BigInteger.Min(a, b);
            high += BigInteger.Max(a, b);
        }
        return (low, high);
    }

    /// <summary>Whether both have the same factors; the constants may differ.</summary>
    public bool IsParallelTo(IReadOnlyList<(int Input, BigInteger Factor)> terms) => Terms.SequenceEqual(terms);
}
