using System.Security.Cryptography;
using System.Text;
using Hls4Net.Cli.Reports;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Text;
using Hls4Net.Emission;
using Hls4Net.Operators.Onnx;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Arithmetic;
using Hls4Net.Transforms.Estimation;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Verification.Gpp;
using Hls4Net.Verification.Verilator;

namespace Hls4Net.Cli.Compilation;

/// <summary>Everything that <c>compile</c> writes.</summary>
internal static class FirmwareWriter
{
    /// <summary>The model as ONNX Runtime can run it, below the folder; absent if it cannot.</summary>
    public const string ReferencePath = "ir/reference.onnx";

    /// <summary>Compiles a model and writes the folder as a whole.</summary>
    /// <exception cref="UserErrorException">The input cannot be used.</exception>
    public static Manifest Write(CompileOptions options, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        using var directory = OutputDirectory.Create(options.Output);
        var compiled = ModelCompiler.Compile(options, diagnostics);
        cancellation.ThrowIfCancellationRequested();
        var prefix = PrefixOf(options);
        var hardware = options.WantsVerilog ? WriteVerilog(directory, compiled, HardwareOptionsOf(prefix, options) with { Stream = compiled.Stream, Decision = compiled.Score.Decision }, cancellation) : null;
        foreach (var unused in hardware is null ? [] : UnusedInputs.Of(hardware))
            diagnostics.Add(Messages.InputsUnused(unused.Input, unused.Elements, unused.All, unused.Bits));
        var layout = options.WantsHls ? WriteHls(directory, compiled, HlsOptionsOf(prefix, options.Part, options.ClockMHz) with { Stream = compiled.Stream }, options, diagnostics) : null;
        var library = options.WantsLibrary ? WriteLibrary(directory, compiled, HlsOptionsOf(prefix, options.Part, options.ClockMHz), options, layout?.Ranges) : null;
        if (!compiled.Score.Decision.IsNone && (layout is not null || library is not null))
            diagnostics.Add(Messages.DecisionInVerilog(layout is null ? "the C++ library" : library is null ? "the HLS C++" : "the HLS C++ and the C++ library"));
        if (options.WantsBoard)
            WriteBoard(directory, compiled, hardware!, options);
        cancellation.ThrowIfCancellationRequested();
        WriteIr(directory, compiled, hardware);
        if (ReferenceModel.Make(options.Model, options.Outputs) is { } reference)
            directory.Write(ReferencePath, reference);
        var manifest = ManifestMaker.Make(options, prefix, compiled, hardware, layout, library, diagnostics);
        directory.Write(OutputDirectory.ManifestName, manifest.ToJson());
        directory.Write("report.txt", ReportText.Of(manifest));
        var report = ReportFolder.Make(directory.Temporary, manifest, compiled.Typed.Graph, options.Command, InputsOf(options));
        directory.Write(ReportFolder.JsonName, ReportFolder.ToJson(report));
        if (options.WantsPage)
            directory.Write(ReportFolder.PageName, ReportPage.Of(report));
        cancellation.ThrowIfCancellationRequested();
        directory.Commit();
        return manifest;
    }

    /// <summary>What a model would be as hardware; nothing is written.</summary>
    /// <exception cref="UserErrorException">The input cannot be used.</exception>
    public static HardwareEntry Estimate(CompileOptions options, DiagnosticBag diagnostics)
    {
        var compiled = ModelCompiler.Compile(options, diagnostics);
        return ManifestMaker.HardwareEntryOf(HardwareBuilder.Build(compiled.Design, HardwareOptionsOf(PrefixOf(options), options) with { Stream = compiled.Stream, Decision = compiled.Score.Decision }), compiled.Design);
    }

    private static HardwareDesign WriteVerilog(OutputDirectory directory, CompiledModel compiled, HardwareOptions options, CancellationToken cancellation)
    {
        var hardware = HardwareBuilder.Build(compiled.Design, options);
        cancellation.ThrowIfCancellationRequested();
        foreach (var (path, text) in VerilogEmitter.Emit(hardware))
            directory.Write(path, path == VerilogEmitter.PortsPath && compiled.Events is { } events ? text + EventPage.Of(events) : text);
        foreach (var (path, content) in VerilogTestbench.Files(hardware, compiled.Design))
            directory.Write($"testbench/{path}", content);
        return hardware;
    }

    /// <summary>The names of the C++, or null if none was written: what does not fit its types is an error only if nothing else was asked for.</summary>
    private static HlsCppLayout? WriteHls(OutputDirectory directory, CompiledModel compiled, HlsOptions hls, CompileOptions options, DiagnosticBag diagnostics)
    {
        try
        {
            var layout = HlsCppLayout.Of(compiled.Design, hls);
            foreach (var (path, text) in HlsCppEmitter.Emit(compiled.Design, hls, layout))
                directory.Write($"hls/{path}", text);
            return layout;
        }
        catch (UserErrorException e) when (options.Emit is null && e.Diagnostics.All(d => d.Rule == Messages.TooWideForHlsRule))
        {
            diagnostics.Add(Messages.HlsLeftOut(e.Diagnostics[0].Where, e.Diagnostics[0].Message));
            return null;
        }
    }

    private static HlsCppLayout WriteLibrary(OutputDirectory directory, CompiledModel compiled, HlsOptions hls, CompileOptions options, RangeAnalysis? ranges)
    {
        var library = new LibraryOptions($"Hls4Net {Versions.Compiler}", $"Model: SHA-256 {ModelCompiler.Hash(options.Model)}.", compiled.Typed.InputQuantizers);
        var layout = ranges is null ? LibraryEmitter.LayoutOf(compiled.Design, hls) : LibraryEmitter.LayoutOf(compiled.Design, hls, ranges);
        foreach (var (path, text) in LibraryEmitter.Emit(compiled.Design, hls, library, layout))
            directory.Write($"{LibraryExecution.Folder}/{path}", text);
        return layout;
    }

    private static void WriteBoard(OutputDirectory directory, CompiledModel compiled, HardwareDesign hardware, CompileOptions options)
    {
        var design = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(DesignText.ToText(compiled.Design))));
        foreach (var (path, text) in BoardEmitter.Emit(hardware, new(Versions.Number, ModelCompiler.Hash(options.Model), Versions.Hash, design)))
            directory.Write(path, text);
    }

    private static IEnumerable<FileEntry> InputsOf(CompileOptions options) => new[] { options.Model, options.Configuration, options.Calibration }.OfType<string>()
        .Select(p => new FileEntry(Path.GetFileName(p), ModelCompiler.Hash(p)));

    /// <summary>The name that starts every identifier of the firmware.</summary>
    private static string PrefixOf(CompileOptions options)
    {
        const int Longest = 40;
        var stem = Identifiers.Legal(options.Prefix ?? Path.GetFileNameWithoutExtension(options.Model));
        // A name that is too long loses its end; what tells versions apart must not be there.
        return options.Release is { } release ? Identifiers.Legal($"{stem[..Math.Min(stem.Length, Longest)]}_{release}") : stem;
    }

    /// <summary>What was asked of the hardware, from the manifest of a compiled folder.</summary>
    public static HardwareOptions HardwareOptionsOf(Manifest manifest) => HardwareOptionsOf(manifest.Prefix, manifest.Target.Part,
        manifest.Target.ClockMHz, new(CompileOptions.ParseEffort(manifest.Target.Effort), manifest.Target.DepthSlack ?? 0), manifest.Target.Stages ?? 0, manifest.Target.RegisterInputs ?? false,
        CompileOptions.ParseAdders(manifest.Target.Adders)) with
    {
        Stream = manifest.Target.Pixels is { } pixels ? new(pixels) : null,
        ClockEnable = manifest.Target.ClockEnable ?? false,
        AxiStream = manifest.Target.AxiStream,
        Memory = CompileOptions.ParseChoice<MemoryChoice>("memory", manifest.Target.Memory),
        Multipliers = CompileOptions.ParseChoice<MultiplierKind>("multipliers", manifest.Target.Multipliers),
    };

    /// <summary>How the HLS project was written, from the manifest of a compiled folder.</summary>
    public static HlsOptions HlsOptionsOf(Manifest manifest) => HlsOptionsOf(manifest.Prefix, manifest.Target.Part, manifest.Target.ClockMHz) with
    {
        Stream = manifest.Target.Pixels is { } pixels ? new(pixels) : null,
    };

    /// <summary>What is asked of the hardware.</summary>
    public static HardwareOptions HardwareOptionsOf(CompileOptions options) => HardwareOptionsOf(PrefixOf(options), options);

    private static HardwareOptions HardwareOptionsOf(string prefix, CompileOptions options) =>
        HardwareOptionsOf(prefix, options.Part, options.ClockMHz, new(options.Effort, options.DepthSlack), options.Stages, options.RegisterInputs, (options.AdderOperands, options.InputTables)) with
        {
            ClockEnable = options.ClockEnable,
            AxiStream = options.AxiStream,
            Memory = options.Memory,
            Multipliers = options.Multipliers,
        };

    private static HardwareOptions HardwareOptionsOf(string prefix, string part, double? clockMHz, SearchSharing multiplier, int stages, bool registerInputs, (int Operands, bool HasTables) adders) =>
        new(prefix, clockMHz, part)
        {
            Multiplier = multiplier,
            Stages = stages,
            RegisterInputs = registerInputs,
            AdderOperands = adders.Operands,
            InputTables = adders.HasTables,
        };

    private static HlsOptions HlsOptionsOf(string prefix, string part, double? clockMHz) => new()
    {
        Prefix = prefix,
        Part = part,
        ClockNs = (decimal)Math.Round(1000 / (clockMHz ?? CompileOptions.DefaultClockMHz), 3),
    };

    private static void WriteIr(OutputDirectory directory, CompiledModel compiled, HardwareDesign? hardware)
    {
        directory.Write(CompiledFolder.ImportedPath, GraphText.ToText(compiled.Imported));
        directory.Write(CompiledFolder.TypedPath, GraphText.ToText(compiled.Typed.Graph));
        directory.Write(CompiledFolder.DesignPath, DesignText.ToText(compiled.Design));
        if (hardware is not null)
            directory.Write(CompiledFolder.NetlistPath, NetlistText.ToText(hardware.Netlist));
    }
}
