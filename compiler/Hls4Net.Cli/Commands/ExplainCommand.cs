using System.CommandLine;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Cli.Commands;

/// <summary><c>hls4net explain HLS2003</c>: the long form of a message.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var id = new Argument<string?>("id") { Description = "A message's identifier, for example HLS2003; without one, all are listed.", Arity = ArgumentArity.ZeroOrOne };
        return new Command("explain",
            """
            Explains a message: why it matters and what to do.

              hls4net explain HLS3005
              hls4net explain            lists all messages
            """) { id }.WithAction((parsed, reporter, _) => Task.FromResult(Run(parsed.GetValue(id), reporter)));
    }

    private static int Run(string? id, Reporter reporter)
    {
        if (id is null)
        {
            reporter.Result(Messages.Rules, () =>
            {
                var table = Reporter.Table("id", "severity", "message");
                foreach (var rule in Messages.Rules)
                    Reporter.Row(table, rule.Id, rule.Severity.ToString().ToLowerInvariant(), rule.Title);
                return table;
            });
            return ExitCode.Done;
        }
        var found = Messages.Rules.FirstOrDefault(r => r.Id.Equals(id, StringComparison.OrdinalIgnoreCase))
            ?? throw new UserErrorException(Messages.UnknownOptionValue("explain", id, [.. Messages.Rules.Select(r => r.Id)]));
        reporter.Result(found, () => new Spectre.Console.Text($"{found.Id} ({found.Severity.ToString().ToLowerInvariant()}): {found.Title}\n\n{found.Explanation}\n"));
        return ExitCode.Done;
    }
}
