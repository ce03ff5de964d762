using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;

namespace Hls4Net.Operators.Onnx;

/// <summary>The part of a model that the chosen outputs depend on, in an order in which it can be computed.</summary>
/// <param name="Outputs">The chosen outputs.</param>
/// <param name="Nodes">The nodes, topologically sorted; in the order of the file where that is one.</param>
/// <param name="Values">The values that are needed.</param>
internal sealed record GraphCut(IReadOnlyList<string> Outputs, IReadOnlyList<FlatNode> Nodes, IReadOnlySet<string> Values)
{
    /// <summary>Cuts the model; what cannot be found is reported.</summary>
    /// <param name="chosen">Names to cut to; empty for the graph's outputs.</param>
    public static GraphCut Make(FlatModel model, IReadOnlyList<string> chosen, string path, DiagnosticBag diagnostics)
    {
        var outputs = ChooseOutputs(model, chosen, path, diagnostics);
        var values = new HashSet<string>(StringComparer.Ordinal);
        var needed = new SortedSet<int>();
        var pending = new Stack<(string Name, string Reader)>(outputs.Select(o => (o, $"output '{o}'")).Reverse());
        while (pending.TryPop(out var next))
        {
            if (!values.Add(next.Name))
                continue;
            if (model.IsDuplicate(next.Name))
                diagnostics.Add(Messages.DuplicateValue(next.Name));
            var producer = model.Producer(next.Name);
            if (producer < 0 && !model.Knows(next.Name))
                diagnostics.Add(Messages.MissingValue(next.Reader, next.Name, model.Names));
            if (producer < 0 || !needed.Add(producer))
                continue;
            var reader = Messages.At(OriginOf(model.Nodes[producer]));
            foreach (var input in model.Nodes[producer].Proto.Input.Where(i => i.Length > 0))
                pending.Push((input, reader));
        }
        return new(outputs, Sort(model, needed, diagnostics), values);
    }

    /// <summary>The place in the file that a node is.</summary>
    public static Origin OriginOf(FlatNode node) =>
        new(node.Proto.Name.Length > 0 ? node.Proto.Name : node.Proto.Output.FirstOrDefault(o => o.Length > 0) ?? "", node.Proto.OpType);

    private static List<string> ChooseOutputs(FlatModel model, IReadOnlyList<string> chosen, string path, DiagnosticBag diagnostics)
    {
        var own = model.Graph.Output.Select(o => o.Name).Where(n => n.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        if (chosen.Count == 0)
        {
            if (own.Count == 0)
                diagnostics.Add(Messages.NoOutput(path));
            return own;
        }
        foreach (var name in chosen.Where(n => n.Length == 0 || !model.Knows(n)))
            diagnostics.Add(Messages.UnknownOutput(name, model.Names, own));
        return [.. chosen.Where(n => n.Length > 0 && model.Knows(n)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Kahn's algorithm, which takes the first node of the file that is ready; what is never ready lies on a cycle or behind one.</summary>
    private static List<FlatNode> Sort(FlatModel model, SortedSet<int> needed, DiagnosticBag diagnostics)
    {
        var waiting = needed.ToDictionary(n => n, n => Sources(model, n).Count());
        var readers = needed.SelectMany(n => Sources(model, n).Select(s => (Source: s, Reader: n))).ToLookup(e => e.Source, e => e.Reader);
        var ready = new PriorityQueue<int, int>(waiting.Where(w => w.Value == 0).Select(w => (w.Key, w.Key)));
        var sorted = new List<FlatNode>(needed.Count);
        while (ready.TryDequeue(out var node, out _))
        {
            sorted.Add(model.Nodes[node]);
            waiting.Remove(node);
            foreach (var reader in readers[node])
            {
                if (--waiting[reader] == 0)
                    ready.Enqueue(reader, reader);
            }
        }
        if (waiting.Count > 0)
            diagnostics.Add(Messages.Cycle([.. waiting.Keys.Order().Select(n => OriginOf(model.Nodes[n]).Node)]));
        return sorted;
    }

    private static IEnumerable<int> Sources(FlatModel model, int node) =>
        model.Nodes[node].Proto.Input.Where(i => i.Length > 0).Select(model.Producer).Where(p => p >= 0).Distinct();
}
