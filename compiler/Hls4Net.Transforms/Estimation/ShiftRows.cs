namespace Hls4Net.Transforms.Estimation;

/// <summary>
/// Rows of flip-flops of which only the last is read become memory for shifting, where the device has it; not where the enable is inverted, because
/// that is done for each bit, and then no two have the same.
/// </summary>
internal static class ShiftRows
{
    /// <summary>Bits that a look-up table shifts.</summary>
    private const int Depth = 32;

    public static void Count(LiveLogic live, SynthesisRules rules, ResourceCounts[] counts)
    {
        var bits = live.Blocks.OfType<FlipFlop>().ToList();
        var followers = new Dictionary<FlipFlop, FlipFlop>(ReferenceEqualityComparer.Instance);
        var inside = new HashSet<FlipFlop>(ReferenceEqualityComparer.Instance);
        foreach (var bit in bits)
        {
            if (rules.ShortestShift > 0 && (bit.Next & 1) == 0 && live.Driver(bit.Next >> 1) is FlipFlop before && live.Uses(before.Node) == 1
                && before.Enable == bit.Enable && !bit.HasOwnEnable && before.Reset == LogicGraph.False && bit.Reset == LogicGraph.False && before != bit)
            {
                followers[before] = bit;
                inside.Add(bit);
            }
        }
        foreach (var first in bits.Where(b => !inside.Contains(b)))
        {
            var row = new List<FlipFlop> { first };
            while (followers.TryGetValue(row[^1], out var next))
                row.Add(next);
            CountRow(row, rules, counts);
        }
    }

    private static void CountRow(List<FlipFlop> row, SynthesisRules rules, ResourceCounts[] counts)
    {
        if (rules.ShortestShift == 0 || row.Count < rules.ShortestShift)
        {
            foreach (var bit in row)
                counts[bit.Layer].FlipFlops++;
            return;
        }
        // One bit more than fits is a flip-flop behind.
        var (full, rest) = (row.Count / Depth, row.Count % Depth);
        var counted = counts[row[^1].Layer];
        counted.ShiftLuts += full + (rest > 1 || full == 0 ? 1 : 0);
        counted.FlipFlops += (rest == 1 && full > 0) || row.Count == 17 ? 1 : 0;
    }
}
