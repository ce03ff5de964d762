using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Passes;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Arithmetic;
using Hls4Net.Transforms.Estimation;
using Hls4Net.Transforms.Reuse;
using Hls4Net.Transforms.Scheduling;

namespace Hls4Net.Transforms.Lowering;

/// <summary>What the user asks of the hardware.</summary>
/// <param name="Prefix">Name of the top, and start of the name of every module.</param>
/// <param name="ClockMHz">The clock; without it, and without LevelsPerCycle, there are no registers.</param>
/// <param name="Part">The device, for the delays between registers.</param>
/// <param name="LevelsPerCycle">Adder levels between registers, in place of what the clock asks for.</param>
/// <param name="Combinational">No registers, whatever the clock.</param>
public sealed record HardwareOptions(
    string Prefix, double? ClockMHz = null, string Part = Device.DefaultPart, double? LevelsPerCycle = null, bool Combinational = false)
{
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
        // Before dead cells go: the bits that a sum does not need are known only when its adders are.
        PassDescription.OfStep(typeof(ExpandLinearSums), nameof(Netlist)),
        // Before registers: what is dead must not be carried along.
        PassDescription.OfStep(typeof(RemoveDeadCells), nameof(Netlist)),
        PassDescription.OfStep(typeof(InsertRegisters), nameof(Netlist)),
    ];

    /// <summary>The hardware of a typed design.</summary>
    /// <exception cref="UserErrorException">The part is unknown, the clock too fast for it, or missing for folded layers.</exception>
    public static HardwareDesign Build(Design design, HardwareOptions options)
    {
        var device = Device.Find(options.Part);
        double? levels = options.Combinational ? null
            : options.LevelsPerCycle ?? (options.ClockMHz is { } clock ? device.LevelsPerCycle(clock) : null);
        if (levels is null && design.Stages.FirstOrDefault(s => s.Schedule is FoldedSchedule) is { } stage)
            throw new UserErrorException(Messages.FoldedWithoutClock(stage.Origin.ToString()));
        var lowered = LowerDesign.Run(design, options.Prefix);
        NetlistVerifier.Demand(lowered.Netlist, "lowering");
        var expanded = ExpandLinearSums.Run(lowered.Netlist, options.Multiplier, out var afterExpansion);
        NetlistVerifier.Demand(expanded, "the expansion of sums");
        var live = RemoveDeadCells.Run(expanded, out var afterTrimming);
        NetlistVerifier.Demand(live, "the removal of dead cells");
        int[] nets = [.. afterExpansion.Select(n => n < 0 ? -1 : afterTrimming[n])];
        if (levels is null)
            return Finish(design, options, device, lowered, live, nets, null, 0);
        var timetable = Timetable.Of(live, Period(levels.Value));
        var clocked = InsertRegisters.Run(live, timetable, out var afterRegisters);
        NetlistVerifier.Demand(clocked, "the placing of registers");
        return Finish(design, options, device, lowered, clocked, nets, new(live, timetable, afterRegisters), levels.Value);
    }

    /// <summary>A netlist without registers, when everything in it happens, and where its top's nets went when registers were placed.</summary>
    private sealed record Timing(Netlist Netlist, Timetable Timetable, int[] Nets);

    /// <summary>At most a thousand levels, so that sums of delays stay small numbers.</summary>
    private static int Period(double levels) => Math.Max(DelayModel.Level, (int)Math.Min(levels * DelayModel.Level, 4000));

    private static HardwareDesign Finish(Design design, HardwareOptions options, Device device, LowerDesign.Result lowered, Netlist netlist,
        int[] nets, Timing? timing, double levels)
    {
        var total = Costs.All(netlist, netlist.Top);
        var channels = lowered.Channels.Select(c => Place(c, nets, timing)).ToSeq();
        var interval = lowered.Folded.Values.Select(f => f.Reuse).Append(1).Max();
        return new(netlist, design.Name, lowered.Ports, timing?.Timetable.Latency ?? 0, interval, device.Part, options.ClockMHz, levels,
            Layers(netlist, timing, lowered.Folded).ToSeq(), Costs.Own(netlist.Top), total, channels) { Valid = lowered.Valid };
    }

    private static IEnumerable<LayerFigures> Layers(Netlist netlist, Timing? timing, IReadOnlyDictionary<string, FoldedFigures> folded)
    {
        var uses = netlist.Top.Cells.OfType<Instance>().GroupBy(i => i.Module, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Select(i => i.Name).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var module in netlist.Modules.Where(m => uses.ContainsKey(m.Name)))
        {
            var instances = uses[module.Name];
            var figures = Enumerable.Repeat(Costs.All(netlist, module), instances.Count).Aggregate((a, b) => a + b);
            var (first, last) = Cycles(instances, module.Name, timing);
            var folding = folded.TryGetValue(module.Name, out var f)
                ? new LayerFolding(f.Reuse, f.Planned * instances.Count, (f.Planned - f.Built) * instances.Count) : null;
            yield return new(module.Name, module.Origins, instances.Count, figures, first, last, folding);
        }
    }

    private static (int First, int Last) Cycles(HashSet<string> instances, string module, Timing? timing)
    {
        if (timing is null)
            return (0, 0);
        var starts = timing.Timetable.Modules[timing.Netlist.Top.Name].Starts;
        var used = timing.Netlist.Top.Cells.Select((cell, k) => (cell, k))
            .Where(c => c.cell is Instance i && instances.Contains(i.Name)).Select(c => Math.Max(starts[c.k], 0)).ToArray();
        return (used.Min(), used.Max() + timing.Timetable.Modules[module].Latency);
    }

    /// <summary>Where the elements of a channel ended up.</summary>
    private static ChannelPlace Place(LowerDesign.ChannelNets nets, int[] map, Timing? timing)
    {
        var type = nets.Channel.Type!.Value;
        var elements = nets.Elements.Select(e =>
        {
            if (e.IsConstant)
                return new ElementPlace(-1, 0, e.Range.Minimum.ToRaw(type.Fraction), 0);
            var net = map[e.Net];
            if (net < 0)
                return new ElementPlace(-1, 0, null, 0);
            var shift = type.Fraction - e.Range.Fraction;
            if (timing is null)
                return new ElementPlace(net, shift, null, 0);
            var ready = timing.Timetable.Modules[timing.Netlist.Top.Name].Ready[net];
            return new ElementPlace(timing.Nets[net], shift, null, ready.IsAlways ? 0 : ready.Cycle);
        });
        return new(nets.Channel.Name, nets.Channel.Source, nets.Origin, nets.Channel.Shape, type, elements.ToSeq());
    }
}
