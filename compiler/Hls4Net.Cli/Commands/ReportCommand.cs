using System.CommandLine;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;
using Hls4Net.Cli.Reports;
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
              hls4net report --schema
            """) { folder, page, input, schema }.WithAction((parsed, reporter, cancellation) => Task.FromResult(parsed.GetValue(schema) ? PrintSchema()
                : Run(parsed.GetValue(folder) ?? throw new UserErrorException(Messages.BadOptionValue("DIR", "", "given: report what?")), parsed.GetValue(page), parsed.GetValue(input),
                CommandText.Of(parsed, folder, [input], page), reporter, cancellation)));
    }

    private static int PrintSchema()
    {
        Console.Out.Write(ResourceFiles.Read(ReportSchema.Path));
        return ExitCode.Done;
    }

    private static int Run(string folder, bool wantsPage, string? input, string command, Reporter reporter, CancellationToken cancellation)
    {
        var manifest = Manifest.Read(folder);
        if (wantsPage || input is not null)
        {
            var report = ReportFolder.Read(folder);
            if (input is not null)
                report = report with { Profile = ReportEntries.Of(new ProfileRun(reporter.Progress).Run(ProfiledModel.Open(folder), input, cancellation)) };
            report = ReportFolder.Write(folder, report, input is null ? null : command, wantsPage);
            reporter.Progress($"written: {Path.Combine(folder, ReportFolder.JsonName)}{(wantsPage ? $", {Path.Combine(folder, ReportFolder.PageName)}" : "")}");
        }
        reporter.Result(manifest, () => ReportView.Of(manifest));
        return ExitCode.Done;
    }
}
