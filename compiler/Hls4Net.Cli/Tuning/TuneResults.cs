using System.Text.Json;
using Hls4Net.Cli.Reporting;
using Hls4Net.Cli.Reports;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Cli.Tuning;

/// <summary>Results of <c>tune</c> that were written with --pareto.</summary>
internal static class TuneResults
{
    /// <exception cref="UserErrorException">The file cannot be read or is no such result (HLS5205).</exception>
    public static TuneResult Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<TuneResult>(File.ReadAllText(path), Reporter.JsonOptions) is { } result && JsonCompleteness.IsComplete(result) ? result : throw new JsonException("a field is missing");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(Messages.BadOptionValue("--tuned", path, $"a result that `hls4net tune --pareto` wrote ({e.Message.TrimEnd('.')})"));
        }
    }
}
