using Hls4Net.Core.Emulation;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Core.Profiling;

/// <summary>Runs a network in real numbers and in fixed point on the same events, and says for every value how far the two are apart.</summary>
public sealed class Profiler
{
    private readonly Design _imported;
    private readonly Design _typed;
    private readonly IReadOnlyDictionary<string, Quantizer> _inputs;
    private readonly RealEvaluator _reals;
    private readonly Emulator _emulator;
    private readonly List<string> _values;
    private readonly OverflowCounts _overflows = new();
    private readonly Dictionary<string, (long Clipped, long Wrapped)> _inputOverflows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorStatistics> _statistics = new(StringComparer.Ordinal);

    /// <param name="imported">The network in real numbers, with the quantisers that it has itself.</param>
    /// <param name="typed">The same in fixed point.</param>
    /// <param name="inputs">How a real number becomes an input's integer.</param>
    public Profiler(Design imported, Design typed, IReadOnlyDictionary<string, Quantizer> inputs)
    {
        (_imported, _typed, _inputs) = (imported, typed, inputs);
        _reals = new RealEvaluator(imported, applyCasts: true);
        _emulator = new Emulator(typed);
        var known = typed.Channels.Where(c => c.Type is not null).Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        _values = [.. imported.Channels.Where(c => c.Source.Length > 0 && known.Contains(c.Name) && !typed.Settings.Contains(c.Name)).Select(c => c.Name)];
        foreach (var value in _values)
            _statistics[value] = new();
    }

    /// <summary>Numbers of one event in all values together: what a block of events takes in memory.</summary>
    public long ElementsPerEvent => _values.Sum(v => (long)Shapes.Count(_typed.ShapeOf(v)));

    /// <summary>Adds a block of events.</summary>
    /// <param name="inputs">Event-major real values of each input that is not a setting; settings are zero.</param>
    /// <param name="events">Number of events.</param>
    /// <param name="cancellation">Looked at between parts of the work.</param>
    public void Add(IReadOnlyDictionary<string, double[]> inputs, int events, CancellationToken cancellation = default)
    {
        var reals = new Dictionary<string, double[]>(inputs, StringComparer.Ordinal);
        var raw = new Dictionary<string, RawBatch>(StringComparer.Ordinal);
        foreach (var (name, values) in inputs)
        {
            raw[name] = InputConversion.Quantize(values, Shapes.Count(_typed.ShapeOf(name)), _inputs[name]);
            CountInput(name, values);
        }
        foreach (var setting in _typed.Settings)
        {
            reals[setting] = new double[Shapes.Count(_typed.ShapeOf(setting))];
            raw[setting] = RawBatch.Of(reals[setting].Length, new long[reals[setting].Length]);
        }
        var real = _reals.Run(reals, events, _values);
        cancellation.ThrowIfCancellationRequested();
        var typed = _emulator.Run(raw, _values, new() { Overflows = _overflows, Cancellation = cancellation });
        foreach (var value in _values)
            _statistics[value].Add(real[value], InputConversion.ToDoubles(typed[value], _typed.Channel(value).Type!.Value));
    }

    /// <summary>What was found so far, in the order of computation.</summary>
    public IReadOnlyList<TensorProfile> Tensors()
    {
        var overflows = OverflowsByValue();
        var origins = _imported.Stages.ToDictionary(s => s.Output, s => s.Origin, StringComparer.Ordinal);
        return [.. _values.Select(v => Tensor(v, origins.GetValueOrDefault(v), overflows.GetValueOrDefault(v)))];
    }

    private TensorProfile Tensor(string value, Origin? origin, (long Clipped, long Wrapped) overflows)
    {
        var (channel, found) = (_typed.Channel(value), _statistics[value]);
        return new(value, origin, channel.Shape, channel.Type!.Value, found.Low, found.High, found.Count, overflows.Clipped, overflows.Wrapped,
            found.LargestError, found.MeanError, found.SignalToNoise, found.Magnitudes);
    }

    /// <summary>Casts inside a node (an accumulator, the address of a table) count for the next value that the node gives to others.</summary>
    private Dictionary<string, (long Clipped, long Wrapped)> OverflowsByValue()
    {
        var result = new Dictionary<string, (long Clipped, long Wrapped)>(_inputOverflows, StringComparer.Ordinal);
        var open = new Dictionary<Origin, (long Clipped, long Wrapped)>();
        foreach (var stage in _typed.Stages)
        {
            var (clipped, wrapped) = _overflows.Of(stage.Output);
            var (before, wrappedBefore) = open.GetValueOrDefault(stage.Origin);
            open[stage.Origin] = (before + clipped, wrappedBefore + wrapped);
            if (_statistics.ContainsKey(stage.Output) && open.Remove(stage.Origin, out var all))
                result[stage.Output] = all;
        }
        return result;
    }

    private void CountInput(string name, double[] values)
    {
        var quantizer = _inputs[name];
        var range = quantizer.Type.Range;
        // What lies within half a unit of the ends is decided exactly, the rest by comparing.
        var (low, high) = (range.Minimum.ToDouble(), range.Maximum.ToDouble());
        var outside = values.LongCount(v => (v < low || v > high) && Casting.Round(Dyadic.FromDouble(v).Mantissa, -Dyadic.FromDouble(v).Exponent - quantizer.Type.Fraction, quantizer.Rounding) is var rounded
            && (rounded < range.Low || rounded > range.High));
        var (clipped, wrapped) = _inputOverflows.GetValueOrDefault(name);
        _inputOverflows[name] = quantizer.Overflow == Overflow.Wrap ? (clipped, wrapped + outside) : (clipped + outside, wrapped);
    }
}
