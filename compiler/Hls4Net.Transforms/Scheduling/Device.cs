using System.Text.Json;
using System.Text.Json.Serialization;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Transforms.Scheduling;

/// <summary>How fast a device is, as far as the placing of registers needs to know.</summary>
/// <param name="Part">For example xcvu13p.</param>
/// <param name="Family">For example virtex-ultrascale-plus.</param>
/// <param name="HasTernaryAdders">Whether a look-up table and a carry position add three bits.</param>
/// <param name="BlockLuts">A memory goes into blocks if every 18 kbit of these save so many look-up tables.</param>
public sealed record Device(string Part, string Family, bool HasTernaryAdders, DelayTable Delays, int BlockLuts)
{
    /// <summary>What the part has; null where no product table was read.</summary>
    public PartTotals? Totals { get; init; }

    /// <summary>Which synthesis estimates are made for: xilinx or ecp5.</summary>
    internal string Synthesis { get; init; } = "";

    /// <summary>Bits of the signed factors of a multiplier block, the wider first.</summary>
    internal (int Wide, int Narrow) Dsp { get; init; }

    /// <summary>The part that is meant when none is named.</summary>
    public const string DefaultPart = "xcvu13p";

    private static readonly Lazy<Dictionary<string, Device>> Table = new(Read);

    /// <summary>The parts in the table.</summary>
    public static IReadOnlyList<string> Parts => [.. Table.Value.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The device of a part number; package and speed grade may follow the part's name.</summary>
    /// <exception cref="UserErrorException">No such part is known.</exception>
    public static Device Find(string part)
    {
        var known = Table.Value.Keys
            .Where(k => part.StartsWith(k, StringComparison.OrdinalIgnoreCase))
            .MaxBy(k => k.Length) ?? throw new UserErrorException(Messages.UnknownPart(part, Parts));
        return Table.Value[known];
    }

    /// <summary>Picoseconds of logic that fit between two registers.</summary>
    /// <exception cref="UserErrorException">Not even a usual adder fits.</exception>
    public int PeriodOf(double clockMHz)
    {
        var period = 1e6 / clockMHz - Delays.ClockOverhead;
        return period >= Delays.AdderLevel
            ? (int)Math.Min(period, int.MaxValue / 4)
            : throw new UserErrorException(Messages.ClockTooFast(clockMHz, Part, ClockOf(Delays.AdderLevel)));
    }

    /// <summary>The clock, in MHz, at which so many picoseconds of logic fit between two registers.</summary>
    public double ClockOf(double period) => 1e6 / (Delays.ClockOverhead + period);

    /// <summary>A figure that is missing from a file is our mistake, not 0.</summary>
    private static readonly JsonSerializerOptions Complete = new() { RespectRequiredConstructorParameters = true };

    private static Dictionary<string, Device> Read()
    {
        var table = new Dictionary<string, Device>(StringComparer.OrdinalIgnoreCase);
        var assembly = typeof(Device).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith("devices/", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var document = JsonDocument.Parse(stream);
            var file = document.Deserialize<FamilyFile>(Complete)!;
            var delays = document.Deserialize<DelayTable>(Complete)!;
            foreach (var part in file.Parts)
                table.Add(part, new(part, file.Family, file.TernaryAdders, delays, file.BlockLuts) { Totals = file.Totals.GetValueOrDefault(part), Synthesis = file.Synthesis, Dsp = (file.DspWide, file.DspNarrow) });
        }
        return table;
    }

    private sealed record FamilyFile(
        [property: JsonPropertyName("family")] string Family,
        [property: JsonPropertyName("parts")] string[] Parts,
        [property: JsonPropertyName("ternary_adders")] bool TernaryAdders,
        [property: JsonPropertyName("block_luts")] int BlockLuts,
        [property: JsonPropertyName("synthesis")] string Synthesis,
        [property: JsonPropertyName("dsp_wide")] int DspWide,
        [property: JsonPropertyName("dsp_narrow")] int DspNarrow,
        [property: JsonPropertyName("totals")] Dictionary<string, PartTotals> Totals);
}

/// <summary>What a part has, from the product table that its family's file names.</summary>
/// <param name="Luts">Look-up tables.</param>
/// <param name="FlipFlops">Flip-flops.</param>
/// <param name="Dsps">Multiplier blocks.</param>
/// <param name="Brams">Block memories of 36 kbit; two of 18 kbit count as one.</param>
/// <param name="Urams">Large block memories.</param>
/// <param name="Regions">Logic regions (SLR), between which signals take longer; each has an equal share.</param>
public sealed record PartTotals(
    [property: JsonPropertyName("lut")] int Luts,
    [property: JsonPropertyName("ff")] int FlipFlops,
    [property: JsonPropertyName("dsp")] int Dsps,
    [property: JsonPropertyName("bram36")] int Brams,
    [property: JsonPropertyName("uram")] int Urams,
    [property: JsonPropertyName("slr")] int Regions);
