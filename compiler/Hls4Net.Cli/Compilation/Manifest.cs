using System.Text.Json;
using System.Text.Json.Serialization;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Cli.Compilation;

/// <summary>A tensor at the boundary of the firmware.</summary>
/// <param name="Name">The ONNX name.</param>
/// <param name="Port">The name in Verilog and C++.</param>
/// <param name="File">A file name for the values, without extension.</param>
/// <param name="Type">For example <c>fixed&lt;16,6&gt;</c>.</param>
/// <param name="Rounding">How a float becomes a raw integer; inputs only.</param>
/// <param name="Overflow">How a float outside the type becomes a raw integer; inputs only.</param>
/// <param name="Setting">True for a run-time setting that holds still while events flow.</param>
internal sealed record PortEntry(string Name, string Port, string File, int[] Shape, string Type, string? Rounding, string? Overflow, bool? Setting)
{
    /// <summary>The type with the way into it.</summary>
    [JsonIgnore]
    public Quantizer Quantizer =>
        Quantizer.TryParse($"{Type[..^1]},{Rounding ?? "TRN"},{Overflow ?? "WRAP"}>", default, default, out var quantizer, out var problem)
            ? quantizer
            : throw new JsonException(problem);
}

/// <summary>The type of a value inside the design.</summary>
internal sealed record ValueEntry(string Name, int[] Shape, string Type);

/// <summary>What synthesis is estimated to take.</summary>
/// <param name="Luts">Look-up tables for logic.</param>
/// <param name="MemoryLuts">Look-up tables that hold bits.</param>
/// <param name="Brams">Block memories of 36 kbit; one of 18 kbit is a half.</param>
internal sealed record ResourceEntry(long Luts, long MemoryLuts, long FlipFlops, int Dsps, double Brams, int Urams);

/// <summary>The estimate of a design, made by a model of the synthesis that it names.</summary>
/// <param name="Tool">The synthesis that the model was calibrated against.</param>
/// <param name="Between">What belongs to no layer.</param>
/// <param name="PackedLutsLeast">Look-up tables of a tool that packs two small functions into one: at least so many; null where a device has no such pairs.</param>
/// <param name="PackedLutsMost">At most so many.</param>
/// <param name="Part">What the part has; null where that is not known.</param>
/// <param name="Regions">Logic regions (SLR) of the part.</param>
internal sealed record EstimateEntry(string Tool, ResourceEntry Total, ResourceEntry Between, long? PackedLutsLeast, long? PackedLutsMost, ResourceEntry? Part, int? Regions);

/// <summary>One layer of the hardware.</summary>
/// <param name="Resources">What synthesis is estimated to make of it; null in the manifests of older versions.</param>
/// <param name="Reuse">Cycles in which the layer computes an event on the same multipliers; 1 for an unrolled one.</param>
/// <param name="PrunedMultipliers">Multipliers of a folded layer that are not built, because there are zeros among the weights.</param>
/// <param name="AdderLuts">Look-up tables that the adders are estimated to take; null in the manifests of older versions.</param>
internal sealed record LayerEntry(string Name, string Node, string Operator, string Type, long Adders, long AdderBits, long RegisterBits, long ShiftBits, int FirstCycle, int LastCycle,
    int Multipliers = 0, long RomBits = 0, int Reuse = 1, int PrunedMultipliers = 0, long? AdderLuts = null, ResourceEntry? Resources = null);

/// <summary>Delay lines between two layers of a streamed design.</summary>
/// <param name="Lines">Lines side by side.</param>
/// <param name="Width">Bits of a word of the widest.</param>
/// <param name="Depth">Words in the deepest.</param>
/// <param name="Bits">Of all lines; readers of the same words share them.</param>
internal sealed record ChannelEntry(string Producer, string Consumer, int Lines, int Width, int Depth, long Bits, string Why);

/// <summary>A cell of the critical path.</summary>
/// <param name="Node">The ONNX nodes that its module computes.</param>
/// <param name="Net">The net that carries its result.</param>
/// <param name="DelayNs">From its operands, with the net that brings them, to its result.</param>
/// <param name="ArrivalNs">From the start of the cycle, or without a clock from the inputs, to its result.</param>
internal sealed record PathEntry(string Node, string Net, string Cell, double DelayNs, double ArrivalNs);

/// <summary>How long logic takes, by the delay table of the part's family.</summary>
/// <param name="PeriodNs">Logic that registers were placed for; null without registers.</param>
/// <param name="LongestNs">The slowest logic between two registers, or without a clock from an input to an output.</param>
/// <param name="MaximumClockMHz">The clock that it allows.</param>
internal sealed record TimingEntry(double? PeriodNs, double LongestNs, double MaximumClockMHz, PathEntry[] CriticalPath);

/// <summary>When results come out, and what the hardware is made of.</summary>
/// <param name="AdderLuts">Look-up tables that the adders are estimated to take; null in the manifests of older versions.</param>
/// <param name="BlockBits">Bits of tables and delay lines that are in blocks of memory.</param>
/// <param name="Estimate">What synthesis is estimated to take; null in the manifests of older versions.</param>
internal sealed record HardwareEntry(
    string Part, double? ClockMHz, int LatencyCycles, double? LatencyNs, int? LatencyBunchCrossings, int InitiationInterval,
    long Adders, long AdderBits, int Multipliers, long RomBits, long RegisterBits, long ShiftBits, TimingEntry Timing, LayerEntry[] Layers, long? AdderLuts = null, EstimateEntry? Estimate = null, long BlockBits = 0)
{
    /// <summary>The delay lines of a streamed design; null in others.</summary>
    public ChannelEntry[]? Channels { get; init; }
}

/// <summary>The tables of a node.</summary>
/// <param name="Function">The functions that they hold.</param>
/// <param name="Type">Of the node's result.</param>
/// <param name="Entries">How many are stored.</param>
/// <param name="Bits">How many bits are stored, thresholds included.</param>
/// <param name="Error">How far a result is from the real function at most, proved; null where another tool's arithmetic is reproduced.</param>
/// <param name="ErrorUnits">The same in units of the last place.</param>
/// <param name="SumError">How far the results of a softmax are from adding up to 1 at most.</param>
internal sealed record TableEntry(string Node, string Operator, string Function, string Type, int Entries, long Bits, double? Error, double? ErrorUnits, double? SumError);

/// <summary>What a matrix product or convolution computes for an event.</summary>
/// <param name="Macs">Products, zero weights included.</param>
/// <param name="Flops">By the rule of the ADC2021 challenge.</param>
/// <param name="BitOperations">Bits of one factor times bits of the other, for each product.</param>
/// <param name="EffectiveBitOperations">The same without weights that are zero.</param>
internal sealed record WorkEntry(string Node, string Operator, long Macs, long Flops, long BitOperations, long EffectiveBitOperations);

/// <summary>What was done to the weights of a layer beyond rounding them to a type: the firmware computes something else than the model.</summary>
/// <param name="Choice">What was asked for, as text.</param>
/// <param name="Weights">How many there are.</param>
/// <param name="ZerosBefore">Of them zero anyway.</param>
/// <param name="Zeros">Of them zero now.</param>
/// <param name="Changed">Others that are not the nearest integer of their type.</param>
/// <param name="Error">How far the layer's output is off for its weights, root mean square as a share of its own.</param>
/// <param name="UnusedInputs">Features or channels that nothing reads.</param>
/// <param name="EmptyOutputs">Neurons or filters that are constant.</param>
internal sealed record WeightEntry(string Node, string Choice, int Weights, int ZerosBefore, int Zeros, int Changed, double Error, int UnusedInputs, int EmptyOutputs);

/// <summary>What was asked for.</summary>
/// <param name="Emit">What was written: verilog, hls, library, board.</param>
/// <param name="Effort">How long fewer adders were looked for: quick, normal, high, or seconds for each layer such as 30s.</param>
/// <param name="Stages">Cycles of latency; null for as few as the clock asks for.</param>
/// <param name="RegisterInputs">True if the inputs go into registers first.</param>
/// <param name="Adders">Three where adders may have three operands, two where all is adders of two, null for adders of two and tables.</param>
/// <param name="ClockEnable">True if the top was asked to have a clock enable.</param>
/// <param name="AxiStream">The AXI4-Stream top; null if there is none.</param>
/// <param name="DepthSlack">Adder levels that sums may take beyond the fewest; null for none.</param>
/// <param name="Pixels">Pixels of a beat of a streamed design; null for all of an event in one cycle.</param>
/// <param name="Memory">Where tables and delay lines go: distributed or block; null for a choice by size.</param>
/// <param name="Multipliers">What multipliers of variables are made of: dsp or logic; null for the choice of synthesis.</param>
internal sealed record TargetEntry(string Part, double? ClockMHz, string[] Emit, string? Effort = null, int? Stages = null, bool? RegisterInputs = null,
    string? Adders = null, bool? ClockEnable = null, int? Pixels = null, AxiStreamOptions? AxiStream = null, int? DepthSlack = null, string? Memory = null,
    string? Multipliers = null)
{
    /// <summary>The version behind the prefix in all names; null if there is none.</summary>
    public string? Release { get; init; }

    /// <summary>The types of the constants that are loaded at run time, with rounding and overflow, by their names in the design; null if there are none.</summary>
    public SortedDictionary<string, string>? Weights { get; init; }
}

/// <summary>The model that was compiled.</summary>
/// <param name="Score">The score that was appended, in words, such as <c>mu2</c>; <c>none</c> for none.</param>
internal sealed record ModelEntry(string File, string Sha256, string[] Outputs, string Score);

/// <summary>
/// <c>hls4net.json</c>: everything that another program needs to know of a compiled design. It holds no date and no path, so that two
/// compilations of the same input give the same bytes.
/// </summary>
/// <param name="Hardware">Null without Verilog: nothing is known then of cycles and adders.</param>
/// <param name="Tables">What look-up tables there are and how exact.</param>
/// <param name="Work">What an event takes to compute; null in the manifests of older versions.</param>
internal sealed record Manifest(
    int Format, string Compiler, ModelEntry Model, string Prefix, TargetEntry Target, PortEntry[] Inputs, PortEntry[] Outputs, HardwareEntry? Hardware,
    ValueEntry[] Values, string[] Warnings, TableEntry[]? Tables = null, WorkEntry[]? Work = null)
{
    /// <summary>Layers whose weights were pruned or given fewer digits; null if there are none.</summary>
    public WeightEntry[]? Weights { get; init; }

    /// <summary>What the hardware keeps from event to event; null for nothing.</summary>
    public DecisionEntry? Decision { get; init; }

    /// <summary>How events come to the firmware; null where its inputs are those of the model.</summary>
    public EventsEntry? Events { get; init; }

    /// <summary>The layout of the file; a reader refuses others.</summary>
    public const int CurrentFormat = 3;

    /// <summary>Whether every field is there that has no say in being absent: the reader of JSON leaves missing ones null.</summary>
    private bool IsComplete =>
        All(Compiler, Prefix, Model?.File, Model?.Sha256, Model?.Outputs, Model?.Score, Target?.Part)
        && All(Target!.Emit) && All(Inputs) && All(Outputs) && All(Values) && All(Warnings)
        && Inputs.Concat(Outputs).All(p => All(p.Name, p.Port, p.File, p.Shape, p.Type))
        && Values.All(v => All(v.Name, v.Shape, v.Type))
        && (Tables is null || Array.TrueForAll(Tables, t => All(t, t?.Node, t?.Operator, t?.Function, t?.Type)))
        && (Weights is null || Array.TrueForAll(Weights, w => All(w, w?.Node, w?.Choice)))
        && (Work is null || Array.TrueForAll(Work, w => All(w, w?.Node, w?.Operator)))
        && (Events is null || Events.IsComplete)
        && (Decision is null || (Decision.Factors is not null && Decision.Bits > 0))
        && (Hardware is null
            ? !Target.Emit.Contains(CompileOptions.Verilog)
            : All(Hardware.Part, Hardware.Timing?.CriticalPath) && All(Hardware.Layers) && (Hardware.Estimate is not { } e || All(e.Tool, e.Total, e.Between)) && Hardware.Timing!.CriticalPath.All(p => All(p?.Node, p?.Net, p?.Cell))
                && Hardware.Layers.All(l => All(l.Name, l.Node, l.Operator, l.Type)));

    public string ToJson() => JsonSerializer.Serialize(this, Reporter.JsonOptions) + "\n";

    /// <summary>Reads the manifest of a compiled folder.</summary>
    /// <exception cref="UserErrorException">The folder is not one (HLS5203).</exception>
    public static Manifest Read(string folder)
    {
        var path = Path.Combine(folder, OutputDirectory.ManifestName);
        try
        {
            var manifest = JsonSerializer.Deserialize<Manifest>(File.ReadAllText(path), Reporter.JsonOptions);
            if (manifest is not { Format: CurrentFormat })
                throw new UserErrorException(Messages.NotCompiled(folder, $"{OutputDirectory.ManifestName} was written by another version"));
            if (!manifest.IsComplete)
                throw new UserErrorException(Messages.NotCompiled(folder, $"{OutputDirectory.ManifestName} is damaged (a field is missing)"));
            return manifest;
        }
        catch (JsonException e)
        {
            throw new UserErrorException(Messages.NotCompiled(folder, $"{OutputDirectory.ManifestName} is damaged ({e.Message})"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(Messages.NotCompiled(folder, Directory.Exists(folder) ? $"{OutputDirectory.ManifestName} cannot be read" : "it does not exist"));
        }
    }

    private static bool All(params object?[]? fields) => fields is not null && Array.TrueForAll(fields, f => f is not null);
}
