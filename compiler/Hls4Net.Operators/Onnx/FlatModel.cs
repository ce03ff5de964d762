using Hls4Net.Operators.Onnx.Proto;

namespace Hls4Net.Operators.Onnx;

/// <summary>A node with the operator sets that give it its meaning.</summary>
/// <param name="Problem">Why the node cannot be used (a function that could not be written out), or null.</param>
internal sealed record FlatNode(NodeProto Proto, IReadOnlyDictionary<string, long> Opsets, string? Problem)
{
    /// <summary>The operator's domain, where the standard one is empty.</summary>
    public string Domain => Normalize(Proto.Domain);

    public static string Normalize(string domain) => domain == "ai.onnx" ? "" : domain;

    public static Dictionary<string, long> ReadOpsets(IEnumerable<OperatorSetIdProto> imports)
    {
        var opsets = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var import in imports)
            opsets[Normalize(import.Domain)] = import.Version;
        return opsets;
    }
}

/// <summary>The model's graph with an index of who writes which value; functions are written out.</summary>
internal sealed class FlatModel
{
    private readonly Dictionary<string, int> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorProto> _initializers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SparseTensorProto> _sparse = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ValueInfoProto> _inputs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _duplicates = new(StringComparer.Ordinal);

    public FlatModel(ModelProto model)
    {
        Graph = model.Graph;
        Nodes = FunctionInliner.Inline(model);
        foreach (var input in Graph.Input)
            Note(_inputs.TryAdd(input.Name, input), input.Name);
        foreach (var tensor in Graph.Initializer)
            Note(_initializers.TryAdd(tensor.Name, tensor), tensor.Name);
        foreach (var tensor in Graph.SparseInitializer)
            Note(!_initializers.ContainsKey(tensor.Values?.Name ?? "") && _sparse.TryAdd(tensor.Values?.Name ?? "", tensor), tensor.Values?.Name ?? "");
        for (var n = 0; n < Nodes.Count; n++)
        {
            foreach (var output in Nodes[n].Proto.Output.Where(o => o.Length > 0))
                Note(!IsInput(output) && !IsInitializer(output) && _producers.TryAdd(output, n), output);
        }
    }

    public GraphProto Graph { get; }

    /// <summary>The nodes in the order of the file.</summary>
    public IReadOnlyList<FlatNode> Nodes { get; }

    /// <summary>Whether two things write the value.</summary>
    public bool IsDuplicate(string name) => _duplicates.Contains(name);

    public bool IsInput(string name) => _inputs.ContainsKey(name);

    public bool IsInitializer(string name) => _initializers.ContainsKey(name) || _sparse.ContainsKey(name);

    public TensorProto? Initializer(string name) => _initializers.GetValueOrDefault(name);

    public SparseTensorProto? SparseInitializer(string name) => _sparse.GetValueOrDefault(name);

    /// <summary>The position of the node that writes a value, or −1.</summary>
    public int Producer(string name) => _producers.TryGetValue(name, out var node) ? node : -1;

    public bool Knows(string name) => Producer(name) >= 0 || IsInput(name) || IsInitializer(name);

    /// <summary>All names that something writes, in the order of the file.</summary>
    public IReadOnlyList<string> Names =>
        [.. Graph.Output.Select(o => o.Name).Concat(Nodes.SelectMany(n => n.Proto.Output)).Concat(_inputs.Keys).Concat(_initializers.Keys).Where(n => n.Length > 0)];

    /// <summary>All names that occur, so that new ones can avoid them.</summary>
    public HashSet<string> OccupiedNames() =>
        new(Names.Concat(_sparse.Keys).Concat(Nodes.SelectMany(n => n.Proto.Input.Append(n.Proto.Name))), StringComparer.Ordinal);

    private void Note(bool isFirst, string name)
    {
        if (!isFirst)
            _duplicates.Add(name);
    }
}
