using System.Numerics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Netlists;

/// <summary>What a port of the top carries.</summary>
public enum PortRole
{
    /// <summary>Event data, new in every cycle in which an event starts.</summary>
    Input,

    /// <summary>A run-time setting that holds still while events flow; it acts on every event in flight.</summary>
    Setting,

    /// <summary>Results, valid for one cycle, <see cref="HardwareDesign.Latency"/> cycles after the event's inputs.</summary>
    Output,
}

/// <summary>A port of the top: all elements of a tensor side by side, element 0 in the low bits, row-major.</summary>
/// <param name="Name">The Verilog name.</param>
/// <param name="Channel">The channel of the design.</param>
/// <param name="Source">The ONNX value.</param>
/// <param name="Shape">Extents, outermost first.</param>
/// <param name="Type">Type of each element.</param>
public sealed record HardwarePort(string Name, PortRole Role, string Channel, string Source, Seq<int> Shape, FixedType Type)
{
    /// <summary>The number of elements.</summary>
    public int Elements => Primitives.Shapes.Count(Shape);

    /// <summary>How the elements come one beat after the other; null for all of an event at once.</summary>
    public PortBeats? Beats { get; init; }

    /// <summary>Elements that the port has room for.</summary>
    public int Lanes => Beats?.Lanes ?? Elements;

    /// <summary>Bits of the whole port.</summary>
    public int Width => Lanes * Type.Width;
}

/// <summary>Where the elements of a tensor are on a port on which they come in several beats.</summary>
/// <param name="Lanes">Elements of a beat, side by side, the first in the low bits.</param>
/// <param name="Cycles">For each element of the tensor, cycles from the event's first beat on this side of the design to its own.</param>
/// <param name="Lane">For each element of the tensor, its place in the beat.</param>
public sealed record PortBeats(int Lanes, Seq<int> Cycles, Seq<int> Lane)
{
    /// <summary>The cycles in which there is a beat, ascending.</summary>
    public IReadOnlyList<int> Times => [.. Cycles.Distinct().Order()];
}

/// <summary>An element of a channel inside the hardware, for whoever looks for the first value that differs.</summary>
/// <param name="Net">A net of the top; −1 for a value that is the same for every event, or that nothing reads and so is not built.</param>
/// <param name="Shift">The element's raw integer is the net's integer times 2^Shift.</param>
/// <param name="Constant">The element's raw integer if it is the same for every event, else null.</param>
/// <param name="Cycle">The net holds the value this many cycles after the event's inputs were on the ports.</param>
public sealed record ElementPlace(int Net, int Shift, BigInteger? Constant, int Cycle);

/// <summary>Where a channel of the design is found in the hardware.</summary>
public sealed record ChannelPlace(string Channel, string Source, Origin Origin, Seq<int> Shape, FixedType Type, Seq<ElementPlace> Elements);

/// <summary>What a module costs.</summary>
/// <param name="Adders">Adders of two or three operands, subtractors and negators.</param>
/// <param name="AdderBits">Bits of these adders; low bits that are only copied are not part of an adder.</param>
/// <param name="AdderLuts">Look-up tables that these adders are estimated to take.</param>
/// <param name="Multipliers">Multipliers of two variables.</param>
/// <param name="RomBits">Bits of look-up tables.</param>
/// <param name="RegisterBits">Bits of registers, each a flip-flop.</param>
/// <param name="ShiftBits">Bits that shift registers hold, which fit into memory for shifting.</param>
/// <param name="BlockBits">Bits of tables and delay lines that are in blocks of memory: part of RomBits and ShiftBits.</param>
public sealed record HardwareFigures(int Adders, long AdderBits, long AdderLuts, int Multipliers, long RomBits, long RegisterBits, long ShiftBits, long BlockBits = 0)
{
    public static HardwareFigures Zero { get; } = new(0, 0, 0, 0, 0, 0, 0);

    public static HardwareFigures operator +(HardwareFigures a, HardwareFigures b) => new(a.Adders + b.Adders, a.AdderBits + b.AdderBits, a.AdderLuts + b.AdderLuts,
        a.Multipliers + b.Multipliers, a.RomBits + b.RomBits, a.RegisterBits + b.RegisterBits, a.ShiftBits + b.ShiftBits, a.BlockBits + b.BlockBits);
}

/// <summary>
/// One-bit ports beside the data of a design that does not take an event in every cycle: Input is 1 in the cycles in which the inputs of
/// an event are on the ports, Output in those in which results are. There is no way to stall.
/// </summary>
public sealed record ValidPorts(string Input, string Output);

/// <summary>How a layer was folded.</summary>
/// <param name="Reuse">Products that one multiplier computes for an event.</param>
/// <param name="Multipliers">Multipliers that the reuse factor asks for, at all positions together.</param>
/// <param name="Pruned">Those of them that were left out, because there are zeros among the weights.</param>
public sealed record LayerFolding(int Reuse, int Multipliers, int Pruned);

/// <summary>A layer of the hardware.</summary>
/// <param name="Name">The module.</param>
/// <param name="Origins">The ONNX nodes that it computes.</param>
/// <param name="Figures">Of all instances together.</param>
/// <param name="FirstCycle">The cycle in which its inputs arrive, counted from the event's inputs on the ports of the top.</param>
/// <param name="LastCycle">The cycle in which its outputs are there.</param>
/// <param name="Folding">Null for an unrolled layer.</param>
public sealed record LayerFigures(
    string Name, Seq<Origin> Origins, int Instances, HardwareFigures Figures, int FirstCycle, int LastCycle, LayerFolding? Folding = null);

/// <summary>
/// Everything about a design as hardware: what the printer, the bench and the report need.
/// <para>
/// Latency, exactly: let the inputs of an event be on the input ports during the clock cycle that ends with rising edge number 0, so
/// that edge 0 is the first that can sample them. Its results are on the output ports during the cycle that ends with rising edge
/// number Latency: they appear after edge Latency − 1 and are replaced after edge Latency. Inputs are not registered; outputs are,
/// whenever there is a clock, so that Latency counts the registers on every path. Without a clock Latency is 0, and the outputs
/// follow the inputs after the propagation delay.
/// </para>
/// </summary>
/// <param name="Latency">Clock cycles.</param>
/// <param name="InitiationInterval">Clock cycles from one event to the next, at least.</param>
/// <param name="Part">The device that the schedule was made for.</param>
/// <param name="ClockMHz">The clock that the schedule was made for; the one that the stages allow if the user gave none; null without registers.</param>
/// <param name="Timing">What the logic between registers takes.</param>
/// <param name="Total">What the top costs with everything in it.</param>
/// <param name="Glue">What the top itself costs: registers that delay channels between layers.</param>
public sealed record HardwareDesign(
    Netlist Netlist, string ModelName, Seq<HardwarePort> Ports, int Latency, int InitiationInterval, string Part, double? ClockMHz,
    TimingFigures Timing, Seq<LayerFigures> Layers, HardwareFigures Glue, HardwareFigures Total, Seq<ChannelPlace> Channels)
{
    /// <summary>Ports that tell cycles with events from others; null if every cycle can have one.</summary>
    public ValidPorts? Valid { get; init; }

    /// <summary>Events start a multiple of so many cycles apart.</summary>
    public int StartGrid { get; init; } = 1;

    /// <summary>The delay lines of a streamed design, by who writes and who reads them.</summary>
    public Seq<LineFigures> Lines { get; init; } = [];

    /// <summary>The AXI4-Stream top around this one; null if there is none.</summary>
    public AxiStreamOptions? AxiStream { get; init; }

    /// <summary>How weights are loaded at run time; null if there are none to load.</summary>
    public LoadPorts? Loading { get; init; }

    /// <summary>What is kept from event to event behind the decision.</summary>
    public DecisionOptions Decision { get; init; } = DecisionOptions.None;

    /// <summary>Whether the top has a clock port.</summary>
    public bool IsClocked => Latency > 0;
}
