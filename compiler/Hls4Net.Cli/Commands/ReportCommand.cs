using System.CommandLine;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;

namespace Hls4Net.Cli.Commands;

/// <summary><c>hls4net report DIR</c>: what a compiled design is and costs.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("dir") { Description = "A folder that compile made." };
        return new Command("report",
            """
            Shows a compiled design: ports and their types, every layer with its adders, registers and cycles, the latency in cycles, ns and
            bunch crossings of 25 ns, and the compiler's warnings. The same is in the folder's report.txt.

              hls4net report out/model
              hls4net report out/model --json
            """) { folder }.WithAction((parsed, reporter, _) => Task.FromResult(Run(parsed.GetRequiredValue(folder), reporter)));
    }

    private static int Run(string folder, Reporter reporter)
    {
        var manifest = Manifest.Read(folder);
        reporter.Result(manifest, () => ReportView.Of(manifest));
        return ExitCode.Done;
    }
}
