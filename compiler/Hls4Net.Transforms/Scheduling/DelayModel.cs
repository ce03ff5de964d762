using Hls4Net.Core.Netlists;

namespace Hls4Net.Transforms.Scheduling;

/// <summary>
/// How long cells take, in quarters of an adder level. Coarse on purpose: one adder is one level whatever its width, because carry
/// chains are fast beside the routing between levels; a device file says how long a level is.
/// </summary>
public static class DelayModel
{
    /// <summary>An adder level.</summary>
    public const int Level = 4;

    /// <summary>An adder, subtractor, negator or comparison.</summary>
    public const int AdderDelay = Level;

    /// <summary>A table whose address fits into a look-up table.</summary>
    public const int TableDelay = 1;

    /// <summary>Inputs of a look-up table of the device.</summary>
    private const int LutInputs = 6;

    /// <summary>The delay from the cell's operands to its result.</summary>
    public static int Of(Function cell, IReadOnlyList<Net> nets) => cell switch
    {
        { IsWiring: true } or Register or State or DelayLine or BlockRom or Await => 0,
        Adder or Subtractor or Negator or LessThan => AdderDelay,
        TernaryAdder => AdderDelay + 1,
        EqualTo c => Tree(2 * nets[c.Left].Width),
        OrReduction c => Tree(nets[c.Source].Width),
        AndReduction c => Tree(nets[c.Source].Width),
        BitwiseNot => 0,
        Multiplexer or BitwiseAnd or BitwiseOr or BitwiseXor => 1,
        Rom c => TableDelay + Math.Max(0, nets[c.Address].Width - LutInputs),
        // A row of partial products, then a tree of adders over them.
        Multiplier c => 1 + AdderDelay * CeilingLog2(Math.Min(nets[c.Left].Width, nets[c.Right].Width)),
        // Before it is expanded: a tree over the digits.
        LinearSum c => AdderDelay * CeilingLog2(c.Terms.Count + 1),
        _ => throw new InvalidOperationException($"No delay is known for {cell.GetType().Name}."),
    };

    private static int Tree(int inputs)
    {
        var levels = 0;
        for (; inputs > 1; inputs = (inputs + LutInputs - 1) / LutInputs)
            levels++;
        return levels;
    }

    private static int CeilingLog2(int value) => value <= 1 ? 0 : 32 - int.LeadingZeroCount(value - 1);
}
