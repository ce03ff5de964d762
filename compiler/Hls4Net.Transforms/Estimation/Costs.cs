using System.Numerics;
using Hls4Net.Core.Netlists;

namespace Hls4Net.Transforms.Estimation;

/// <summary>
/// Counts what a netlist is made of. The bits of an adder are the positions at which bits of its operands are added, from the first that
/// is not copied to the highest bit of any operand: signs, zeros and ones in front of an operand are not bits of it, and the position
/// that only takes the carry is not counted.
/// </summary>
internal static class Costs
{
    /// <summary>A module without what it uses.</summary>
    public static HardwareFigures Own(Module module)
    {
        var drivers = new Cell?[module.Nets.Count];
        foreach (var cell in module.Cells.OfType<Function>())
            drivers[cell.Result] = cell;
        var total = HardwareFigures.Zero;
        foreach (var cell in module.Cells)
            total += Of(cell, module, drivers);
        return total;
    }

    /// <summary>A module with everything in it.</summary>
    public static HardwareFigures All(Netlist netlist, Module module)
    {
        var total = Own(module);
        foreach (var instance in module.Cells.OfType<Instance>())
            total += All(netlist, netlist[instance.Module]);
        return total;
    }

    private static HardwareFigures Of(Cell cell, Module module, Cell?[] drivers) => cell switch
    {
        Adder or Subtractor or Negator or TernaryAdder => OfAdder(cell, AddedBits(cell, module, drivers)),
        Multiplier => HardwareFigures.Zero with { Multipliers = 1 },
        Rom c => HardwareFigures.Zero with { RomBits = (long)c.Entries.Count * Width(cell, module) },
        BlockRom c => HardwareFigures.Zero with { RomBits = (long)c.Entries.Count * Width(cell, module), BlockBits = (long)c.Entries.Count * Width(cell, module) },
        ShiftRegister c => HardwareFigures.Zero with { ShiftBits = (long)c.Cycles * Width(cell, module) },
        DelayLine { Memory: MemoryKind.Block } c => HardwareFigures.Zero with { ShiftBits = (long)c.Depth * Width(cell, module), BlockBits = (long)c.Depth * Width(cell, module) },
        DelayLine { Depth: > 1 } c => HardwareFigures.Zero with { ShiftBits = (long)c.Depth * Width(cell, module) },
        Register or State or DelayLine => HardwareFigures.Zero with { RegisterBits = Width(cell, module) },
        _ => HardwareFigures.Zero,
    };

    /// <summary>
    /// Look-up tables of an adder: one for each position; with three operands one for each position and the carry behind them, and one more
    /// for every eight of these, which bring carries from one group of a carry chain to the next.
    /// </summary>
    public static int LutsOfAdder(int operands, int positions) => operands < 3 ? positions : positions + 1 + (positions + 8) / 8;

    private static HardwareFigures OfAdder(Cell cell, int positions) =>
        HardwareFigures.Zero with { Adders = 1, AdderBits = positions, AdderLuts = LutsOfAdder(cell.Operands.Count, positions) };

    private static int AddedBits(Cell cell, Module module, Cell?[] drivers) =>
        Math.Clamp(cell.Operands.Max(o => OwnWidth(o, module, drivers)), 1, Width(cell, module));

    /// <summary>The width of a net without copies of its sign or constant bits in front.</summary>
    private static int OwnWidth(int net, Module module, Cell?[] drivers) => drivers[net] switch
    {
        Extension c => OwnWidth(c.Source, module, drivers),
        Constant c => (int)BigInteger.Abs(c.Value).GetBitLength(),
        BitwiseNot c => OwnWidth(c.Source, module, drivers),
        Slice c when module.Nets[c.Source].Width == module.Nets[net].Width => OwnWidth(c.Source, module, drivers),
        Concatenation { Parts: var parts } when drivers[parts[^1]] is Constant or Extension =>
            module.Nets[net].Width - module.Nets[parts[^1]].Width + (drivers[parts[^1]] is Extension e ? OwnWidth(e.Source, module, drivers) : 0),
        _ => module.Nets[net].Width,
    };

    private static int Width(Cell cell, Module module) => module.Nets[cell.Results[0]].Width;
}
