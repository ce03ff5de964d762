using System.Globalization;
using System.Xml.Linq;
using Hls4Net.Cli.Reporting;

namespace Hls4Net.Cli.Compilation;

/// <summary>A check for a continuous-integration server.</summary>
/// <param name="Failure">What is wrong; null if nothing is.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record JUnitCase(string Name, string? Failure, double Seconds);

/// <summary>Results as JUnit XML, the format that continuous-integration servers read.</summary>
internal static class JUnitFile
{
    /// <summary>Writes the file; a half-written one is never left.</summary>
    public static void Write(string path, string suite, IReadOnlyList<JUnitCase> cases)
    {
        var temporary = $"{path}.part";
        File.WriteAllText(temporary, Text(suite, cases));
        File.Move(temporary, path, overwrite: true);
    }

    public static string Text(string suite, IReadOnlyList<JUnitCase> cases)
    {
        var root = new XElement("testsuites", new XElement("testsuite",
            new XAttribute("name", suite), new XAttribute("tests", cases.Count), new XAttribute("failures", cases.Count(c => c.Failure is not null)),
            cases.Select(c => new XElement("testcase", new XAttribute("classname", suite), new XAttribute("name", CellText.OneLine(c.Name)),
                new XAttribute("time", c.Seconds.ToString("0.000", CultureInfo.InvariantCulture)),
                c.Failure is { } failure ? new XElement("failure", new XAttribute("message", CellText.OneLine(failure))) : null))));
        return $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{root.ToString().ReplaceLineEndings("\n")}\n";
    }
}
