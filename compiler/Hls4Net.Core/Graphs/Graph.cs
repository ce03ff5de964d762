using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Graphs;

/// <summary>
/// A network as operators on tensors, in topological order. In the imported form values have no types and numbers are real; in the
/// typed form every value has a <see cref="FixedType"/> and every loss is an explicit cast.
/// </summary>
/// <param name="Name">The model's name.</param>
/// <param name="Values">Every value, inputs and constants included.</param>
/// <param name="Inputs">Names of the run-time inputs, in the model's order.</param>
/// <param name="Outputs">Names of the outputs, in the model's order.</param>
/// <param name="Settings">
/// Names of inputs that are not event data but run-time settings, held still while events flow (a threshold). A subset of Inputs.
/// </param>
public sealed record Graph(string Name, Seq<Value> Values, Seq<string> Inputs, Seq<string> Outputs, Seq<string> Settings, Seq<Node> Nodes)
{
    private NameIndex<Value> _byName;

    /// <summary>The value of that name.</summary>
    public Value this[string name] => _byName.Of(Values, v => v.Name).TryGetValue(name, out var value)
        ? value
        : throw new KeyNotFoundException($"The graph has no value '{name}'.");

    public bool Contains(string name) => _byName.Of(Values, v => v.Name).ContainsKey(name);

    public bool Equals(Graph? other) =>
        other is not null && Name == other.Name && Values == other.Values && Inputs == other.Inputs && Outputs == other.Outputs
        && Settings == other.Settings && Nodes == other.Nodes;

    public override int GetHashCode() => HashCode.Combine(Name, Nodes.Count, Values.Count);

    /// <summary>A copy whose parts are replaced.</summary>
    public Graph With(IEnumerable<Value>? values = null, IEnumerable<Node>? nodes = null, IEnumerable<string>? inputs = null,
        IEnumerable<string>? outputs = null, IEnumerable<string>? settings = null) =>
        new(Name, values?.ToSeq() ?? Values, inputs?.ToSeq() ?? Inputs, outputs?.ToSeq() ?? Outputs, settings?.ToSeq() ?? Settings,
            nodes?.ToSeq() ?? Nodes);

    /// <summary>A graph without the nodes and values that no output depends on; inputs stay.</summary>
    public Graph WithoutDeadNodes()
    {
        var live = new HashSet<string>(Outputs, StringComparer.Ordinal);
        var nodes = new Stack<Node>();
        foreach (var node in Nodes.Reverse())
        {
            if (!node.Outputs.Any(live.Contains))
                continue;
            nodes.Push(node);
            live.UnionWith(node.Inputs);
        }
        var named = new HashSet<string>(nodes.SelectMany(n => n.Outputs.Concat(n.Inputs)).Concat(Inputs).Concat(Outputs), StringComparer.Ordinal);
        return With(values: Values.Where(v => named.Contains(v.Name)), nodes: nodes);
    }
}
