using Hls4Net.Core.Graphs;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Kernels;

/// <summary>Turns a graph into a design: every node's definition, its kernels joined by channels.</summary>
public static class DesignBuilder
{
    /// <summary>The design of a graph, typed if the graph is.</summary>
    public static Design Build(Graph graph) => new Worker(graph).Run();

    private sealed class Worker(Graph graph)
    {
        private readonly Dictionary<string, Channel> _channels = new(StringComparer.Ordinal);
        private readonly Dictionary<string, NamedConstant> _constants = new(StringComparer.Ordinal);
        private readonly List<Stage> _stages = [];

        /// <summary>The names of constants that are outputs as well: there the output's own name is that of a channel.</summary>
        private readonly Dictionary<string, string> _renamed = new(StringComparer.Ordinal);

        public Design Run()
        {
            foreach (var input in graph.Inputs)
                _channels[input] = ChannelOf(graph[input]);
            foreach (var output in graph.Outputs.Where(o => graph[o].Constant is not null))
                AddConstantOutput(graph[output]);
            foreach (var node in graph.Nodes)
                AddNode(node);
            return new(graph.Name, graph.Inputs, graph.Settings, graph.Outputs, _channels.Values.ToSeq(), _constants.Values.ToSeq(), _stages.ToSeq());
        }

        private void AddNode(Node node)
        {
            var handles = node.Inputs.Select(i => i.Length == 0 ? null : new TensorHandle(i, graph[i].Shape)).ToArray();
            var definition = new Definition(node.Name, handles, node.Outputs);
            node.Operator.Define(definition);
            var temporaries = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (computation, inputs, output, shape) in definition.Steps)
            {
                var sources = inputs.Select(i => i.Length == 0 ? i : temporaries.GetValueOrDefault(i) ?? SourceOf(i)).ToSeq();
                var isOutput = node.Outputs.Contains(output);
                var name = isOutput ? output : temporaries[output] = FreeName(output);
                _channels[name] = isOutput ? ChannelOf(graph[output]) : new(name, shape, null, "");
                var stated = definition.Stated.GetValueOrDefault(output) is { } error ? error with { Given = error.Given.Select(SourceOf).ToSeq() } : null;
                _stages.Add(new(name, computation, sources, name, node.Origin, Schedule.Unrolled) { Stated = stated });
            }
        }

        /// <summary>The channel or constant that holds a value; a constant is added when it is first read.</summary>
        private string SourceOf(string value)
        {
            if (graph[value].Constant is not { } constant)
                return value;
            var name = _renamed.GetValueOrDefault(value, value);
            _constants[name] = new(name, constant);
            return name;
        }

        /// <summary>An output that no node writes, because it folded to a constant.</summary>
        private void AddConstantOutput(Value value)
        {
            _renamed[value.Name] = FreeName($"{value.Name}.constant");
            var count = Shapes.Count(value.Shape);
            var copy = new Wiring(Enumerable.Repeat(0, count).ToSeq(), Enumerable.Range(0, count).ToSeq(), []);
            _channels[value.Name] = ChannelOf(value);
            _stages.Add(new(value.Name, copy, [SourceOf(value.Name)], value.Name, new Origin(value.Name, "Constant"), Schedule.Unrolled));
        }

        private string FreeName(string name)
        {
            var free = name;
            for (var n = 2; graph.Contains(free) || _channels.ContainsKey(free) || _constants.ContainsKey(free); n++)
                free = FormattableString.Invariant($"{name}_{n}");
            return free;
        }

        private static Channel ChannelOf(Value value) => new(value.Name, value.Shape, value.Type, value.Name);
    }
}
