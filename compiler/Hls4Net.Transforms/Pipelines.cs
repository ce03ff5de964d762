using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Passes;
using Hls4Net.Operators.Onnx;
using Hls4Net.Transforms.HlsProjects;
using Hls4Net.Transforms.Inputs;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Reuse;
using Hls4Net.Transforms.Settings;
using Hls4Net.Transforms.Streams;
using Hls4Net.Transforms.Typing;

namespace Hls4Net.Transforms;

/// <summary>A network between the ONNX file and the back ends.</summary>
/// <param name="Imported">The real-valued graph, score and fusions included.</param>
/// <param name="Typed">The graph with types.</param>
/// <param name="Design">The typed graph as kernels.</param>
public sealed record CompiledModel(Graph Imported, TypedModel Typed, Design Design)
{
    /// <summary>The layers as hls4ml lists them, if an hls4ml configuration was given.</summary>
    public HlsProjectModel? Project { get; init; }

    /// <summary>How events come piece by piece; null for all of an event in one cycle.</summary>
    public StreamOptions? Stream { get; init; }

    /// <summary>The score behind the network.</summary>
    public ScoreSettings Score { get; init; } = ScoreSettings.None;

    /// <summary>How events come to the firmware; null where its inputs are those of the model.</summary>
    public EventDescription? Events { get; init; }
}

/// <summary>The order of passes, with the reason for each place.</summary>
public static class Pipelines
{
    /// <summary>Everything between the imported graph and the netlist, in the order in which it runs.</summary>
    public static IReadOnlyList<PassDescription> Steps { get; } =
    [
        .. RealPasses(Score.None, Configuration.Default).Select(p => PassDescription.Of(p.GetType())),
        PassDescription.OfStep(typeof(ChooseTypes), nameof(Graph)),
        // On kernels, because what can be folded is seen in what they compute, whatever the operator was called.
        PassDescription.OfStep(typeof(FoldLayers), nameof(Design)),
        // Behind it: only the weights of folded layers are in tables.
        PassDescription.OfStep(typeof(MarkLoadable), nameof(Design)),
        .. HardwareBuilder.Steps,
    ];

    /// <summary>From an imported graph to a typed design. Errors are in the bag, and the result is then null.</summary>
    /// <param name="imported">What the front end read.</param>
    /// <param name="score">The score to append.</param>
    /// <param name="configuration">The user's choices.</param>
    /// <param name="calibration">Event-major values of each input with the number of events, or null.</param>
    /// <param name="diagnostics">Receives problems and warnings.</param>
    /// <param name="maximumOperations">A network with more operations is refused.</param>
    public static CompiledModel? ToDesign(Graph imported, Score score, Configuration configuration,
        (IReadOnlyDictionary<string, double[]> Inputs, int Events)? calibration, DiagnosticBag diagnostics, long maximumOperations = Unrolling.MaximumOperations)
    {
        var events = configuration.Events is { } description ? EventStage.Complete(imported, description, configuration, diagnostics) : null;
        if (diagnostics.HasErrors)
            return null;
        // Not a pass: what comes in is no longer what the model has.
        var fed = events is null ? imported : EventStage.Add(imported, events);
        var graph = new PassRunner<Graph>(IrKind.Graph).Run(fed, RealPasses(score, configuration with { Events = events }), diagnostics);
        if (diagnostics.HasErrors)
            return null;
        Unrolling.Check(graph, maximumOperations);
        var seen = calibration is { } data ? Calibration.Run(graph, data.Inputs, data.Events) : null;
        return ToDesign(graph, configuration, seen, diagnostics) is { } model ? model with { Score = ScoreOf(score, configuration), Events = events } : null;
    }

    /// <summary>From a graph behind the passes on reals to a typed design. Errors are in the bag, and the result is then null.</summary>
    internal static CompiledModel? ToDesign(Graph graph, Configuration configuration, Calibration? seen, DiagnosticBag diagnostics)
    {
        var typed = new ChooseTypes(configuration, seen).Run(graph, diagnostics);
        if (diagnostics.HasErrors)
            return null;
        GraphVerifier.Demand(typed.Graph, "choosing types");
        var design = MemoryChoices.Apply(FoldLayers.Run(DesignBuilder.Build(typed.Graph), ReuseFactors.Of(graph, configuration), diagnostics), graph, configuration);
        if (!diagnostics.HasErrors)
            design = DesignVerifier.Demand(MarkLoadable.Run(design, LoadChoices.Of(graph, configuration), diagnostics), "the choice of what is loaded");
        return diagnostics.HasErrors ? null : new(graph, typed, design) { Stream = configuration.Stream };
    }

    /// <summary>
    /// The arithmetic alone of a graph behind the passes on reals: schedules and memories, which change no bit, are left out, and nothing is verified. For
    /// candidates that are emulated and thrown away. Errors are in the bag, and the result is then null.
    /// </summary>
    internal static CompiledModel? ToArithmetic(Graph graph, Configuration configuration, Calibration? seen, RangeMemory memory, DiagnosticBag diagnostics)
    {
        var typed = new ChooseTypes(configuration, seen) { Memory = memory }.Run(graph, diagnostics);
        return diagnostics.HasErrors ? null : new(graph, typed, DesignBuilder.Build(typed.Graph)) { Stream = configuration.Stream };
    }

    /// <summary>From an imported graph and an hls4ml configuration to a typed design. Errors are in the bag, and the result is then null.</summary>
    /// <param name="source">The nodes of the user's file.</param>
    /// <param name="hasClock">Whether the hardware will have a clock, without which nothing can come piece by piece.</param>
    public static CompiledModel? ToHlsDesign(Graph imported, IReadOnlyList<SourceNode> source, Configuration configuration, DiagnosticBag diagnostics, bool hasClock = true)
    {
        if (diagnostics.HasErrors)
            return null;
        var wantsStream = configuration.Stream is not null || configuration.Project!.IsStreamed;
        Unrolling.Check(imported, wantsStream ? Unrolling.MaximumOperationsOfStreams : Unrolling.MaximumOperations);
        if (new TypeAsHlsProject(configuration, source).Run(imported, diagnostics) is not { } project || diagnostics.HasErrors)
            return null;
        GraphVerifier.Demand(project.Typed.Graph, "typing as hls4ml does");
        var design = FoldLayers.Run(DesignBuilder.Build(project.Typed.Graph), new(null, project.ReuseFactors), diagnostics);
        if (diagnostics.HasErrors)
            return null;
        var stream = configuration.Stream ?? (configuration.Project!.IsStreamed ? StreamOf(design, hasClock, configuration.File, diagnostics) : null);
        if (wantsStream && stream is null)
            Unrolling.Check(imported, Unrolling.MaximumOperations);
        return new(imported, project.Typed, design) { Project = project, Stream = stream };
    }

    /// <summary>Pixel by pixel, if the network can take an event so; else a note says why not.</summary>
    private static StreamOptions? StreamOf(Design design, bool hasClock, string file, DiagnosticBag diagnostics)
    {
        var stream = new StreamOptions();
        try
        {
            if (!hasClock)
                throw new UserErrorException(Messages.StreamWithoutClock());
            StreamPlanner.Run(design, StageGroup.Of(design), stream);
            return stream;
        }
        catch (UserErrorException e)
        {
            diagnostics.Add(Messages.HlsStreamed(file, e.Diagnostics[0].Message));
            return null;
        }
    }

    /// <summary>What the user asked for beside the configuration comes first; the working points are the configuration's.</summary>
    private static ScoreSettings ScoreOf(Score score, Configuration configuration)
    {
        var settings = configuration.Score ?? ScoreSettings.None;
        return score == Score.None ? settings : settings with { Heads = ScoreSettings.Of(score).Heads };
    }

    /// <summary>Passes on the imported graph, none of which changes what it computes in real numbers.</summary>
    public static IReadOnlyList<IPass<Graph>> RealPasses(Score score, Configuration configuration)
    {
        var configured = configuration.Layers.Keys.ToHashSet(StringComparer.Ordinal);
        var pinned = configuration.Layers.Where(l => l.Value.Result is not null).Select(l => l.Key).ToHashSet(StringComparer.Ordinal);
        var places = configuration.Layers.Where(l => l.Value.Hls.Softmax == HlsSoftmax.Argmax).Select(l => l.Key).ToHashSet(StringComparer.Ordinal);
        return
        [
            // Before anything that looks at what reads an input.
            new AddInputStages(configuration),
            // Early, so that the score's own layers are fused, calibrated and typed like any other.
            new AppendScore(ScoreOf(score, configuration), configuration.Events?.Input),
            // Before the normalisation: a bias between product and normalisation would hide one from the other.
            new FuseBias(pinned),
            new FoldBatchNorm(pinned, inFloat32: configuration.Dialect == Dialect.Hls),
            // What the user wants of a softmax, then what the network wants of it: neither is needed where its values are not.
            new ReplaceSoftmaxByArgMax(places),
            new DropSoftmaxBeforeArgMax(pinned),
            // Last, when biases are where they stay. The HLS dialect multiplies where the model does, and types what it multiplies.
            .. configuration.Dialect == Dialect.Hls ? [] : new IPass<Graph>[] { new MoveScales(configured) },
        ];
    }
}
