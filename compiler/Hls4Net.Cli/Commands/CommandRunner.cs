using System.CommandLine;
using System.Text.Json;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Cli.Commands;

/// <summary>What all commands share: the --json option, and the road from an exception to an exit code.</summary>
internal static class CommandRunner
{
    /// <summary>Gives a command its action and the --json option.</summary>
    public static Command WithAction(this Command command, Func<ParseResult, Reporter, CancellationToken, Task<int>> action)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON document instead of tables." };
        command.Options.Add(json);
        command.SetAction((parsed, cancellation) => RunAsync(parsed, new Reporter(parsed.GetValue(json)), action, cancellation));
        command.Validators.Add(RefuseEmptyPaths);
        return command;
    }

    /// <summary>An unset variable in a script gives an empty argument; no command has a use for one.</summary>
    private static void RefuseEmptyPaths(System.CommandLine.Parsing.CommandResult result)
    {
        foreach (var argument in result.Children.OfType<System.CommandLine.Parsing.ArgumentResult>().Where(a => a.Tokens.Any(t => t.Value.Length == 0)))
            result.AddError($"The argument {argument.Argument.Name} is empty.");
        foreach (var option in result.Children.OfType<System.CommandLine.Parsing.OptionResult>().Where(o => o.Tokens.Any(t => t.Value.Length == 0)))
            result.AddError($"The value of {option.Option.Name} is empty.");
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, Reporter reporter, Func<ParseResult, Reporter, CancellationToken, Task<int>> action, CancellationToken cancellation)
    {
        try
        {
            return await Task.Run(() => action(parsed, reporter, cancellation), CancellationToken.None).ConfigureAwait(false);
        }
        catch (UserErrorException e)
        {
            return Fail(reporter, e.Diagnostics);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            reporter.Progress("stopped; nothing was left half-written.");
            return ExitCode.Cancelled;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(reporter, [Messages.FileSystem(e.Message)]);
        }
        catch (Exception e)
        {
            await Console.Error.WriteAsync(
                $"""
                internal error: {e.GetType().Name}: {e.Message}
                This is a mistake in hls4net, not in your input. Please report it with the command, the model if you can, and this text:
                hls4net {Versions.Compiler}
                {e.StackTrace}

                """).ConfigureAwait(false);
            return ExitCode.InternalError;
        }
    }

    private static int Fail(Reporter reporter, IReadOnlyList<Diagnostic> diagnostics)
    {
        if (reporter.IsJson)
            Console.Out.Write(JsonSerializer.Serialize(new { Diagnostics = diagnostics.Select(Reporter.ToJson) }, Reporter.JsonOptions) + "\n");
        reporter.Diagnostics(diagnostics);
        return ExitCode.UserError;
    }
}
