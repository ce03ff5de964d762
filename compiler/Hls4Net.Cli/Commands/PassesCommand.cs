using System.CommandLine;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Passes;
using Hls4Net.Transforms;
using Spectre.Console;

namespace Hls4Net.Cli.Commands;

/// <summary><c>hls4net passes</c>: what happens between the ONNX file and the firmware, step by step.</summary>
internal static class PassesCommand
{
    public static Command Create() => new Command("passes",
        """
        Lists the passes in the order in which compile runs them, with what each promises to leave as it was: "same bits", "same reals" (before
        quantisation), or "may round". Tests hold every pass to its promise.

          hls4net passes
          hls4net passes --json
        """).WithAction((_, reporter, _) => Task.FromResult(Run(reporter)));

    private static int Run(Reporter reporter)
    {
        reporter.Result(Pipelines.Steps, View);
        return ExitCode.Done;
    }

    private static Table View()
    {
        var table = Reporter.Table("pass", "of the", "promise", "what it does");
        (table.Columns[3].NoWrap, table.Columns[3].Width) = (false, 64);
        foreach (var pass in Pipelines.Steps)
            Reporter.Row(table, pass.Name, pass.Rewrites.ToLowerInvariant(), TextOf(pass.Promise), pass.Summary);
        return table;
    }

    private static string TextOf(Promise promise) => promise switch
    {
        Promise.SameBits => "same bits",
        Promise.SameReals => "same reals",
        _ => "may round",
    };
}
