using Hls4Net.Cli.Compilation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Profiling;
using Hls4Net.Core.Text;

namespace Hls4Net.Cli.Reports;

/// <summary>Parts of a report from what the compiler and its measurements have.</summary>
internal static class ReportEntries
{
    public static MagnitudesEntry Of(Magnitudes magnitudes) => new(magnitudes.LowestPower, [.. magnitudes.Counts], magnitudes.Zeros);

    public static ProfileEntry Of(NetworkProfile profile) => new(profile.Model, profile.Events, profile.Sample, [.. profile.Outputs],
        [.. profile.Tensors.Select(t => new TensorEntry(t.Name, t.Origin?.Node, t.Origin?.Operator ?? "Input", [.. t.Shape], t.Type.ToString(), t.Low, t.High, t.Count,
            t.Clipped, t.Wrapped, t.LargestError, t.MeanError, Finite(t.SignalToNoise), Of(t.Magnitudes)))],
        [.. profile.Layers.Select(l => new LayerCostEntry(l.Origin.Node, l.Origin.Operator, l.LargestError, Finite(l.SignalToNoise), l.Share))]);

    /// <summary>A typed graph with what belongs to one ONNX node in one.</summary>
    public static NetworkEntry NetworkOf(Graph graph)
    {
        var nodes = new List<NodeEntry>();
        var edges = new List<EdgeEntry>();
        var made = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var input in graph.Inputs)
        {
            made[input] = nodes.Count;
            nodes.Add(new(input, "Input", graph.Settings.Contains(input, StringComparer.Ordinal) ? "setting" : "input", 0));
        }
        foreach (var group in graph.Nodes.GroupBy(n => n.Origin.Node, StringComparer.Ordinal))
        {
            var to = nodes.Count;
            var own = group.SelectMany(n => n.Outputs).ToHashSet(StringComparer.Ordinal);
            var read = group.SelectMany(n => n.Inputs).Where(i => i.Length > 0).Distinct(StringComparer.Ordinal).ToList();
            nodes.Add(new(group.Key, string.Join(", ", group.Select(n => n.Origin.Operator).Distinct(StringComparer.Ordinal)), "node", read.Count(i => graph[i].Constant is not null)));
            edges.AddRange(read.Where(i => !own.Contains(i) && made.ContainsKey(i)).Select(i => Edge(graph[i], made[i], to)));
            foreach (var output in own)
                made[output] = to;
        }
        foreach (var output in graph.Outputs.Where(made.ContainsKey))
        {
            edges.Add(Edge(graph[output], made[output], nodes.Count));
            nodes.Add(new(output, "Output", "output", 0));
        }
        return new([.. nodes], [.. edges]);
    }

    /// <summary>The constants of a typed graph, each once, in the order in which they are read.</summary>
    public static ConstantEntry[] ConstantsOf(Graph graph)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var entries = new List<ConstantEntry>();
        foreach (var node in graph.Nodes)
        {
            for (var i = 0; i < node.Inputs.Count; i++)
            {
                if (node.Inputs[i].Length > 0 && graph[node.Inputs[i]] is { Constant: { Type: not null, Values.Count: > 0 } constant } value && seen.Add(value.Name))
                    entries.Add(ConstantOf(value.Name, node, node.Operator.RoleOf(i), constant));
            }
        }
        return [.. entries];
    }

    private static ConstantEntry ConstantOf(string name, Node node, ConstantRole role, ConstantTensor constant)
    {
        var (zeros, low, high, largest, signal, noise) = (0L, double.PositiveInfinity, double.NegativeInfinity, 0.0, 0.0, 0.0);
        var magnitudes = new Magnitudes();
        for (var k = 0; k < constant.Values.Count; k++)
        {
            var real = constant.Values[k].ToDouble();
            var error = Math.Abs(Math.ScaleB((double)constant.Raw[k], -constant.Type!.Value.Fraction) - real);
            zeros += constant.Raw[k] == 0 ? 1 : 0;
            (low, high, largest) = (Math.Min(low, real), Math.Max(high, real), Math.Max(largest, error));
            (signal, noise) = (signal + real * real, noise + error * error);
            magnitudes.Add(real);
        }
        return new(name, node.Origin.Node, MemberNames.Of(role), [.. constant.Shape], constant.Type!.Value.ToString(), constant.Values.Count, zeros, low, high, largest,
            Finite(SignalToNoise.Of(signal, noise)), Of(magnitudes));
    }

    private static EdgeEntry Edge(Value value, int from, int to) => new(from, to, value.Name, [.. value.Shape], value.Type?.ToString() ?? "");

    private static double? Finite(SignalToNoise ratio) => double.IsFinite(ratio.Decibels) ? ratio.Decibels : null;
}
