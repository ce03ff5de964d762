using System.Globalization;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>How long to look for a smaller network.</summary>
public enum Effort
{
    /// <summary>Milliseconds for a small matrix; for everyday work.</summary>
    Quick,

    /// <summary>Seconds for each matrix; for firmware that is built.</summary>
    Normal,

    /// <summary>Ten times as long.</summary>
    High,
}

/// <summary>How long to look for a smaller network: a level, or about so many seconds for each matrix.</summary>
/// <param name="Level">The level where no seconds are given.</param>
/// <param name="Seconds">Seconds for each matrix, 1 to <see cref="MostSeconds"/>; 0 if the level decides.</param>
/// <remarks>
/// Seconds are translated into a number of operations by a fixed rate, that of one core of a server of 2024. So a slower machine takes longer, but
/// finds the same network.
/// </remarks>
public readonly record struct SearchEffort(Effort Level, int Seconds = 0)
{
    /// <summary>A day.</summary>
    public const int MostSeconds = 86_400;

    public static implicit operator SearchEffort(Effort level) => new(level);

    /// <summary>Reads <c>quick</c>, <c>normal</c>, <c>high</c>, <c>30s</c> or <c>30</c>; null if it is none of them.</summary>
    public static SearchEffort? Parse(string text) => text switch
    {
        "quick" => Effort.Quick,
        "normal" => Effort.Normal,
        "high" => Effort.High,
        _ => int.TryParse(text.EndsWith('s') ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= MostSeconds
            ? new SearchEffort(Effort.Normal, seconds)
            : null,
    };

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => (Level, Seconds) switch
    {
        (_, > 0) => string.Create(CultureInfo.InvariantCulture, $"{Seconds}s"),
        (Effort.Quick, _) => "quick",
        (Effort.Normal, _) => "normal",
        _ => "high",
    };
}
