using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hls4Net.Transforms.Estimation;

/// <summary>Factors on what is counted, fitted to what a synthesis tool makes of generated designs (`benchmarks -- calibrate`).</summary>
/// <param name="Tool">The tool with its version and command.</param>
/// <param name="Date">Of the fit.</param>
/// <param name="Designs">How many designs it was fitted to.</param>
/// <param name="Luts">For each kind of logic.</param>
internal sealed record CalibrationConstants(
    [property: JsonPropertyName("tool")] string Tool,
    [property: JsonPropertyName("date")] string Date,
    [property: JsonPropertyName("designs")] int Designs,
    [property: JsonPropertyName("luts")] Dictionary<LogicKind, double> Luts)
{
    private static readonly JsonSerializerOptions Options = new() { Converters = { new JsonStringEnumConverter<LogicKind>() }, WriteIndented = true, NewLine = "\n" };

    /// <summary>Nothing fitted.</summary>
    public static CalibrationConstants None { get; } = new("", "", 0, Enum.GetValues<LogicKind>().ToDictionary(k => k, _ => 1.0));

    /// <summary>Those of a synthesis.</summary>
    public static CalibrationConstants Of(SynthesisRules rules)
    {
        using var stream = typeof(CalibrationConstants).Assembly.GetManifestResourceStream($"calibration/{rules.Calibration}.json")
            ?? throw new InvalidOperationException($"No calibration is known for {rules.Name}.");
        return JsonSerializer.Deserialize<CalibrationConstants>(stream, Options)!;
    }

    public string ToJson() => JsonSerializer.Serialize(this, Options) + "\n";

    /// <summary>What a layer takes, in whole numbers.</summary>
    public Resources Apply(ResourceCounts counts, SynthesisRules rules)
    {
        var luts = Enum.GetValues<LogicKind>().Sum(k => Luts[k] * counts.Luts[(int)k]) + (rules.HasSumsInLuts ? 0 : 2 * counts.Pairs);
        return counts.Blocks with
        {
            Luts = Math.Round(luts + counts.Blocks.Luts),
            MemoryLuts = counts.ShiftLuts + counts.Blocks.MemoryLuts,
            FlipFlops = counts.FlipFlops + counts.Blocks.FlipFlops,
        };
    }
}
