using Hls4Net.Core.Graphs;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Kernels;

/// <summary>Turns a graph into a design: every node's definition, its kernels joined by channels.</summary>
public static class DesignBuilder
{
    /// <summary>The design of a graph, typed if the graph is.</summary>
    public static Design Build(Graph graph)
    {
        var channels = new Dictionary<string, Channel>(StringComparer.Ordinal);
        var constants = new Dictionary<string, NamedConstant>(StringComparer.Ordinal);
        var stages = new List<Stage>();
        foreach (var input in graph.Inputs)
            channels[input] = ChannelOf(graph[input]);
        foreach (var node in graph.Nodes)
            AddNode(graph, node, channels, constants, stages);
        foreach (var output in graph.Outputs.Where(o => !channels.ContainsKey(o)))
            AddConstantOutput(graph[output], channels, constants, stages);
        return new(graph.Name, graph.Inputs, graph.Settings, graph.Outputs, channels.Values.ToSeq(), constants.Values.ToSeq(), stages.ToSeq());
    }

    private static void AddNode(Graph graph, Node node, Dictionary<string, Channel> channels, Dictionary<string, NamedConstant> constants,
        List<Stage> stages)
    {
        var handles = node.Inputs.Select(i => i.Length == 0 ? null : new TensorHandle(i, graph[i].Shape)).ToArray();
        var definition = new Definition(node.Name, handles, node.Outputs);
        node.Operator.Define(definition);
        foreach (var (computation, inputs, output, shape) in definition.Steps)
        {
            foreach (var input in inputs.Where(i => i.Length > 0 && graph.Contains(i) && graph[i].Constant is not null))
                constants[input] = new(input, graph[input].Constant!);
            channels[output] = graph.Contains(output) ? ChannelOf(graph[output]) : new(output, shape, null, "");
            stages.Add(new(output, computation, inputs, output, node.Origin, Schedule.Unrolled));
        }
    }

    /// <summary>An output that no node writes, because it folded to a constant.</summary>
    private static void AddConstantOutput(Value value, Dictionary<string, Channel> channels, Dictionary<string, NamedConstant> constants, List<Stage> stages)
    {
        var name = $"{value.Name}.constant";
        constants[name] = new(name, value.Constant ?? throw new InvalidOperationException($"Nothing computes the output '{value.Name}'."));
        var count = Primitives.Shapes.Count(value.Shape);
        channels[value.Name] = ChannelOf(value);
        stages.Add(new(value.Name, new Wiring(Enumerable.Repeat(0, count).ToSeq(), Enumerable.Range(0, count).ToSeq(), []), [name], value.Name,
            new Origin(value.Name, "Constant"), Schedule.Unrolled));
    }

    private static Channel ChannelOf(Value value) => new(value.Name, value.Shape, value.Type, value.Name);
}
