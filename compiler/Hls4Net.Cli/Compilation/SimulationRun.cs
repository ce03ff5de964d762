using System.Diagnostics;
using System.Globalization;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Netlists;
using Hls4Net.Emission;

namespace Hls4Net.Cli.Compilation;

/// <summary>Delay lines between two layers, and what a simulation saw of them.</summary>
/// <param name="Depth">Words of the deepest line, as computed.</param>
/// <param name="Reached">The most words that were in use at once: all of them, or null if the last was never needed by the simulated events.</param>
internal sealed record MeasuredChannel(string Producer, string Consumer, int Lines, int Width, int Depth, int? Reached, long Bits, string Why);

/// <summary>Runs the cycle model of a compiled folder, with or without a waveform.</summary>
/// <param name="folder">What was compiled.</param>
/// <param name="progress">Receives what is being done.</param>
internal sealed class SimulationRun(CompiledFolder folder, Action<string> progress)
{
    /// <summary>The length of a cycle in a waveform of hardware without a clock.</summary>
    private const long ArbitraryPeriod = 10_000;

    private const double SecondsBetweenReports = 2;

    /// <summary>Runs events.</summary>
    /// <param name="inputs">Raw integers by channel name, settings included.</param>
    /// <param name="waveformPath">The waveform to write, or null.</param>
    /// <param name="patterns">Which signals it shows; none for all.</param>
    /// <returns>The results, the names of signals in the waveform, and the file, which is in its place only when it is committed.</returns>
    /// <exception cref="UserErrorException">There is no hardware, no such signal, or a file cannot be written.</exception>
    public (SimulatedEvents Result, int Signals, AtomicFile? File) Run(
        IReadOnlyDictionary<string, RawBatch> inputs, string? waveformPath, IReadOnlyList<string> patterns, CancellationToken cancellation)
    {
        var (netlist, description) = folder.ReadHardware();
        var simulation = new EventSimulation(netlist, description);
        if (waveformPath is null)
            return (simulation.Run(inputs, new Reports(progress).Note, cancellation), 0, null);
        var waveform = Waveform.Of(simulation.Model, netlist, patterns);
        RequireMatches(waveform, simulation.Model, netlist, patterns);
        var file = AtomicFile.Create(waveformPath);
        try
        {
            var period = folder.Manifest.Hardware!.ClockMHz is { } clock ? (long)Math.Round(1e6 / clock) : ArbitraryPeriod;
            var result = WaveformRecording.Run(simulation, waveform, inputs, file.Stream, period, $"hls4net {Versions.Compiler}", new Reports(progress).Note, cancellation);
            return (result, waveform.Names, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The lines of a streamed design, and how many of their words were in use at once.</summary>
    /// <param name="expected">The outputs of the design as it is.</param>
    /// <exception cref="UserErrorException">There are no lines.</exception>
    public IReadOnlyList<MeasuredChannel> Measure(IReadOnlyDictionary<string, RawBatch> inputs, IReadOnlyDictionary<string, RawBatch> expected, CancellationToken cancellation)
    {
        var (netlist, description) = folder.ReadHardware();
        if (description.Lines is null && !description.Ports.Any(p => p.Beats is not null))
            throw new UserErrorException(Messages.BadOptionValue("--channels", folder.Path, "a folder with channels: only --io stream makes some"));
        var measured = new List<MeasuredChannel>();
        // Where nothing waits for anything else there is nothing to measure.
        var lines = description.Lines ?? [];
        foreach (var line in lines)
        {
            progress(string.Create(CultureInfo.InvariantCulture, $"channel {measured.Count + 1} of {lines.Count}: {line.Producer} to {line.Consumer}"));
            var isFull = LineProbe.IsFull(netlist, description, line, inputs, expected, cancellation);
            measured.Add(new(line.Producer, line.Consumer, line.Lines, line.Width, line.Depth, isFull ? line.Depth : null, line.Bits, line.Why()));
        }
        return measured;
    }

    private static void RequireMatches(Waveform waveform, CycleModel model, Netlist netlist, IReadOnlyList<string> patterns)
    {
        if (waveform.Names > 0)
        {
            if (patterns.Count < 2)
                return;
            foreach (var pattern in patterns.Where(p => Waveform.Of(model, netlist, [p]).Names == 0))
                throw new UserErrorException(Messages.NoSuchSignal(pattern, waveform.Hidden));
            return;
        }
        throw new UserErrorException(Messages.NoSuchSignal(patterns[0], waveform.Hidden));
    }

    /// <summary>Says every few seconds how far a simulation is.</summary>
    private sealed class Reports(Action<string> progress)
    {
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private double _reported;
        private int _events;

        public void Note(SimulatedCycle cycle)
        {
            _events += cycle.Finished >= 0 ? 1 : 0;
            if (_watch.Elapsed.TotalSeconds - _reported < SecondsBetweenReports)
                return;
            _reported = _watch.Elapsed.TotalSeconds;
            progress(string.Create(CultureInfo.InvariantCulture, $"{_events} events, {cycle.Cycle + 1} cycles, {(cycle.Cycle + 1) / _reported:N0} cycles/s"));
        }
    }
}
