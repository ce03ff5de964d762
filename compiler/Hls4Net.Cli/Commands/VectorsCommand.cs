using System.CommandLine;
using System.Globalization;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Trigger.Vectors;

namespace Hls4Net.Cli.Commands;

/// <summary><c>hls4net vectors</c>: test vectors as trigger boards take them.</summary>
internal static class VectorsCommand
{
    private const int MostLinks = 128;

    public static Command Create()
    {
        var source = new Argument<string>("SOURCE") { Description = "A pattern file, or a folder that `hls4net compile` made." };
        var input = new Option<string?>("--input", "-i") { Description = "Events for the folder: any file of `hls4net emulate`, or vectors." };
        var output = new Option<string?>("--output", "-o") { Description = "File that receives the stimuli, or the converted pattern; X.dat for real numbers as hls4ml has them." };
        var results = new Option<string?>("--results") { Description = "File that receives what the firmware answers, by the emulator." };
        var format = new Option<string?>("--format") { Description = "emp1, emp2, apx or ctp7. [default: emp2]" };
        var links = new Option<int>("--links") { Description = "Links that carry an event.", DefaultValueFactory = _ => 1 };
        var objects = new Option<string?>("--objects") { Description = "Units of the objects of a Global Trigger file: axol1tl (momenta in whole GeV) or hardware (its integers). [default: axol1tl]" };
        var threshold = new Option<double>("--threshold") { Description = "Value of the design's thresholds for the results." };
        return new Command("vectors",
            """
            Writes test vectors for a design as trigger boards take them, and converts between their formats. An event is a packet: its bytes are
            those of an AXI4-Stream packet of the design, laid over the links of a frame, then over the frames.

              hls4net vectors pattern.txt
              hls4net vectors pattern.txt -o pattern_apx.txt --format apx
              hls4net vectors out/encoder -i background.npy -o in.txt --results out.txt --format emp2 --links 4
              hls4net vectors out/encoder -i background.npy -o tb_input_features.dat --results tb_output_predictions.dat
            """) { source, input, output, results, format, links, threshold, objects }.WithAction((parsed, reporter, cancellation) => Task.FromResult(Run(
            new(parsed.GetValue(source)!, parsed.GetValue(input), parsed.GetValue(output), parsed.GetValue(results),
                parsed.GetValue(format) is { } f ? EventsCommand.OneOf<PatternFormat>("--format", f) : PatternFormat.Emp2, parsed.GetValue(links), parsed.GetValue(threshold), EventsCommand.OneOf<GlobalTriggerUnits>("--objects", parsed.GetValue(objects))),
            reporter, cancellation)));
    }

    private static int Run(Options options, Reporter reporter, CancellationToken cancellation)
    {
        if (options.Links is < 1 or > MostLinks)
            throw new UserErrorException(Messages.BadOptionValue("--links", options.Links.ToString(CultureInfo.InvariantCulture), $"a number from 1 to {MostLinks}"));
        return Directory.Exists(options.Source) ? Write(options, reporter, cancellation) : Convert(options, reporter);
    }

    private static int Convert(Options options, Reporter reporter)
    {
        if (options.Input is not null || options.Results is not null)
            throw new UserErrorException(Messages.BadOptionValue(options.Input is null ? "--results" : "--input", options.Input ?? options.Results!, "of use with a pattern file; give a compiled folder"));
        var (format, pattern) = LinkPatterns.Read(options.Source);
        if (options.Output is { } path)
            LinkPatterns.Write(path, pattern, options.Format);
        var packets = pattern.Packets(1).Count;
        reporter.Result(new { options.Source, Format = format, pattern.Board, Links = pattern.Links.ToArray(), Frames = pattern.Frames.Count, Packets = packets, options.Output },
            () => new Spectre.Console.Text(string.Create(CultureInfo.InvariantCulture,
                $"{options.Source}: {format.ToString().ToLowerInvariant()}, {pattern.Links.Count} links, {pattern.Frames.Count} frames, {packets} packets{(options.Output is null ? "" : $"; written: {options.Output}")}\n")));
        return ExitCode.Done;
    }

    private static int Write(Options options, Reporter reporter, CancellationToken cancellation)
    {
        if (options.Input is not { } events || options.Output is null && options.Results is null)
            throw new UserErrorException(Messages.BadOptionValue("--input", options.Input ?? "", "given, and --output or --results: a folder has no events of its own"));
        var folder = CompiledFolder.Open(options.Source);
        var batches = VerificationRun.ReadEvents(events, folder, options.Objects);
        if (options.Output is { } path)
            VectorFile.Write(path, batches, folder.DataInputs, options.Format, options.Links);
        if (options.Results is { } results)
        {
            var inputs = new Dictionary<string, RawBatch>(batches.Concat(folder.SettingValues(options.Threshold, isRaw: false)), StringComparer.Ordinal);
            VectorFile.Write(results, new Emulator(folder.Design).Run(inputs, null, new() { Cancellation = cancellation }), folder.Manifest.Outputs, options.Format, options.Links);
        }
        var count = batches.Values.First().Events;
        reporter.Result(new { options.Source, Events = count, options.Output, options.Results },
            () => new Spectre.Console.Text(string.Create(CultureInfo.InvariantCulture, $"{count} events: {string.Join(", ", new[] { options.Output, options.Results }.OfType<string>())}\n")));
        return ExitCode.Done;
    }

    private sealed record Options(string Source, string? Input, string? Output, string? Results, PatternFormat Format, int Links, double Threshold, GlobalTriggerUnits Objects);
}
