using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;

namespace Hls4Net.Core.Profiling;

/// <summary>How one value of a network fares in fixed point, over all events and elements.</summary>
/// <param name="Name">The ONNX value.</param>
/// <param name="Origin">The node that computes it; null for an input.</param>
/// <param name="Low">The smallest real value.</param>
/// <param name="High">The largest real value.</param>
/// <param name="Count">Numbers that were compared.</param>
/// <param name="Clipped">Numbers that did not fit a type on the way to this value and were clipped, or set to zero.</param>
/// <param name="Wrapped">Numbers that did not fit a type on the way to this value and wrapped around.</param>
/// <param name="LargestError">The largest distance of fixed point from real numbers.</param>
/// <param name="MeanError">The mean distance.</param>
/// <param name="SignalToNoise">Power of the real values over that of the differences.</param>
/// <param name="Magnitudes">Of the real values.</param>
public sealed record TensorProfile(
    string Name, Origin? Origin, Seq<int> Shape, FixedType Type, double Low, double High, long Count, long Clipped, long Wrapped,
    double LargestError, double MeanError, SignalToNoise SignalToNoise, Magnitudes Magnitudes);

/// <summary>What the fixed point of one node alone does to the outputs, everything else being computed in real numbers.</summary>
/// <param name="Origin">The node, or the input whose rounding it is.</param>
/// <param name="LargestError">The largest distance that it causes at an output.</param>
/// <param name="SignalToNoise">At the outputs, the mean over them of noise over signal.</param>
/// <param name="Share">Its part of the noise that all nodes cause, from 0 to 1.</param>
public sealed record LayerProfile(Origin Origin, double LargestError, SignalToNoise SignalToNoise, double Share);

/// <summary>A ratio of powers.</summary>
/// <param name="Noise">Power of the noise relative to that of the signal; 0 if there is no noise.</param>
public readonly record struct SignalToNoise(double Noise)
{
    /// <summary>In decibels: 10 · log10 of signal over noise, 6.02 for each bit; infinite without noise.</summary>
    public double Decibels => Noise == 0 ? double.PositiveInfinity : -10 * Math.Log10(Noise);

    /// <summary>The ratio of two powers; noise without any signal counts as the whole of it.</summary>
    public static SignalToNoise Of(double signal, double noise) => new(noise == 0 ? 0 : signal == 0 ? 1 : noise / signal);
}
