using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Emission;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Estimation;

namespace Hls4Net.Cli.Compilation;

/// <summary>Puts together what other programs need to know of a compiled design.</summary>
internal static class ManifestMaker
{
    /// <summary>Time between two collisions at the LHC.</summary>
    private const double BunchCrossingNs = 25;

    /// <param name="hardware">Null if no Verilog was written.</param>
    /// <param name="layout">Null if no HLS C++ was written.</param>
    /// <param name="library">Null if no C++ library was written.</param>
    public static Manifest Make(CompileOptions options, string prefix, CompiledModel compiled, HardwareDesign? hardware, HlsCppLayout? layout, HlsCppLayout? library, DiagnosticBag diagnostics)
    {
        var design = compiled.Design;
        var files = new Identifiers();
        var ports = hardware is not null
            ? hardware.Ports.ToDictionary(p => p.Channel, p => p.Name, StringComparer.Ordinal)
            : PortsOf((layout ?? library)!);
        var inputs = design.Inputs.Select(i => InputEntry(design, i, ports[i], compiled.Typed.InputQuantizers[i], files)).ToArray();
        var outputs = design.Outputs.Select(o => OutputEntry(design.Channel(o), ports[o], files)).ToArray();
        var values = design.Channels.Where(c => c.Type is not null).Select(c => new ValueEntry(c.Name, [.. c.Shape], c.Type!.Value.ToString())).ToArray();
        string[] emitted = [.. hardware is null ? [] : (string[])[CompileOptions.Verilog], .. layout is null ? [] : (string[])[CompileOptions.Hls], .. library is null ? [] : (string[])[CompileOptions.Library],
            .. options.WantsBoard ? (string[])[CompileOptions.Board] : []];
        return new(Manifest.CurrentFormat, Versions.Compiler, ModelOf(options, compiled), prefix, new(options.Part, options.ClockMHz, emitted, hardware is null ? null : options.Effort.ToString(),
                options.Stages > 0 ? options.Stages : null, options.RegisterInputs ? true : null, options.Adders, options.ClockEnable ? true : null,
                compiled.Stream?.Pixels, hardware?.AxiStream, options.DepthSlack > 0 ? options.DepthSlack : null,
                options.Memory == default ? null : MemberNames.Of(options.Memory), options.Multipliers == default ? null : MemberNames.Of(options.Multipliers))
        { Release = options.Release, Weights = WeightsOf(compiled) }, inputs, outputs,
            hardware is null ? null : HardwareEntryOf(hardware, design), values, [.. diagnostics.Items.Select(d => d.ToString())],
            TableEntries.Of(compiled) is { Length: > 0 } tables ? tables : null,
            [.. Work.Of(compiled.Typed.Graph).Select(w => new WorkEntry(w.Origin.Node, w.Origin.Operator, w.Macs, w.Flops, w.BitOperations, w.EffectiveBitOperations))])
        {
            Weights = compiled.Typed.WeightChanges is { Count: > 0 } changes ? [.. changes.Select(c =>
                new WeightEntry(c.Origin.Node, c.Choice, c.Weights, c.ZerosBefore, c.Zeros, c.Changed, Math.Round(c.Error, 6), c.UnusedInputs, c.EmptyOutputs))] : null,
            Decision = hardware is null ? null : DecisionEntry.Of(hardware.Decision, compiled.Score.Thresholds),
            Events = compiled.Events is { } events ? EventsEntry.Of(events, compiled.Imported[events.Input].Shape) : null,
        };
    }

    /// <summary>The types of the constants that can be loaded; those of the model itself round nothing.</summary>
    private static SortedDictionary<string, string>? WeightsOf(CompiledModel compiled)
    {
        var weights = compiled.Design.Constants.Where(c => c.IsLoadable).ToDictionary(c => c.Name, c =>
            compiled.Typed.ConstantQuantizers.TryGetValue(c.Name, out var quantizer) ? quantizer.ToString() : c.Tensor.Type!.Value.ToString(), StringComparer.Ordinal);
        return weights.Count == 0 ? null : new(weights, StringComparer.Ordinal);
    }

    private static Dictionary<string, string> PortsOf(HlsCppLayout layout) =>
        layout.Inputs.Concat(layout.Outputs).DistinctBy(a => a.Name).ToDictionary(a => a.Name, a => a.Identifier, StringComparer.Ordinal);

    private static ModelEntry ModelOf(CompileOptions options, CompiledModel compiled) =>
        new(Path.GetFileName(options.Model), ModelCompiler.Hash(options.Model), [.. options.Outputs], compiled.Score.ToText());

    private static PortEntry InputEntry(Design design, string name, string port, Quantizer quantizer, Identifiers files)
    {
        var channel = design.Channel(name);
        return new(name, port, files.Fresh(name), [.. channel.Shape], channel.Type!.Value.ToString(),
            Quantizer.NameOf(quantizer.Rounding), Quantizer.NameOf(quantizer.Overflow), design.Settings.Contains(name, StringComparer.Ordinal) ? true : null);
    }

    private static PortEntry OutputEntry(Channel channel, string port, Identifiers files) =>
        new(channel.Name, port, files.Fresh(channel.Name), [.. channel.Shape], channel.Type!.Value.ToString(), null, null, null);

    /// <summary>What hardware is and takes.</summary>
    public static HardwareEntry HardwareEntryOf(HardwareDesign hardware, Design design)
    {
        var ns = hardware.ClockMHz is { } clock && hardware.IsClocked ? Math.Round(hardware.Latency * 1000 / clock, 3) : (double?)null;
        var estimate = ResourceEstimator.Of(hardware);
        var resources = estimate.Layers.ToDictionary(l => l.Module, l => EstimateEntries.Of(l.Resources), StringComparer.Ordinal);
        var layers = hardware.Layers.Select(l => new LayerEntry(
            l.Name, NodesOf(l), string.Join(", ", l.Origins.Select(o => o.Operator).Distinct()),
            TypeOf(hardware, design, l), l.Figures.Adders, l.Figures.AdderBits, l.Figures.RegisterBits, l.Figures.ShiftBits, l.FirstCycle, l.LastCycle,
            l.Figures.Multipliers, l.Figures.RomBits, l.Folding?.Reuse ?? 1, l.Folding?.Pruned ?? 0, l.Figures.AdderLuts, resources[l.Name])).ToArray();
        return new(hardware.Part, hardware.ClockMHz, hardware.Latency, ns, ns is { } time ? (int)Math.Ceiling(time / BunchCrossingNs) : null,
            hardware.InitiationInterval, hardware.Total.Adders, hardware.Total.AdderBits, hardware.Total.Multipliers, hardware.Total.RomBits,
            hardware.Total.RegisterBits, hardware.Total.ShiftBits, TimingEntryOf(hardware), layers, hardware.Total.AdderLuts, EstimateEntries.Of(hardware, estimate), hardware.Total.BlockBits)
        {
            Channels = hardware.Lines.Count == 0 ? null : [.. hardware.Lines.Select(l => new ChannelEntry(l.Producer, l.Consumer, l.Lines, l.Width, l.Depth, l.Bits, l.Why()))],
        };
    }

    private static TimingEntry TimingEntryOf(HardwareDesign hardware)
    {
        var nodes = hardware.Layers.ToDictionary(l => l.Name, NodesOf, StringComparer.Ordinal);
        var path = hardware.Timing.CriticalPath.Select(s => new PathEntry(nodes.GetValueOrDefault(s.Module, s.Module), s.Net, s.Cell, Picoseconds(s.Delay), Picoseconds(s.Arrival)));
        return new(hardware.Timing.Period is { } period ? Picoseconds(period) : null, Picoseconds(hardware.Timing.Longest),
            Math.Floor(hardware.Timing.MaximumClockMHz * 10) / 10, [.. path]);
    }

    private static double Picoseconds(double nanoseconds) => Math.Round(nanoseconds, 3);

    private static string NodesOf(LayerFigures layer) => string.Join(", ", layer.Origins.Select(o => o.Node).Distinct());

    /// <summary>The type of the last value that the layer's nodes make.</summary>
    private static string TypeOf(HardwareDesign hardware, Design design, LayerFigures layer) =>
        hardware.Channels.LastOrDefault(c => layer.Origins.Contains(c.Origin)) is { } place ? design.Channel(place.Channel).Type?.ToString() ?? "" : "";
}
