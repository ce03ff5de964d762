using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Passes;
using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.Scheduling;

/// <summary>What the user wants of a device's blocks.</summary>
/// <param name="Memory">For tables and delay lines, but for those of layers with a choice of their own.</param>
/// <param name="Layers">The choices of layers, by their node.</param>
/// <param name="Multipliers">For multipliers of two variables.</param>
internal sealed record BlockChoices(MemoryChoice Memory, IReadOnlyDictionary<Origin, MemoryChoice> Layers, MultiplierKind Multipliers)
{
    /// <summary>The choices of a design's stages, and that for all others.</summary>
    public static BlockChoices Of(Design design, MemoryChoice memory, MultiplierKind multipliers)
    {
        var layers = new Dictionary<Origin, MemoryChoice>();
        foreach (var stage in design.Stages.Where(s => s.Schedule.Memory != MemoryChoice.Auto))
            layers[stage.Origin] = stage.Schedule.Memory;
        return new(memory, layers, multipliers);
    }

    public MemoryChoice For(Module module)
    {
        foreach (var origin in module.Origins)
        {
            if (Layers.TryGetValue(origin, out var own))
                return own;
        }
        return Memory;
    }
}

/// <summary>
/// Says which tables and delay lines go into blocks of memory: those that would otherwise take more look-up tables than the family's file
/// says a block is worth. Tables that are read at the same address, and lines of the same depth that move together, are counted as one memory,
/// because they are printed as one; loadable tables each have a memory of their own. A table inside a loop stays in look-up tables: nothing can be delayed there.
/// </summary>
[Pass(Promise.SameBits, "Puts large tables and long delay lines into blocks of memory, and multipliers into DSP blocks or logic where that was asked for.")]
internal static class ChooseBlocks
{
    /// <summary>Fewer words than these are never a memory of their own.</summary>
    private const int FewestWords = 4;

    /// <summary>Bits of a block of memory, without those beside bytes.</summary>
    private const int BlockBits = 16 << 10;

    /// <summary>The widest word of a block, with the bits beside bytes, and the widest at which every bit of it is used.</summary>
    private const int WidestWord = 36;

    public static Netlist Run(Netlist netlist, BlockChoices choices, Device device) =>
        netlist with { Modules = netlist.Modules.Select(m => Choose(m, choices.For(m), choices.Multipliers, device)).ToSeq() };

    private static Module Choose(Module module, MemoryChoice choice, MultiplierKind multipliers, Device device)
    {
        var inBlocks = choice == MemoryChoice.Distributed ? [] : InBlocks(module, choice == MemoryChoice.Block, device);
        if (inBlocks.Count == 0 && multipliers == MultiplierKind.Auto)
            return module;
        return module with
        {
            Cells = module.Cells.Select(cell => cell switch
            {
                Rom c when inBlocks.Contains(c.Result) => c with { Memory = MemoryKind.Block },
                DelayLine c when inBlocks.Contains(c.Result) => c with { Memory = MemoryKind.Block },
                Multiplier c when multipliers == MultiplierKind.Logic || (multipliers == MultiplierKind.Dsp && Fits(c, module, device)) => c with { Kind = multipliers },
                _ => cell,
            }).ToSeq(),
        };
    }

    /// <summary>Whether a product of a DSP block holds it, so that no second block is taken. Blocks multiply signed numbers.</summary>
    private static bool Fits(Multiplier cell, Module module, Device device)
    {
        var (a, b) = (Signed(module.Nets[cell.Left]), Signed(module.Nets[cell.Right]));
        return Math.Max(a, b) <= device.Dsp.Wide && Math.Min(a, b) <= device.Dsp.Narrow;

        static int Signed(Net net) => net.Width + (net.Signed ? 0 : 1);
    }

    /// <summary>The results of the memories that go into blocks.</summary>
    private static HashSet<int> InBlocks(Module module, bool isForced, Device device)
    {
        var memories = module.Cells.OfType<Rom>().Where(r => r.Entries.Count >= FewestWords && module.Nets[r.Result].Width > 1)
            .GroupBy(r => (Kind: -1, r.Address, r.Entries.Count, r.Load))
            .Select(g => (Words: g.Key.Count, Luts: LutsOfTables(g.Key.Count, device), Nets: g.Select(r => r.Result).ToArray()))
            .Concat(module.Cells.OfType<DelayLine>().Where(l => l.Depth > FewestWords)
                .GroupBy(l => (l.Enable, l.Depth))
                .Select(g => (Words: g.Key.Depth, Luts: LutsOfLines(g.Key.Depth), Nets: g.Select(l => l.Result).ToArray())));
        var chosen = memories.Where(m => isForced || IsWorth(m.Words, m.Luts, m.Nets.Sum(n => module.Nets[n].Width), device)).SelectMany(m => m.Nets).ToHashSet();
        foreach (var cell in InLoops(module, chosen))
            chosen.Remove(cell);
        return chosen;
    }

    private static IEnumerable<int> InLoops(Module module, HashSet<int> chosen) => chosen.Count == 0 ? []
        : Loops.Of(module).Where(p => p.Length > 1).SelectMany(p => p).Select(c => module.Cells[c]).OfType<Rom>().Select(r => r.Result);

    private static bool IsWorth(int words, double lutsOfBit, int width, Device device) => lutsOfBit * width >= (double)Blocks(words, width) * device.BlockLuts;

    /// <summary>Look-up tables of each bit of a table: those that hold its entries; what chooses between them is as fast as it is small.</summary>
    private static double LutsOfTables(int words, Device device) => Math.Max(0.5, (double)words / (1 << device.Delays.LutInputs));

    /// <summary>Look-up tables of each bit of a line: 32 words in one that shifts, 64 in one that is addressed.</summary>
    private static double LutsOfLines(int depth) => depth < 64 ? (depth + 31) / 32 : (depth + 63) / 64;

    /// <summary>Blocks of 18 kbit of a memory: words of at most 36 bits, half as wide wherever it has twice as many words.</summary>
    internal static int Blocks(int words, int width)
    {
        var (of, deep) = (WidestWord, BlockBits / (WidestWord - (WidestWord / 9)));
        for (; deep < words && of > 1; deep *= 2)
            of = of > 9 ? of / 2 : of == 9 ? 4 : of / 2;
        return (width + of - 1) / of * ((words + deep - 1) / deep);
    }
}
