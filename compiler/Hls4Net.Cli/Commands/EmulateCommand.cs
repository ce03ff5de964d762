using System.CommandLine;
using System.Globalization;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;

namespace Hls4Net.Cli.Commands;

/// <summary><c>hls4net emulate</c>: runs the bit-accurate emulator on a file of events.</summary>
internal static class EmulateCommand
{
    /// <summary>Numbers of the input, and at most so many events, that are in memory at a time when a file is streamed.</summary>
    private const int ChunkNumbers = 1 << 19;

    private const int MostEvents = 1 << 16;

    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "A folder that `hls4net compile` made." };
        var input = new Option<string>("--input", "-i") { Description = "Events: X.npy of shape [events, …], or X.npz with one array for each input.", Required = true };
        var output = new Option<string>("--output", "-o")
        {
            Description = "Y.npy if the design has one output, else a folder that receives one .npy file for each.",
            Required = true,
        };
        var raw = new Option<bool>("--raw") { Description = "Inputs and outputs are int64 raw integers (value = raw / 2^fraction) instead of real numbers." };
        var trace = new Option<string?>("--trace") { Description = "T.npz that receives every intermediate value." };
        var threshold = new Option<double[]>("--threshold")
        {
            Description = "Value of the design's thresholds (a raw integer with --raw); where there are several, one for all or repeated for each.",
            DefaultValueFactory = _ => [0],
        };
        var prescale = new Option<long[]>("--prescale") { Description = "Factor of the design's run-time prescales; where there are several, one for all or repeated for each.", DefaultValueFactory = _ => [1] };
        var restart = new Option<long?>("--restart") { Description = "Events after which prescales and rate counters start over. [default: they start with the first event, and never again]" };
        var threads = new Option<int?>("--threads") { Description = "Cores that may be used at a time. [default: all]" };
        return new Command("emulate",
            """
            Runs the firmware's arithmetic, bit for bit, on a file of events.

              hls4net emulate out/model --input events.npy --output scores.npy
              hls4net emulate out/model --input raw.npy --output out/results --raw --trace trace.npz
            """) { folder, input, output, raw, trace, threshold, prescale, restart, threads }.WithAction((parsed, reporter, cancellation) => Task.FromResult(
            Run(new(parsed.GetValue(folder)!, parsed.GetValue(input)!, parsed.GetValue(output)!, parsed.GetValue(raw), parsed.GetValue(trace), parsed.GetValue(threshold)!, parsed.GetValue(prescale)!, parsed.GetValue(restart), parsed.GetValue(threads)),
                reporter, cancellation)));
    }

    private static int Run(EmulateOptions options, Reporter reporter, CancellationToken cancellation)
    {
        if (Array.FindIndex(options.Threshold, t => !double.IsFinite(t) || (options.Raw && t != Math.Floor(t))) is >= 0 and var wrong)
            throw new UserErrorException(Messages.BadOptionValue("--threshold", options.Threshold[wrong].ToString(CultureInfo.InvariantCulture), options.Raw ? "a whole number" : "a finite number"));
        if (options.Threads < 1)
            throw new UserErrorException(Messages.BadOptionValue("--threads", options.Threads.Value.ToString(CultureInfo.InvariantCulture), "a whole number from 1"));
        var folder = CompiledFolder.Open(options.Folder);
        var outputs = folder.AllOutputs;
        var factors = FactorsOf(folder.Manifest.Decision, options);
        var isSingleFile = options.Output.EndsWith(".npy", StringComparison.OrdinalIgnoreCase);
        if (isSingleFile && outputs.Count != 1)
            throw new UserErrorException(Messages.BadOptionValue("--output", options.Output, $"a folder, and the design has {outputs.Count} outputs: {string.Join(", ", outputs.Select(o => o.Name))}"));
        if (options.Raw && outputs.FirstOrDefault(o => o.Quantizer.Type is var t && t.Width > (t.Signed ? 64 : 63)) is { } wide)
            throw new UserErrorException(Messages.BadOptionValue("--raw", wide.Type, $"narrow enough for int64 (output '{wide.Name}'); leave --raw out"));
        var paths = outputs.ToDictionary(o => o.Name, o => isSingleFile ? options.Output : Path.Combine(options.Output, o.File + ".npy"), StringComparer.Ordinal);
        if (options.Trace is { } trace && paths.Values.Any(p => Path.GetFullPath(p) == Path.GetFullPath(trace)))
            throw new UserErrorException(Messages.BadOptionValue("--trace", trace, "another file than the output"));
        using var made = isSingleFile ? null : NewFolder.Create(options.Output);
        var (events, seconds) = Emulate(folder, options, factors, paths, reporter, cancellation);
        made?.Keep();
        reporter.Result(
            new { Events = events, Seconds = seconds, Outputs = outputs.Select(o => new { o.Name, File = paths[o.Name], o.Type }), Trace = options.Trace },
            () => new Spectre.Console.Text(string.Create(CultureInfo.InvariantCulture,
                $"{events} events in {seconds:F2} s ({events / Math.Max(seconds, 1e-9):N0}/s): {string.Join(", ", paths.Values)}\n")));
        return ExitCode.Done;
    }

    /// <summary>Run-time prescale factors, one for each bit.</summary>
    private static long[] FactorsOf(DecisionEntry? decision, EmulateOptions options)
    {
        if (options.Restart is < 1)
            throw new UserErrorException(Messages.BadOptionValue("--restart", options.Restart.Value.ToString(CultureInfo.InvariantCulture), "a number of events from 1"));
        if (decision is not { PrescaleBits: > 0 })
        {
            return options.Prescale is [1] ? [] : throw new UserErrorException(Messages.BadOptionValue("--prescale", string.Join(' ', options.Prescale),
                "of use here: the design has no run-time prescales"));
        }
        var most = (1L << decision.PrescaleBits) - 1;
        if ((options.Prescale.Length != 1 && options.Prescale.Length != decision.Bits) || Array.Exists(options.Prescale, f => f < 0 || f > most))
            throw new UserErrorException(Messages.BadOptionValue("--prescale", string.Join(' ', options.Prescale), FormattableString.Invariant($"one factor, or {decision.Bits}, from 0 to {most}")));
        return [.. Enumerable.Range(0, decision.Bits).Select(k => options.Prescale[options.Prescale.Length == 1 ? 0 : k])];
    }

    private static (long Events, double Seconds) Emulate(
        CompiledFolder folder, EmulateOptions options, long[] factors, Dictionary<string, string> paths, Reporter reporter, CancellationToken cancellation)
    {
        var emulator = new Emulator(folder.Design);
        var settings = folder.SettingValues(options.Threshold, options.Raw).ToList();
        var observed = options.Trace is null ? [.. folder.Design.Outputs] : folder.Design.Channels.Where(c => c.Type is not null).Select(c => c.Name).ToList();
        using var sink = new OutputFiles(folder.AllOutputs, paths, options.Raw);
        var decision = folder.Manifest.Decision is { } kept ? new DecisionModel(kept.Options, kept.Bits) : null;
        var traces = new List<IReadOnlyDictionary<string, RawBatch>>();
        var events = 0L;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var reported = 0.0;
        var size = Math.Clamp(ChunkNumbers / Math.Max(1, folder.DataInputs.Sum(i => Shapes.Count(i.Shape.ToSeq()))), 1, MostEvents);
        foreach (var chunk in EventChunks.Read(options.Input, folder, options.Raw, size))
        {
            cancellation.ThrowIfCancellationRequested();
            var results = emulator.Run(new Dictionary<string, RawBatch>(chunk.Concat(settings), StringComparer.Ordinal), observed, new() { Cancellation = cancellation, Threads = options.Threads });
            var count = chunk.Values.First().Events;
            // With the first event, and then as often as the user says.
            var restarts = Enumerable.Range(0, count).Select(e => events + e == 0 || (options.Restart is { } every && (events + e) % every == 0)).ToArray();
            sink.Append(decision is null ? results : results.Concat(decision.Run(results[folder.Design.Outputs[^1]], restarts, factors)).ToDictionary(StringComparer.Ordinal));
            if (options.Trace is not null)
                traces.Add(results);
            events += count;
            if (watch.Elapsed.TotalSeconds - reported > 2)
            {
                reported = watch.Elapsed.TotalSeconds;
                reporter.Progress(string.Create(CultureInfo.InvariantCulture, $"{events} events, {events / reported:N0}/s"));
            }
        }
        if (options.Trace is { } trace)
            Npz.Write(trace, TraceArrays(folder, traces, options.Raw));
        sink.Commit();
        return (events, watch.Elapsed.TotalSeconds);
    }

    private static IEnumerable<KeyValuePair<string, NpyArray>> TraceArrays(CompiledFolder folder, List<IReadOnlyDictionary<string, RawBatch>> traces, bool raw)
    {
        foreach (var channel in folder.Design.Channels.Where(c => c.Type is not null && !folder.Design.Settings.Contains(c.Name)))
        {
            var batches = traces.ConvertAll(t => t[channel.Name]);
            Seq<int> shape = [batches.Sum(b => b.Events), .. EventData.RowShape(0, channel.Shape)];
            var isNarrow = raw && batches.TrueForAll(b => b.Wide is null);
            yield return new(channel.Name, isNarrow
                ? NpyArray.Of(shape, batches.SelectMany(b => b.Raw).ToArray())
                : NpyArray.Of(shape, batches.SelectMany(b => InputConversion.ToDoubles(b, channel.Type!.Value)).ToArray()));
        }
    }

    private sealed record EmulateOptions(string Folder, string Input, string Output, bool Raw, string? Trace, double[] Threshold, long[] Prescale, long? Restart, int? Threads);
}
