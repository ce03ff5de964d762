using Hls4Net.Core.Diagnostics;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Transforms.Scheduling;

/// <summary>From what the user asks for to the cycle of every node: first the fewest cycles, then the fewest bits of registers.</summary>
internal static class PlanCycles
{
    /// <exception cref="UserErrorException">The clock is too fast for the part, or the stages are too few for the clock.</exception>
    public static Timetable Run(TimingGraph graph, Device device, HardwareOptions options)
    {
        if (RulesOf(graph, device, options) is not { } rules)
            return Timetable.Earliest(graph, TimingRules.Combinational);
        var earliest = Timetable.Earliest(graph, rules);
        if (options.Stages > 0 && earliest.Latency > options.Stages)
            throw new UserErrorException(Messages.TooFewStages(options.Stages, options.ClockMHz, earliest.Latency));
        return FewestRegisters.Run(earliest);
    }

    private static TimingRules? RulesOf(TimingGraph graph, Device device, HardwareOptions options)
    {
        if (options.Combinational)
            return null;
        if (options.LevelsPerCycle is { } levels)
            return new((int)Math.Ceiling(levels * device.Delays.AdderLevel), options.RegisterInputs, options.Stages);
        if (options.ClockMHz is { } clock)
            return new(device.PeriodOf(clock), options.RegisterInputs, options.Stages);
        return options.Stages > 0 ? Balanced(graph, device.Delays, options) : null;
    }

    /// <summary>The shortest period for which the stages are enough, but no shorter than an adder.</summary>
    private static TimingRules Balanced(TimingGraph graph, DelayTable delays, HardwareOptions options)
    {
        var (low, high) = ((int)Math.Ceiling(delays.AdderLevel), Timetable.Earliest(graph, TimingRules.Combinational).Longest());
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (Timetable.Earliest(graph, new(middle, options.RegisterInputs)).Latency <= options.Stages)
                high = middle;
            else
                low = middle + 1;
        }
        return new(low, options.RegisterInputs, options.Stages);
    }
}
