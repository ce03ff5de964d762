using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Passes;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Settings;
using Hls4Net.Transforms.Typing;

namespace Hls4Net.Transforms.Reuse;

/// <summary>Which layers take weights at run time.</summary>
/// <param name="All">Whether all that can, but for those that say otherwise.</param>
/// <param name="Layers">The choice of single layers by their node, with the place in the configuration.</param>
public sealed record LoadChoices(bool All, IReadOnlyDictionary<Origin, (bool IsLoadable, string Place)> Layers)
{
    /// <summary>The choices of a configuration; a name that no layer has was reported when types were chosen.</summary>
    public static LoadChoices Of(Graph graph, Configuration configuration)
    {
        var nodes = LayerResolver.Names(graph);
        var layers = new Dictionary<Origin, (bool, string)>();
        foreach (var (name, layer) in configuration.Layers)
        {
            if (layer.IsLoadable is { } isLoadable && nodes.TryGetValue(name, out var node))
                layers[node.Origin] = (isLoadable, $"{configuration.File}:{layer.Line}");
        }
        return new(configuration.IsLoadable, layers);
    }
}

/// <summary>
/// Says which constants of folded layers can be loaded at run time: the weights of their products and what their sums start with. A constant that
/// anything else reads stays as it is. Problems go to the bag: a layer that was named and has nothing to load, or no such layer at all.
/// </summary>
[Pass(Promise.SameBits, "Marks the weights and biases of folded layers that are to be loaded at run time.")]
internal static class MarkLoadable
{
    public static Design Run(Design design, LoadChoices choices, DiagnosticBag diagnostics)
    {
        if (!choices.All && !choices.Layers.Values.Any(l => l.IsLoadable))
            return design;
        var readers = design.Stages.SelectMany(s => s.Inputs.Select((name, input) => (name, s, input))).ToLookup(r => r.name, r => (Stage: r.s, Input: r.input), StringComparer.Ordinal);
        var candidates = new Dictionary<Stage, HashSet<int>>(ReferenceEqualityComparer.Instance);
        foreach (var stage in design.Stages.Where(s => choices.Layers.TryGetValue(s.Origin, out var own) ? own.IsLoadable : choices.All))
            candidates[stage] = Inputs(design, stage);
        var marked = design.Constants.Where(c => readers[c.Name].Any()
            && readers[c.Name].All(r => candidates.TryGetValue(r.Stage, out var inputs) && inputs.Contains(r.Input))).Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (origin, (isLoadable, place)) in choices.Layers)
        {
            if (isLoadable && !design.Stages.Any(s => s.Origin == origin && s.Inputs.Any(marked.Contains)))
                diagnostics.Add(Messages.NothingToLoad($"{place}: {origin.Node}"));
        }
        if (marked.Count == 0 && !diagnostics.HasErrors)
            diagnostics.Add(Messages.NothingToLoad("--weights loadable"));
        return design with { Constants = design.Constants.Select(c => marked.Contains(c.Name) ? c with { IsLoadable = true } : c).ToSeq() };
    }

    /// <summary>The inputs of a folded stage that can be loaded.</summary>
    private static HashSet<int> Inputs(Design design, Stage stage)
    {
        var found = new HashSet<int>();
        if (stage is not { Schedule: FoldedSchedule, Computation: Kernel kernel } || kernel.Body.Instructions.OfType<Reduce>().ToArray() is not [var sum])
            return found;
        var isLinear = sum.Term.Instructions.All(i => i is Load or Literal or IndexValue or Shift or Add or Subtract or Multiply);
        var weights = sum.Term.Instructions.OfType<Load>().Select(l => l.Input).Where(i => design.Constant(stage.Inputs[i]) is not null)
            .Distinct().OrderByDescending(i => design.Constant(stage.Inputs[i])!.Values.Count).ToArray();
        if (isLinear && weights.Length > 0)
            found.Add(weights[0]);
        var initial = -1;
        if (sum.Initial >= 0 && kernel.Body.Instructions[sum.Initial] is Load start && design.Constant(stage.Inputs[start.Input]) is not null)
            found.Add(initial = start.Input);
        // Nothing else may read it: not another instruction beside the sum, and not a term twice.
        var beside = kernel.Body.Instructions.OfType<Load>().Select(l => l.Input).ToArray();
        found.RemoveWhere(i => (i == initial ? beside.Count(b => b == i) != 1 || weights.Contains(i) : beside.Contains(i) || sum.Term.Instructions.OfType<Load>().Count(l => l.Input == i) != 1));
        return found;
    }
}
