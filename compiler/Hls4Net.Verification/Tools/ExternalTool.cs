using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Hls4Net.Core.Diagnostics;
using Medallion.Shell;

namespace Hls4Net.Verification.Tools;

/// <summary>A program that is there and can be run.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Path">The file.</param>
public sealed partial record ExternalTool(string Name, string Path)
{
    /// <summary>How long what a dead program left behind may keep its output open.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan VersionTimeout = TimeSpan.FromSeconds(20);

    /// <summary>The program of that name in the folders of PATH, or null.</summary>
    public static ExternalTool? Find(KnownTool tool) => FindOnPath(tool.Name) is { } path ? new ExternalTool(tool.Name, path) : null;

    /// <exception cref="UserErrorException">It is not installed (HLS5011).</exception>
    public static ExternalTool Require(KnownTool tool) =>
        Find(tool) ?? throw new UserErrorException(Messages.ToolMissing(tool.Name, tool.Purpose, tool.Package));

    /// <summary>The version that the program prints, such as <c>5.006</c>; null if it prints none or fails.</summary>
    public string? Version(string argument = "--version")
    {
        try
        {
            var result = Run([argument], new ToolOptions { Timeout = VersionTimeout, MaximumOutputBytes = 1 << 16 });
            var match = VersionNumber().Match(result.Output + result.Errors);
            return match.Success ? match.Value : null;
        }
        catch (UserErrorException)
        {
            return null;
        }
    }

    /// <summary>Runs the program to its end, whatever its exit code.</summary>
    /// <exception cref="UserErrorException">It cannot be started (HLS5014) or takes too long (HLS5013).</exception>
    /// <exception cref="OperationCanceledException">Cancelled; by then it and all that it started are dead.</exception>
    public ToolResult Run(IReadOnlyList<string> arguments, ToolOptions? options = null, CancellationToken cancellation = default) =>
        RunAsync(arguments, options ?? new ToolOptions(), cancellation).GetAwaiter().GetResult();

    /// <summary>Runs the program and demands success.</summary>
    /// <exception cref="UserErrorException">It cannot be started (HLS5014), takes too long (HLS5013) or fails (HLS5012, HLS5015).</exception>
    /// <exception cref="OperationCanceledException">Cancelled; by then it and all that it started are dead.</exception>
    public ToolResult RunToSuccess(IReadOnlyList<string> arguments, ToolOptions? options = null, CancellationToken cancellation = default)
    {
        var result = Run(arguments, options, cancellation);
        if (result.ExitCode == 0)
            return result;
        // A program that a signal ended has no chance to speak.
        var isSilent = result.ExitCode < 128 && string.IsNullOrWhiteSpace(result.LastLines);
        throw new UserErrorException(isSilent
            ? Messages.ToolSilent(Name, Path, result.ExitCode)
            : Messages.ToolFailed(Name, result.ExitCode, result.LastLines, options?.LogPath));
    }

    /// <inheritdoc cref="Run"/>
    public async Task<ToolResult> RunAsync(IReadOnlyList<string> arguments, ToolOptions options, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var started = Stopwatch.GetTimestamp();
        using var output = new ToolOutput(options.LogPath, options.MaximumOutputBytes);
        var session = OperatingSystem.IsWindows() ? null : FindOnPath("setsid");
        using IDisposable disposal = Start(session, arguments, options, out var command);
        using var group = new ProcessGroup(command.Process, hasGroup: session is not null);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.Timeout);
        using var killing = limit.Token.Register(group.Kill);

        command.StandardInput.Dispose();
        var pumps = Task.WhenAll(command.StandardOutput.PipeToAsync(output.Output), command.StandardError.PipeToAsync(output.Errors));
        await command.Process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        if (await Task.WhenAny(pumps, Task.Delay(Grace, CancellationToken.None)).ConfigureAwait(false) != pumps)
        {
            // A child in the background still holds the output.
            group.Kill();
            await Task.WhenAny(pumps, Task.Delay(Grace, CancellationToken.None)).ConfigureAwait(false);
        }

        cancellation.ThrowIfCancellationRequested();
        if (group.WasInterrupted)
            throw new OperationCanceledException($"{Name} was interrupted.");
        if (limit.IsCancellationRequested)
            throw new UserErrorException(Messages.ToolTimedOut(Name, options.Timeout, output.LastLines, options.LogPath));
        if (session is not null && command.Process.ExitCode is 126 or 127
            && output.Errors.Text.StartsWith("setsid: ", StringComparison.Ordinal))
            throw new UserErrorException(Messages.ToolCannotStart(Name, Path, output.LastLines["setsid: ".Length..]));
        return new ToolResult(command.Process.ExitCode, output.Output.Text, output.Errors.Text, output.Truncated, output.LastLines,
            Stopwatch.GetElapsedTime(started));
    }

    private Command Start(string? session, IReadOnlyList<string> arguments, ToolOptions options, out Command command)
    {
        if (options.WorkingDirectory is { } folder && !Directory.Exists(folder))
            throw new UserErrorException(Messages.ToolCannotStart(Name, Path, $"there is no folder {folder}"));
        if (!IsProgram(Path))
            throw new UserErrorException(Messages.ToolCannotStart(Name, Path, "it is not an executable file"));
        try
        {
            return command = Command.Run(session ?? Path, session is null ? arguments : [Path, .. arguments], o => o
                .ThrowOnError(false)
                .DisposeOnExit(false)
                .EnvironmentVariable("LC_ALL", "C")
                .WorkingDirectory(options.WorkingDirectory ?? Environment.CurrentDirectory));
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new UserErrorException(Messages.ToolCannotStart(Name, Path, e.Message));
        }
    }

    private static string? FindOnPath(string name)
    {
#pragma warning disable RS0030 // Where programs are is what PATH is for.
        var folders = Environment.GetEnvironmentVariable("PATH") ?? "";
#pragma warning restore RS0030
        var file = OperatingSystem.IsWindows() ? name + ".exe" : name;
        // A relative entry would run whatever lies in the folder of the user's model.
        return folders.Split(System.IO.Path.PathSeparator)
            .Where(System.IO.Path.IsPathFullyQualified)
            .Select(f => System.IO.Path.Combine(f, file))
            .FirstOrDefault(IsProgram);
    }

    private static bool IsProgram(string path) =>
        File.Exists(path)
        && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != UnixFileMode.None);

    [GeneratedRegex(@"\d+(\.\d+)+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex VersionNumber();
}
