using System.CommandLine;
using System.Globalization;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Passes;
using Hls4Net.Core.Text;
using Hls4Net.Operators.Onnx;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Reuse;
using Hls4Net.Transforms.Settings;
using Spectre.Console;

namespace Hls4Net.Cli.Commands;

/// <summary><c>hls4net weights</c>: what has to be written into firmware so that it computes a retrained network.</summary>
internal static class WeightsCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "A folder that `hls4net compile --weights loadable` made." };
        var model = new Argument<string>("MODEL.onnx") { Description = "The retrained network: the same operators and shapes." };
        var output = new Option<string>("--output", "-o") { Description = "File that receives the transfers: X.json, or X.txt with an address and data in each line.", Required = true };
        var configuration = new Option<string?>("--config", "-c") { Description = "The configuration that compile was given." };
        var tag = new Option<uint>("--tag") { Description = "A number of yours that names these weights in the register TAG." };
        var emulator = new Option<string?>("--emulator") { Description = "A folder for `hls4net emulate` with the new weights." };
        return new Command("weights",
            """
            Writes the AXI4-Lite transfers that put a retrained network into firmware whose weights are loadable, without synthesis. The last one commits:
            every event is computed with the old weights only or with the new ones only. The network has to have the same operators, shapes and
            types; one with other shapes, a weight outside its type, or another constant that differs is refused. weights.md in the folder says more.

              hls4net compile model.onnx -o out/model --reuse 8 --weights loadable
              hls4net weights out/model retrained.onnx -o retrained.json --tag 2
              hls4net weights out/model retrained.onnx -o retrained.txt --emulator out/retrained
            """) { folder, model, output, configuration, tag, emulator }.WithAction((parsed, reporter, _) => Task.FromResult(Run(
            new(parsed.GetValue(folder)!, parsed.GetValue(model)!, parsed.GetValue(output)!, parsed.GetValue(configuration), parsed.GetValue(tag), parsed.GetValue(emulator)), reporter)));
    }

    private sealed record Options(string Folder, string Model, string Output, string? Configuration, uint Tag, string? Emulator);

    private sealed record Summary(string File, string Hash, uint Tag, int Transfers);

    private static int Run(Options options, Reporter reporter)
    {
        var isText = options.Output.EndsWith(".txt", StringComparison.OrdinalIgnoreCase);
        if (!isText && !options.Output.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            throw new UserErrorException(Messages.BadOptionValue("--output", options.Output, "a file X.json or X.txt"));
        var folder = CompiledFolder.Open(options.Folder);
        if (folder.Manifest.Target.Weights is null || folder.Manifest.Hardware is null || folder.ReadHardware().Interface.Loading is not { } load)
            throw new UserErrorException(Messages.NoWeightsToLoad(options.Folder));
        var diagnostics = new DiagnosticBag();
        var design = Retrained(folder, options, diagnostics);
        reporter.Diagnostics(diagnostics.Items);
        var hardware = HardwareBuilder.Build(DesignVerifier.Demand(design, "the exchange of weights"), FirmwareWriter.HardwareOptionsOf(folder.Manifest));
        if (hardware.Loading?.Hash.ToString("x16", CultureInfo.InvariantCulture) != load.Hash)
            throw new InvalidOperationException("The retrained network gives other firmware, although it differs in loadable weights only.");
        var list = WeightList.Of(folder.Manifest.Prefix, load, hardware.Netlist, Path.GetFileName(options.Model), ModelCompiler.Hash(options.Model), options.Tag);
        if (options.Emulator is { } emulator)
            WriteEmulator(folder, design, options, emulator);
        AtomicFile.WriteAllText(options.Output, isText ? list.ToText() : list.ToJson());
        var summary = new Summary(options.Output, list.Hash, list.Tag, list.Writes.Count);
        reporter.Result(summary, () => new Text(string.Create(CultureInfo.InvariantCulture,
            $"{options.Output}: {list.Writes.Count} transfers for {list.Firmware} with the hash {list.Hash}; the last one commits\n")));
        return ExitCode.Done;
    }

    private static Design Retrained(CompiledFolder folder, Options options, DiagnosticBag diagnostics)
    {
        var target = folder.Manifest.Target;
        var compile = new CompileOptions(options.Model, options.Folder, options.Configuration, target.Part, target.ClockMHz, folder.Manifest.Model.Outputs,
            CompileOptions.ParseScore(folder.Manifest.Model.Score == "none" ? null : folder.Manifest.Model.Score), null, null, null);
        var configuration = ModelCompiler.ReadConfiguration(compile, diagnostics);
        var isHls = configuration.Dialect == Dialect.Hls;
        var (graph, _) = ModelCompiler.Import(options.Model, new ImportOptions { Outputs = compile.Outputs.ToSeq(), Float32Folding = isHls, HlsLayers = isHls }, diagnostics);
        diagnostics.ThrowIfErrors();
        graph = new PassRunner<Graph>(IrKind.Graph).Run(graph, Pipelines.RealPasses(compile.Score, configuration), diagnostics);
        diagnostics.ThrowIfErrors();
        var types = new Dictionary<string, Quantizer>(StringComparer.Ordinal);
        foreach (var (name, text) in target.Weights!)
        {
            if (Quantizer.TryParse(text, Rounding.Rnd, Core.Numbers.Overflow.Sat, out var quantizer, out _))
                types[name] = quantizer;
        }
        var design = RetrainedWeights.Apply(folder.Design, folder.ReadImported(), graph, types, configuration.Dialect, diagnostics);
        diagnostics.ThrowIfErrors();
        return design;
    }

    /// <summary>A folder with the design and what describes it, and no firmware: that of the other folder takes the weights.</summary>
    private static void WriteEmulator(CompiledFolder folder, Design design, Options options, string path)
    {
        using var directory = OutputDirectory.Create(path);
        var manifest = folder.Manifest with
        {
            Model = folder.Manifest.Model with { File = Path.GetFileName(options.Model), Sha256 = ModelCompiler.Hash(options.Model) },
            Target = folder.Manifest.Target with { Emit = [], Weights = null },
            Hardware = null,
        };
        directory.Write(CompiledFolder.DesignPath, DesignText.ToText(design));
        directory.Write(OutputDirectory.ManifestName, manifest.ToJson());
        directory.Commit();
    }
}
