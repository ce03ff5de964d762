using System.Diagnostics;
using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Emission;
using Hls4Net.Trigger.Events;
using Hls4Net.Trigger.Vectors;
using Hls4Net.Verification.Comparison;
using Hls4Net.Verification.OnnxRuntime;
using Hls4Net.Verification.Stimuli;
using Hls4Net.Verification.Verilator;

namespace Hls4Net.Cli.Compilation;

/// <summary>One line of the verification table.</summary>
/// <param name="Different">Events of which any output differs.</param>
/// <param name="Result">In words: equal, different, or what was compared.</param>
/// <param name="Details">Where the first difference is, and other things worth knowing.</param>
/// <param name="Packets">What went through an AXI4-Stream top; null for other checks.</param>
internal sealed record CheckEntry(string Name, bool Passed, int Events, int Different, string Result, double Seconds, string[] Details, PacketFigures? Packets = null);

/// <summary>What went through an AXI4-Stream top.</summary>
/// <param name="Patterns">Patterns of gaps and back-pressure.</param>
/// <param name="Beats">Beats in and out.</param>
/// <param name="Malformed">Packets that had to give no results.</param>
/// <param name="Waiting">The most records of results that waited at once behind a streamed network.</param>
/// <param name="Room">For so many there is room; null for other networks, which have no queue.</param>
internal sealed record PacketFigures(int Patterns, long Beats, long Cycles, int Malformed, int Waiting, int? Room);

/// <summary>The outcome of <c>verify</c>.</summary>
internal sealed record VerificationSummary(bool Passed, int Events, CheckEntry[] Checks);

/// <summary>Runs the checks of <c>verify</c> on a compiled folder.</summary>
/// <param name="folder">What was compiled.</param>
/// <param name="progress">Receives what is being done.</param>
internal sealed class VerificationRun(CompiledFolder folder, Action<string> progress)
{
    /// <summary>Events that ONNX Runtime sees; it is much slower than the rest, and what it checks does not depend on rare events.</summary>
    private const int ReferenceEvents = 20_000;
    private const int MostCycles = 100_000;
    private const int FewestCorners = 16;

    /// <summary>The most patterns of gaps and back-pressure for an AXI4-Stream top if nobody says how many, each with a few events.</summary>
    private const int MostPatterns = 2000;

    private const int FewestPatterns = 50;

    /// <summary>Cycles between events for which patterns are chosen.</summary>
    private const int PatternCycles = 400_000;

    /// <summary>What is held against the emulator if nobody says what.</summary>
    public static IReadOnlyList<string> UsualTools { get; } = ["verilator", Decision, Packets, "g++", "library", "onnxruntime"];

    /// <summary>Every execution that can be held against the emulator.</summary>
    public static IReadOnlyList<string> AllTools { get; } = [.. UsualTools, Wrapper];

    /// <summary>The VHDL wrapper for a board through GHDL, with the Verilog inside in Verilator.</summary>
    private const string Wrapper = "ghdl";

    /// <summary>The AXI4-Stream top in Verilator, under pauses of both sides.</summary>
    private const string Packets = "axi-stream";

    /// <summary>Patterns times cycles of an event from which a simulation that takes longer to build is done earlier.</summary>
    private const int ManyCycles = 400_000;

    /// <summary>Prescales and rate counters of the Verilog, in Verilator.</summary>
    private const string Decision = "decision";

    /// <summary>Reads the value of --with; without one, all tools that have something to run.</summary>
    /// <exception cref="UserErrorException">A name is unknown, there is none, or the folder has nothing for it (HLS5205).</exception>
    public IReadOnlyList<string> ParseTools(string? text)
    {
        var emitted = folder.Manifest.Target.Emit;
        if (text is null)
            return [.. UsualTools.Where(t => (Needed(t) is not { } kind || emitted.Contains(kind)) && (t != Packets || HasPackets) && (t != Decision || folder.Manifest.Decision is not null))];
        var names = CompileOptions.ParseNames("--with", text, string.Join(", ", AllTools));
        foreach (var name in names)
        {
            if (!AllTools.Contains(name))
                throw new UserErrorException(Messages.UnknownOptionValue("--with", name, [.. AllTools]));
            if (Needed(name) is { } kind && !emitted.Contains(kind))
                throw new UserErrorException(Messages.BadOptionValue("--with", name, $"possible here: the folder was compiled without {kind} (--emit)"));
            if (name == Decision && folder.Manifest.Decision is null)
                throw new UserErrorException(Messages.BadOptionValue("--with", name, "possible here: the score of the configuration has neither prescale nor rates"));
            if (name == Wrapper && HasPackets)
                throw new UserErrorException(Messages.BadOptionValue("--with", name, "possible here: the wrapper is around the AXI4-Stream top, whose packets it cannot take apart"));
            if (name == Packets && !HasPackets)
                throw new UserErrorException(Messages.BadOptionValue("--with", name, "possible here: the folder was compiled without --top axi-stream"));
        }
        return [.. AllTools.Where(names.Contains)];
    }

    private bool HasPackets => folder.Manifest.Target.AxiStream is not null;

    /// <summary>What compile must have written for a tool.</summary>
    private static string? Needed(string tool) => tool switch
    {
        "verilator" or Packets or Decision => CompileOptions.Verilog,
        Wrapper => CompileOptions.Board,
        "g++" => CompileOptions.Hls,
        "library" => CompileOptions.Library,
        _ => null,
    };

    /// <summary>The events: generated ones, or all corner cases followed by those of a file.</summary>
    public IReadOnlyDictionary<string, RawBatch> Events(string? file, int vectors, ulong seed, GlobalTriggerUnits objects = GlobalTriggerUnits.Axol1tl)
    {
        var generator = new StimulusGenerator(folder.Design);
        if (file is null)
            return generator.Generate(vectors, seed);
        return WithCorners([ReadEvents(file, folder, objects)]);
    }

    /// <summary>All events of a file: arrays, vectors of a trigger's test files, or collision events of any format.</summary>
    /// <exception cref="UserErrorException">The file cannot be read or does not fit the design.</exception>
    public static IReadOnlyDictionary<string, RawBatch> ReadEvents(string file, CompiledFolder folder, GlobalTriggerUnits objects = GlobalTriggerUnits.Axol1tl)
    {
        if (VectorFile.Recognises(file))
            return VectorFile.Read(file, folder, objects);
        if (file.EndsWith(".npy", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
        {
            var chunks = EventChunks.Read(file, folder, raw: false, int.MaxValue / 1024).ToList();
            return folder.DataInputs.ToDictionary(i => i.Name, i => Join([.. chunks.Select(c => c[i.Name])]), StringComparer.Ordinal);
        }
        using var reader = EventFiles.Open(file);
        var features = new FeatureSource(reader, folder, EvaluationOptions.Default);
        var batches = new List<IReadOnlyDictionary<string, RawBatch>>();
        while (reader.Read() is { } block)
            batches.Add(features.ToInputs(features.Of(block).Values));
        return batches.Count > 0 ? folder.DataInputs.ToDictionary(i => i.Name, i => Join([.. batches.Select(b => b[i.Name])]), StringComparer.Ordinal)
            : throw new UserErrorException(Messages.EventsDoNotFit(file, "there are none"));
    }

    /// <summary>All corner cases, fewer where an event takes many cycles, followed by the given events.</summary>
    public IReadOnlyDictionary<string, RawBatch> WithCorners(IReadOnlyList<IReadOnlyDictionary<string, RawBatch>> events)
    {
        var generator = new StimulusGenerator(folder.Design);
        var corners = Math.Min(generator.CornerCount, Math.Max(FewestCorners, MostCycles / (folder.Manifest.Hardware?.InitiationInterval ?? 1)));
        return generator.Generate(corners, seed: 1)
            .ToDictionary(c => c.Key, c => Join([c.Value, .. events.Select(e => e[c.Key])]), StringComparer.Ordinal);
    }

    /// <summary>Runs the checks.</summary>
    /// <param name="patterns">Patterns for an AXI4-Stream top; null for a number that depends on how long an event takes.</param>
    public VerificationSummary Check(IReadOnlyDictionary<string, RawBatch> events, IReadOnlyList<string> tools, int? patterns, CancellationToken cancellation)
    {
        progress("emulating");
        var verifier = new Verifier(folder.Design, events, cancellation);
        var checks = new List<CheckEntry>();
        foreach (var tool in tools)
        {
            cancellation.ThrowIfCancellationRequested();
            checks.Add(tool switch
            {
                "onnxruntime" => CheckReference(events, cancellation),
                Decision => CheckDecision(events, cancellation),
                Packets => CheckPackets(events, patterns ?? Math.Clamp(PatternCycles / folder.Manifest.Hardware!.InitiationInterval, FewestPatterns, MostPatterns), cancellation),
                _ => CheckExecution(tool, verifier, cancellation),
            });
        }
        return new(checks.TrueForAll(c => c.Passed), verifier.Events, [.. checks]);
    }

    private CheckEntry CheckExecution(string tool, Verifier verifier, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        progress($"building the firmware for {tool}");
        VerificationResult result;
        try
        {
            using var execution = tool switch
            {
                "verilator" => Executions.Verilator(folder),
                "library" => Executions.Library(folder, cancellation),
                Wrapper => Executions.Ghdl(folder, cancellation),
                _ => Executions.Gpp(folder, cancellation),
            };
            progress(string.Create(CultureInfo.InvariantCulture, $"running {verifier.Events} events through {tool}"));
            result = verifier.Check(execution, cancellation);
        }
        catch (UserErrorException e) when (e.Diagnostics.Any(d => d.Rule == Messages.ToolFailedRule))
        {
            // The tool is there and refuses or breaks on the firmware: that is a finding about the firmware.
            return new(tool, false, verifier.Events, verifier.Events, "REFUSED", watch.Elapsed.TotalSeconds, [.. e.Diagnostics.Select(d => d.Message)]);
        }
        var details = new List<string>();
        if (result.First is { } first)
            details.Add(Describe("the first difference is in output", first));
        if (result.Origin is { } origin)
            details.Add(Describe("the first value that differs inside is", origin) + PlaceOf(origin.Value));
        var what = tool == "verilator" ? $"Verilog = emulator, latency {folder.Manifest.Hardware?.LatencyCycles} cycles, II {folder.Manifest.Hardware?.InitiationInterval}"
            : tool == Wrapper ? $"VHDL wrapper = emulator, latency {folder.Manifest.Hardware?.LatencyCycles} cycles"
            : tool == "library" ? "C++ library = emulator" : "C++ = emulator";
        return new(tool, result.Different == 0, result.Events, result.Different, result.Different == 0 ? what : "DIFFERENT", watch.Elapsed.TotalSeconds, [.. details]);
    }

    /// <summary>The AXI4-Stream top without pauses, under gaps, back-pressure, both, and with malformed packets and resets between; settings are 0.</summary>
    private CheckEntry CheckPackets(IReadOnlyDictionary<string, RawBatch> events, int patterns, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        progress("building the AXI4-Stream top for verilator");
        try
        {
            var inputs = new Dictionary<string, RawBatch>(events.Concat(folder.SettingValues(0, isRaw: true)), StringComparer.Ordinal);
            var outputs = new Emulator(folder.Design).Run(inputs, null, new() { Cancellation = cancellation });
            var hardware = VerilatorDesign.Open(Path.Combine(folder.Path, VerilogEmitter.Folder));
            var kind = (long)patterns * hardware.Interface.InitiationInterval > ManyCycles ? SimulationKind.ManyEvents : SimulationKind.FewEvents;
            var program = VerilatorRunner.BuildStreams([hardware], [], Path.Combine(folder.Path, "build", "verilator"), kind, cancellation);
            progress(string.Create(CultureInfo.InvariantCulture, $"running {patterns} patterns of gaps and back-pressure"));
            var result = program.Run([(inputs, outputs)], patterns, 1, cancellation)[0];
            var what = string.Create(CultureInfo.InvariantCulture, $"AXI4-Stream = emulator, {result.Patterns} patterns: no pauses, gaps, back-pressure, both, malformed packets ({result.Malformed})");
            int? room = hardware.Interface.Ports.Any(p => p.Beats is not null) ? hardware.Interface.Stream!.ResultDepth : null;
            return new(Packets, result.Different == 0, result.Events, result.Different, result.Different == 0 ? what : "DIFFERENT", watch.Elapsed.TotalSeconds,
                result.First is { } first ? [first] : [], new(result.Patterns, result.Beats, result.Cycles, result.Malformed, result.Waiting, room));
        }
        catch (UserErrorException e) when (e.Diagnostics.Any(d => d.Rule == Messages.ToolFailedRule))
        {
            return new(Packets, false, 0, 1, "REFUSED", watch.Elapsed.TotalSeconds, [.. e.Diagnostics.Select(d => d.Message)]);
        }
    }

    private CheckEntry CheckDecision(IReadOnlyDictionary<string, RawBatch> events, CancellationToken cancellation)
    {
        progress("running prescales and rate counters");
        return new DecisionCheck(folder).Run(events, cancellation);
    }

    private CheckEntry CheckReference(IReadOnlyDictionary<string, RawBatch> events, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        progress("running ONNX Runtime");
        var count = Math.Min(events.Values.First().Events, ReferenceEvents);
        var some = events.ToDictionary(e => e.Key, e => Join([e.Value], count), StringComparer.Ordinal);
        var path = Path.Combine(folder.Path, FirmwareWriter.ReferencePath);
        try
        {
            var library = OnnxRuntimeLocator.Load();
            using var session = library.Open(path);
            var result = ReferenceCheck.Run(session, folder.ReadImported(), folder.Design, some, cancellation);
            var details = result.Quantisation.Select(q => string.Create(CultureInfo.InvariantCulture,
                $"fixed point against real numbers, '{q.Output}': largest error {q.Largest:G3}, mean {q.Mean:G3}, largest value {q.Scale:G3}")).ToList();
            if (!result.Passed)
                details.Insert(0, result.First);
            return new("onnxruntime", result.Passed, count, result.Passed ? 0 : 1,
                result.Passed ? string.Create(CultureInfo.InvariantCulture, $"{result.Rule} ({result.Largest:G2})") : "DIFFERENT", watch.Elapsed.TotalSeconds, [.. details]);
        }
        catch (OnnxRuntimeException e)
        {
            throw new UserErrorException(Messages.OnnxRuntimeRefuses(folder.Manifest.Model.File, e.Message));
        }
    }

    private static string Describe(string what, Mismatch mismatch) => string.Create(CultureInfo.InvariantCulture,
        $"{what} '{mismatch.Value}', event {mismatch.Event}, element {mismatch.Element}: {mismatch.Found} instead of {mismatch.Expected}");

    private string PlaceOf(string channel) =>
        folder.Design.Stages.FirstOrDefault(s => s.Output == channel) is { } stage ? $" ({stage.Origin})" : "";

    /// <summary>Batches one after the other, at most <paramref name="limit"/> events.</summary>
    private static RawBatch Join(IReadOnlyList<RawBatch> batches, int limit = int.MaxValue)
    {
        var elements = batches[0].Elements;
        var events = Math.Min(batches.Sum(b => b.Events), limit);
        if (batches.All(b => b.Wide is null))
            return new(events, elements, null, [.. batches.SelectMany(b => b.Raw).Take(events * elements)]);
        return new(events, elements, [.. batches.SelectMany(b => Enumerable.Range(0, b.Events * elements).Select(i => b[i / elements, i % elements])).Take(events * elements)], []);
    }
}
