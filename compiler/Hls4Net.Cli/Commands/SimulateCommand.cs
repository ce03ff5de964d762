using System.CommandLine;
using System.Globalization;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Netlists;
using Hls4Net.Verification.Comparison;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hls4Net.Cli.Commands;

/// <summary><c>hls4net simulate</c>: runs the netlist cycle by cycle on a file of events, and shows any signal.</summary>
internal static class SimulateCommand
{
    private const int NameWidth = 24;

    /// <summary>More events have to be asked for.</summary>
    private const int MostEvents = 1 << 20;

    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "A folder that `hls4net compile` made." };
        var input = new Option<string>("--input", "-i") { Description = "Events: X.npy of shape [events, …], or X.npz with one array for each input.", Required = true };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "Y.npy if the design has one output, else a folder that receives one .npy file for each. [default: beside the events, X.simulated.npy or X.simulated/]",
        };
        var waveform = new Option<string?>("--vcd") { Description = "F.vcd that receives a waveform: every change of every signal, for GTKWave." };
        var signals = new Option<string?>("--signals") { Description = "Signals in the waveform: paths as in the Verilog with * and ?, separated by commas. [default: all]" };
        var events = new Option<int?>("--events") { Description = "Run only so many events from the beginning of the file. [default: all]" };
        var raw = new Option<bool>("--raw") { Description = "Inputs and outputs are int64 raw integers (value = raw / 2^fraction) instead of real numbers." };
        var threshold = new Option<double>("--threshold") { Description = "Value of the design's thresholds (a raw integer with --raw)." };
        var channels = new Option<bool>("--channels") { Description = "Measure how many words of each channel of a streamed network are in use at once, beside the computed depth: a run for each channel." };
        return new Command("simulate",
            """
            Runs the hardware cycle by cycle, without any simulator, and shows every signal on the way. Events come as close together as the
            hardware takes them. Results are read in the cycle that the latency promises and held against the emulator: exit code 3 means
            that a bit differs.

              hls4net simulate out/model --input events.npy
              hls4net simulate out/model --input events.npy --events 20 --vcd model.vcd
              hls4net simulate out/model --input events.npy --vcd fc1.vcd --signals 'model.*valid,model.layer_fc1.*'

              hls4net simulate out/model --input events.npy --events 3 --channels

            A cycle begins with a rising edge; inputs change right after it, and so does everything else. Then: gtkwave model.vcd
            """) { folder, input, output, waveform, signals, events, raw, threshold, channels }.WithAction((parsed, reporter, cancellation) => Task.FromResult(
            Run(new(parsed.GetValue(folder)!, parsed.GetValue(input)!, parsed.GetValue(output), parsed.GetValue(waveform), parsed.GetValue(signals),
                parsed.GetValue(events), parsed.GetValue(raw), parsed.GetValue(threshold), parsed.GetValue(channels)), reporter, cancellation)));
    }

    private static int Run(SimulateOptions options, Reporter reporter, CancellationToken cancellation)
    {
        RequireSense(options);
        var patterns = options.Signals is null ? [] : CompileOptions.ParseNames("--signals", options.Signals, "signals");
        var folder = CompiledFolder.Open(options.Folder);
        PortEntry[] outputs = [.. folder.AllOutputs];
        var target = options.Output ?? Path.ChangeExtension(options.Input, outputs.Length == 1 ? ".simulated.npy" : ".simulated");
        var isSingleFile = target.EndsWith(".npy", StringComparison.OrdinalIgnoreCase);
        if (isSingleFile && outputs.Length != 1)
            throw new UserErrorException(Messages.BadOptionValue("--output", target, $"a folder, and the design has {outputs.Length} outputs: {string.Join(", ", outputs.Select(o => o.Name))}"));
        if (options.Raw && Array.Find(outputs, o => o.Quantizer.Type is var t && t.Width > (t.Signed ? 64 : 63)) is { } wide)
            throw new UserErrorException(Messages.BadOptionValue("--raw", wide.Type, $"narrow enough for int64 (output '{wide.Name}'); leave --raw out"));
        var paths = outputs.ToDictionary(o => o.Name, o => isSingleFile ? target : Path.Combine(target, o.File + ".npy"), StringComparer.Ordinal);
        if (options.Waveform is { } vcd && paths.Values.Append(options.Input).Any(p => Path.GetFullPath(p) == Path.GetFullPath(vcd)))
            throw new UserErrorException(Messages.BadOptionValue("--vcd", vcd, "another file than the events and the outputs"));
        var inputs = ReadEvents(folder, options);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var run = new SimulationRun(folder, reporter.Progress);
        var (result, signals, file) = run.Run(inputs, options.Waveform, patterns, cancellation);
        using (file)
        {
            var expected = new Emulator(folder.Design).Run(inputs, null, new() { Cancellation = cancellation });
            if (folder.Manifest.Decision is { } decision)
                expected = expected.Concat(Decide(decision, expected[folder.Design.Outputs[^1]])).ToDictionary(StringComparer.Ordinal);
            var (different, first) = BatchComparison.Compare(expected, result.Outputs, [.. outputs.Select(o => o.Name)]);
            var bytes = file?.Stream.Position;
            Write(outputs, paths, options.Raw, result, isSingleFile ? null : target);
            file?.Commit();
            var summary = Summary(folder, options, paths, result, different, first, watch.Elapsed.TotalSeconds) with
            {
                Waveform = bytes is { } size ? new(options.Waveform!, signals, size) : null,
                Channels = options.Channels ? [.. run.Measure(inputs, expected, cancellation)] : null,
            };
            reporter.Result(summary, () => View(summary));
            return summary.Passed ? ExitCode.Done : ExitCode.Different;
        }
    }

    private static void RequireSense(SimulateOptions options)
    {
        if (!double.IsFinite(options.Threshold) || (options.Raw && options.Threshold != Math.Floor(options.Threshold)))
            throw new UserErrorException(Messages.BadOptionValue("--threshold", options.Threshold.ToString(CultureInfo.InvariantCulture), options.Raw ? "a whole number" : "a finite number"));
        if (options.Events is < 1)
            throw new UserErrorException(Messages.BadOptionValue("--events", options.Events.Value.ToString(CultureInfo.InvariantCulture), "a whole number from 1"));
        if (options.Signals is not null && options.Waveform is null)
            throw new UserErrorException(Messages.BadOptionValue("--signals", options.Signals, "of use without --vcd, which says where they are to be shown"));
    }

    /// <summary>The events as raw integers, with the settings.</summary>
    private static Dictionary<string, RawBatch> ReadEvents(CompiledFolder folder, SimulateOptions options)
    {
        var limit = options.Events ?? MostEvents;
        var chunk = EventChunks.Read(options.Input, folder, options.Raw, options.Events ?? MostEvents + 1).First();
        if (options.Events is null && chunk.Values.Any(b => b.Events > MostEvents))
            throw new UserErrorException(Messages.InputsNeeded(options.Input, $"it holds more than {MostEvents} events, which would take hours; say how many with --events."));
        var inputs = chunk.ToDictionary(c => c.Key, c => First(c.Value, limit), StringComparer.Ordinal);
        if (inputs.Values.Any(b => b.Events == 0))
            throw new UserErrorException(Messages.InputsNeeded(options.Input, "it holds no events."));
        foreach (var (name, values) in folder.SettingValues(options.Threshold, options.Raw))
            inputs[name] = values;
        if (folder.Manifest.Decision is { } decision)
        {
            var events = inputs[folder.DataInputs[0].Name].Events;
            foreach (var (name, values) in decision.Options.Inputs(Restarts(events), Ones(decision)))
                inputs[name] = values;
        }
        return inputs;
    }

    /// <summary>Everything starts with the first event.</summary>
    private static bool[] Restarts(int events) => [.. Enumerable.Range(0, events).Select(e => e == 0)];

    /// <summary>Run-time prescales let everything through.</summary>
    private static long[] Ones(DecisionEntry decision) => [.. Enumerable.Repeat(1L, decision.Bits)];

    private static IReadOnlyDictionary<string, RawBatch> Decide(DecisionEntry decision, RawBatch trigger) =>
        new DecisionModel(decision.Options, decision.Bits).Run(trigger, Restarts(trigger.Events), Ones(decision));

    private static RawBatch First(RawBatch batch, int limit) => batch.Events <= limit ? batch
        : batch.Wide is { } wide ? RawBatch.Of(batch.Elements, wide[..(limit * batch.Elements)])
        : RawBatch.Of(batch.Elements, batch.Raw[..(limit * batch.Elements)]);

    private static void Write(PortEntry[] outputs, Dictionary<string, string> paths, bool raw, SimulatedEvents result, string? newFolder)
    {
        using var made = newFolder is null ? null : NewFolder.Create(newFolder);
        using var sink = new OutputFiles(outputs, paths, raw);
        sink.Append(result.Outputs);
        sink.Commit();
        made?.Keep();
    }

    private static SimulationSummary Summary(
        CompiledFolder folder, SimulateOptions options, Dictionary<string, string> paths, SimulatedEvents result, int different, Mismatch? first, double seconds)
    {
        var hardware = folder.Manifest.Hardware!;
        var details = new List<string>();
        if (first is not null)
            details.Add(string.Create(CultureInfo.InvariantCulture, $"the first difference is in output '{first.Value}', event {first.Event}, element {first.Element}: {first.Found} instead of {first.Expected}"));
        if (result.WrongValid is { } cycle)
            details.Add(string.Create(CultureInfo.InvariantCulture, $"the valid output is wrong for the first time in cycle {cycle}"));
        return new(details.Count == 0, result.Outputs.Values.First().Events, result.Cycles, hardware.LatencyCycles, hardware.InitiationInterval, seconds,
            [.. folder.AllOutputs.Select(o => new SimulatedOutput(o.Name, paths[o.Name], options.Raw ? $"raw {o.Type}" : o.Type))], different, [.. details], null);
    }

    private static IRenderable View(SimulationSummary summary)
    {
        var text = new Text(TextOf(summary));
        if (summary.Channels is not { } channels)
            return text;
        var table = Reporter.Table("from", "to", ">lines", ">width", ">words", ">in use", ">bits", "why so deep");
        foreach (var c in channels)
        {
            Reporter.Row(table, CellText.Shorten(c.Producer, NameWidth), CellText.Shorten(c.Consumer, NameWidth), Number(c.Lines), Number(c.Width), Number(c.Depth),
                c.Reached is { } reached ? Number(reached) : "?", Number(c.Bits), c.Why);
        }
        var seen = channels.Count(c => c.Reached is not null);
        return new Rows(text, table, new Text(string.Create(CultureInfo.InvariantCulture,
            $"{seen} of {channels.Length} channels were as full as computed; results are right, so that none needed more\n{LineFigures.Argument}\n")));

        static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private static string TextOf(SimulationSummary summary)
    {
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{summary.Events} events in {summary.Cycles} cycles (latency {summary.LatencyCycles}, II {summary.InitiationInterval}), {summary.Seconds:F2} s: {string.Join(", ", summary.Outputs.Select(o => o.File))}\n");
        if (summary.Waveform is { } waveform)
            text += string.Create(CultureInfo.InvariantCulture, $"{waveform.File}: {waveform.Signals} signals, {waveform.Bytes} bytes; next: gtkwave {waveform.File}\n");
        return text + (summary.Passed ? "equal to the emulator in every bit, in the cycle that the latency promises\n"
            : string.Create(CultureInfo.InvariantCulture, $"DIFFERENT from the emulator in {summary.Different} events: {string.Join("; ", summary.Details)}\n"));
    }

    private sealed record SimulateOptions(string Folder, string Input, string? Output, string? Waveform, string? Signals, int? Events, bool Raw, double Threshold, bool Channels);

    /// <param name="Different">Events in which an output differs from the emulator's.</param>
    private sealed record SimulationSummary(bool Passed, int Events, int Cycles, int LatencyCycles, int InitiationInterval, double Seconds, SimulatedOutput[] Outputs,
        int Different, string[] Details, SimulatedWaveform? Waveform)
    {
        /// <summary>The channels of a streamed network, if they were measured.</summary>
        public MeasuredChannel[]? Channels { get; init; }
    }

    private sealed record SimulatedOutput(string Name, string File, string Type);

    private sealed record SimulatedWaveform(string File, int Signals, long Bytes);
}
