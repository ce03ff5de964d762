using System.Globalization;
using Hls4Net.Cli.Compilation;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Cli.Tuning;

/// <summary>What is made small.</summary>
internal enum Objective
{
    Lut,
    Latency,
    Dsp,
}

/// <summary>What the user asked of <c>hls4net tune</c>.</summary>
/// <param name="Compile">How candidates are compiled; its output is not written.</param>
/// <param name="Output">The configuration to write.</param>
/// <param name="Labels">Path of labels; null for none.</param>
/// <param name="Signals">Files of signal events; those of the calibration file are background then.</param>
/// <param name="Budget">What may be lost of the metric.</param>
internal sealed record TuneOptions(
    CompileOptions Compile, string Output, string? Labels, IReadOnlyList<(string Name, string Path)> Signals, Objective Objective, TuneMetric Metric, double Budget)
{
    /// <summary>Candidates where the user names no limit.</summary>
    public const int DefaultCandidates = 6000;

    /// <summary>Where random choices come from.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Candidates to judge.</summary>
    public int Candidates { get; init; } = DefaultCandidates;

    /// <summary>The search ends when this is over, whatever it has found by then; null for no limit.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Whether a search goes on where an earlier one ended.</summary>
    public bool Resume { get; init; }

    /// <summary>The share of events that is not searched with.</summary>
    public double HeldOut { get; init; } = 0.4;

    /// <summary>The most cycles between two events.</summary>
    public int Interval { get; init; } = 1;

    /// <summary>The output that is judged; null for the only one that can be.</summary>
    public string? OutputName { get; init; }

    /// <summary>Where an earlier search left what it had.</summary>
    public string StatePath => $"{Output}.state.json";

    /// <summary>Reads the value of --budget.</summary>
    /// <exception cref="UserErrorException">The text is no share (HLS5205).</exception>
    public static double ParseBudget(string text)
    {
        var (number, scale) = text.EndsWith('%') ? (text[..^1], 0.01) : (text, 1.0);
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value * scale is > 0 and < 1 ? value * scale
            : throw new UserErrorException(Messages.BadOptionValue("--budget", text, "what may be lost, in points such as 0.5% or as a number such as 0.005"));
    }

    /// <summary>Reads the value of --time.</summary>
    /// <exception cref="UserErrorException">The text is no time (HLS5205).</exception>
    public static TimeSpan? ParseTime(string? text)
    {
        if (text is null)
            return null;
        var scale = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        return double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value * scale is > 0 and < 1e6 ? TimeSpan.FromSeconds(value * scale)
            : throw new UserErrorException(Messages.BadOptionValue("--time", text, "a time such as 90s, 5m or 1h"));
    }
}
