using System.Globalization;
using System.Text;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Operators;

namespace Hls4Net.Cli.Commands;

/// <summary><c>hls4net ops Conv</c>: all that is known of one operator.</summary>
internal static class OperatorPage
{
    public static int Run(string name, Reporter reporter)
    {
        var found = Catalogue.Entries.FirstOrDefault(e => e.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new UserErrorException(Messages.UnknownOptionValue("ops", name, [.. Catalogue.Entries.Select(e => e.Name)]));
        if (reporter.IsJson)
            reporter.Result(OpsCommand.ToJson(found), () => new Spectre.Console.Text(""));
        else
            reporter.Line(Text(found).TrimEnd());
        return ExitCode.Done;
    }

    private static string Text(CatalogueEntry entry)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{entry.Name} ({OpsCommand.DomainOf(entry)}), operator sets {entry.FirstOpset} to {entry.LastOpset}\n");
        text.Append(CultureInfo.InvariantCulture, $"  restrictions: {(entry.Remarks.Length == 0 ? "none" : entry.Remarks)}\n\n");
        var details = entry.AttributeDetails;
        var width = details.Select(d => d.Name.Length).DefaultIfEmpty(0).Max();
        text.Append(details.Count == 0 ? "No attributes.\n" : "Attributes, with what holds where a node does not have them:\n");
        foreach (var (name, kind, otherwise) in details)
            text.Append(CultureInfo.InvariantCulture, $"  {name.PadRight(width)}  {kind,-8}  {(otherwise.Length == 0 ? "(from the inputs)" : otherwise)}\n");
        if (entry.IgnoredAttributes.Count > 0)
            text.Append(CultureInfo.InvariantCulture, $"  accepted without effect: {string.Join(", ", entry.IgnoredAttributes)}\n");
        text.Append("\nExamples, which the conformance tests run:\n");
        foreach (var example in entry.Examples)
            text.Append(CultureInfo.InvariantCulture, $"  {example}\n");
        return text.ToString();
    }
}
