using Hls4Net.Transforms.Streams;

namespace Hls4Net.Emission;

/// <summary>What the user can choose about an HLS project; nothing of it changes a bit.</summary>
public sealed record HlsOptions
{
    /// <summary>The namespace, and the stem of file names and of the top function <c>PREFIX_top</c>; made a legal identifier.</summary>
    public string Prefix { get; init; } = "hls4net";

    /// <summary>The part that the build script names.</summary>
    public string Part { get; init; } = "xcvu13p-flga2577-2-e";

    /// <summary>The clock period that the build script asks for, in nanoseconds.</summary>
    public decimal ClockNs { get; init; } = 5;

    /// <summary>How events come piece by piece; null for all of an event at once.</summary>
    public StreamOptions? Stream { get; init; }
}
