using System.CommandLine;
using System.Globalization;
using System.Text;
using Hls4Net.Cli.Reporting;
using Hls4Net.Operators;
using Spectre.Console;

namespace Hls4Net.Cli.Commands;

/// <summary><c>hls4net ops</c>: the ONNX operators that can be compiled.</summary>
internal static class OpsCommand
{
    private const string Qonnx = "QONNX";
    private const string ChannelsLast = "qonnx.custom_op.channels_last";
    private const string Microsoft = "com.microsoft";
    private const string MachineLearning = "ai.onnx.ml";
    private static readonly string[] Headers = ["operator", "domain", "opsets", "attributes", "restrictions", "example"];

    public static Command Create()
    {
        var name = new Argument<string?>("operator") { Description = "An operator, for example Conv; without one, all are listed.", Arity = ArgumentArity.ZeroOrOne };
        var markdown = new Option<bool>("--markdown") { Description = "Print the table in Markdown, as it stands in README.md." };
        return new Command("ops",
            """
            Lists the ONNX operators that can be compiled, with the operator sets in which they are known, the attributes that are obeyed, and
            what is not supported. An attribute in parentheses is accepted without effect: it does not
            matter in inference, or not for what is supported.

              hls4net ops
              hls4net ops Conv           attributes with their defaults, restrictions, examples
              hls4net ops --json
            """) { name, markdown }.WithAction((parsed, reporter, _) => Task.FromResult(
                parsed.GetValue(name) is { } one ? OperatorPage.Run(one, reporter) : Run(parsed.GetValue(markdown), reporter)));
    }

    private static int Run(bool markdown, Reporter reporter)
    {
        if (markdown && !reporter.IsJson)
        {
            reporter.Line(Markdown().TrimEnd());
            return ExitCode.Done;
        }
        reporter.Result(Catalogue.Entries.Select(ToJson), View);
        reporter.Line(DomainNote);
        return ExitCode.Done;
    }

    /// <summary>The table that README.md holds.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder();
        AppendRow(text, Headers);
        AppendRow(text, Headers.Select(_ => "---"));
        foreach (var entry in Catalogue.Entries)
            AppendRow(text, Cells(entry));
        return text.Append('\n').Append(DomainNote).Append('\n').ToString();
    }

    private static string DomainNote =>
        $"{Qonnx} stands for the domains {string.Join(", ", QonnxDomains().Where(d => d.Length > 0))}, and for files that name none; 'channels last' is {ChannelsLast}, Microsoft {Microsoft}, and ONNX ML {MachineLearning}.";

    private static IReadOnlyList<string> QonnxDomains() => Catalogue.Entries.First(e => DomainOf(e) == Qonnx).Domains;

    private static Table View()
    {
        var table = Reporter.Table(Headers);
        // Long lists fold instead of being cut.
        foreach (var (column, width) in new[] { (3, 40), (4, 30), (5, 40) })
            (table.Columns[column].NoWrap, table.Columns[column].Width) = (false, width);
        foreach (var entry in Catalogue.Entries)
            Reporter.Row(table, Cells(entry));
        return table;
    }

    private static string[] Cells(CatalogueEntry entry) =>
    [
        entry.Name, DomainOf(entry), string.Create(CultureInfo.InvariantCulture, $"{entry.FirstOpset}-{entry.LastOpset}"),
        string.Join(", ", entry.Attributes.Concat(entry.IgnoredAttributes.Select(a => $"({a})"))), entry.Remarks, Example(entry),
    ];

    private static string Example(CatalogueEntry entry) => entry.Examples[0][(entry.Examples[0].IndexOf(": ", StringComparison.Ordinal) + 2)..];

    internal static string DomainOf(CatalogueEntry entry) => entry.Domains switch
    {
        [""] => "ONNX",
        ["", ChannelsLast] => "ONNX, channels last",
        ["", Microsoft] => "ONNX, Microsoft",
        [Microsoft] => "Microsoft",
        [MachineLearning] => "ONNX ML",
        _ => Qonnx,
    };

    internal static object ToJson(CatalogueEntry entry) => new
    {
        entry.Name,
        entry.Domains,
        entry.FirstOpset,
        entry.LastOpset,
        entry.Attributes,
        entry.IgnoredAttributes,
        Details = entry.AttributeDetails,
        Restrictions = entry.Remarks,
        entry.Examples,
    };

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
}
