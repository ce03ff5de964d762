using System.Numerics;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Text;
using Hls4Net.Emission;
using Hls4Net.Operators;
using Hls4Net.Transforms.Inputs;

namespace Hls4Net.Cli.Compilation;

/// <summary>The output of <c>hls4net compile</c>, opened again.</summary>
internal sealed class CompiledFolder
{
    /// <summary>Where the design's text is, below the folder.</summary>
    public const string DesignPath = "ir/design.txt";

    /// <summary>Where the imported graph's text is, below the folder.</summary>
    public const string ImportedPath = "ir/imported.txt";

    /// <summary>Where the typed graph's text is, below the folder.</summary>
    public const string TypedPath = "ir/typed.txt";

    /// <summary>Where the netlist's text is, below the folder; absent without Verilog.</summary>
    public const string NetlistPath = "ir/netlist.txt";

    private static readonly OperatorRegistry Operators = OperatorRegistry.Of(typeof(Dense).Assembly);

    private CompiledFolder(string path, Manifest manifest, Design design) =>
        (Path, Manifest, Design, Events) = (path, manifest, design, manifest.Events is { } events ? new EventCoding(events.ToDescription(manifest.Inputs)) : null);

    public string Path { get; }

    public Manifest Manifest { get; }

    public Design Design { get; }

    /// <summary>How events become what the inputs take, where the configuration describes it; else null.</summary>
    public EventCoding? Events { get; }

    /// <summary>Inputs that carry events.</summary>
    public IReadOnlyList<PortEntry> DataInputs => [.. Manifest.Inputs.Where(i => i.Setting != true)];

    /// <summary>Inputs that hold still.</summary>
    public IReadOnlyList<PortEntry> Settings => [.. Manifest.Inputs.Where(i => i.Setting == true)];

    /// <summary>All outputs, those of what the hardware keeps from event to event included.</summary>
    public IReadOnlyList<PortEntry> AllOutputs => [.. Manifest.Outputs, .. Manifest.Decision?.Outputs() ?? []];

    /// <summary>Opens a folder.</summary>
    /// <exception cref="UserErrorException">It was not made by this version's compile (HLS5203).</exception>
    public static CompiledFolder Open(string path)
    {
        var manifest = Manifest.Read(path);
        return new(path, manifest, Parse(path, DesignPath, DesignText.Parse));
    }

    /// <summary>The network as it was imported, in real numbers, with its score.</summary>
    /// <exception cref="UserErrorException">The file is missing or damaged (HLS5203).</exception>
    public Graph ReadImported() => Parse(Path, ImportedPath, text => GraphText.Parse(text, Operators));

    /// <summary>The network with its types.</summary>
    /// <exception cref="UserErrorException">The file is missing or damaged (HLS5203).</exception>
    public static Graph ReadTyped(string folder) => Parse(folder, TypedPath, text => GraphText.Parse(text, Operators));

    /// <summary>The clocked bits behind the Verilog, with what was promised of their ports and timing.</summary>
    /// <exception cref="UserErrorException">There is no Verilog (HLS5207), or a file is missing or damaged (HLS5203).</exception>
    public (Netlist Netlist, HardwareInterface Interface) ReadHardware()
    {
        if (Manifest.Hardware is null)
            throw new UserErrorException(Messages.NothingToSimulate(Path));
        var netlist = Parse(Path, NetlistPath, NetlistText.Parse);
        if (NetlistVerifier.Verify(netlist) is { Count: > 0 } problems)
            throw new UserErrorException(Messages.NotCompiled(Path, $"{NetlistPath} is damaged ({problems[0].TrimEnd('.')})"));
        var description = Parse(Path, VerilogEmitter.InterfacePath, HardwareInterface.FromJson);
        var ports = netlist.Top.Ports.ToDictionary(p => p.Name, p => p.Nets.Count, StringComparer.Ordinal);
        if (description.InitiationInterval < 1 || description.Latency < 0 || description.Ports.Any(p => ports.GetValueOrDefault(p.Name) != p.Lanes))
            throw new UserErrorException(Messages.NotCompiled(Path, $"{VerilogEmitter.InterfacePath} does not fit {NetlistPath}"));
        return (netlist, description);
    }

    private static T Parse<T>(string folder, string file, Func<string, T> parse)
    {
        try
        {
            return parse(File.ReadAllText(System.IO.Path.Combine(folder, file)));
        }
        catch (Exception e) when (e is IrFormatException or System.Text.Json.JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(Messages.NotCompiled(folder, $"{file} cannot be read ({e.Message})"));
        }
    }

    /// <summary>The raw integers of the settings: each the given number, or 0.</summary>
    /// <param name="threshold">The value for every setting.</param>
    /// <param name="isRaw">Whether the number is a raw integer already.</param>
    public IEnumerable<KeyValuePair<string, RawBatch>> SettingValues(double threshold, bool isRaw) => SettingValues([threshold], isRaw);

    /// <summary>The raw integers of the settings.</summary>
    /// <param name="thresholds">One value for all elements, or one for each.</param>
    /// <param name="isRaw">Whether the numbers are raw integers already.</param>
    /// <exception cref="UserErrorException">There is another number of them (HLS5205).</exception>
    public IEnumerable<KeyValuePair<string, RawBatch>> SettingValues(IReadOnlyList<double> thresholds, bool isRaw)
    {
        foreach (var setting in Settings)
        {
            var count = Core.Primitives.Shapes.Count(setting.Shape.ToSeq());
            if (thresholds.Count != 1 && thresholds.Count != count)
                throw new UserErrorException(Messages.BadOptionValue("--threshold", string.Join(' ', thresholds), FormattableString.Invariant($"one number, or {count}: '{setting.Name}' has so many")));
            var values = Enumerable.Range(0, count).Select(k => thresholds[thresholds.Count == 1 ? 0 : k]).ToArray();
            yield return new(setting.Name, isRaw
                ? RawBatch.Of(count, Array.ConvertAll(values, v => new BigInteger(v)))
                : InputConversion.Quantize(values, count, setting.Quantizer));
        }
    }
}
