using System.Globalization;

namespace Hls4Net.Core.Netlists;

/// <summary>Why elements wait between two layers of a streamed design.</summary>
public enum LineReason
{
    /// <summary>A window reads several of them at once: the line buffer of a convolution or a pool.</summary>
    Window,

    /// <summary>What they meet comes later: at a skip, a join, or because other channels come later.</summary>
    Meeting,

    /// <summary>The reader works on all of them at once, when the last one is there.</summary>
    Collection,

    /// <summary>They leave in one beat with results that come later.</summary>
    Beat,
}

/// <summary>
/// Delay lines between a layer and one that reads it. All of them are on one timetable: a word is written in the tick in which it comes, and read
/// for the last time a fixed number of ticks later, so that the depth is that number, and nothing waits for room.
/// </summary>
/// <param name="Producer">The ONNX node that computes what waits, or the input.</param>
/// <param name="Consumer">The ONNX node that reads it, or the output.</param>
/// <param name="Lines">Lines side by side, one for each lane that waits.</param>
/// <param name="Width">Bits of a word of the widest line.</param>
/// <param name="Depth">Words in the deepest line.</param>
/// <param name="Bits">Of all lines. Readers of the same lane share its line, so that the bits of a design are fewer than these sums.</param>
/// <param name="Period">Ticks from one word to the next: lines behind strides move so much less often.</param>
/// <param name="Rows">Rows of a picture that a window reads; 1 for other reasons.</param>
/// <param name="RowWords">Words from one row to the next; 0 without rows.</param>
/// <param name="Ends">Names of the nets of the top on which the words are read that have waited longest.</param>
public sealed record LineFigures(string Producer, string Consumer, LineReason Reason, int Lines, int Width, int Depth, long Bits, int Period, int Rows, int RowWords, IReadOnlyList<string> Ends)
{
    /// <summary>Why the lines are so deep, in words.</summary>
    public string Why() => Reason switch
    {
        LineReason.Window when Rows > 1 => string.Create(CultureInfo.InvariantCulture, $"{Rows} rows of {RowWords} words are read at once"),
        LineReason.Window => string.Create(CultureInfo.InvariantCulture, $"{Depth + 1} words are read at once"),
        LineReason.Collection => "all elements are read with the last one",
        LineReason.Beat => "leaves in one beat with later results",
        _ => string.Create(CultureInfo.InvariantCulture, $"what it meets comes {Depth * Period} ticks later"),
    };

    /// <summary>Why no line can block or overflow.</summary>
    public const string Argument =
        "No line can block: each layer works in the ticks that a timetable gives it, whatever comes, and waits for nobody. A line moves in its ticks whether or not somebody reads, "
        + "its words are read a fixed number of ticks after they were written, and that number is its depth; so no line can be too full or empty. Where a beat is missing or "
        + "a result is not taken, the clock enable holds all of them at once.";
}
