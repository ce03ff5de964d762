using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Primitives;

/// <summary>What is known of one real function.</summary>
/// <param name="Real">Its value in float64, to 1e-13 of it; receives the operand and the parameters.</param>
/// <param name="Enclose">Numbers between which the value at an operand of the domain lies, about 2^−bits apart; far apart for 0 bits.</param>
internal sealed record FunctionDefinition(Func<double, double[], double> Real, Func<Dyadic, Seq<Dyadic>, int, Enclosure> Enclose)
{
    /// <summary>How many parameters the function has.</summary>
    public int Parameters { get; init; }

    /// <summary>
    /// Where the function can have a minimum or maximum between two operands; between turns it only rises or only falls. Of infinitely
    /// many turns a few that lie between suffice.
    /// </summary>
    public Func<double[], double, double, IEnumerable<double>> Turns { get; init; } = (_, _, _) => [];

    /// <summary>Whether the function is without bounds inside an interval, so that its values at the ends say nothing.</summary>
    public Func<double[], double, double, bool> HasPole { get; init; } = (_, _, _) => false;

    /// <summary>What need not be stored of it, for given parameters.</summary>
    public Func<Seq<Dyadic>, Folding> Folding { get; init; } = _ => Primitives.Folding.None;

    /// <summary>Where the function is defined.</summary>
    public Func<Seq<Dyadic>, Domain> Domain { get; init; } = _ => Primitives.Domain.All;

    public FunctionDefinition Folded(Folding folding) => this with { Folding = _ => folding };

    public static FunctionDefinition Of(Func<double, double> real, Func<Dyadic, int, Enclosure> enclose, params double[] turns) =>
        new((x, _) => real(x), (x, _, bits) => enclose(x, bits)) { Turns = (_, _, _) => turns };
}

/// <summary>The operands for which a function has a value, ends included.</summary>
/// <param name="Least">Null where there is no end.</param>
/// <param name="Most">Null where there is no end.</param>
/// <param name="Infinite">Operands, inside or at an end, at which the function is infinite, with the sign that hardware takes there.</param>
internal sealed record Domain(Dyadic? Least, Dyadic? Most, params (Dyadic At, int Sign)[] Infinite)
{
    public static Domain All { get; } = new(null, null);

    public static Domain NotNegative { get; } = new(Dyadic.Zero, null);

    /// <summary>Whether the function has a finite value at every operand between two.</summary>
    public bool Contains(Dyadic low, Dyadic high) =>
        !(Least > low) && !(Most < high) && !Array.Exists(Infinite, p => p.At >= low && p.At <= high);

    /// <summary>The operand, or the end of the domain that it lies beyond.</summary>
    public Dyadic Nearest(Dyadic x) => Least is { } least && x < least ? least : Most is { } most && x > most ? most : x;
}
