using System.Security.Cryptography;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Inputs;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;
using Hls4Net.Transforms.Typing;

namespace Hls4Net.Cli.Compilation;

/// <summary>The front half of <c>compile</c>: from the user's files to a typed design.</summary>
internal static class ModelCompiler
{
    /// <summary>Imports, types and lowers to kernels.</summary>
    /// <param name="options">What the user asked for.</param>
    /// <param name="diagnostics">Receives warnings.</param>
    /// <exception cref="UserErrorException">The input cannot be used; holds all that was found.</exception>
    public static CompiledModel Compile(CompileOptions options, DiagnosticBag diagnostics)
    {
        var configuration = ReadConfiguration(options, diagnostics);
        var isHls = configuration.Dialect == Dialect.Hls;
        var import = new ImportOptions { Outputs = options.Outputs.ToSeq(), Float32Folding = isHls, HlsLayers = isHls };
        var (graph, source) = Import(options.Model, import, diagnostics);
        diagnostics.ThrowIfErrors();
        if (configuration.Project is not null)
            return CompileProject(options, configuration, graph, source, diagnostics);
        var calibration = options.Calibration is { } path ? ReadCalibration(path, graph, configuration.Events) : ((IReadOnlyDictionary<string, double[]>, int)?)null;
        var most = !options.WantsVerilog ? Unrolling.MaximumOperationsInSoftware
            : configuration.Stream is not null ? Unrolling.MaximumOperationsOfStreams : Unrolling.MaximumOperations;
        var compiled = Pipelines.ToDesign(graph, options.Score, configuration, calibration, diagnostics, most);
        diagnostics.ThrowIfErrors();
        return compiled!;
    }

    /// <summary>The network as it was imported, and what the user says of it.</summary>
    /// <exception cref="UserErrorException">The input cannot be used; holds all that was found.</exception>
    public static (Graph Graph, Configuration Configuration) Import(CompileOptions options, DiagnosticBag diagnostics)
    {
        var configuration = ReadConfiguration(options, diagnostics);
        var (graph, _) = Import(options.Model, new ImportOptions { Outputs = options.Outputs.ToSeq() }, diagnostics);
        diagnostics.ThrowIfErrors();
        return (graph, configuration);
    }

    /// <summary>An hls4ml configuration decides every type, so that the options that choose types have no place beside it.</summary>
    private static CompiledModel CompileProject(CompileOptions options, Configuration configuration, Graph graph, IReadOnlyList<SourceNode> source, DiagnosticBag diagnostics)
    {
        if (options.Precision is not null)
            diagnostics.Add(Messages.HlsOption("--precision"));
        if (options.Reuse is not null)
            diagnostics.Add(Messages.HlsOption("--reuse"));
        if (options.ReuseBudget is not null)
            diagnostics.Add(Messages.HlsOption("--target-ii"));
        if (options.LoadsWeights)
            diagnostics.Add(Messages.HlsOption("--weights"));
        if (options.Calibration is not null)
            diagnostics.Add(Messages.HlsOption("--calibrate"));
        if (options.Score != Score.None)
            diagnostics.Add(Messages.HlsOption("--score"));
        if (options.Prune is not null)
            diagnostics.Add(Messages.HlsOption("--prune"));
        if (options.RoundWeights is not null)
            diagnostics.Add(Messages.HlsOption("--round-weights"));
        diagnostics.ThrowIfErrors();
        var compiled = Pipelines.ToHlsDesign(graph, source, configuration, diagnostics, hasClock: options.ClockMHz is not null);
        diagnostics.ThrowIfErrors();
        return compiled!;
    }

    /// <summary>The model's fingerprint, in hexadecimal.</summary>
    public static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>The importer throws what it found; what was found before it joins in, so that nothing is reported alone.</summary>
    public static (Graph Graph, IReadOnlyList<SourceNode> Source) Import(string path, ImportOptions options, DiagnosticBag diagnostics)
    {
        try
        {
            return OnnxImporter.ImportWithSource(path, options, diagnostics);
        }
        catch (UserErrorException e)
        {
            foreach (var diagnostic in e.Diagnostics)
                diagnostics.Add(diagnostic);
            throw new UserErrorException([.. diagnostics.Items]);
        }
    }

    public static Configuration ReadConfiguration(CompileOptions options, DiagnosticBag diagnostics)
    {
        return WithOptions(options.Configuration is { } path ? ConfigurationReader.ReadFile(path, diagnostics) : Configuration.Default, options);
    }

    /// <summary>A configuration with what the options say beside it.</summary>
    public static Configuration WithOptions(Configuration configuration, CompileOptions options)
    {
        var precision = CompileOptions.ParsePrecision(options.Precision, configuration.DefaultRounding, configuration.DefaultOverflow);
        if (options.Reuse is { } reuse)
            configuration = configuration with { ReuseFactor = reuse, ReusePlace = "--reuse" };
        if (options.ReuseBudget is { } budget)
            configuration = configuration with { ReuseBudget = budget, ReuseFactor = null };
        if (options.Stream is { } stream)
            configuration = configuration with { Stream = stream };
        if (options.LoadsWeights)
            configuration = configuration with { IsLoadable = true };
        if (options.WeightBits is { } bits)
            configuration = configuration with { WeightBits = bits };
        configuration = configuration with { Prune = options.Prune ?? configuration.Prune, RoundWeights = options.RoundWeights ?? configuration.RoundWeights };
        return configuration with { Precision = precision ?? configuration.Precision };
    }

    /// <summary>What the inputs are in the events of a file: where they are described, what the hardware's integers leave of them.</summary>
    private static (IReadOnlyDictionary<string, double[]> Inputs, int Events) ReadCalibration(string path, Graph graph, EventDescription? description)
    {
        var inputs = graph.Inputs.Select(i => (i, graph[i].Shape)).ToList();
        var arrays = EventData.Read(path, inputs);
        var events = arrays[inputs[0].i].Shape[0];
        if (events == 0)
            throw new UserErrorException(Messages.InputsNeeded(path, "it holds no events; calibration needs some."));
        foreach (var (name, shape) in inputs)
            DataChecks.RequireFinite(path, arrays[name].ToDoubles(), EventData.RowShape(arrays[name].Shape.Count, shape));
        var values = arrays.ToDictionary(a => a.Key, a => a.Value.ToDoubles(), StringComparer.Ordinal);
        var fed = description is { Input.Length: > 0 } ? description.Input : inputs[0].i;
        // A description that does not fit is refused where the graph is.
        if (description is null || !values.Remove(fed, out var rows) || rows.Length != (long)events * description.Features.Count)
            return (values, events);
        var types = description.Ports.ToDictionary(p => p.Name, p => p.Type, StringComparer.Ordinal);
        foreach (var (port, batch) in new EventCoding(description).ToPorts(rows))
            values[port] = InputConversion.ToDoubles(batch, types[port]);
        return (values, events);
    }
}
