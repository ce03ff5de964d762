using System.Globalization;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Transforms.HlsProjects;

/// <summary>A node as it stands in the file that hls4ml reads, where a Gemm is a MatMul and an Add.</summary>
/// <param name="Operator">MatMul, Add or Mul for the parts of a Gemm; else the ONNX operator.</param>
/// <param name="Source">The node of the user's file.</param>
/// <param name="Name">The prepared name, for example Relu_0.</param>
internal sealed record PreparedNode(string Operator, SourceNode Source, string Name);

/// <summary>
/// Names as hls4ml sees them. It reads ONNX files that QONNX's clean-up has prepared: nodes are called by their operator and a number in
/// order. A file that is named so is taken as it is; the names of another are derived by the same steps: each Gemm in turn is split into
/// MatMul and Add, and after each the nodes are sorted by their distance from the inputs.
/// </summary>
internal sealed class PreparedNames
{
    /// <summary>Nodes that the clean-up removes.</summary>
    private static readonly string[] Removed = ["Identity", "Dropout", "Constant", "Shape", "Size", "ConstantOfShape"];

    private readonly List<Item> _items = [];

    private PreparedNames(IReadOnlyList<SourceNode> nodes)
    {
        var producers = new Dictionary<string, Item>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            var sources = node.Inputs.Where(i => i is not null && producers.ContainsKey(i.Name)).Select(i => producers[i!.Name]).Distinct().ToList();
            if (Removed.Contains(node.Operator) || (!node.IsComputed && !IsQuantiser(node)))
            {
                // What follows a removed node follows what it read.
                if (node.IsComputed && sources.Count == 1)
                    producers[node.Outputs[0].Name] = sources[0];
                continue;
            }
            var item = new Item(node.Operator, node) { Sources = sources };
            _items.Add(item);
            foreach (var output in node.Outputs)
                producers[output.Name] = item;
        }
    }

    /// <summary>The nodes with their names, in the order in which hls4ml reads them.</summary>
    public static IReadOnlyList<PreparedNode> Of(IReadOnlyList<SourceNode> nodes)
    {
        var names = new PreparedNames(nodes);
        if (IsPrepared(nodes))
            return [.. names._items.Select(i => new PreparedNode(i.Operator, i.Source, i.Source.Origin.Node))];
        names.Sort();
        while (names._items.Find(i => i.Operator == "Gemm") is { } gemm)
        {
            names.Split(gemm);
            names.Sort();
        }
        names._items.RemoveAll(i => i.IsFolded);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. names._items.Select(i => new PreparedNode(i.Operator, i.Source, Number(counts, i.Operator)))];
    }

    /// <summary>Whether every node of the file is called by its operator and a number.</summary>
    public static bool IsPrepared(IReadOnlyList<SourceNode> nodes) => nodes.Where(n => n.IsComputed).All(n =>
        n.Operator != "Gemm" && n.Origin.Node.StartsWith($"{n.Operator}_", StringComparison.Ordinal)
        && int.TryParse(n.Origin.Node.AsSpan(n.Operator.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _));

    private static bool IsQuantiser(SourceNode node) => node.Operator is "Quant" or "BipolarQuant" or "IntQuant";

    private static string Number(Dictionary<string, int> counts, string type)
    {
        var number = counts.GetValueOrDefault(type);
        counts[type] = number + 1;
        return string.Create(CultureInfo.InvariantCulture, $"{type}_{number}");
    }

    private void Split(Item gemm)
    {
        var parts = new List<Item>();
        var product = new Item("MatMul", gemm.Source) { Sources = [.. gemm.Sources] };
        foreach (var _ in new[] { "transA", "transB" }.Where(a => gemm.Source.Integer(a, 0) != 0))
        {
            // The transposition of the constant matrix, which stays until the last step.
            var transpose = new Item("Transpose", gemm.Source) { IsFolded = true };
            parts.Add(transpose);
            product.Sources.Add(transpose);
        }
        parts.Add(product);
        if (gemm.Source.Number("alpha") is { } alpha && alpha != 1)
            parts.Add(new Item("Mul", gemm.Source) { Sources = [parts[^1]] });
        if (gemm.Source.Inputs.Count > 2 && gemm.Source.Inputs[2] is not null)
            parts.Add(new Item("Add", gemm.Source) { Sources = [parts[^1]] });
        foreach (var item in _items)
            item.Sources = [.. item.Sources.Select(s => ReferenceEquals(s, gemm) ? parts[^1] : s)];
        var position = _items.IndexOf(gemm);
        _items.RemoveAt(position);
        _items.InsertRange(position, parts);
    }

    /// <summary>By distance from the inputs; nodes of one distance stay in their order.</summary>
    private void Sort()
    {
        // The list is in topological order at any time.
        var levels = new Dictionary<Item, int>(ReferenceEqualityComparer.Instance);
        foreach (var item in _items)
            levels[item] = item.Sources.Count == 0 ? 0 : item.Sources.Max(s => levels[s]) + 1;
        var sorted = _items.OrderBy(i => levels[i]).ToList();
        _items.Clear();
        _items.AddRange(sorted);
    }

    private sealed class Item(string type, SourceNode source)
    {
        public string Operator { get; } = type;

        public SourceNode Source { get; } = source;

        public List<Item> Sources { get; set; } = [];

        public bool IsFolded { get; init; }
    }
}
