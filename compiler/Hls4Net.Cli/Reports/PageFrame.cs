using Hls4Net.Cli.Reporting;
using Hls4Net.Emission;

namespace Hls4Net.Cli.Reports;

/// <summary>What all pages have in common: head, style, title and foot. A page fetches nothing and runs no script, and is at home on a phone and in the dark.</summary>
internal static class PageFrame
{
    /// <summary>A page.</summary>
    /// <param name="title">What it is about.</param>
    /// <param name="kind">What it says of that, for the browser's title.</param>
    /// <param name="subtitle">One line below the title.</param>
    /// <param name="body">Markup.</param>
    /// <param name="compiler">Who made it.</param>
    public static string Of(string title, string kind, string subtitle, string body, string compiler) => Templates.Render("report/page.html", new Dictionary<string, object>(StringComparer.Ordinal)
    {
        ["title"] = CellText.OneLine(title),
        ["kind"] = kind,
        ["subtitle"] = CellText.OneLine(subtitle),
        ["style"] = ResourceFiles.Read("runtime-templates/report/report.css").ReplaceLineEndings("\n"),
        ["body"] = body,
        ["compiler"] = compiler,
    });
}
