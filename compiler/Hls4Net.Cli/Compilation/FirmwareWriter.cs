using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Emission;
using Hls4Net.Operators.Onnx;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Passes;
using Hls4Net.Verification.Verilator;

namespace Hls4Net.Cli.Compilation;

/// <summary>Everything that <c>compile</c> writes.</summary>
internal static class FirmwareWriter
{
    /// <summary>Time between two collisions at the LHC.</summary>
    private const double BunchCrossingNs = 25;

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
        var hardware = HardwareBuilder.Build(compiled.Design, HardwareOptionsOf(prefix, options.Part, options.ClockMHz));
        cancellation.ThrowIfCancellationRequested();
        foreach (var (path, text) in VerilogEmitter.Emit(hardware))
            directory.Write(path, text);
        foreach (var (path, text) in HlsCppEmitter.Emit(compiled.Design, HlsOptionsOf(prefix, options.Part, options.ClockMHz)))
            directory.Write($"hls/{path}", text);
        foreach (var (path, content) in VerilogTestbench.Files(hardware, compiled.Design))
            directory.Write($"testbench/{path}", content);
        WriteIr(directory, compiled, hardware);
        if (ReferenceModel.Make(options.Model, options.Outputs) is { } reference)
            directory.Write(ReferencePath, reference);
        var manifest = ManifestOf(options, prefix, compiled, hardware, diagnostics);
        directory.Write(OutputDirectory.ManifestName, manifest.ToJson());
        directory.Write("report.txt", ReportText.Of(manifest));
        cancellation.ThrowIfCancellationRequested();
        directory.Commit();
        return manifest;
    }

    /// <summary>The name that starts every identifier of the firmware.</summary>
    private static string PrefixOf(CompileOptions options) =>
        Identifiers.Legal(options.Prefix ?? Path.GetFileNameWithoutExtension(options.Model));

    /// <summary>What was asked of the hardware, from the manifest of a compiled folder.</summary>
    public static HardwareOptions HardwareOptionsOf(Manifest manifest) => HardwareOptionsOf(manifest.Prefix, manifest.Hardware.Part, manifest.Hardware.ClockMHz);

    /// <summary>How the HLS project was written, from the manifest of a compiled folder.</summary>
    public static HlsOptions HlsOptionsOf(Manifest manifest) => HlsOptionsOf(manifest.Prefix, manifest.Hardware.Part, manifest.Hardware.ClockMHz);

    private static HardwareOptions HardwareOptionsOf(string prefix, string part, double? clockMHz) =>
        new(prefix, clockMHz, part, Combinational: clockMHz is null);

    private static HlsOptions HlsOptionsOf(string prefix, string part, double? clockMHz) => new()
    {
        Prefix = prefix,
        Part = part,
        ClockNs = (decimal)Math.Round(1000 / (clockMHz ?? CompileOptions.DefaultClockMHz), 3),
    };

    private static void WriteIr(OutputDirectory directory, CompiledModel compiled, HardwareDesign hardware)
    {
        directory.Write("ir/imported.txt", GraphText.ToText(compiled.Imported));
        directory.Write("ir/typed.txt", GraphText.ToText(compiled.Typed.Graph));
        directory.Write(CompiledFolder.DesignPath, DesignText.ToText(compiled.Design));
        directory.Write("ir/netlist.txt", NetlistText.ToText(hardware.Netlist));
    }

    private static Manifest ManifestOf(CompileOptions options, string prefix, CompiledModel compiled, HardwareDesign hardware, DiagnosticBag diagnostics)
    {
        var files = new Identifiers();
        var ports = hardware.Ports.ToDictionary(p => p.Channel, StringComparer.Ordinal);
        var inputs = compiled.Design.Inputs.Select(i => InputEntry(ports[i], compiled.Typed.InputQuantizers[i], files)).ToArray();
        var outputs = compiled.Design.Outputs.Select(o => OutputEntry(ports, o, files)).ToArray();
        var values = compiled.Design.Channels.Where(c => c.Type is not null)
            .Select(c => new ValueEntry(c.Name, [.. c.Shape], c.Type!.Value.ToString())).ToArray();
        return new(Manifest.CurrentFormat, Versions.Compiler,
            new(Path.GetFileName(options.Model), ModelCompiler.Hash(options.Model), [.. options.Outputs], options.Score == Score.None ? "none" : options.Score.ToString().ToLowerInvariant()),
            prefix, inputs, outputs, HardwareEntryOf(hardware, compiled.Design), values, [.. diagnostics.Items.Select(d => d.ToString())]);
    }

    private static PortEntry InputEntry(HardwarePort port, Quantizer quantizer, Identifiers files) => new(
        port.Channel, port.Name, files.Fresh(port.Channel), [.. port.Shape], port.Type.ToString(),
        Quantizer.NameOf(quantizer.Rounding), Quantizer.NameOf(quantizer.Overflow), port.Role == PortRole.Setting ? true : null);

    private static PortEntry OutputEntry(Dictionary<string, HardwarePort> ports, string output, Identifiers files)
    {
        var port = ports[output];
        return new(port.Channel, port.Name, files.Fresh(port.Channel), [.. port.Shape], port.Type.ToString(), null, null, null);
    }

    private static HardwareEntry HardwareEntryOf(HardwareDesign hardware, Design design)
    {
        var ns = hardware.ClockMHz is { } clock && hardware.IsClocked ? Math.Round(hardware.Latency * 1000 / clock, 3) : (double?)null;
        var layers = hardware.Layers.Select(l => new LayerEntry(
            l.Name, string.Join(", ", l.Origins.Select(o => o.Node).Distinct()), string.Join(", ", l.Origins.Select(o => o.Operator).Distinct()),
            TypeOf(hardware, design, l), l.Figures.Adders, l.Figures.AdderBits, l.Figures.RegisterBits, l.FirstCycle, l.LastCycle)).ToArray();
        return new(hardware.Part, hardware.ClockMHz, hardware.Latency, ns, ns is { } time ? (int)Math.Ceiling(time / BunchCrossingNs) : null,
            hardware.InitiationInterval, hardware.Total.Adders, hardware.Total.AdderBits, hardware.Total.Multipliers, hardware.Total.RomBits,
            hardware.Total.RegisterBits, layers);
    }

    /// <summary>The type of the last value that the layer's nodes make.</summary>
    private static string TypeOf(HardwareDesign hardware, Design design, LayerFigures layer) =>
        hardware.Channels.LastOrDefault(c => layer.Origins.Contains(c.Origin)) is { } place ? design.Channel(place.Channel).Type?.ToString() ?? "" : "";
}
