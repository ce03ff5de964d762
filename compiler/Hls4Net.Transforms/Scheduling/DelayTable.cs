using System.Text.Json.Serialization;
using Hls4Net.Core.Netlists;

namespace Hls4Net.Transforms.Scheduling;

/// <summary>How long things take on a family of devices, in picoseconds. The file of the family says where the numbers come from.</summary>
/// <param name="LutInputs">Inputs of a look-up table.</param>
/// <param name="Lut">Through a look-up table.</param>
/// <param name="Route">Over a net to the next cell.</param>
/// <param name="CarryEntry">Onto a carry chain and off it again.</param>
/// <param name="CarryPerBit">Along a carry chain.</param>
/// <param name="BlockRead">From the clock edge that a block of memory takes its address at to its result, beyond what a register takes.</param>
/// <param name="ClockOverhead">The part of a clock period that no logic can use: clock to output, set-up, uncertainty and skew.</param>
public sealed record DelayTable(
    [property: JsonPropertyName("lut_inputs")] int LutInputs,
    [property: JsonPropertyName("lut_ps")] double Lut,
    [property: JsonPropertyName("route_ps")] double Route,
    [property: JsonPropertyName("carry_entry_ps")] double CarryEntry,
    [property: JsonPropertyName("carry_ps_per_bit")] double CarryPerBit,
    [property: JsonPropertyName("block_read_ps")] double BlockRead,
    [property: JsonPropertyName("clock_overhead_ps")] double ClockOverhead)
{
    /// <summary>Bits of the adder that is meant where adder levels stand for time.</summary>
    private const int UsualAdder = 16;

    /// <summary>A look-up table and the net to it.</summary>
    public double Level => Lut + Route;

    /// <summary>An adder of a usual width with the net to it.</summary>
    public double AdderLevel => Chain(UsualAdder);

    /// <summary>From a cell's operands, with the nets that bring them, to its result; in picoseconds, rounded up.</summary>
    public int Of(Function cell, IReadOnlyList<Net> nets) => (int)Math.Ceiling(cell switch
    {
        // Its own time starts at a clock edge: that behind the address of a table.
        Rom { Memory: MemoryKind.Block } or DelayLine { Memory: MemoryKind.Block } => BlockRead,
        { IsWiring: true } or BlockRom or Register or ShiftRegister or State or DelayLine or Await => 0,
        // An inverter joins the look-up table behind it.
        BitwiseNot => 0,
        Adder or Subtractor or Negator => Chain(nets[cell.Result].Width),
        // The rows become two in look-up tables in front of the carry chain.
        TernaryAdder => Level + Chain(nets[cell.Result].Width),
        LessThan c => Chain(nets[c.Left].Width),
        EqualTo c => Tree(2 * nets[c.Left].Width),
        OrReduction c => Tree(nets[c.Source].Width),
        AndReduction c => Tree(nets[c.Source].Width),
        Multiplexer or BitwiseAnd or BitwiseOr or BitwiseXor => Level,
        Rom c => Level * (1 + TableLevels(nets[c.Address].Width)),
        // A row of partial products, then a tree of adders over them.
        Multiplier c => Level + CeilingLog2(Math.Min(nets[c.Left].Width, nets[c.Right].Width)) * Chain(nets[c.Result].Width),
        _ => throw new InvalidOperationException($"No delay is known for {cell.GetType().Name}."),
    });

    /// <summary>An adder: one that fits into look-up tables needs no carry chain.</summary>
    private double Chain(int width) => 2 * width <= LutInputs ? Level : Level + CarryEntry + width * CarryPerBit;

    private double Tree(int inputs)
    {
        var levels = 0;
        for (; inputs > 1; inputs = (inputs + LutInputs - 1) / LutInputs)
            levels++;
        return levels * Level;
    }

    /// <summary>Levels of multiplexers behind the look-up tables that hold a table: four to one in six inputs, two to one in four.</summary>
    private int TableLevels(int address)
    {
        var choices = LutInputs >= 6 ? 2 : 1;
        return (Math.Max(0, address - LutInputs) + choices - 1) / choices;
    }

    private static int CeilingLog2(int value) => value <= 1 ? 0 : 32 - int.LeadingZeroCount(value - 1);
}
