namespace Hls4Net.Verification.Verilator;

/// <summary>
/// Which cycles of a simulation count for a design with a clock enable: at first all, then more and more rarely, drawn from a seed. Between
/// them everything on the inputs is turned over, which must not matter.
/// </summary>
internal sealed class ClockEnables
{
    private readonly List<bool> _enabled = [];
    private readonly int _counted;

    /// <param name="counted">How many cycles count.</param>
    public ClockEnables(int counted, int seed)
    {
        _counted = counted;
        var state = (ulong)seed * 2 + 1;
        for (var done = 0; done < counted;)
        {
            state = unchecked(state * 6364136223846793005 + 1442695040888963407);
            // Runs of 64 counted cycles: always, three times in four, half the time, one time in four.
            var isEnabled = (int)(state >> 62) >= done / 64 % 4;
            _enabled.Add(isEnabled);
            done += isEnabled ? 1 : 0;
        }
    }

    /// <summary>All cycles up to the last one that counts.</summary>
    public int Count => _enabled.Count;

    /// <summary>Whether a cycle counts; none does after the last one.</summary>
    public bool this[int cycle] => cycle < _enabled.Count && _enabled[cycle];

    /// <summary>The cycle of the simulation that is the n-th that counts, from 0 on.</summary>
    public int CycleOf(int counted)
    {
        for (var cycle = 0; cycle < _enabled.Count; cycle++)
        {
            if (_enabled[cycle] && counted-- == 0)
                return cycle;
        }
        return _enabled.Count;
    }

    /// <summary>Rows for all cycles from rows for those that count, of which there may be fewer; the highest bit says whether a cycle counts.</summary>
    public uint[] Spread(uint[] rows, int words, int width)
    {
        var all = new uint[checked((long)Count * words)];
        var next = 0;
        for (var cycle = 0; cycle < Count; cycle++)
        {
            var row = all.AsSpan(cycle * words, words);
            if (next * words < rows.Length)
                rows.AsSpan(next * words, words).CopyTo(row);
            for (var k = 0; !_enabled[cycle] && k < words; k++)
                row[k] = ~row[k];
            for (var bit = width - 1; bit < 32 * words; bit++)
                row[bit / 32] &= ~(1u << (bit % 32));
            if (_enabled[cycle])
                row[(width - 1) / 32] |= 1u << ((width - 1) % 32);
            next += _enabled[cycle] ? 1 : 0;
        }
        return all;
    }

    /// <summary>The rows of the cycles that count.</summary>
    public uint[] Pick(uint[] all, int words)
    {
        var rows = new uint[checked((long)_counted * words)];
        var next = 0;
        for (var cycle = 0; cycle < Count; cycle++)
        {
            if (_enabled[cycle])
                all.AsSpan(cycle * words, words).CopyTo(rows.AsSpan(next++ * words));
        }
        return rows;
    }

    /// <summary>What is seen in all cycles if this is seen in those that count: outputs stay while nothing counts.</summary>
    public uint[] Hold(uint[] rows, int words)
    {
        var all = new uint[checked((long)Count * words)];
        var next = 0;
        for (var cycle = 0; cycle < Count; cycle++)
        {
            rows.AsSpan(next * words, words).CopyTo(all.AsSpan(cycle * words));
            next += _enabled[cycle] ? 1 : 0;
        }
        return all;
    }

    /// <exception cref="InvalidOperationException">An output changed after a cycle that does not count.</exception>
    public void RequireHeld(uint[] all, int words, string top)
    {
        for (var cycle = 0; cycle + 1 < Count; cycle++)
        {
            if (!_enabled[cycle] && !all.AsSpan(cycle * words, words).SequenceEqual(all.AsSpan((cycle + 1) * words, words)))
                throw new InvalidOperationException($"The outputs of {top} changed after cycle {cycle}, in which its clock was not enabled.");
        }
    }
}
