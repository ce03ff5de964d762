using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Operators.Onnx;
using Hls4Net.Transforms.Reuse;
using Hls4Net.Transforms.Settings;
using Hls4Net.Transforms.Typing;

namespace Hls4Net.Transforms.HlsProjects;

/// <summary>A typed graph that computes what hls4ml's firmware computes, and the layers that hls4ml would list.</summary>
/// <param name="Typed">The graph.</param>
/// <param name="Layers">hls4ml's layers with their types, in order.</param>
/// <param name="ReuseFactors">Of the layers that have one above 1, by their node.</param>
public sealed record HlsProjectModel(TypedModel Typed, IReadOnlyList<HlsProjectLayer> Layers, IReadOnlyDictionary<Origin, ReuseChoice> ReuseFactors);

/// <summary>A layer as hls4ml names it.</summary>
/// <param name="Value">The value in the typed graph, and in which order hls4ml has its elements.</param>
/// <param name="Types">The type of each variable (result, accum, weight, …).</param>
public sealed record HlsProjectLayer(string Name, LayerClass Class, ProjectValue Value, IReadOnlyDictionary<string, HlsType> Types);

/// <summary>
/// Types a graph as hls4ml would: its layers, its fusions, its inference of <c>auto</c>, its arithmetic. The graph's own outputs keep their
/// order and shape.
/// </summary>
/// <param name="configuration">A configuration that holds an hls4ml project.</param>
/// <param name="source">The nodes of the user's file.</param>
public sealed class TypeAsHlsProject(Configuration configuration, IReadOnlyList<SourceNode> source)
{
    /// <summary>The typed graph, or null if the bag holds errors.</summary>
    public HlsProjectModel? Run(Graph graph, DiagnosticBag diagnostics)
    {
        var settings = new ProjectSettings(configuration.Project!);
        var (layers, constants) = ReadProject.Run(graph, source, settings, diagnostics);
        settings.CheckNames(configuration.File, constants, diagnostics);
        if (diagnostics.HasErrors)
            return null;
        var surprises = new Surprises(diagnostics);
        new MoveRescales(layers, graph.Outputs, settings, surprises, diagnostics).Run();
        if (diagnostics.HasErrors)
            return null;
        var types = new InferTypes(settings);
        foreach (var layer in layers)
            types.Name(layer);
        new FuseLayers(layers, graph.Outputs, settings, diagnostics).Run();
        Infer(layers, types);
        new BinaryLayers(layers, graph.Outputs, diagnostics).Run();
        if (diagnostics.HasErrors)
            return null;
        LeaveOut(layers, graph.Outputs, surprises);
        new ProjectChecks(configuration.File, settings, diagnostics).Check(layers, graph);
        var emit = new EmitProject(graph, layers, surprises, diagnostics);
        var typed = emit.Run(layers);
        var reuse = emit.ReuseFactors.ToDictionary(r => r.Key, r => new ReuseChoice(r.Value, configuration.File));
        return new(typed, [.. layers.Select(l => new HlsProjectLayer(l.Name, l.Class, l.Output, l.Types.ToDictionary(t => t.Key, t => t.Value!.Value)))], reuse);
    }

    private static void Infer(List<ProjectLayer> layers, InferTypes types)
    {
        var results = new Dictionary<string, HlsType>(StringComparer.Ordinal);
        foreach (var layer in layers)
        {
            types.Infer(layer, [.. layer.Inputs.Select(i => results[i.Name])]);
            results[layer.Output.Name] = layer.Type("result");
        }
    }

    /// <summary>Scales by one without a shift, and softmaxes that the user skips, are no layers in the firmware.</summary>
    private static void LeaveOut(List<ProjectLayer> layers, IReadOnlyCollection<string> outputs, Surprises surprises)
    {
        foreach (var layer in layers.ToList())
        {
            var isNothing = layer.Class.IsScale() && layer.Weight!.IsAll(Core.Numbers.Dyadic.One) && layer.Bias!.IsAll(Core.Numbers.Dyadic.Zero);
            var isSkipped = layer.Class == LayerClass.Softmax && layer.Attributes.TryGetValue("skip", out var skip) && bool.Parse(skip.Text);
            if (!isNothing && !isSkipped)
                continue;
            var previous = layers.Find(l => l.Output.Name == layer.Inputs[0].Name)!;
            if (outputs.Contains(layer.Output.Name) && (outputs.Contains(previous.Output.Name) || previous.Class == LayerClass.Input))
                continue;
            if (isSkipped)
                surprises.Skipped(layer);
            var (gone, kept) = outputs.Contains(layer.Output.Name) ? (previous.Output, layer.Output) : (layer.Output, previous.Output);
            previous.Output = kept;
            layers.Remove(layer);
            foreach (var reader in layers)
            {
                for (var k = 0; k < reader.Inputs.Count; k++)
                    reader.Inputs[k] = reader.Inputs[k].Name == gone.Name ? kept : reader.Inputs[k];
            }
        }
    }
}
