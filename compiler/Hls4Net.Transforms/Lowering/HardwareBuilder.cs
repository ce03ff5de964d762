using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Passes;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Arithmetic;
using Hls4Net.Transforms.Estimation;
using Hls4Net.Transforms.Reuse;
using Hls4Net.Transforms.Scheduling;
using Hls4Net.Transforms.Streams;

namespace Hls4Net.Transforms.Lowering;

/// <summary>What the user asks of the hardware.</summary>
/// <param name="Prefix">Name of the top, and start of the name of every module.</param>
/// <param name="ClockMHz">The clock; without it, and without LevelsPerCycle and Stages, there are no registers.</param>
/// <param name="Part">The device, for the delays between registers.</param>
/// <param name="LevelsPerCycle">Usual adders between registers, in place of what the clock asks for.</param>
/// <param name="Combinational">No registers, whatever the clock.</param>
public sealed record HardwareOptions(
    string Prefix, double? ClockMHz = null, string Part = Device.DefaultPart, double? LevelsPerCycle = null, bool Combinational = false)
{
    /// <summary>Cycles of latency, in place of as few as the clock asks for; without a clock they share the logic evenly. 0 for any.</summary>
    public int Stages { get; init; }

    /// <summary>Whether the inputs go into registers first.</summary>
    public bool RegisterInputs { get; init; }

    /// <summary>Whether the top has a clock enable, which holds everything in the cycles in which it is 0.</summary>
    public bool ClockEnable { get; init; }

    /// <summary>How events come piece by piece; null for all of an event in one cycle.</summary>
    public StreamOptions? Stream { get; init; }

    /// <summary>An AXI4-Stream top around that of parallel ports, which then has a clock enable; null for none.</summary>
    public AxiStreamOptions? AxiStream { get; init; }

    /// <summary>What is kept from event to event behind the last output, which is the score's decision.</summary>
    public DecisionOptions Decision { get; init; } = DecisionOptions.None;

    /// <summary>Whether there is a clock, given or to be found.</summary>
    internal bool IsClocked => !Combinational && (ClockMHz is not null || LevelsPerCycle is not null || Stages > 0);

    /// <summary>The most operands of an adder: two, or three for devices that have such adders.</summary>
    public int AdderOperands { get; init; } = 2;

    /// <summary>Whether groups of inputs of few bits become tables where that takes fewer look-up tables than adders.</summary>
    public bool InputTables { get; init; } = true;

    /// <summary>Where tables and delay lines go, but for those of layers whose schedule says otherwise.</summary>
    public MemoryChoice Memory { get; init; }

    /// <summary>What multipliers of two variables are made of.</summary>
    public MultiplierKind Multipliers { get; init; }

    /// <summary>Who finds the adders of constant sums.</summary>
    public IConstantMultiplier Multiplier { get; init; } = new SearchSharing();
}

/// <summary>From a typed design to clocked bits.</summary>
public static class HardwareBuilder
{
    /// <summary>The steps of <see cref="Build"/>, in their order.</summary>
    internal static IReadOnlyList<PassDescription> Steps { get; } =
    [
        PassDescription.OfStep(typeof(LowerDesign), nameof(Design)),
        // Before sums become adders: their small tables of inputs belong into look-up tables.
        PassDescription.OfStep(typeof(ChooseBlocks), nameof(Netlist)),
        // Before dead cells go: the bits that a sum does not need are known only when its adders are.
        PassDescription.OfStep(typeof(ExpandLinearSums), nameof(Netlist)),
        // Before registers: what is dead must not be carried along.
        PassDescription.OfStep(typeof(RemoveDeadCells), nameof(Netlist)),
        PassDescription.OfStep(typeof(InsertRegisters), nameof(Netlist)),
    ];

    /// <summary>The hardware of a typed design.</summary>
    /// <exception cref="UserErrorException">
    /// The part is unknown, the clock too fast for it or missing for folded layers, or the stages are too few for the clock.
    /// </exception>
    public static HardwareDesign Build(Design design, HardwareOptions options)
    {
        var device = Device.Find(options.Part);
        if (!options.IsClocked && design.Stages.FirstOrDefault(s => s.Schedule is FoldedSchedule) is { } stage)
            throw new UserErrorException(Messages.FoldedWithoutClock(stage.Origin.ToString()));
        if (!options.IsClocked && options.Stream is not null)
            throw new UserErrorException(Messages.StreamWithoutClock());
        if (options.AxiStream is not null && !options.IsClocked)
            throw new UserErrorException(Messages.PacketsWithoutClock());
        if (!options.Decision.IsNone && (!options.IsClocked || options.Stream is not null || options.AxiStream is not null))
            throw new UserErrorException(Messages.DecisionWithoutCycles(!options.IsClocked ? "there is no clock" : options.Stream is not null ? "events come piece by piece" : "events come as AXI4-Stream packets"));
        if (options.AdderOperands > 2 && !device.HasTernaryAdders)
            throw new UserErrorException(Messages.UnknownOptionValue("--adders", "three", ["two"]));
        var lowered = LowerDesign.Run(design, options.Prefix, options.Stream, options.Decision);
        NetlistVerifier.Demand(lowered.Netlist, "lowering");
        // Without a clock there is no memory that it could read.
        var choices = BlockChoices.Of(design, options.Memory, options.Multipliers);
        var placed = options.IsClocked ? ChooseBlocks.Run(lowered.Netlist, choices, device) : lowered.Netlist;
        var expanded = ExpandLinearSums.Run(placed, options.Multiplier, options.AdderOperands, options.InputTables ? device.Delays.LutInputs : 0, out var afterExpansion);
        NetlistVerifier.Demand(expanded, "the expansion of sums");
        var live = RemoveDeadCells.Run(expanded, out var afterTrimming);
        NetlistVerifier.Demand(live, "the removal of dead cells");
        int[] nets = [.. afterExpansion.Select(n => n < 0 ? -1 : afterTrimming[n])];
        var timetable = PlanCycles.Run(TimingGraph.Of(live, device.Delays), device, options);
        if (options.AxiStream is not null && timetable.Latency == 0)
            throw new UserErrorException(Messages.PacketsWithoutRegisters());
        var modules = ModuleTimetable.Of(live, timetable);
        if (timetable.Rules.IsCombinational)
            return Finish(design, options, device, lowered, live, nets, new(timetable, modules, [.. Enumerable.Range(0, live.Top.Nets.Count)]));
        var clocked = InsertRegisters.Run(live, modules, out var afterRegisters);
        clocked = clocked with { HasEnable = (options.ClockEnable || options.AxiStream is not null) && timetable.Latency > 0 };
        NetlistVerifier.Demand(clocked, "the placing of registers");
        return Finish(design, options, device, lowered, clocked, nets, new(timetable, modules, afterRegisters));
    }

    /// <summary>When everything in a netlist without registers happens, and where its top's nets went when registers were placed.</summary>
    private sealed record Timing(Timetable Timetable, Dictionary<string, ModuleTimetable> Modules, int[] Nets);

    private static HardwareDesign Finish(Design design, HardwareOptions options, Device device, LowerDesign.Result lowered, Netlist netlist,
        int[] nets, Timing timing)
    {
        var total = Costs.All(netlist, netlist.Top);
        var channels = lowered.Channels.Select(c => Place(c, nets, timing, timing.Modules[netlist.Top.Name].Ready)).ToSeq();
        var figures = CriticalPath.Of(timing.Timetable, device);
        // Where only the stages are given, the clock is what they allow.
        var clock = !options.IsClocked || options.ClockMHz is not null ? options.ClockMHz : Math.Floor(figures.MaximumClockMHz);
        return new(netlist, design.Name, lowered.Ports, lowered.Wait + timing.Timetable.Latency, lowered.Interval, device.Part, clock, figures,
            Layers(netlist, timing, lowered.Folded).ToSeq(), Costs.Own(netlist.Top), total, channels)
        {
            Valid = lowered.Valid,
            StartGrid = lowered.Grid,
            Loading = lowered.Loading is { } loading ? LoadPorts.Of(netlist, loading.Bank, loading.Tables) : null,
            AxiStream = options.AxiStream,
            Decision = options.Decision,
            Lines = lowered.Lines?.Lines(n => nets[n] < 0 ? null : netlist.Top.Nets[timing.Nets[nets[n]]].Name).ToSeq() ?? [],
        };
    }

    private static IEnumerable<LayerFigures> Layers(Netlist netlist, Timing timing, IReadOnlyDictionary<string, FoldedFigures> folded)
    {
        var uses = netlist.Top.Cells.OfType<Instance>().GroupBy(i => i.Module, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        var loaded = netlist.LoadedModules();
        foreach (var module in netlist.Modules.Where(m => uses.ContainsKey(m.Name)))
        {
            var instances = uses[module.Name];
            var figures = Enumerable.Repeat(Costs.All(netlist, module), instances).Aggregate((a, b) => a + b);
            var timetable = timing.Modules[module.Name];
            var folding = folded.TryGetValue(module.Name, out var f) ? new LayerFolding(f.Reuse, f.Planned * instances, (f.Planned - f.Built) * instances) : null;
            // The last inputs of a folded layer say when an event starts, and with which weights; they come early, and wait inside for the others.
            var controls = folding is null ? 0 : loaded.Contains(module.Name) ? 2 : 1;
            var (first, last) = (timetable with { Inputs = timetable.Inputs[..^controls] }).Span;
            yield return new(module.Name, module.Origins, instances, figures, first, last, folding);
        }
    }

    /// <summary>Where the elements of a channel ended up.</summary>
    private static ChannelPlace Place(LowerDesign.ChannelNets nets, int[] map, Timing timing, int[] ready)
    {
        var type = nets.Channel.Type!.Value;
        var elements = nets.Elements.Select((e, k) =>
        {
            if (e.IsConstant)
                return new ElementPlace(-1, 0, e.Range.Minimum.ToRaw(type.Fraction), 0);
            var net = map[e.Net];
            return net < 0 ? new ElementPlace(-1, 0, null, 0)
                : new ElementPlace(timing.Nets[net], type.Fraction - e.Range.Fraction, null, nets.Cycles[k] + Math.Max(0, ready[net]));
        });
        return new(nets.Channel.Name, nets.Channel.Source, nets.Origin, nets.Channel.Shape, type, elements.ToSeq());
    }
}
