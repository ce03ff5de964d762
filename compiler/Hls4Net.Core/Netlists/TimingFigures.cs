using Hls4Net.Core.Text;

namespace Hls4Net.Core.Netlists;

/// <summary>A piece of a critical path.</summary>
/// <param name="Module">The module in which it is.</param>
/// <param name="Net">The net that carries its result.</param>
/// <param name="Cell">What it is, for example Adder.</param>
/// <param name="Delay">Nanoseconds from its operands, with the net that brings them, to its result.</param>
/// <param name="Arrival">Nanoseconds from the start of the cycle, or without a clock from the inputs, to its result.</param>
public sealed record PathStep(string Module, string Net, string Cell, double Delay, double Arrival);

/// <summary>How long logic takes, by the delay table of the device: an estimate that does not know where cells will be placed.</summary>
/// <param name="Period">Nanoseconds of logic that registers were placed for; null without registers.</param>
/// <param name="Longest">Nanoseconds of the slowest logic between two registers, or without a clock from an input to an output.</param>
/// <param name="MaximumClockMHz">The clock that this logic allows with registers at both its ends.</param>
/// <param name="CriticalPath">The cells of that logic, from its start to its end.</param>
public sealed record TimingFigures(double? Period, double Longest, double MaximumClockMHz, Seq<PathStep> CriticalPath);
