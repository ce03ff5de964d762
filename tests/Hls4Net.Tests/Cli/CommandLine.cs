using System.CommandLine;

namespace Hls4Net.Tests.Cli;

/// <summary>What a command printed and how it ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Errors);

/// <summary>Runs a command in this process as if typed.</summary>
internal static class CommandLine
{
    /// <summary>The console belongs to the process: classes that use this are in the collection <c>Console</c>, which runs one test at a time.</summary>
    public static async Task<CommandResult> RunAsync(Command command, params string[] arguments)
    {
        var (output, errors) = (Console.Out, Console.Error);
        using var newOutput = new StringWriter();
        using var newErrors = new StringWriter();
        try
        {
            Console.SetOut(newOutput);
            Console.SetError(newErrors);
            var root = new RootCommand { command };
            var code = await root.Parse([command.Name, .. arguments]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);
            return new(code, newOutput.ToString(), newErrors.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(errors);
        }
    }
}

/// <summary>Tests that exchange the process's console.</summary>
[CollectionDefinition(nameof(Console), DisableParallelization = true)]
public sealed class ConsoleUsers;
