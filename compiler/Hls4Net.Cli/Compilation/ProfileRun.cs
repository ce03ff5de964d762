using System.Diagnostics;
using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Profiling;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Inputs;

namespace Hls4Net.Cli.Compilation;

/// <summary>What <c>profile</c> found.</summary>
/// <param name="Outputs">Those on which the network is judged.</param>
/// <param name="Sample">Events on which the cost of each layer was measured: the first ones.</param>
internal sealed record NetworkProfile(
    string Model, long Events, int Sample, IReadOnlyList<string> Outputs, IReadOnlyList<TensorProfile> Tensors, IReadOnlyList<LayerProfile> Layers);

/// <summary>A network in real numbers and in fixed point, and how real numbers get into its inputs.</summary>
internal sealed record ProfiledModel(string Name, Design Imported, Design Typed, IReadOnlyDictionary<string, Quantizer> Inputs)
{
    /// <summary>How events become what the inputs take, where the configuration describes it, and the shape of an event; else null.</summary>
    public (EventCoding Coding, Seq<int> Shape)? Events { get; init; }

    /// <summary>The inputs that carry events.</summary>
    public IReadOnlyList<(string Name, Seq<int> Shape)> DataInputs =>
        [.. Typed.Inputs.Where(i => !Typed.Settings.Contains(i)).Select(i => (i, Typed.ShapeOf(i)))];

    /// <summary>A compiled folder.</summary>
    /// <exception cref="UserErrorException">It was not made by compile.</exception>
    public static ProfiledModel Open(string path)
    {
        var folder = CompiledFolder.Open(path);
        return new(folder.Manifest.Model.File, DesignBuilder.Build(folder.ReadImported()), folder.Design,
            folder.Manifest.Inputs.ToDictionary(i => i.Name, i => i.Quantizer, StringComparer.Ordinal))
        {
            Events = folder.Events is { } coding ? (coding, folder.Manifest.Events!.Shape.ToSeq()) : null,
        };
    }

    /// <summary>A model compiled in memory.</summary>
    /// <exception cref="UserErrorException">The input cannot be used.</exception>
    public static ProfiledModel Compile(CompileOptions options, DiagnosticBag diagnostics)
    {
        var compiled = ModelCompiler.Compile(options, diagnostics);
        return new(Path.GetFileName(options.Model), DesignBuilder.Build(compiled.Imported), compiled.Design, compiled.Typed.InputQuantizers)
        {
            Events = compiled.Events is { } events ? (new EventCoding(events), compiled.Imported[events.Input].Shape) : null,
        };
    }

    /// <summary>Events of a file as what the inputs take, in real numbers.</summary>
    /// <exception cref="UserErrorException">The file cannot be read or does not fit.</exception>
    public IEnumerable<(IReadOnlyDictionary<string, double[]> Values, int Events)> Read(string path, int size) => Events is var (coding, shape)
        ? RealChunks.Read(path, [("events", shape)], size).Select(c => (coding.ToReals(c.Values["events"]), c.Events))
        : RealChunks.Read(path, DataInputs, size);
}

/// <summary>Profiles a network on a file of events.</summary>
/// <param name="progress">Receives what is being done.</param>
internal sealed class ProfileRun(Action<string> progress)
{
    /// <summary>Numbers in memory at a time, of all values of a block of events together.</summary>
    private const long BlockNumbers = 1 << 22;

    private const int LargestBlock = 4096;

    /// <summary>Events on which each layer is tried by itself: the network is run once for each.</summary>
    private const int LargestSample = 1000;

    private const double SecondsBetweenReports = 2;

    /// <exception cref="UserErrorException">The file cannot be read, does not fit or is empty.</exception>
    public NetworkProfile Run(ProfiledModel model, string path, CancellationToken cancellation)
    {
        var profiler = new Profiler(model.Imported, model.Typed, model.Inputs);
        var size = (int)Math.Clamp(BlockNumbers / Math.Max(1, profiler.ElementsPerEvent), 16, LargestBlock);
        IReadOnlyDictionary<string, double[]>? first = null;
        var (events, sample) = (0L, 0);
        var (watch, reported) = (Stopwatch.StartNew(), 0.0);
        foreach (var (values, count) in model.Read(path, size))
        {
            cancellation.ThrowIfCancellationRequested();
            profiler.Add(values, count, cancellation);
            events += count;
            if (first is null)
                (first, sample) = Beginning(model, values, count);
            if (watch.Elapsed.TotalSeconds - reported < SecondsBetweenReports)
                continue;
            reported = watch.Elapsed.TotalSeconds;
            progress(string.Create(CultureInfo.InvariantCulture, $"{events} events, {events / reported:N0}/s"));
        }
        if (first is null)
            throw new UserErrorException(Messages.InputsNeeded(path, "it holds no events."));
        progress(string.Create(CultureInfo.InvariantCulture, $"trying each layer by itself on {sample} events"));
        var layers = new LayerCosts(model.Imported, model.Typed, model.Inputs).Run(first, sample, cancellation);
        return new(model.Name, events, sample, LayerCosts.JudgedOutputs(model.Typed), profiler.Tensors(), layers);
    }

    private static (IReadOnlyDictionary<string, double[]> Values, int Events) Beginning(ProfiledModel model, IReadOnlyDictionary<string, double[]> values, int events)
    {
        var count = Math.Min(events, LargestSample);
        var shapes = model.DataInputs.ToDictionary(i => i.Name, i => Core.Primitives.Shapes.Count(i.Shape), StringComparer.Ordinal);
        return (values.ToDictionary(v => v.Key, v => v.Value[..(count * shapes[v.Key])], StringComparer.Ordinal), count);
    }
}
