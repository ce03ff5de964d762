namespace Hls4Net.Verification.Verilator;

/// <summary>The cycles in which the events of a batch start.</summary>
/// <param name="Events">How many there are.</param>
/// <param name="Interval">Cycles from one to the next.</param>
/// <param name="Given">The cycle of each, ascending; null for one event every Interval cycles.</param>
internal sealed record EventTimes(int Events, int Interval, IReadOnlyList<int>? Given = null)
{
    /// <summary>Whether an event starts in every cycle.</summary>
    public bool IsDense => Interval == 1 && Given is null;

    /// <summary>Cycles up to the last start.</summary>
    public int Cycles => Events == 0 ? 0 : StartOf(Events - 1) + 1;

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
    /// A table with a row for every cycle from one with a row for each event. Between events there are the opposite bits of the event before,
    /// which nobody may read.
    /// </summary>
    /// <param name="width">Bits of a row.</param>
    public uint[] Spread(uint[] picked, int words, int width)
    {
        var rows = new uint[checked((long)Cycles * words)];
        for (var e = 0; e < Events; e++)
        {
            var row = picked.AsSpan(e * words, words);
            row.CopyTo(rows.AsSpan(StartOf(e) * words));
            for (var cycle = StartOf(e) + 1; e + 1 < Events && cycle < StartOf(e + 1); cycle++)
            {
                for (var k = 0; k < words; k++)
                    rows[cycle * words + k] = ~row[k] & (width - 32 * k >= 32 ? uint.MaxValue : (1u << (width - 32 * k)) - 1);
            }
        }
        return rows;
    }
}
