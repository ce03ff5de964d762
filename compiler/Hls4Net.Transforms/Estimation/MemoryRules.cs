namespace Hls4Net.Transforms.Estimation;

/// <summary>
/// How memories with one address are built, as Yosys's memory_libmap chooses: whatever costs less by its tables (brams_xc4v.txt and
/// lutrams_xcu.txt, brams.txt and lutrams.txt of ECP5), memories in look-up tables or block memories.
/// </summary>
internal static class MemoryRules
{
    /// <summary>A memory that is read into a register.</summary>
    public static Resources Of(SynthesisRules rules, int words, int width) => rules.HasSumsInLuts ? Xilinx(words, width) : Ecp5(words, width);

    /// <summary>A memory that is to be in blocks.</summary>
    public static Resources InBlocks(SynthesisRules rules, int words, int width) => new(0, 0, 0, 0,
        rules.HasSumsInLuts ? Math.Min(Blocks(words, width, 14, 18), 2 * Blocks(words, width, 15, 36)) : Blocks(words, width, 14, 36), 0);

    private static Resources Xilinx(int words, int width)
    {
        // Eight look-up tables are 64 words of seven bits, beside the write port.
        const int Words = 64, Bits = 7, LutCost = 16, HalfCost = 129, FullCost = 257;
        var units = Pieces(words, Words) * Pieces(width, Bits);
        var (halves, fulls) = (Blocks(words, width, 14, 18), Blocks(words, width, 15, 36));
        var isFull = fulls * FullCost < halves * HalfCost;
        return units * LutCost <= Math.Min(halves * HalfCost, fulls * FullCost)
            ? new(0, 8 * units, width, 0, 0, 0)
            : new(0, 0, 0, 0, isFull ? 2 * fulls : halves, 0);
    }

    private static Resources Ecp5(int words, int width)
    {
        // Four look-up tables are 16 words of four bits, with two more for the write port.
        const int Words = 16, Bits = 4, LutCost = 4, BlockCost = 128;
        var units = Pieces(words, Words) * Pieces(width, Bits);
        var blocks = Blocks(words, width, 14, 36);
        return units * LutCost <= blocks * BlockCost ? new(0, 6 * units, width, 0, 0, 0) : new(0, 0, 0, 0, blocks, 0);
    }

    /// <summary>Fewest blocks, whose words are 1, 2, 4, 9, 18 or 36 bits wide, the wider the fewer.</summary>
    private static int Blocks(int words, int width, int addressBits, int widest) => new[] { 1, 2, 4, 9, 18, 36 }
        .Where(w => w <= widest)
        .Select((w, k) => Pieces(words, 1 << addressBits - k) * Pieces(width, w)).Min();

    private static int Pieces(int amount, int size) => (amount + size - 1) / size;
}
