using System.CommandLine;
using System.Runtime.InteropServices;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Trigger.Hdf5;
using Hls4Net.Verification.Tools;
using Spectre.Console;

namespace Hls4Net.Cli.Commands;

/// <summary><c>hls4net doctor</c>: which of the programs that the tool calls are here.</summary>
internal static class DoctorCommand
{
    /// <summary>What <c>verify</c> calls if it is not told to leave anything out.</summary>
    private static readonly string[] NeededByVerify = ["verilator", "g++", "make", "onnxruntime"];

    private const string PackageManager = "apt-get install ";

    public static Command Create() => new Command("doctor",
        """
        Shows the programs and libraries that the tool calls: version, place, what each is for, and how to install what is missing. Compiling
        and emulating need none of them. The exit code is 0 if all that verify needs is here, else 1.

          hls4net doctor
          hls4net doctor --json
        """).WithAction((_, reporter, _) => Task.FromResult(Run([.. ToolInventory.Inspect(), InspectHdf5()], reporter)));

    /// <summary>The library that event files need.</summary>
    private static ToolReport InspectHdf5()
    {
        var report = new ToolReport("hdf5", "reads and writes event files", null, null, Hdf5Library.InstallCommand);
        try
        {
            var library = Hdf5Library.Load();
            return report with { Path = library.Path, Version = library.Version };
        }
        catch (UserErrorException)
        {
            return report;
        }
    }

    /// <summary>Shows an inventory and says whether verify can run.</summary>
    public static int Run(IReadOnlyList<ToolReport> tools, Reporter reporter)
    {
        var missing = NeededByVerify.Except(tools.Where(t => t.Path is not null).Select(t => t.Name), StringComparer.Ordinal).ToList();
        reporter.Line($"hls4net {Versions.Compiler} on {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}");
        reporter.Result(new { Tools = tools.Select(ToJson), CanVerify = missing.Count == 0 }, () => View(tools));
        reporter.Line(missing.Count == 0 ? "All that verify needs is here." : $"verify cannot run in full: it lacks {string.Join(", ", missing)}.");
        var commands = InstallCommands([.. tools.Where(t => t.Path is null).Select(t => t.Install)]).ToList();
        if (commands.Count > 0)
            reporter.Line("To install what is missing:");
        commands.ForEach(c => reporter.Line($"  {c}"));
        return missing.Count == 0 ? ExitCode.Done : ExitCode.UserError;
    }

    /// <summary>What to type, with the packages of one package manager on one line.</summary>
    private static IEnumerable<string> InstallCommands(IReadOnlyList<string> commands)
    {
        var packages = commands.Where(c => c.StartsWith(PackageManager, StringComparison.Ordinal)).Select(c => c[PackageManager.Length..]).ToList();
        var others = commands.Where(c => !c.StartsWith(PackageManager, StringComparison.Ordinal));
        return packages.Count == 0 ? others : others.Prepend(PackageManager + string.Join(' ', packages));
    }

    private static Table View(IReadOnlyList<ToolReport> tools)
    {
        var table = Reporter.Table("tool", "version", "needed by", "what for", "path");
        table.Columns[3].NoWrap = false;
        table.Columns[4].NoWrap = false;
        foreach (var tool in tools)
        {
            Reporter.Row(table, tool.Name, tool.Path is null ? "missing" : tool.Version ?? "unknown",
                NeededByVerify.Contains(tool.Name) ? "verify" : "", tool.Purpose, tool.Path ?? "");
        }
        return table;
    }

    private static object ToJson(ToolReport tool) => new
    {
        tool.Name,
        tool.Version,
        tool.Path,
        tool.Purpose,
        tool.Install,
        NeededByVerify = NeededByVerify.Contains(tool.Name),
    };
}
