using System.Text.Json;
using System.Text.Json.Serialization;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Transforms.Scheduling;

/// <summary>How fast a device is, as far as the placing of registers needs to know.</summary>
/// <param name="Part">For example xcvu13p.</param>
/// <param name="Family">For example virtex-ultrascale-plus.</param>
/// <param name="HasTernaryAdders">Whether a look-up table and a carry position add three bits.</param>
public sealed record Device(string Part, string Family, bool HasTernaryAdders, DelayTable Delays)
{
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

    private static Dictionary<string, Device> Read()
    {
        var table = new Dictionary<string, Device>(StringComparer.OrdinalIgnoreCase);
        var assembly = typeof(Device).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith("devices/", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var document = JsonDocument.Parse(stream);
            var file = document.Deserialize<FamilyFile>()!;
            var delays = document.Deserialize<DelayTable>()!;
            foreach (var part in file.Parts)
                table.Add(part, new(part, file.Family, file.TernaryAdders, delays));
        }
        return table;
    }

    private sealed record FamilyFile(
        [property: JsonPropertyName("family")] string Family,
        [property: JsonPropertyName("parts")] string[] Parts,
        [property: JsonPropertyName("ternary_adders")] bool TernaryAdders);
}
