using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Transforms.Reuse;

/// <summary>
/// What the terms of a folded sum can be for any numbers that are loaded: each term is linear in one loadable constant, so that its ends and its
/// grid follow from four numbers in the constant's place.
/// </summary>
/// <param name="load">An element of an input of the kernel.</param>
/// <param name="types">The type of an input that is a loadable constant, or null.</param>
internal sealed class LoadedTerms(BitsAlgebra algebra, Func<int, int, Signal> load, Func<int, FixedType?> types)
{
    /// <summary>What the sum starts with, if that can be loaded.</summary>
    public LoadedRange? Initial(Block body, int initial, ReadOnlySpan<int> indices) =>
        body.Instructions[initial] is Load start && types(start.Input) is { } type ? new(type.Range, start.Input, start.Element.Evaluate(indices)) : null;

    /// <summary>A term with what its factor can be, and what the constants of the sum can be with the constant beside this factor.</summary>
    /// <param name="actual">The term with the numbers of now.</param>
    /// <param name="constant">The constant beside it.</param>
    /// <param name="initial">What the constants so far can be; null if none of them can be loaded.</param>
    /// <param name="start">The constants so far, with the numbers of now.</param>
    public (FoldedTerm Term, LoadedRange? Initial) Term(Block term, int[] indices, FoldedTerm actual, Dyadic constant, LoadedRange? initial, Dyadic start)
    {
        var place = (Input: -1, Element: -1);
        foreach (var instruction in term.Instructions)
        {
            if (instruction is Load read && types(read.Input) is not null)
                place = (read.Input, read.Element.Evaluate(indices));
        }
        if (place.Input < 0)
            return (actual, Joined(initial, Interval.Of(constant)));
        var type = types(place.Input)!.Value;
        var (zero, one, low, high) = (At(0), At(1), At(type.MinimumRaw), At(type.MaximumRaw));
        var net = one.Term.Net >= 0 ? one.Term.Net : zero.Term.Net;
        var loaded = net < 0 ? FoldedTerm.Zero
            : new FoldedTerm(net, actual.Factor, new(Hull(zero.Term.Factor, one.Term.Factor, low.Term.Factor, high.Term.Factor), place.Input, place.Element));
        if (low.Constant == high.Constant)
            return (loaded, Joined(initial, Interval.Of(constant)));
        var beside = Hull(zero.Constant, one.Constant, low.Constant, high.Constant);
        var sum = (initial?.Range ?? Interval.Of(start)) + beside;
        return (loaded, new(sum, -1, -1));

        (FoldedTerm Term, Dyadic Constant) At(System.Numerics.BigInteger raw)
        {
            var value = Signal.Of(new Dyadic(raw, -type.Fraction));
            var found = FoldedTerm.Of(Interpreter.Evaluate(algebra, term, indices, (input, element) => input == place.Input ? value : load(input, element)), out var rest);
            return (found, rest);
        }
    }

    private static LoadedRange? Joined(LoadedRange? initial, Interval constant) =>
        initial is { } loaded && (!constant.Low.IsZero || !constant.High.IsZero) ? loaded with { Range = loaded.Range + constant, Constant = -1 } : initial;

    /// <summary>All values of a linear function, given those at 0, at the unit and at both ends.</summary>
    private static Interval Hull(Dyadic zero, Dyadic one, Dyadic low, Dyadic high)
    {
        var step = one - zero;
        var fraction = Math.Max(step.IsZero ? int.MinValue : -step.Exponent, zero.IsZero ? int.MinValue : -zero.Exponent);
        if (fraction == int.MinValue)
            fraction = 0;
        return low <= high ? Interval.Between(low, high, fraction) : Interval.Between(high, low, fraction);
    }
}
