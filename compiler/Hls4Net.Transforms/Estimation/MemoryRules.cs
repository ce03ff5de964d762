using Hls4Net.Core.Netlists;

namespace Hls4Net.Transforms.Estimation;

/// <summary>How a memory is built.</summary>
/// <param name="Cost">What it takes, without the choice between its parts.</param>
/// <param name="Parts">Parts of its words of which the highest bits of the address select one.</param>
internal readonly record struct MemoryPlan(Resources Cost, int Parts);

/// <summary>
/// How memories are built, as Yosys's memory_libmap chooses: whatever costs least by its tables (brams_xc4v.txt and lutrams_xcu.txt, brams.txt and
/// lutrams.txt of ECP5), a choice between parts of the words counting half for each bit.
/// </summary>
internal static class MemoryRules
{
    private const double ChoiceCost = 0.5;

    /// <summary>Cases that a table must have besides the default before a tool takes it for a memory.</summary>
    private const int FewestCases = 8;

    /// <summary>Words for each of these cases, at most.</summary>
    private const int LeastDensity = 4;

    /// <summary>A block of memory.</summary>
    private readonly record struct Block(double Cost, int AddressBits, int Widest, int Halves);

    private static readonly Block[] XilinxBlocks = [new(129, 14, 36, 1), new(257, 15, 72, 2)];
    private static readonly Block[] Ecp5Blocks = [new(128, 14, 36, 1)];

    private static readonly int[] BlockWidths = [1, 2, 4, 9, 18, 36, 72];

    /// <summary>Whether a tool takes a table, which is written case by case with its commonest entry as the default, for a memory.</summary>
    public static bool IsMemory(Rom table)
    {
        var cases = table.Entries.Count - table.Entries.GroupBy(e => e).Max(g => g.Count());
        return cases >= FewestCases && table.Entries.Count / cases <= LeastDensity;
    }

    /// <summary>A memory that is to be in blocks.</summary>
    public static MemoryPlan Blocks(SynthesisRules rules, int words, int width)
    {
        var (best, least) = (default(MemoryPlan), double.MaxValue);
        foreach (var block in rules.HasSumsInLuts ? XilinxBlocks : Ecp5Blocks)
        {
            for (var k = 0; k < BlockWidths.Length && BlockWidths[k] <= block.Widest; k++)
            {
                var parts = Pieces(words, 1 << block.AddressBits - k);
                var blocks = Pieces(parts * width, BlockWidths[k]);
                var cost = block.Cost * blocks + ChoiceCost * (parts - 1) * width;
                if (cost < least)
                    (best, least) = (new(new(0, 0, 0, 0, block.Halves * blocks, 0), parts), cost);
            }
        }
        return best;
    }

    /// <summary>A memory that is to be in look-up tables; what it is read into comes on top.</summary>
    public static MemoryPlan InLuts(SynthesisRules rules, int words, int width)
    {
        if (!rules.HasSumsInLuts)
        {
            // Four look-up tables are 16 words of four bits, with two more for the write port.
            var parts = Pieces(words, 16);
            return new(new(0, 6 * Pieces(parts * width, 4), 0, 0, 0, 0), parts);
        }
        // Eight look-up tables are 64 words of seven bits or 32 of 14, beside the write port.
        return words <= 32 ? new(new(0, 8 * Pieces(width, 14), 0, 0, 0, 0), 1) : new(new(0, 8 * Pieces(Pieces(words, 64) * width, 7), 0, 0, 0, 0), Pieces(words, 64));
    }

    private static int Pieces(int amount, int size) => (amount + size - 1) / size;
}
