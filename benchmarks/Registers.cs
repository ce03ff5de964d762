using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Transforms.Arithmetic;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Benchmarks;

/// <summary>
/// Bits of registers of constant matrices (<see cref="ConstantMatrices"/>, inputs signed integers of 8 bits) in a number of stages, each
/// with its share of the adder levels; and the same with one level more in each stage, which are fewer bits at a slower clock. All registers
/// count: before the first stage, between stages, and behind the last; the bits of the first are also given alone, for they are the same
/// whatever is done.
/// </summary>
internal static class Registers
{
    /// <summary>Adders wider than the usual one, by which levels are counted, take a little longer.</summary>
    private const double WideAdders = 1.1;

    private const int MostLevels = 64;

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
        var fewest = Enumerable.Range(1, MostLevels).FirstOrDefault(l => Place(design, options.Stages, l, found) is not null);
        foreach (var levels in new[] { fewest, fewest + 1 })
        {
            var start = Environment.CpuUsage.TotalTime;
            var hardware = Place(design, options.Stages, levels, found) ?? throw new BenchmarkFailedException($"{name} does not fit into {options.Stages} stages.");
            var seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
            var (bits, of) = (hardware.Total.RegisterBits + hardware.Total.ShiftBits, $"{name}, {levels} adder levels a stage");
            yield return new($"{of}: register bits", bits, "");
            if (options.Stages == 4 && Peer.TryGetValue(name, out var peer))
                yield return new($"{of}: times the register bits of da4ml 0.6", bits / (double)peer, "");
            yield return new($"{of}: of these in shift registers", hardware.Total.ShiftBits, "");
            yield return new($"{of}: of these at the inputs", hardware.Ports.Where(p => p.Role == PortRole.Input).Sum(p => p.Width), "");
            yield return new($"{of}: highest clock by the delay table", hardware.Timing.MaximumClockMHz, "MHz");
            yield return new($"{of}: CPU without the search for adders", seconds, "s");
        }
    }

    /// <summary>With so many adder levels in a stage, or null if these are too few.</summary>
    private static HardwareDesign? Place(Design design, int stages, int levels, IConstantMultiplier found)
    {
        try
        {
            return HardwareBuilder.Build(design, new("matrix", LevelsPerCycle: levels * WideAdders)
            {
                Stages = stages + 1,
                RegisterInputs = true,
                Multiplier = found,
            });
        }
        catch (UserErrorException)
        {
            return null;
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
