using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Primitives;

/// <summary>Trigonometric functions and their inverses.</summary>
internal static class CircularFunctions
{
    public static IEnumerable<KeyValuePair<string, FunctionDefinition>> All =>
    [
        new("sin", FunctionDefinition.Of(Math.Sin, Circular.Sin).Folded(Folding.Odd) with { Turns = (_, from, to) => Multiples(from, to, Math.PI / 2) }),
        new("cos", FunctionDefinition.Of(Math.Cos, Circular.Cos).Folded(Folding.Even) with { Turns = (_, from, to) => Multiples(from, to, 0) }),
        new("tan", FunctionDefinition.Of(Math.Tan, Tan).Folded(Folding.Odd) with { HasPole = (_, from, to) => Multiples(from, to, Math.PI / 2).Any() }),
        new("asin", FunctionDefinition.Of(Math.Asin, Asin).Folded(Folding.Odd) with { Domain = _ => new(-1, Dyadic.One) }),
        new("acos", FunctionDefinition.Of(Math.Acos, Acos) with { Domain = _ => new(-1, Dyadic.One) }),
        new("atan", FunctionDefinition.Of(Math.Atan, (x, bits) => Circular.Atan(x, bits)).Folded(Folding.Odd)),
    ];

    /// <summary>offset + k · π between two numbers, up to four of them: any two neighbours show both ends of the range.</summary>
    private static IEnumerable<double> Multiples(double from, double to, double offset)
    {
        var first = Math.Floor((from - offset) / Math.PI);
        for (var k = 0; k < 6; k++)
        {
            var turn = offset + (first + k) * Math.PI;
            // Beyond 2^53 float64 does not resolve the turns any more; there are some between any two numbers.
            var slack = Math.Abs(turn) * 1e-15;
            if (turn >= from - slack && turn <= to + slack)
                yield return Math.Clamp(turn, Math.BitIncrement(from), Math.Max(Math.BitIncrement(from), Math.BitDecrement(to)));
        }
    }

    private static Enclosure Tan(Dyadic x, int bits)
    {
        if (x.IsZero)
            return x;
        // Near a pole the cosine is small: twice the bits that it lacks are added.
        var cosine = Circular.Cos(x, bits + 32);
        var lost = cosine.Low.Sign != cosine.High.Sign ? bits + 32 : Math.Max(0, -cosine.Magnitude);
        var working = bits + 2 * lost + 32;
        return Enclosure.Divide(Circular.Sin(x, working), Circular.Cos(x, working), bits + 8);
    }

    private static Enclosure Asin(Dyadic x, int bits)
    {
        if (x.IsZero)
            return x;
        var rest = Dyadic.One - x * x;
        if (rest.IsZero)
            return x.Sign * Circular.Pi(bits + 4).Scale(-1);
        // Near ±1 the quotient is large, and its arc tangent changes the less.
        var working = bits + 24;
        var extra = Math.Max(0, -rest.Magnitude);
        return Circular.Atan(Enclosure.Divide(x, Enclosure.SquareRoot(rest, working + 2 * extra), working + extra), bits + 4);
    }

    private static Enclosure Acos(Dyadic x, int bits) => x == Dyadic.One ? Dyadic.Zero : Circular.Pi(bits + 4).Scale(-1) - Asin(x, bits + 4);
}
