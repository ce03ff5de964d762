using Hls4Net.Cli.Reporting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hls4Net.Cli.Compilation;

/// <summary>The report as a text file: the same bytes on every machine and in every terminal.</summary>
internal static class ReportText
{
    /// <summary>No line is longer, in cells of a terminal.</summary>
    public const int Width = 120;

    public static string Of(Manifest manifest) => Of(ReportView.Of(manifest), Width);

    /// <summary>Any view as lines of plain text: no escape sequences, no trailing blanks, `\n` after every line.</summary>
    public static string Of(IRenderable view, int width)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            // By default the console looks at the environment, for example for a build server's name.
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        console.Write(view);
        var lines = writer.ToString().ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd());
        return string.Join('\n', lines).TrimEnd('\n') + "\n";
    }
}
