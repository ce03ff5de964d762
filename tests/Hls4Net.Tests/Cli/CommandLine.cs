using System.CommandLine;

namespace Hls4Net.Tests.Cli;

/// <summary>What a command printed and how it ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Errors);

/// <summary>Runs a command in this process as if typed.</summary>
internal static class CommandLine
{
    /// <summary>The console belongs to the process: classes that use this are in the collection <c>Console</c>, which runs one test at a time.</summary>
    public static Task<CommandResult> RunAsync(Command command, params string[] arguments) => CaptureAsync(() =>
        new RootCommand { command }.Parse([command.Name, .. arguments]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken));

    /// <summary>What an action printed.</summary>
    public static async Task<CommandResult> CaptureAsync(Func<Task<int>> action)
    {
        var (output, errors) = (Console.Out, Console.Error);
        using var newOutput = new StringWriter();
        using var newErrors = new StringWriter();
        try
        {
            Console.SetOut(newOutput);
            Console.SetError(newErrors);
            var code = await action();
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
