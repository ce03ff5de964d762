using System.Numerics;
using Hls4Net.Core.Emulation.Programs;
using Hls4Net.Core.Kernels;

namespace Hls4Net.Core.Emulation;

/// <summary>
/// Runs a typed design bit-accurately on batches of events, in process. The design becomes a program of steps on blocks of events, with
/// integers as narrow as their proved ranges allow; what that cannot do, <see cref="ReferenceEmulator"/> does.
/// </summary>
public sealed class Emulator
{
    private readonly Design _design;
    private readonly Lazy<LaneRecording> _recording;
    private readonly Lazy<ReferenceEmulator> _reference;
    private readonly Dictionary<string, CompiledProgram?> _programs = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    public Emulator(Design design)
    {
        _design = design;
        _recording = new(() => new LaneRecording(design));
        _reference = new(() => new ReferenceEmulator(design));
    }

    /// <summary>The design that is run.</summary>
    public Design Design => _design;

    /// <summary>Fraction bits of a channel's integers: those of its type, or of the exact result where it has none.</summary>
    public int FractionOf(string channel) => _design.Channel(channel).Type?.Fraction ?? _recording.Value.FractionOf(channel);

    /// <summary>Runs events given as raw integers of the input types.</summary>
    /// <param name="inputs">One batch for each input, by channel name; a setting has one event, used for all.</param>
    /// <param name="observe">Names of the channels whose values are returned; null for the outputs.</param>
    /// <param name="watch">Counts what overflows, can stop the run, and says on how many cores; null if nobody asks.</param>
    /// <returns>The batches by channel name.</returns>
    /// <exception cref="ArgumentException">An input is missing, has the wrong size or a number outside its type.</exception>
    public IReadOnlyDictionary<string, RawBatch> Run(
        IReadOnlyDictionary<string, RawBatch> inputs, IReadOnlyCollection<string>? observe = null, EmulationWatch? watch = null)
    {
        string[] names = [.. observe ?? [.. _design.Outputs]];
        // Only the reference sees every cast as the kernels have it.
        if (watch?.Overflows is not null || ProgramOf(names) is not { } program)
            return _reference.Value.Run(inputs, names, watch);
        var events = EmulatorInputs.Check(_design, inputs);
        var sinks = program.CreateSinks(events);
        program.Run([.. _design.Inputs.Select(i => inputs[i])], sinks, events, watch);
        return names.Zip(sinks).ToDictionary(r => r.First, r => ToBatch(r.Second, events), StringComparer.Ordinal);
    }

    private CompiledProgram? ProgramOf(string[] channels)
    {
        lock (_lock)
        {
            var key = string.Join('\0', channels);
            if (!_programs.TryGetValue(key, out var program))
                _programs[key] = program = CompiledProgram.Of(_design, _recording.Value, channels);
            return program;
        }
    }

    private static RawBatch ToBatch(LaneSink sink, int events)
    {
        if (sink.Wide is not { } wide)
            return new(events, sink.Elements, null, sink.Raw);
        return Array.TrueForAll(wide, r => r >= long.MinValue && r <= long.MaxValue)
            ? new(events, sink.Elements, null, Array.ConvertAll(wide, r => (long)r))
            : new(events, sink.Elements, Array.ConvertAll(wide, r => (BigInteger)r), []);
    }
}
