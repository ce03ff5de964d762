using Hls4Net.Operators;

namespace Hls4Net.Sweep;

/// <summary>Draws models of one operator: ranks, shapes, attributes, operator sets, omitted inputs.</summary>
internal static class RandomCases
{
    private static readonly IReadOnlyDictionary<string, Func<Draw, CatalogueEntry, OperatorCase>> Generators =
        new[] { ElementwiseCases.Generators, RearrangingCases.Generators, WindowCases.Generators, ReducingCases.Generators, IndexingCases.Generators,
            CompositeCases.Generators, FunctionCases.Generators, QuantisedCases.Generators }
            .SelectMany(g => g).ToDictionary(g => g.Key, g => g.Value, StringComparer.Ordinal);

    /// <summary>The operators that are drawn from: those of the standard, each once.</summary>
    public static IReadOnlyList<CatalogueEntry> Operators { get; } = [.. Catalogue.Entries.Where(e => e.Domains.Contains(""))
        .Where(e => e.Domains.Count == 1 || e.Domains.Contains(ChannelsLast.Domain) || Generators.ContainsKey(e.Name))];

    /// <summary>Operators with a generator; the others are tried on their own cases in any operator set.</summary>
    public static IEnumerable<string> Generated => Generators.Keys;

    /// <summary>The case of a number: the same for the same seed.</summary>
    public static OperatorCase Case(int seed, IReadOnlyList<CatalogueEntry> among)
    {
        var draw = new Draw(seed);
        var entry = among[draw.Number(0, among.Count - 1)];
        if (Generators.TryGetValue(entry.Name, out var generator))
            return generator(draw, entry);
        var cases = entry.Cases().ToArray();
        return cases[draw.Number(0, cases.Length - 1)];
    }

    /// <summary>An operator set in which the operator is known, sooner a boundary than one in the middle.</summary>
    public static int Opset(this Draw draw, CatalogueEntry entry, int from = 0) =>
        draw.Number(Math.Max(entry.FirstOpset, from), entry.LastOpset);

    public static OperatorCase New(this Draw draw, CatalogueEntry entry, int from = 0) => OperatorCase.Of(entry.Name, "drawn", draw.Opset(entry, from));
}
