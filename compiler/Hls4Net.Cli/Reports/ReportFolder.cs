using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;

namespace Hls4Net.Cli.Reports;

/// <summary>The report of a compiled folder: made by <c>compile</c>, filled in by commands that measure.</summary>
internal static class ReportFolder
{
    public const string JsonName = "report.json";
    public const string PageName = "report.html";

    /// <summary>Folders of a build, in the order in which they are named.</summary>
    public static IReadOnlyList<string> Parts { get; } = ["verilog", "hls", "library", "board", "testbench", "ir"];

    /// <summary>The report of a fresh build.</summary>
    /// <param name="folder">Where the build lies; its parts are written.</param>
    /// <param name="graph">The typed graph.</param>
    public static Report Make(string folder, Manifest manifest, Graph graph, string? command, IEnumerable<FileEntry> inputs) => Complete(new(
        Report.CurrentFormat, null!, [], manifest, ReportEntries.NetworkOf(graph), ReportEntries.ConstantsOf(graph),
        new(command is null ? [] : [command], [.. inputs], [.. Parts.Where(p => Directory.Exists(Path.Combine(folder, p))).Select(p => new FileEntry(p, HashOf(folder, p)))])));

    public static string ToJson(Report report) => JsonSerializer.Serialize(report, Reporter.JsonOptions) + "\n";

    /// <summary>The report of a compiled folder; one that is not there, as in the folders of older versions, is made from the rest.</summary>
    /// <exception cref="UserErrorException">The folder is not a compiled one, or its report is damaged (HLS5203).</exception>
    public static Report Read(string folder)
    {
        var manifest = Manifest.Read(folder);
        var path = Path.Combine(folder, JsonName);
        if (!File.Exists(path))
            return Make(folder, manifest, CompiledFolder.ReadTyped(folder), null, [new(manifest.Model.File, manifest.Model.Sha256)]);
        try
        {
            var report = JsonSerializer.Deserialize<Report>(File.ReadAllText(path), Reporter.JsonOptions);
            return report is { Format: Report.CurrentFormat } && JsonCompleteness.IsComplete(report) ? report with { Design = manifest }
                : throw new UserErrorException(Messages.NotCompiled(folder, $"{JsonName} is damaged or was written by another version"));
        }
        catch (JsonException e)
        {
            throw new UserErrorException(Messages.NotCompiled(folder, $"{JsonName} is damaged ({e.Message})"));
        }
    }

    /// <summary>Puts a changed report in place, and the page if it is wanted or there is one.</summary>
    /// <param name="command">The command that measured what was added; it takes the place of an earlier one of its kind.</param>
    public static Report Write(string folder, Report report, string? command = null, bool wantsPage = false)
    {
        if (command is not null)
        {
            var kind = string.Join(' ', command.Split(' ').Take(2));
            report = report with { Reproduction = report.Reproduction with { Commands = [.. report.Reproduction.Commands.Where(c => !c.StartsWith($"{kind} ", StringComparison.Ordinal)), command] } };
        }
        report = Complete(report);
        AtomicFile.WriteAllText(Path.Combine(folder, JsonName), ToJson(report));
        if (wantsPage || File.Exists(Path.Combine(folder, PageName)))
            AtomicFile.WriteAllText(Path.Combine(folder, PageName), ReportPage.Of(report));
        return report;
    }

    /// <summary>The hash of a list of hashes, as <c>find NAME -type f | LC_ALL=C sort | xargs sha256sum | sha256sum</c> gives it in the folder.</summary>
    public static string HashOf(string folder, string part)
    {
        var list = new StringBuilder();
        foreach (var (name, hash) in FilesOf(folder, part))
            list.Append(hash).Append("  ").Append(name).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list.ToString())));
    }

    /// <summary>The files of a part, with <c>/</c> and in ordinal order, and the hash of each.</summary>
    public static IEnumerable<(string Name, string Hash)> FilesOf(string folder, string part) =>
        Directory.EnumerateFiles(Path.Combine(folder, part), "*", SearchOption.AllDirectories)
            .Select(f => (Name: Path.GetRelativePath(folder, f).Replace('\\', '/'), Path: f)).OrderBy(f => f.Name, StringComparer.Ordinal)
            .Select(f => (f.Name, ModelCompiler.Hash(f.Path)));

    /// <summary>Answers and advice follow from the rest.</summary>
    private static Report Complete(Report report)
    {
        var advice = Advisor.Of(report);
        return report with { Advice = advice, Answers = Answers.Of(report.Design, report.Budgets, report.Profile, report.Evaluation, advice) };
    }
}
