using System.CommandLine;
using System.Globalization;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;
using Hls4Net.Cli.Reports;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Trigger.Events;
using Hls4Net.Trigger.Metrics;
using Hls4Net.Trigger.Results;

namespace Hls4Net.Cli.Commands;

/// <summary><c>hls4net evaluate</c>: how a design's score separates signals from background, and the rate that a threshold gives.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "A folder that `hls4net compile` made." };
        var background = new Option<string?>("--background", "-b") { Description = "Background events, in any format of `hls4net events`." };
        var signal = new Option<string[]>("--signal", "-s") { Description = "NAME=FILE of a signal; may be repeated.", DefaultValueFactory = _ => [] };
        var bunches = new Option<int>("--bunches") { Description = "Colliding bunches in an orbit, for rates.", DefaultValueFactory = _ => BunchStructure.Lhc.Bunches };
        var orbit = new Option<string?>("--orbit") { Description = "Orbits in a second. [default: 11.245kHz]" };
        var threshold = new Option<double[]>("--threshold") { Description = "A threshold to look at, in the score's units; may be repeated.", DefaultValueFactory = _ => [] };
        var scoreOutput = new Option<string?>("--score-output") { Description = "The output that orders events. [default: score, or the only one with one element]" };
        var order = new Option<string?>("--order") { Description = "Order of the features: interleaved or grouped. [default: the one with as many as the network takes]" };
        var features = new Option<string?>("--features") { Description = "Names of a table's features in the network's order, separated by commas." };
        var units = new Option<string?>("--units") { Description = "Units of momenta in the files, GeV or MeV. [default: those of their formats]" };
        var noFloat = new Option<bool>("--no-float") { Description = "Leave out the score in real numbers, which takes most of the time." };
        var csv = new Option<string?>("--csv") { Description = "X.csv that receives the ROC curves and rates." };
        var darkMachines = new Option<string?>("--dark-machines") { Description = "X.csv that receives a result as the Dark Machines challenge has it." };
        var channel = new Option<string>("--channel") { Description = "The channel in that result.", DefaultValueFactory = _ => "chan1" };
        var modelName = new Option<string?>("--model-name") { Description = "The model's name in that result. [default: the design's]" };
        var blackBox = new Option<string?>("--black-box") { Description = "Events of a black box, from which a submission is made." };
        var report = new Option<bool>("--report") { Description = "Put the result with its plots into the folder's report.json and report.html." };
        var submission = new Option<string?>("--submission") { Description = "X.h5 that receives a submission to the ADC2021 challenge." };
        return new Command("evaluate",
            """
            Runs events through a compiled design and says how well its score separates signals from background: ROC, AUC with ties counted half,
            signal efficiency at fixed shares of background, significance improvement, rate against threshold, float against fixed point, and two
            cuts that need no network (HT + MET, number of leptons). A score above the threshold accepts an event; nothing is interpolated.

              hls4net evaluate out/encoder --background background.h5 --signal a4l=a4l.h5 --signal lq=lq.h5
              hls4net evaluate out/encoder -b background.h5 -s a4l=a4l.h5 --bunches 2544 --orbit 11.245kHz --csv curves.csv --json
              hls4net evaluate out/encoder -b background.h5 -s a4l=a4l.h5 --report
              hls4net evaluate out/model -b background_chan1.csv -s glgl=glgl_chan1.csv --dark-machines result.csv --channel chan1
              hls4net evaluate out/encoder --black-box blackbox.h5 --submission team.h5
            """)
        {
            folder, background, signal, bunches, orbit, threshold, scoreOutput, order, features, units, noFloat, csv, darkMachines, channel, modelName, blackBox, submission, report,
        }.WithAction((parsed, reporter, cancellation) => Task.FromResult(Run(
            new(parsed.GetValue(folder)!, parsed.GetValue(background), [.. parsed.GetValue(signal)!.Select(ParseSignal)], parsed.GetValue(scoreOutput),
                parsed.GetValue(csv), parsed.GetValue(darkMachines), parsed.GetValue(channel)!, parsed.GetValue(modelName), parsed.GetValue(blackBox), parsed.GetValue(submission))
            {
                Report = parsed.GetValue(report) ? CommandText.Of(parsed, folder, [background, signal], csv, darkMachines, channel, modelName, blackBox, submission, report) : null,
            },
            new(EventsCommand.UnitsOf(parsed.GetValue(units)), parsed.GetValue(order) is { } o ? EventsCommand.OneOf<FeatureOrder>("--order", o) : null,
                parsed.GetValue(features) is { } names ? CompileOptions.ParseNames("--features", names, "names of features") : null, !parsed.GetValue(noFloat),
                ParseBunches(parsed.GetValue(bunches), parsed.GetValue(orbit)), parsed.GetValue(threshold)!),
            reporter, cancellation)));
    }

    private static int Run(Request request, EvaluationOptions options, Reporter reporter, CancellationToken cancellation)
    {
        if (request.Background is null && request.BlackBox is null)
            throw new UserErrorException(Messages.BadOptionValue("--background", "", "given: there is nothing to evaluate without it, or without --black-box"));
        if (request is { Background: null, Report: not null })
            throw new UserErrorException(Messages.BadOptionValue("--report", "", "given together with --background"));
        if (request.BlackBox is null != request.Submission is null)
            throw new UserErrorException(Messages.BadOptionValue("--submission", request.Submission ?? "", "given together with --black-box"));
        var folder = CompiledFolder.Open(request.Folder);
        var score = ScoreOf(folder, request.ScoreOutput);
        var run = new EvaluationRun(folder, score, options);
        if (request.Background is { } path)
        {
            var background = run.Score("background", path, reporter.Progress, cancellation);
            var signals = request.Signals.Select(s => run.Score(s.Name, s.Path, reporter.Progress, cancellation)).ToList();
            if (signals.Prepend(background).FirstOrDefault(s => s.Events == 0) is { } empty)
                throw new UserErrorException(Messages.EventsDoNotFit(empty.Name, "there are none"));
            var evaluation = Evaluation.Of(folder, score, background, signals, options);
            if (request.Csv is { } csv)
                AtomicFile.WriteAllText(csv, EvaluationView.ToCsv(evaluation));
            if (request.DarkMachines is { } table)
                DarkMachinesResults.Write(table, evaluation.ToDarkMachines(request.ModelName ?? folder.Manifest.Prefix, request.Channel));
            if (request.Report is { } command)
                ReportFolder.Write(request.Folder, ReportFolder.Read(request.Folder) with { Evaluation = EvaluationEntry.Of(evaluation) }, command, wantsPage: true);
            reporter.Result(EvaluationView.ToJson(evaluation), () => EvaluationView.Of(evaluation, signals.Prepend(background).Sum(s => s.Dropped)));
        }
        if (request.BlackBox is { } box)
            WriteSubmission(new EvaluationRun(folder, score, options with { Float = false }).Score("black box", box, reporter.Progress, cancellation), folder, request.Submission!, reporter, request.Background is null);
        return ExitCode.Done;
    }

    /// <summary>The most anomalous events, the first of the file first where scores are equal, and what the manifest knows of the firmware.</summary>
    private static void WriteSubmission(EvaluationSample box, CompiledFolder folder, string path, Reporter reporter, bool isAll)
    {
        var most = Enumerable.Range(0, box.Events).OrderByDescending(i => box.Fixed[i]).ThenBy(i => i).Take(Adc2021Submission.Events).Select(i => box.Ids[i]);
        var hardware = folder.Manifest.Hardware;
        var (total, part) = (hardware?.Estimate?.Total, hardware?.Estimate?.Part);
        var submission = new Adc2021Submission([.. most], folder.Manifest.Work?.Sum(w => (double)w.Flops), folder.Manifest.Target.Part, hardware?.LatencyNs / 1000,
            Percent(total?.Dsps, part?.Dsps), Percent(total?.Luts + total?.MemoryLuts, part?.Luts), Percent(total?.FlipFlops, part?.FlipFlops), Percent(total?.Brams, part?.Brams));
        submission.Write(path);
        var missing = string.Join(", ", submission.Attributes.Where(a => a.Value is null).Select(a => a.Name));
        var text = string.Create(CultureInfo.InvariantCulture, $"{path}: {submission.Result.Count} of {box.Events} events; not known of the firmware and left out: {missing}\n");
        if (isAll)
            reporter.Result(new { File = path, Events = submission.Result.Count, BlackBox = box.Events, LeftOut = missing }, () => new Spectre.Console.Text(text));
        else
            reporter.Line(text.TrimEnd());
    }

    /// <summary>What is taken of what the part has; null where either is not known.</summary>
    private static double? Percent(double? taken, double? there) => there > 0 ? 100 * taken / there : null;

    private static PortEntry ScoreOf(CompiledFolder folder, string? name)
    {
        var outputs = folder.Manifest.Outputs;
        if (name is not null)
        {
            var named = Array.Find(outputs, o => o.Name == name) ?? throw new UserErrorException(Messages.UnknownOptionValue("--score-output", name, [.. outputs.Select(o => o.Name)]));
            return IsNumber(named) ? named : throw new UserErrorException(Messages.NothingToScore(folder.Path, $"the output '{name}' has more than one element", ""));
        }
        if (Array.Find(outputs, o => o.Name.StartsWith("score", StringComparison.Ordinal) && IsNumber(o)) is { } score)
            return score;
        var single = Array.FindAll(outputs, IsNumber);
        return single.Length == 1 ? single[0] : throw new UserErrorException(Messages.NothingToScore(folder.Path,
            $"there is no output 'score' and {(single.Length == 0 ? "none" : "more than one")} with a single element among {string.Join(", ", outputs.Select(o => o.Name))}",
            "Compile with --score, or name one with --score-output."));
    }

    private static bool IsNumber(PortEntry output) => Shapes.Count(output.Shape.ToSeq()) == 1;

    /// <summary>Reads a value of --signal.</summary>
    /// <exception cref="UserErrorException">It is not NAME=FILE (HLS5205).</exception>
    internal static (string Name, string Path) ParseSignal(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at > 0 && at < text.Length - 1 ? (text[..at], text[(at + 1)..])
            : throw new UserErrorException(Messages.BadOptionValue("--signal", text, "NAME=FILE"));
    }

    private static BunchStructure ParseBunches(int bunches, string? orbit)
    {
        if (bunches is < 1 or > 3564)
            throw new UserErrorException(Messages.BadOptionValue("--bunches", bunches.ToString(CultureInfo.InvariantCulture), "a number from 1 to 3564"));
        if (orbit is null)
            return BunchStructure.Lhc with { Bunches = bunches };
        var (number, scale) = orbit.EndsWith("kHz", StringComparison.OrdinalIgnoreCase) ? (orbit[..^3], 1.0)
            : orbit.EndsWith("Hz", StringComparison.OrdinalIgnoreCase) ? (orbit[..^2], 1e-3) : ("", 0);
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value * scale is > 0 and < 1e6
            ? new(bunches, value * scale)
            : throw new UserErrorException(Messages.BadOptionValue("--orbit", orbit, "a frequency such as 11.245kHz"));
    }

    private sealed record Request(
        string Folder, string? Background, IReadOnlyList<(string Name, string Path)> Signals, string? ScoreOutput, string? Csv, string? DarkMachines, string Channel,
        string? ModelName, string? BlackBox, string? Submission)
    {
        /// <summary>The command for the report; null if the report is not wanted.</summary>
        public string? Report { get; init; }
    }
}
