using System.CommandLine;
using System.Globalization;
using Hls4Net.Cli.Reporting;
using Hls4Net.Cli.Reports;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hls4Net.Cli.Commands;

/// <summary><c>hls4net diff A B</c>: what changed between two builds.</summary>
internal static class DiffCommand
{
    private const int NameWidth = 56;
    private const int ValueWidth = 34;

    /// <summary>Files and types that are shown of each kind; JSON has all.</summary>
    private const int MostOfAKind = 24;

    public static Command Create()
    {
        var before = new Argument<string>("A") { Description = "A folder that compile made." };
        var after = new Argument<string>("B") { Description = "Another one." };
        return new Command("diff",
            """
            Says what changed between two builds: command and files, latency, resources in all and by layer, accuracy where it was measured (see
            `report --input` and `evaluate --report`), types, weights, warnings, and the files whose bytes differ.

              hls4net diff out/before out/after
              hls4net diff out/before out/after --json
            """) { before, after }.WithAction((parsed, reporter, _) =>
        {
            var diff = BuildDiff.Of(parsed.GetRequiredValue(before), parsed.GetRequiredValue(after));
            reporter.Result(diff, () => View(diff));
            return Task.FromResult(ExitCode.Done);
        });
    }

    private static IRenderable View(BuildDiff diff)
    {
        if (diff.AreEqual)
            return new Text("nothing differs\n");
        var table = Reporter.Table("about", "what", ">before", ">after", ">change");
        var lines = new List<IRenderable> { table };
        foreach (var group in diff.Differences.GroupBy(d => d.About))
        {
            foreach (var d in group.Take(MostOfAKind))
                Reporter.Row(table, d.About, CellText.Shorten(d.Name, NameWidth), Value(d.About, d.Before), Value(d.About, d.After), d.Change is { } change ? change.ToString("+0.0 %;-0.0 %;0 %", CultureInfo.InvariantCulture) : "");
            if (group.Skip(MostOfAKind).Any())
                lines.Add(new Text(string.Create(CultureInfo.InvariantCulture, $"and {group.Count() - MostOfAKind} more of {group.Key}; --json has all\n")));
        }
        return new Rows(lines);
    }

    private static string Value(string about, string? value) => value is null ? "–" : about == "files" || value.Length == 64 && value.All(char.IsAsciiHexDigitLower) ? $"{value[..12]}…" : CellText.Shorten(value, ValueWidth);
}
