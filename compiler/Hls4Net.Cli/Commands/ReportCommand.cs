using System.CommandLine;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;
using Hls4Net.Cli.Reports;
using Hls4Net.Cli.Tuning;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Emission;

namespace Hls4Net.Cli.Commands;

/// <summary><c>hls4net report DIR</c>: what a compiled design is and costs.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var folder = new Argument<string?>("dir") { Description = "A folder that compile made.", Arity = ArgumentArity.ZeroOrOne };
        var schema = new Option<bool>("--schema") { Description = "Print the JSON schema of report.json; needs no folder." };
        var page = new Option<bool>("--html") { Description = "Write the folder's report.html: one page with graph, timeline, resources, distributions and advice." };
        var input = new Option<string?>("--input", "-i") { Description = "Events (X.npy or X.npz) on which ranges and errors of every value are measured; they go into report.json and report.html." };
        var labels = new Option<string?>("--labels") { Description = "Y.npy with a whole number for each event of --input: its class, or for a score 0 for background and from 1 on for signals. Adds ROC curves, histograms and accuracy." };
        var tuned = new Option<string?>("--tuned") { Description = "The result of `hls4net tune --pareto`, to be shown with its front." };
        return new Command("report",
            """
            Shows a compiled design: ports and their types, every layer with its adders, registers and cycles, the latency in cycles, ns and
            bunch crossings of 25 ns, and the compiler's warnings. The same is in the folder's report.txt, and more of it in report.json.

            With --html it writes report.html, one page that needs no network and answers four questions first: does it fit, is it fast
            enough, what did it cost in accuracy, and what should be changed.

              hls4net report out/model
              hls4net report out/model --json
              hls4net report out/model --html
              hls4net report out/model --html --input events.npy
              hls4net report out/model --html --input events.npy --labels labels.npy
              hls4net report out/model --html --tuned front.json
              hls4net report --schema
            """) { folder, page, input, labels, tuned, schema }.WithAction((parsed, reporter, cancellation) => Task.FromResult(parsed.GetValue(schema) ? PrintSchema()
                : Run(parsed.GetValue(folder) ?? throw new UserErrorException(Messages.BadOptionValue("DIR", "", "given: report what?")), parsed.GetValue(page), new(parsed.GetValue(input), parsed.GetValue(labels), parsed.GetValue(tuned)),
                    CommandText.Of(parsed, folder, [input, labels, tuned], page), reporter, cancellation)));
    }

    private static int PrintSchema()
    {
        Console.Out.Write(ResourceFiles.Read(ReportSchema.Path));
        return ExitCode.Done;
    }

    /// <summary>What fills the report.</summary>
    private sealed record Evidence(string? Input, string? Labels, string? Tuned)
    {
        public bool IsAny => Input is not null || Tuned is not null;
    }

    private static int Run(string folder, bool wantsPage, Evidence evidence, string command, Reporter reporter, CancellationToken cancellation)
    {
        if (evidence is { Labels: { } labels, Input: null })
            throw new UserErrorException(Messages.LabelsDoNotFit(labels, "there are no events that they belong to; give them with --input"));
        var manifest = Manifest.Read(folder);
        if (wantsPage || evidence.IsAny)
        {
            var report = Fill(ReportFolder.Read(folder), folder, evidence, reporter, cancellation);
            ReportFolder.Write(folder, report, evidence.IsAny ? command : null, wantsPage);
            reporter.Progress($"written: {Path.Combine(folder, ReportFolder.JsonName)}{(wantsPage ? $", {Path.Combine(folder, ReportFolder.PageName)}" : "")}");
        }
        reporter.Result(manifest, () => ReportView.Of(manifest));
        return ExitCode.Done;
    }

    private static Report Fill(Report report, string folder, Evidence evidence, Reporter reporter, CancellationToken cancellation)
    {
        if (evidence.Input is { } input)
            report = report with { Profile = ReportEntries.Of(new ProfileRun(reporter.Progress).Run(ProfiledModel.Open(folder), input, cancellation)) };
        if (evidence.Labels is { } labels)
            report = report with { Evaluation = new LabelledRun(CompiledFolder.Open(folder)).Run(evidence.Input!, labels, cancellation) };
        if (evidence.Tuned is { } tuned)
            report = report with { Tuning = TuneResults.Read(tuned) with { Measured = [] } };
        return report;
    }
}
