using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Passes;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Settings;
using Hls4Net.Transforms.Streams;
using Hls4Net.Transforms.Typing;

namespace Hls4Net.Transforms.Reuse;

/// <summary>A reuse factor, and where the user chose it.</summary>
public sealed record ReuseChoice(int Factor, string Place);

/// <summary>What the user chose.</summary>
/// <param name="Default">For every layer that can be folded and has no factor of its own; null to leave those unrolled.</param>
/// <param name="Layers">By the node of the layer.</param>
public sealed record ReuseFactors(ReuseChoice? Default, IReadOnlyDictionary<Origin, ReuseChoice> Layers)
{
    /// <summary>From what the factors of the other layers are chosen, in place of <see cref="Default"/>; null if they are not.</summary>
    public ReuseBudget? Budget { get; init; }

    /// <summary>How events come piece by piece, which decides what a budget allows.</summary>
    public StreamOptions? Stream { get; init; }

    /// <summary>The choices of a configuration; a name that no layer has was reported when types were chosen.</summary>
    public static ReuseFactors Of(Graph graph, Configuration configuration)
    {
        var nodes = LayerResolver.Names(graph);
        var layers = new Dictionary<Origin, ReuseChoice>();
        foreach (var (name, layer) in configuration.Layers)
        {
            if (layer.ReuseFactor is { } factor && nodes.TryGetValue(name, out var node))
                layers[node.Origin] = new(factor, $"{configuration.File}:{layer.Line}");
        }
        return new(configuration.ReuseFactor is { } all ? new(all, configuration.ReusePlace) : null, layers) { Budget = configuration.ReuseBudget, Stream = configuration.Stream };
    }
}

/// <summary>
/// Gives stages the schedule that their reuse factor asks for. Problems go to the bag: a factor that does not divide a layer's products, or
/// that a layer was given which multiplies by no matrix of constants.
/// </summary>
[Pass(Promise.SameBits, "Folds the layers that have a reuse factor: fewer multipliers, more cycles from one event to the next.")]
internal static class FoldLayers
{
    public static Design Run(Design design, ReuseFactors factors, DiagnosticBag diagnostics)
    {
        if (factors is { Default: null, Budget: null, Layers.Count: 0 })
            return design;
        var groups = StageGroup.Of(design);
        var schedules = new Dictionary<Stage, Schedule>(ReferenceEqualityComparer.Instance);
        if (factors.Budget is { } budget)
        {
            var reuse = new BudgetedReuse(design, groups, factors.Stream, s => factors.Layers.GetValueOrDefault(s.Origin)?.Factor);
            foreach (var (stage, schedule) in reuse.Choose(budget))
                schedules[stage] = schedule;
        }
        var missing = factors.Layers.Where(l => l.Value.Factor > 1).ToDictionary();
        foreach (var group in groups)
        {
            var stage = group.Stages[0];
            var choice = factors.Layers.GetValueOrDefault(stage.Origin) ?? factors.Default;
            if (choice is not { Factor: > 1 } || FoldableKernel.Of(design, group) is not { } kernel)
                continue;
            missing.Remove(stage.Origin);
            if (kernel.Products % choice.Factor == 0)
                schedules[stage] = kernel.By(choice.Factor);
            else
                diagnostics.Add(Refusal(stage, choice, kernel));
        }
        foreach (var (origin, choice) in missing)
            diagnostics.Add(Messages.NotFoldable($"{choice.Place}: {origin.Node}", origin.ToString()));
        return design with { Stages = design.Stages.Select(s => schedules.TryGetValue(s, out var schedule) ? s with { Schedule = schedule } : s).ToSeq() };
    }

    private static Diagnostic Refusal(Stage stage, ReuseChoice choice, FoldableKernel kernel)
    {
        var (below, above) = (0L, 0L);
        for (var divisor = 1L; divisor <= kernel.Products / divisor; divisor++)
        {
            if (kernel.Products % divisor != 0)
                continue;
            foreach (var valid in (ReadOnlySpan<long>)[divisor, kernel.Products / divisor])
            {
                if (valid < choice.Factor)
                    below = Math.Max(below, valid);
                else if (above == 0 || valid < above)
                    above = valid;
            }
        }
        return Messages.ReuseFactor($"{choice.Place}: {stage.Origin.Node}", choice.Factor, kernel.Terms, kernel.Outputs, below, above);
    }
}
