using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Core.Passes;

/// <summary>Holds a pass to its promise: what the outputs were before it, they are after it, on corners and random events.</summary>
public static class PassPromise
{
    private const int Events = 64;
    private const double Tolerance = 1e-12;

    /// <summary>What the pass breaks, or null. Outputs and inputs that the pass adds are left out; one that it drops is broken.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="graph">What it rewrites; typed if bits are promised.</param>
    /// <param name="seed">Where the random events come from.</param>
    /// <param name="promise">What to hold the pass to; null for what it promises.</param>
    /// <exception cref="UserErrorException">The pass refused the graph.</exception>
    public static string? Check(IPass<Graph> pass, Graph graph, int seed, Promise? promise = null) =>
        Check(pass, graph, seed, promise, GraphVerifier.Verify, DesignBuilder.Build);

    /// <inheritdoc cref="Check(IPass{Graph}, Graph, int, Promise?)"/>
    public static string? Check(IPass<Design> pass, Design design, int seed, Promise? promise = null) =>
        Check(pass, design, seed, promise, DesignVerifier.Verify, d => d);

    private static string? Check<TIr>(
        IPass<TIr> pass, TIr ir, int seed, Promise? promise, Func<TIr, IReadOnlyList<string>> verify, Func<TIr, Design> toDesign)
    {
        var diagnostics = new DiagnosticBag();
        var result = pass.Run(ir, diagnostics);
        diagnostics.ThrowIfErrors();
        if (verify(result) is [var problem, ..])
            return problem;
        var (before, after) = (toDesign(ir), toDesign(result));
        if (before.Outputs.FirstOrDefault(o => !after.Outputs.Contains(o)) is { } lost)
            return $"The output '{lost}' is gone.";
        return (promise ?? PassDescription.Of(pass.GetType()).Promise) switch
        {
            Promise.SameBits => CompareBits(before, after, seed),
            Promise.SameReals => CompareReals(before, after, seed),
            _ => null,
        };
    }

    private static string? CompareBits(Design before, Design after, int seed)
    {
        var random = new Random(seed);
        var inputs = after.Inputs.ToDictionary(i => i, i => DrawRaw(after, i, random), StringComparer.Ordinal);
        var expected = new Emulator(before).Run(inputs);
        var found = new Emulator(after).Run(inputs);
        foreach (var output in before.Outputs)
        {
            var (fraction, other) = (before.Channel(output).Type!.Value.Fraction, after.Channel(output).Type!.Value.Fraction);
            for (var e = 0; e < expected[output].Events; e++)
            {
                for (var i = 0; i < expected[output].Elements; i++)
                {
                    var (x, y) = (expected[output][e, i], found[output][e, i]);
                    if (x != y || fraction != other)
                        return string.Create(CultureInfo.InvariantCulture, $"Seed {seed}, event {e}: {output}[{i}] was {x}·2^-{fraction} and is {y}·2^-{other}.");
                }
            }
        }
        return null;
    }

    private static RawBatch DrawRaw(Design design, string input, Random random)
    {
        var (type, count) = (design.Channel(input).Type!.Value, Shapes.Count(design.Channel(input).Shape));
        var isSetting = design.Settings.Contains(input);
        var raw = new System.Numerics.BigInteger[count * (isSetting ? 1 : Events)];
        for (var i = 0; i < raw.Length; i++)
        {
            var bits = new byte[type.Width / 8 + 2];
            random.NextBytes(bits);
            var drawn = Casting.Confine(new System.Numerics.BigInteger(bits), type, Overflow.Wrap);
            raw[i] = (isSetting ? 3 : i / count) switch { 0 => type.MinimumRaw, 1 => type.MaximumRaw, 2 => 0, _ => drawn };
        }
        return RawBatch.Of(count, raw);
    }

    private static string? CompareReals(Design before, Design after, int seed)
    {
        var random = new Random(seed);
        var inputs = after.Inputs.ToDictionary(i => i, i => DrawReals(after, i, random), StringComparer.Ordinal);
        var expected = new RealEvaluator(before, applyCasts: false).Run(inputs, Events);
        var found = new RealEvaluator(after, applyCasts: false).Run(inputs, Events);
        foreach (var output in before.Outputs)
        {
            // Float64 errs relative to what is summed, of which the largest result is a measure.
            var scale = expected[output].Max(Math.Abs);
            for (var i = 0; i < expected[output].Length; i++)
            {
                var (x, y) = (expected[output][i], found[output][i]);
                if (!(Math.Abs(x - y) <= Tolerance * Math.Max(Math.Abs(x), scale)))
                    return string.Create(CultureInfo.InvariantCulture, $"Seed {seed}: number {i} of the output '{output}' was {x:R} and is {y:R}.");
            }
        }
        return null;
    }

    private static double[] DrawReals(Design design, string input, Random random)
    {
        var count = Shapes.Count(design.Channel(input).Shape);
        var numbers = new double[count * (design.Settings.Contains(input) ? 1 : Events)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = (i / count) switch
            {
                0 => 0,
                1 => 1,
                2 => -1,
                var e => (random.NextDouble() * 2 - 1) * Math.ScaleB(1, e % 8 - 3),
            };
        }
        return numbers;
    }
}
