using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Settings;
using Hls4Net.Transforms.Typing;

namespace Hls4Net.Transforms.Reuse;

/// <summary>Where the user wants the weights and tables of single layers.</summary>
internal static class MemoryChoices
{
    /// <summary>The design with the choices of a configuration; a name that no layer has was reported when types were chosen.</summary>
    public static Design Apply(Design design, Graph graph, Configuration configuration)
    {
        var nodes = LayerResolver.Names(graph);
        var chosen = new Dictionary<Origin, MemoryChoice>();
        foreach (var (name, layer) in configuration.Layers)
        {
            if (layer.Memory is { } memory && nodes.TryGetValue(name, out var node))
                chosen[node.Origin] = memory;
        }
        return chosen.Count == 0 ? design : design with { Stages = design.Stages.Select(s => chosen.TryGetValue(s.Origin, out var memory) ? With(s, memory) : s).ToSeq() };
    }

    private static Stage With(Stage stage, MemoryChoice memory) => stage with
    {
        Schedule = stage.Schedule switch
        {
            FoldedSchedule folded => folded with { Memory = memory },
            UnrolledSchedule unrolled => unrolled with { Memory = memory },
            var other => throw new InvalidOperationException($"{other.GetType().Name} says nothing of memories."),
        },
    };
}
