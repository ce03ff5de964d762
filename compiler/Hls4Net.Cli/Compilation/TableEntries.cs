using Hls4Net.Core.Kernels;
using Hls4Net.Core.Primitives;
using Hls4Net.Operators;
using Hls4Net.Transforms;

namespace Hls4Net.Cli.Compilation;

/// <summary>The tables of a design by the node that they belong to, with what is proved of their errors.</summary>
internal static class TableEntries
{
    public static TableEntry[] Of(CompiledModel compiled)
    {
        var sums = compiled.Typed.Graph.Nodes.Where(n => n.Operator is Softmax { Types: not null })
            .ToDictionary(n => n.Origin.Node, n => SumOf((Softmax)n.Operator, compiled.Typed.Graph[n.Inputs[0]].Shape), StringComparer.Ordinal);
        return [.. compiled.Design.Stages.GroupBy(s => s.Origin.Node).Select(g => Of(compiled.Design, [.. g], sums)).OfType<TableEntry>()];
    }

    private static double SumOf(Softmax softmax, Core.Text.Seq<int> shape) => softmax.Types!.SumBound(softmax.Count(shape));

    private static TableEntry? Of(Design design, Stage[] stages, Dictionary<string, double> sums)
    {
        var tables = stages.SelectMany(s => s.Computation is Kernel kernel ? TablesOf(kernel.Body) : []).Distinct<Table>(ReferenceEqualityComparer.Instance).ToList();
        var stated = stages.LastOrDefault(s => s.Stated is not null);
        if (tables.Count == 0 && stated is null)
            return null;
        var folded = tables.Select(t => t.Folded).OfType<FoldedTable>().ToList();
        var direct = tables.Select(t => t.Data).OfType<TableData>().ToList();
        var last = stated ?? stages[^1];
        var type = design.Channel(last.Output).Type!.Value;
        var (error, fraction) = stated?.Stated is { } theorem ? (theorem.Bound.ToDouble(), type.Fraction)
            : folded.Count > 0 && direct.Count == 0 ? folded.Select(f => (Error: Math.ScaleB(f.Bound.ToDouble(), -f.Fraction), f.Fraction)).MaxBy(e => e.Error) : ((double?)null, 0);
        return new(last.Origin.Node, last.Origin.Operator, string.Join(", ", tables.Select(t => t.Function.Name).Distinct()), type.ToString(),
            folded.Sum(f => f.Entries) + direct.Sum(d => d.Entries.Count), folded.Sum(f => f.Bits) + direct.Sum(d => (long)d.Entries.Count * d.Output.Width),
            error, error is { } value ? Math.ScaleB(value, fraction) : null, sums.TryGetValue(last.Origin.Node, out var sum) ? sum : null);
    }

    private static IEnumerable<Table> TablesOf(Block block) => block.Instructions.SelectMany(i => i switch
    {
        Lookup lookup => [lookup.Table],
        Reduce reduce => TablesOf(reduce.Term),
        _ => Enumerable.Empty<Table>(),
    });
}
