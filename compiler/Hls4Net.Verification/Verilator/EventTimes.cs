namespace Hls4Net.Verification.Verilator;

/// <summary>The cycles in which the events of a batch start.</summary>
/// <param name="Events">How many there are.</param>
/// <param name="Interval">Cycles from one to the next.</param>
/// <param name="Given">The cycle of each, ascending; null for one event every Interval cycles.</param>
/// <param name="Tail">Cycles from the start of an event to the last beat of its inputs, or from its first result to its last.</param>
internal sealed record EventTimes(int Events, int Interval, IReadOnlyList<int>? Given = null, int Tail = 0)
{
    /// <summary>Whether an event starts in every cycle.</summary>
    public bool IsDense => Interval == 1 && Given is null && Tail == 0;

    /// <summary>Cycles up to the last beat.</summary>
    public int Cycles => Events == 0 ? 0 : StartOf(Events - 1) + 1 + Tail;

    public int StartOf(int number) => Given?[number] ?? checked(number * Interval);

    /// <summary>The rows of the events in a table with a row for every cycle, a number of cycles after each start.</summary>
    public uint[] Pick(uint[] rows, int words, int later)
    {
        var picked = new uint[checked((long)Events * words)];
        for (var e = 0; e < Events; e++)
            rows.AsSpan((StartOf(e) + later) * words, words).CopyTo(picked.AsSpan(e * words));
        return picked;
    }

    /// <summary>
    /// A table with a row for every cycle, from tables with a row for each event for the beats of an event. Between them there are the opposite
    /// bits of the row before, which nobody may read.
    /// </summary>
    /// <param name="beats">For each beat its cycle after the start of the event, and its rows.</param>
    /// <param name="width">Bits of a row.</param>
    /// <param name="valid">The bit that is 0 between beats; −1 for none.</param>
    public uint[] Spread(IReadOnlyList<(int Cycle, uint[] Rows)> beats, int words, int width, int valid)
    {
        var rows = new uint[checked((long)Cycles * words)];
        var isBeat = new bool[Cycles];
        foreach (var (cycle, picked) in beats)
        {
            for (var e = 0; e < Events; e++)
            {
                picked.AsSpan(e * words, words).CopyTo(rows.AsSpan((StartOf(e) + cycle) * words));
                isBeat[StartOf(e) + cycle] = true;
            }
        }
        for (var cycle = 1; cycle < Cycles; cycle++)
        {
            if (isBeat[cycle])
                continue;
            for (var k = 0; k < words; k++)
                rows[cycle * words + k] = ~rows[(cycle - 1) * words + k] & (width - 32 * k >= 32 ? uint.MaxValue : (1u << (width - 32 * k)) - 1);
            if (valid >= 0)
                rows[cycle * words + valid / 32] &= ~(1u << (valid % 32));
        }
        return rows;
    }
}
