namespace Hls4Net.Transforms.Streams;

/// <summary>
/// The ticks of a row of positions as two digits that count: Inner ticks in a row, Outer rows. Where the ticks do not repeat like that,
/// one row holds them all.
/// </summary>
/// <param name="Start">The first tick.</param>
internal sealed record Rhythm(int Start, int Inner, int Outer)
{
    /// <summary>Ticks that the digits count.</summary>
    public int Span => Inner * Outer;

    /// <summary>The digits of a tick.</summary>
    public (int Inner, int Outer) DigitsOf(int tick) => ((tick - Start) % Inner, (tick - Start) / Inner);

    /// <param name="ticks">Ascending, at least one.</param>
    /// <param name="rows">For each tick the row of the picture that the position is in.</param>
    public static Rhythm Of(IReadOnlyList<int> ticks, IReadOnlyList<int> rows)
    {
        var single = new Rhythm(ticks[0], ticks[^1] - ticks[0] + 1, 1);
        var starts = Enumerable.Range(0, ticks.Count).Where(k => k == 0 || rows[k] != rows[k - 1]).ToArray();
        if (starts.Length == 1)
            return single;
        var pitch = ticks[starts[1]] - ticks[0];
        for (int k = 0, row = -1; k < ticks.Count; k++)
        {
            row += k == 0 || rows[k] != rows[k - 1] ? 1 : 0;
            var inner = ticks[k] - ticks[0] - row * pitch;
            if (inner < 0 || inner >= pitch)
                return single;
        }
        return new(ticks[0], pitch, starts.Length);
    }
}
