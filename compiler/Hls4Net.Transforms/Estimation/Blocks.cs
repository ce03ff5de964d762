namespace Hls4Net.Transforms.Estimation;

/// <summary>Something of a device that is not logic, and bounds it: logic ends in its inputs and begins at its outputs.</summary>
/// <param name="layer">What it belongs to.</param>
internal abstract class Block(int layer)
{
    public int Layer => layer;

    /// <summary>The nodes of the graph that it drives.</summary>
    public abstract IReadOnlyList<int> Outputs { get; }

    /// <summary>The literals that one of its outputs depends on, directly or in earlier cycles.</summary>
    public abstract IEnumerable<int> InputsOf(int output);
}

/// <summary>A carry chain, the lowest position first.</summary>
/// <param name="sums">Literals: what the look-up table of each position computes.</param>
/// <param name="carries">Literals: what enters the carry where that is 0.</param>
/// <param name="results">Nodes: the bits of the sum; a chain of a comparison has one, behind its last position.</param>
internal sealed class Chain(int layer, int[] sums, int[] carries, int[] results) : Block(layer)
{
    /// <summary>Whether it adds, and does not compare.</summary>
    private bool HasSums => results.Length == sums.Length;

    public override IReadOnlyList<int> Outputs => results;

    /// <summary>Literal that enters the lowest position.</summary>
    public int Entry { get; init; }

    /// <summary>Positions of which something is used; set by <see cref="LiveLogic"/>.</summary>
    public int LivePositions { get; set; }

    /// <summary>What the look-up tables of the positions that are used compute.</summary>
    public IEnumerable<int> LiveSums => sums.Take(LivePositions);

    /// <summary>Positions that a result needs.</summary>
    public int PositionsOf(int output) => HasSums ? output + 1 : sums.Length;

    public override IEnumerable<int> InputsOf(int output) => InputsOfPositions(PositionsOf(output));

    /// <summary>What so many positions read: what the last of them carries is of use only to a comparison.</summary>
    public IEnumerable<int> InputsOfPositions(int positions) => sums.Take(positions).Concat(carries.Take(HasSums ? positions - 1 : positions)).Append(Entry);
}

/// <summary>One bit that is held until the next cycle in which Enable is 1.</summary>
/// <param name="node">What it drives.</param>
internal sealed class FlipFlop(int layer, int node) : Block(layer)
{
    public int Node => node;

    /// <summary>Literal of the next bit.</summary>
    public int Next { get; set; }

    /// <summary>Literal without which nothing changes; true for every cycle.</summary>
    public int Enable { get; set; } = LogicGraph.True;

    /// <summary>Literal that sets the bit to a constant; false for never.</summary>
    public int Reset { get; set; } = LogicGraph.False;

    /// <summary>The constant that the bit is set to.</summary>
    public int ResetTo { get; set; }

    /// <summary>
    /// Literal of an enable that this bit needs inverted; false for none. Where a device has enables in one polarity only, synthesis inverts them bit
    /// by bit, and each inversion takes in all logic that makes the signal.
    /// </summary>
    public int InvertedControl { get; set; } = LogicGraph.False;

    /// <summary>Whether the enable is inverted for this bit alone, so that it has it in common with no other.</summary>
    public bool HasOwnEnable { get; init; }

    /// <summary>The bit before the first cycle; null where nobody asks.</summary>
    public bool? Initial { get; init; }

    public override IReadOnlyList<int> Outputs => [node];

    public override IEnumerable<int> InputsOf(int output) => [Next, Enable, Reset];
}

/// <summary>Blocks of memory or multipliers, counted when they were made.</summary>
/// <param name="inputs">Literals.</param>
/// <param name="driven">Nodes.</param>
/// <param name="cost">What it takes of the device.</param>
internal sealed class HardBlock(int layer, int[] inputs, int[] driven, Resources cost) : Block(layer)
{
    public Resources Cost => cost;

    public override IReadOnlyList<int> Outputs => driven;

    public override IEnumerable<int> InputsOf(int output) => inputs;
}
