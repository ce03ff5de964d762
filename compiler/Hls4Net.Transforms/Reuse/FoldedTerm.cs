using Hls4Net.Core.Numbers;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Transforms.Reuse;

/// <summary>A term of a sum of products with constants: the integer on a net times a number.</summary>
/// <param name="Net">−1 if the term is zero.</param>
/// <param name="Factor">In units of the net's integers.</param>
internal readonly record struct FoldedTerm(int Net, Dyadic Factor)
{
    /// <summary>A term that is zero for every event.</summary>
    public static FoldedTerm Zero { get; } = new(-1, Dyadic.Zero);

    public bool IsZero => Net < 0;

    /// <summary>The term of a signal, and the constant that the signal has beside it.</summary>
    /// <exception cref="InvalidOperationException">The signal depends on more than one net: what can be folded was to be checked before.</exception>
    public static FoldedTerm Of(Signal signal, out Dyadic constant)
    {
        var terms = signal.Form.Flatten();
        constant = new(terms.Constant, -terms.Fraction);
        return terms.Nets switch
        {
            [] => Zero,
            [var (net, factor)] => new(net, new(factor, -terms.Fraction)),
            _ => throw new InvalidOperationException("A term of a folded sum depends on several elements."),
        };
    }
}

/// <summary>How many multipliers a folded layer has, and what pruning saved.</summary>
/// <param name="Reuse">The reuse factor: how many products one multiplier computes for an event.</param>
/// <param name="Planned">Multipliers that the reuse factor asks for.</param>
/// <param name="Built">Those that are left when zero weights are no work.</param>
internal sealed record FoldedFigures(int Reuse, int Planned, int Built);
