using Hls4Net.Core.Netlists;

namespace Hls4Net.Transforms.Estimation;

/// <summary>Counts what a netlist is made of.</summary>
internal static class Costs
{
    /// <summary>A module without what it uses.</summary>
    public static HardwareFigures Own(Module module)
    {
        var total = HardwareFigures.Zero;
        foreach (var cell in module.Cells)
            total += Of(cell, module);
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

    private static HardwareFigures Of(Cell cell, Module module) => cell switch
    {
        Adder or Subtractor or Negator => HardwareFigures.Zero with { Adders = 1, AdderBits = Width(cell, module) },
        Multiplier => HardwareFigures.Zero with { Multipliers = 1 },
        Rom c => HardwareFigures.Zero with { RomBits = (long)c.Entries.Count * Width(cell, module) },
        Register => HardwareFigures.Zero with { RegisterBits = Width(cell, module) },
        _ => HardwareFigures.Zero,
    };

    private static int Width(Cell cell, Module module) => module.Nets[cell.Results[0]].Width;
}
