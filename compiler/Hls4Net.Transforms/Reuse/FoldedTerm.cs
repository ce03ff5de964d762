using Hls4Net.Core.Numbers;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Transforms.Reuse;

/// <summary>A term of a sum of products with constants: the integer on a net times a number.</summary>
/// <param name="Net">−1 if the term is zero.</param>
/// <param name="Factor">In units of the net's integers.</param>
/// <param name="Loaded">What a factor that can be loaded can be, on the grid on which it always is; null for one that stays.</param>
internal readonly record struct FoldedTerm(int Net, Dyadic Factor, LoadedRange? Loaded = null)
{
    /// <summary>A term that is zero for every event.</summary>
    public static FoldedTerm Zero { get; } = new(-1, Dyadic.Zero);

    /// <summary>Whether the term is zero for every event and all numbers that can be loaded.</summary>
    public bool IsZero => Net < 0;

    /// <summary>What the factor can be.</summary>
    public Interval Range => Loaded?.Range ?? Interval.Of(Factor);

    /// <summary>The factor is a multiple of two to this power.</summary>
    public int Exponent => Loaded is { } loaded ? -loaded.Range.Fraction : Factor.Exponent;

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

/// <summary>What a number that follows from loadable constants can be.</summary>
/// <param name="Range">On the grid on which it always is.</param>
/// <param name="Constant">The loadable constant, an input of the kernel, of which it is an element; −1 if it follows from several.</param>
/// <param name="Element">Which element.</param>
internal sealed record LoadedRange(Interval Range, int Constant, int Element);

/// <summary>How many multipliers a folded layer has, and what pruning saved.</summary>
/// <param name="Reuse">The reuse factor: how many products one multiplier computes for an event.</param>
/// <param name="Planned">Multipliers that the reuse factor asks for.</param>
/// <param name="Built">Those that are left when zero weights are no work.</param>
internal sealed record FoldedFigures(int Reuse, int Planned, int Built);
