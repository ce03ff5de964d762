using Hls4Net.Core.Data;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Netlists;

namespace Hls4Net.Emission;

/// <summary>
/// Writes a simulation as a waveform. A cycle begins with a rising edge, and all that changes in it changes there; the clock falls in its
/// middle. Beside the signals of the design there are the numbers of the events whose inputs and results are on the ports.
/// </summary>
public static class WaveformRecording
{
    /// <summary>The scope of the numbers of events.</summary>
    private const string EventScope = "events";

    private const int NumberWidth = 32;

    /// <summary>Simulates events and writes all that happens.</summary>
    /// <param name="inputs">As <see cref="EventSimulation.Run"/> takes them.</param>
    /// <param name="stream">Receives a value change dump; left open.</param>
    /// <param name="period">Picoseconds of a cycle.</param>
    /// <param name="writer">The program that writes, with its version.</param>
    /// <param name="observe">Called in every cycle.</param>
    public static SimulatedEvents Run(EventSimulation simulation, Waveform waveform, IReadOnlyDictionary<string, RawBatch> inputs, Stream stream, long period,
        string writer, Action<SimulatedCycle>? observe = null, CancellationToken cancellation = default)
    {
        var (started, finished) = (waveform.Numbers, waveform.Numbers + 1);
        var events = new VcdScope(waveform.Scope.Name == EventScope ? $"{EventScope}_2" : EventScope,
            [new("started", NumberWidth, started), new("finished", NumberWidth, finished)], []);
        var last = default(SimulatedCycle);
        using var dump = new VcdWriter(stream, writer, [waveform.Scope, events]);
        var result = simulation.Run(inputs, cycle =>
        {
            dump.At(cycle.Cycle * period);
            if (waveform.Clock is { } rising)
                dump.Change(rising, "1");
            if (cycle.Cycle == 0 || cycle.Started != last.Started)
                dump.Change(started, Digits(cycle.Started));
            if (cycle.Cycle == 0 || cycle.Finished != last.Finished)
                dump.Change(finished, Digits(cycle.Finished));
            if (cycle.Cycle == 0 && waveform.Enable is { } enable)
                dump.Change(enable, "1");
            waveform.WriteChanges(dump);
            if (waveform.Clock is { } falling)
            {
                dump.At(cycle.Cycle * period + period / 2);
                dump.Change(falling, "0");
            }
            last = cycle;
            observe?.Invoke(cycle);
        }, cancellation);
        dump.End(result.Cycles * period);
        return result;
    }

    /// <summary>No event is an undefined number.</summary>
    private static string Digits(int number) =>
        number < 0 ? new string('x', NumberWidth) : Convert.ToString(number, 2).PadLeft(NumberWidth, '0');
}
