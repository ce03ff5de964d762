namespace Hls4Net.Core.Diagnostics;

/// <summary>HLS322x: streams.</summary>
public static partial class Messages
{
    public static readonly Rule NoPixelsRule = new("HLS3220", Severity.Error, "The input of a streamed network has no pixels.",
        """
        With `--io stream` an event comes pixel by pixel: all channels of a pixel in one beat, pixels row by row. The input has to be a picture
        (batch, channels, height, width), a sequence (batch, channels, length), one of those with its channels last, or rows that a dense
        layer works on. Leave `--io stream` out for other inputs: then an event comes in one cycle.
        """);

    public static readonly Rule NotStreamableRule = new("HLS3221", Severity.Error, "A layer would have to keep a whole picture.",
        """
        A layer of a streamed network works on pixels as they come: a convolution, a pool, an elementwise layer, a concatenation of channels,
        a sum, maximum or minimum over all pixels, or a dense layer behind them. This one needs elements in another order, or all of them at
        once, and there are too many to keep them in registers. Move it behind a pool, or leave `--io stream` out.
        """);

    public static readonly Rule StreamWithoutClockRule = new("HLS3222", Severity.Error, "A streamed network needs a clock.",
        """
        With `--io stream` the pixels of an event come one after the other. Without a clock (`--clock none`) there is no after: give one, or
        leave `--io stream` out.
        """);

    public static Diagnostic StreamWithoutClock() => new(StreamWithoutClockRule, "--io stream",
        "without a clock pixels cannot come one after the other.", "Give a --clock, or leave --io stream out.");

    /// <param name="where">The input.</param>
    public static Diagnostic NoPixels(string where, string shape) => new(NoPixelsRule, where,
        $"streamed networks take a picture or a sequence, and this input has the shape {shape}.", "Leave --io stream out.");

    /// <param name="where">The node.</param>
    public static Diagnostic NotStreamable(string where, int elements) => new(NotStreamableRule, where,
        FormattableString.Invariant($"the layer needs {elements} elements of the stream at once, which is too many to keep."),
        "Move it behind a pool, or leave --io stream out.");
}
