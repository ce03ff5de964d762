using System.Collections.Concurrent;
using Hls4Net.Cli.Compilation;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Estimation;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Scheduling;
using Hls4Net.Transforms.Tuning;

namespace Hls4Net.Cli.Tuning;

/// <summary>A candidate with the figures of its fixed point on the search's events.</summary>
/// <param name="Levels">Of the knobs.</param>
/// <param name="Loss">What it loses against real numbers.</param>
/// <param name="Sure">The same with the statistical error on top.</param>
/// <param name="Quick">The cheap measure of what it takes.</param>
internal sealed record Judged(int[] Levels, double Loss, double Sure, double Quick);

/// <summary>What the hardware of a candidate is estimated to take.</summary>
internal sealed record Estimated(long Luts, long FlipFlops, int Dsps, double Brams, int LatencyCycles, double? LatencyNs, int Interval);

/// <summary>Judges candidates: emulates them on events, bit for bit as compiled, and estimates their hardware.</summary>
internal sealed class TuneJudge
{
    /// <summary>Numbers that are kept as integers of some type.</summary>
    private const long MostQuantised = 1L << 25;

    private readonly TuningSpace _space;
    private readonly TuneOptions _options;
    private readonly string _output;
    private readonly Device _device;
    private readonly ConcurrentDictionary<(string Name, Quantizer Quantizer), RawBatch> _quantised = new();

    public TuneJudge(TuningSpace space, TuneData data, TuneOptions options)
    {
        (_space, _options, _device) = (space, options, Device.Find(options.Compile.Part));
        var design = DesignBuilder.Build(space.Real);
        _output = OutputOf(design, options);
        (Search, SearchReference) = Refer(design, data.Search);
        (HeldOut, HeldOutReference) = Refer(design, data.HeldOut);
    }

    public TuneSample Search { get; }

    public TuneSample HeldOut { get; }

    /// <summary>The figures of real numbers on the search's events.</summary>
    public TuneFigures SearchReference { get; }

    /// <summary>The figures of real numbers on the other events.</summary>
    public TuneFigures HeldOutReference { get; }

    /// <summary>A candidate's figures; null if its levels do not go together.</summary>
    public Judged? Judge(int[] levels)
    {
        if (_space.BuildArithmetic(levels) is not { } model)
            return null;
        var figures = Figures(model, Search);
        var reuse = _space.ReuseOf(levels);
        return new(levels, figures.LossAgainst(SearchReference).Loss, figures.SureLossAgainst(SearchReference),
            _options.Objective == Objective.Dsp ? QuickCost.BlocksOf(model, reuse, _device) : QuickCost.Of(model, reuse));
    }

    /// <summary>The figures of a candidate on the events that were not searched with.</summary>
    public TuneFigures HeldOutFigures(int[] levels) => Figures(_space.BuildArithmetic(levels)!, HeldOut);

    /// <summary>The metric of a compiled design on some events.</summary>
    private TuneFigures Figures(CompiledModel model, TuneSample sample)
    {
        var design = model.Design;
        var inputs = new Dictionary<string, RawBatch>(StringComparer.Ordinal);
        foreach (var name in design.Inputs)
        {
            var elements = Shapes.Count(design.ShapeOf(name));
            inputs[name] = design.Settings.Contains(name) ? RawBatch.Of(elements, new long[elements]) : Quantised(sample, name, elements, model.Typed.InputQuantizers[name]);
        }
        var batch = new Emulator(design).Run(inputs, [_output], new() { Threads = 1 })[_output];
        return _options.Metric.Of(InputConversion.ToDoubles(batch, design.Channel(_output).Type!.Value), sample);
    }

    /// <summary>Events as integers; few types of an input are tried, and many candidates have the same.</summary>
    private RawBatch Quantised(TuneSample sample, string name, int elements, Quantizer quantizer)
    {
        if (!ReferenceEquals(sample, Search) || (long)sample.Inputs[name].Length * _quantised.Count > MostQuantised)
            return InputConversion.Quantize(sample.Inputs[name], elements, quantizer);
        return _quantised.GetOrAdd((name, quantizer), key => InputConversion.Quantize(sample.Inputs[name], elements, key.Quantizer));
    }

    /// <summary>What the hardware takes; null if it cannot be built as asked for.</summary>
    public Estimated? Estimate(int[] levels)
    {
        try
        {
            var model = _space.Build(levels)!;
            var hardware = HardwareBuilder.Build(model.Design, FirmwareWriter.HardwareOptionsOf(_options.Compile) with { Stream = model.Stream });
            var total = ResourceEstimator.Of(hardware).Total;
            return new((long)total.AllLuts, (long)total.FlipFlops, total.Dsps, total.Brams, hardware.Latency, hardware.ClockMHz is { } clock && hardware.IsClocked ? Math.Round(hardware.Latency * 1000 / clock, 3) : hardware.Timing.Longest,
                hardware.InitiationInterval);
        }
        catch (UserErrorException)
        {
            return null;
        }
    }

    private (TuneSample, TuneFigures) Refer(Design design, TuneSample sample)
    {
        var values = RealOutputs(design, sample);
        var referred = _options.Metric.Kind == MetricKind.Mse ? sample.With(sample.Targets ?? values) : sample;
        if (referred.Targets is { } targets && targets.Length != values.Length)
            throw new UserErrorException(Messages.LabelsDoNotFit(_options.Labels!, $"the output '{_output}' has {values.Length / sample.Events} elements, and a label {targets.Length / sample.Events}"));
        return (referred, _options.Metric.Of(values, referred));
    }

    private double[] RealOutputs(Design design, TuneSample sample)
    {
        var inputs = new Dictionary<string, double[]>(sample.Inputs, StringComparer.Ordinal);
        foreach (var setting in design.Settings)
            inputs[setting] = new double[Shapes.Count(design.ShapeOf(setting))];
        return new RealEvaluator(design, applyCasts: true).Run(inputs, sample.Events, [_output])[_output];
    }

    /// <summary>The output that the metric is of.</summary>
    private static string OutputOf(Design design, TuneOptions options)
    {
        var name = options.Compile.Model;
        var isOne = options.Metric.IsOfOneOutput;
        if (options.OutputName is { } named && !design.Outputs.Contains(named))
            throw new UserErrorException(Messages.UnknownOptionValue("--score-output", named, [.. design.Outputs]));
        string[] fitting = [.. design.Outputs.Where(o => (options.OutputName ?? o) == o && (options.Metric.Kind == MetricKind.Mse || Shapes.Count(design.ShapeOf(o)) == 1 == isOne))];
        return Array.Find(fitting, f => f.StartsWith("score", StringComparison.Ordinal)) ?? (fitting.Length == 1 ? fitting[0]
            : throw new UserErrorException(Messages.NothingToScore(name,
                $"{options.Metric.Text} needs an output {(isOne ? "with a single element" : options.Metric.Kind == MetricKind.Accuracy ? "with an element for each class" : "")}, and {(fitting.Length == 0 ? "none" : "more than one")} of {string.Join(", ", design.Outputs)} is one",
                "Name one with --score-output, cut with --outputs, or append a score with --score.")));
    }
}
