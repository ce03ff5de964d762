using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Verification.Comparison;
using Hls4Net.Verification.Stimuli;

namespace Hls4Net.Tests.Support;

/// <summary>A typed design emulated and run in real numbers on the same events, next to the bounds on the difference. The emulator has the bits of the reference interpretation.</summary>
internal sealed class ErrorRun
{
    private readonly IReadOnlyDictionary<string, RawBatch> _raw;
    private readonly IReadOnlyDictionary<string, double[]> _reals;
    private readonly Emulator _emulator;

    public ErrorRun(Design design, int events, ulong seed)
    {
        Design = design;
        Errors = ErrorAnalysis.Run(design);
        _emulator = new Emulator(design);
        var inputs = new Dictionary<string, RawBatch>(new StimulusGenerator(design).Generate(events, seed), StringComparer.Ordinal);
        foreach (var setting in design.Settings)
            inputs[setting] = RawBatch.Of(Shapes.Count(design.ShapeOf(setting)), new long[Shapes.Count(design.ShapeOf(setting))]);
        string[] all = [.. design.Stages.Select(s => s.Output)];
        _raw = _emulator.Run(inputs, all);
        Assert.Null(BatchComparison.Compare(new ReferenceEmulator(design).Run(inputs, all), _raw, all).First);
        _reals = new RealEvaluator(design, applyCasts: false)
            .Run(inputs.ToDictionary(i => i.Key, i => InputConversion.ToDoubles(i.Value, design.Channel(i.Key).Type!.Value)), events, all);
    }

    public Design Design { get; }

    public ErrorAnalysis Errors { get; }

    /// <summary>Holds every value of a channel to its bound, and returns the largest error.</summary>
    public double Check(string channel)
    {
        var (batch, bounds, fraction) = (_raw[channel], Errors[channel], _emulator.FractionOf(channel));
        var largest = 0.0;
        for (var e = 0; e < batch.Events; e++)
        {
            for (var k = 0; k < batch.Elements; k++)
            {
                var value = new Dyadic(batch[e, k], -fraction);
                var real = _reals[channel][e * batch.Elements + k];
                if (bounds[k].Error is not { } bound)
                    continue;
                var error = Math.Abs((value - Dyadic.FromDouble(real)).ToDouble());
                // The reals themselves are float64 here, and sums in it err by about this much.
                var slack = 1e-12 * (1 + Math.Abs(real));
                Assert.True(error <= bound.ToDouble() + slack,
                    $"{channel}[{k}], event {e}: {value.ToDouble()} for {real} is farther off than the bound {bound.ToDouble()}.");
                largest = Math.Max(largest, error);
            }
        }
        return largest;
    }
}
