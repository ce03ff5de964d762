using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hls4Net.Core.Diagnostics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hls4Net.Cli.Reporting;

/// <summary>
/// Where a command's words go: tables and results to standard output, diagnostics and progress to standard error. With
/// <c>--json</c> standard output carries one JSON document and nothing else.
/// </summary>
/// <param name="json">Whether results are JSON.</param>
internal sealed class Reporter(bool json)
{
    private readonly IAnsiConsole _errors = CreateConsole(Console.Error);
    private readonly IAnsiConsole _output = CreateConsole(Console.Out);

    /// <summary>How every JSON document of the tool is written: indented, `\n`, names in camel case, enums by name.</summary>
    public static JsonSerializerOptions JsonOptions { get; } = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public bool IsJson => json;

    /// <summary>A result: the document with --json, else the renderable.</summary>
    public void Result(object document, Func<IRenderable> view)
    {
        if (json)
            Console.Out.Write(JsonSerializer.Serialize(document, JsonOptions) + "\n");
        else
            _output.Write(view());
    }

    /// <summary>A line for people; nothing with --json.</summary>
    public void Line(string text = "")
    {
        if (!json)
            Console.Out.Write(text + "\n");
    }

    /// <summary>What is being done now, for commands that take long.</summary>
    public void Progress(string text) => Console.Error.Write($"hls4net: {text}\n");

    /// <summary>Diagnostics, worst last so that they stay in view.</summary>
    public void Diagnostics(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics.OrderBy(d => d.Rule.Severity))
        {
            var colour = diagnostic.Rule.Severity switch
            {
                Severity.Error => "red",
                Severity.Warning => "yellow",
                _ => "grey",
            };
            var text = CellText.OneLine(diagnostic.ToString());
            var head = $"{diagnostic.Rule.Severity.ToString().ToLowerInvariant()} {diagnostic.Rule.Id}:";
            _errors.MarkupLine($"[{colour}]{head.EscapeMarkup()}[/]{text[head.Length..].EscapeMarkup()}");
        }
    }

    /// <summary>A diagnostic as a JSON value.</summary>
    public static object ToJson(Diagnostic diagnostic) => new
    {
        Id = diagnostic.Rule.Id,
        diagnostic.Rule.Severity,
        diagnostic.Where,
        diagnostic.Message,
        diagnostic.Advice,
    };

    /// <summary>A table in the tool's style.</summary>
    public static Table Table(params ReadOnlySpan<string> columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
        {
            var right = column.StartsWith('>');
            var header = new TableColumn(new Text(right ? column[1..] : column)).NoWrap();
            table.AddColumn(right ? header.RightAligned() : header);
        }
        return table;
    }

    /// <summary>Adds a row of plain texts.</summary>
    public static void Row(Table table, params ReadOnlySpan<string> cells)
    {
        var row = new List<IRenderable>();
        foreach (var cell in cells)
            row.Add(new Text(CellText.OneLine(cell)));
        table.AddRow(row);
    }

    /// <summary>A console that does not fold lines when the output is a file or pipe.</summary>
    private static IAnsiConsole CreateConsole(TextWriter writer)
    {
        var isError = ReferenceEquals(writer, Console.Error);
        var redirected = isError ? Console.IsErrorRedirected : Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
        });
        if (redirected || console.Profile.Width < 40)
            console.Profile.Width = 10_000;
        return console;
    }
}
