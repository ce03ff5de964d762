using System.Text.Json;
using System.Text.Json.Serialization;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Transforms.Scheduling;

/// <summary>How fast a device is, as far as the placing of registers needs to know.</summary>
/// <param name="Part">For example xcvu13p.</param>
/// <param name="Family">For example virtex-ultrascale-plus.</param>
/// <param name="LevelDelay">Nanoseconds of one adder with the routing to it.</param>
/// <param name="Overhead">Nanoseconds of every clock period that no logic can use.</param>
public sealed record Device(string Part, string Family, double LevelDelay, double Overhead)
{
    /// <summary>The part that is meant when none is named.</summary>
    public const string DefaultPart = "xcvu13p";

    private static readonly Lazy<DeviceFile> Table = new(Read);

    /// <summary>The parts in the table.</summary>
    public static IReadOnlyList<string> Parts => [.. Table.Value.Parts.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The device of a part number; package and speed grade may follow the part's name.</summary>
    /// <exception cref="UserErrorException">No such part is known.</exception>
    public static Device Find(string part)
    {
        var known = Table.Value.Parts.Keys
            .Where(k => part.StartsWith(k, StringComparison.OrdinalIgnoreCase))
            .MaxBy(k => k.Length) ?? throw new UserErrorException(Messages.UnknownPart(part, Parts));
        var family = Table.Value.Parts[known];
        var entry = Table.Value.Families[family];
        return new(known, family, entry.LevelDelay, entry.Overhead);
    }

    /// <summary>Adder levels that fit between two registers.</summary>
    /// <exception cref="UserErrorException">Not even one does.</exception>
    public double LevelsPerCycle(double clockMHz)
    {
        var levels = (1000 / clockMHz - Overhead) / LevelDelay;
        return levels >= 1 ? levels : throw new UserErrorException(Messages.ClockTooFast(clockMHz, Part, 1000 / (Overhead + LevelDelay)));
    }

    /// <summary>The clock at which so many adder levels fit between two registers, in MHz.</summary>
    public double ClockFor(double levels) => 1000 / (Overhead + levels * LevelDelay);

    private static DeviceFile Read()
    {
        using var stream = typeof(Device).Assembly.GetManifestResourceStream("devices.json")!;
        return JsonSerializer.Deserialize<DeviceFile>(stream)!;
    }

    private sealed record FamilyEntry(
        [property: JsonPropertyName("level_delay_ns")] double LevelDelay, [property: JsonPropertyName("overhead_ns")] double Overhead);

    private sealed record DeviceFile(
        [property: JsonPropertyName("families")] Dictionary<string, FamilyEntry> Families,
        [property: JsonPropertyName("parts")] Dictionary<string, string> Parts);
}
