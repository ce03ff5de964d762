using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Transforms.Arithmetic;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Benchmarks;

/// <summary>
/// Bits of registers of constant matrices (<see cref="ConstantMatrices"/>, inputs signed integers of 8 bits) in a number of stages, each
/// with its share of the adder levels. There are registers before the first stage, between stages, and behind the last; the bits of the
/// first are also given alone, for they are the same whatever is done.
/// </summary>
internal static class Registers
{
    /// <summary>Adders wider than the usual one, by which levels are counted, take a little longer.</summary>
    private const double WideAdders = 1.1;

    /// <summary>What da4ml 0.6 takes in four stages of two adder levels, its inputs in registers as well.</summary>
    private static readonly Dictionary<string, int> Peer = new(StringComparer.Ordinal)
    {
        ["m16x16_b8_s0_r0"] = 3302,
        ["m57x32_b8_s50_r0"] = 12037,
        ["m64x32_b6_s0_r0"] = 15320,
    };

    public static IReadOnlyList<Figure> Measure(BenchmarkOptions options) =>
        [.. ConstantMatrices.Of(options.Matrices).SelectMany(m => Rows(m.Name, m.Matrix, options))];

    private static IEnumerable<Figure> Rows(string name, long[][] matrix, BenchmarkOptions options)
    {
        var design = ConstantMatrices.ToDesign(matrix);
        var found = new Once(new SearchSharing(options.Effort, Math.Max(0, options.DepthSlack)));
        HardwareBuilder.Build(design, new("matrix", Combinational: true) { Multiplier = found });
        var start = Environment.CpuUsage.TotalTime;
        var (hardware, levels) = Place(design, options.Stages, found);
        var seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        yield return new($"{name}: register bits", hardware.Total.RegisterBits + hardware.Total.ShiftBits, "");
        if (options.Stages == 4 && Peer.TryGetValue(name, out var bits))
            yield return new($"{name}: times the register bits of da4ml 0.6", (hardware.Total.RegisterBits + hardware.Total.ShiftBits) / (double)bits, "");
        yield return new($"{name}: of these in shift registers", hardware.Total.ShiftBits, "");
        yield return new($"{name}: of these at the inputs", hardware.Ports.Where(p => p.Role == PortRole.Input).Sum(p => p.Width), "");
        yield return new($"{name}: adder levels in each stage", levels, "");
        yield return new($"{name}: highest clock by the delay table", hardware.Timing.MaximumClockMHz, "MHz");
        yield return new($"{name}: CPU without the search for adders", seconds, "s");
    }

    /// <summary>With as few adder levels in a stage as the stages allow.</summary>
    private static (HardwareDesign Hardware, int Levels) Place(Design design, int stages, IConstantMultiplier found)
    {
        for (var levels = 1; ; levels++)
        {
            try
            {
                return (HardwareBuilder.Build(design, new("matrix", LevelsPerCycle: levels * WideAdders)
                {
                    Stages = stages + 1,
                    RegisterInputs = true,
                    Multiplier = found,
                }), levels);
            }
            catch (UserErrorException)
            {
                // More levels than that go through the stages.
            }
        }
    }

    /// <summary>Looks for adders once for the same sums.</summary>
    private sealed class Once(IConstantMultiplier multiplier) : IConstantMultiplier
    {
        private readonly Dictionary<LinearProblem, AdderNetwork> _found = [];

        public AdderNetwork Solve(LinearProblem problem) =>
            _found.TryGetValue(problem, out var network) ? network : _found[problem] = multiplier.Solve(problem);
    }
}
