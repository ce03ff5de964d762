using System.Text.Json;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Cli.Tuning;

/// <summary>Everything that a search has found: what it needs to go on.</summary>
/// <param name="fingerprint">Of model, events and options; another search cannot go on with it.</param>
internal sealed class TuneState(string fingerprint)
{
    /// <summary>Candidates in the order in which they were made.</summary>
    public List<Judged> Judged { get; } = [];

    /// <summary>Candidates with an estimate, in the order in which they got it.</summary>
    public List<Judged> Measured { get; } = [];

    /// <summary>By the key of the candidate.</summary>
    public Dictionary<string, Estimated> Estimates { get; } = new(StringComparer.Ordinal);

    /// <summary>Whole generations that were judged.</summary>
    public int Generations { get; set; }

    public void Add(Judged candidate, Estimated estimate)
    {
        Measured.Add(candidate);
        Estimates[TuneSearch.KeyOf(candidate.Levels)] = estimate;
    }

    /// <summary>What a file holds.</summary>
    private sealed record Content(string Fingerprint, int Generations, Judged[] Judged, int[] Measured, Estimated[] Estimates);

    /// <summary>Writes all of it, or nothing.</summary>
    public void Write(string path)
    {
        var places = Judged.Select((j, i) => (Key: TuneSearch.KeyOf(j.Levels), Place: i)).ToDictionary(p => p.Key, p => p.Place, StringComparer.Ordinal);
        var content = new Content(fingerprint, Generations, [.. Judged], [.. Measured.Select(m => places[TuneSearch.KeyOf(m.Levels)])], [.. Measured.Select(m => Estimates[TuneSearch.KeyOf(m.Levels)])]);
        AtomicFile.WriteAllText(path, JsonSerializer.Serialize(content, Compact) + "\n");
    }

    /// <summary>What an earlier search left.</summary>
    /// <exception cref="UserErrorException">There is none, it is damaged, or it was of something else (HLS5402).</exception>
    public static TuneState Read(string path, string fingerprint)
    {
        try
        {
            if (JsonSerializer.Deserialize<Content>(File.ReadAllText(path), Compact) is not { Judged: { } judged, Measured: { } measured, Estimates: { } estimates } content || measured.Length != estimates.Length)
                throw new UserErrorException(Messages.CannotResume(path, "it is damaged"));
            if (content.Fingerprint != fingerprint)
                throw new UserErrorException(Messages.CannotResume(path, "it belongs to a search with another model, other events or other options"));
            var state = new TuneState(fingerprint) { Generations = content.Generations };
            state.Judged.AddRange(judged);
            for (var k = 0; k < measured.Length; k++)
                state.Add(judged[measured[k]], estimates[k]);
            return state;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or IndexOutOfRangeException)
        {
            throw new UserErrorException(Messages.CannotResume(path, e.Message));
        }
    }

    private static JsonSerializerOptions Compact { get; } = new(Reporter.JsonOptions) { WriteIndented = false };
}
