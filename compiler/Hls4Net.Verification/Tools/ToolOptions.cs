namespace Hls4Net.Verification.Tools;

/// <summary>How a program is run.</summary>
public sealed record ToolOptions
{
    /// <summary>The folder that it runs in; the current one if null.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>After this it is killed with everything that it started.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Where everything that it prints is written too; nowhere if null.</summary>
    public string? LogPath { get; init; }

    /// <summary>The most bytes of each of its two outputs that are kept in memory; what follows only goes to the log.</summary>
    public int MaximumOutputBytes { get; init; } = 16 << 20;
}
