using System.Text.Json.Nodes;
using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Reporting;
using Hls4Net.Operators;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Cli;

[Collection(nameof(Console))]
public sealed class OpsTests
{
    private const string Begin = "<!-- ops -->";
    private const string End = "<!-- /ops -->";

    [Fact]
    public void The_table_in_the_README_is_that_of_the_catalogue()
    {
        var readme = File.ReadAllText(TestFiles.InRepository("README.md"));
        var begin = readme.IndexOf(Begin, StringComparison.Ordinal);
        var end = readme.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin >= 0 && end > begin, $"README.md has no section between {Begin} and {End}.");
        var found = readme[(begin + Begin.Length)..end].Trim();
        Assert.True(OpsCommand.Markdown().Trim() == found, $"Put the output of './hls4net ops --markdown' between {Begin} and {End} in README.md.");
    }

    [Fact]
    public async Task Every_operator_has_one_row_and_every_attribute_is_named()
    {
        var result = await CommandLine.RunAsync(OpsCommand.Create());
        Assert.Equal(ExitCode.Done, result.ExitCode);
        foreach (var entry in Catalogue.Entries)
        {
            Assert.Single(result.Output.Split('\n'), l => l.Trim().StartsWith($"{entry.Name} ", StringComparison.Ordinal));
            Assert.All(entry.Attributes, a => Assert.Contains(a, result.Output, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Attributes_are_those_that_the_importer_asks_for()
    {
        var gemm = Catalogue.Entries.Single(e => e.Name == "Gemm");
        Assert.Equal(["alpha", "beta", "transA", "transB"], gemm.Attributes);
        var dropout = Catalogue.Entries.Single(e => e.Name == "Dropout");
        Assert.Equal(["ratio", "seed"], dropout.IgnoredAttributes);
    }

    [Fact]
    public async Task With_json_it_is_one_document()
    {
        var result = await CommandLine.RunAsync(OpsCommand.Create(), "--json");
        var operators = JsonNode.Parse(result.Output)!.AsArray();
        Assert.Equal(Catalogue.Entries.Select(e => e.Name), operators.Select(o => o!["name"]!.GetValue<string>()));
        Assert.All(operators, o => Assert.NotEmpty(o!["domains"]!.AsArray()));
    }

    [Fact]
    public async Task One_operator_has_a_page_with_defaults_and_examples()
    {
        var result = await CommandLine.RunAsync(OpsCommand.Create(), "conv");
        Assert.Equal(ExitCode.Done, result.ExitCode);
        Assert.Contains("Conv", result.Output, StringComparison.Ordinal);
        Assert.Matches(@"group +int +1", result.Output);
        Assert.Matches(@"auto_pad +string +NOTSET", result.Output);
        var entry = Catalogue.Entries.Single(e => e.Name == "Conv");
        Assert.All(entry.Examples, e => Assert.Contains(e, result.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_page_of_an_operator_is_a_document_with_json()
    {
        var result = await CommandLine.RunAsync(OpsCommand.Create(), "Cast", "--json");
        var page = JsonNode.Parse(result.Output)!;
        Assert.Equal("required", page["details"]!.AsArray().Single(d => d!["name"]!.GetValue<string>() == "to")!["default"]!.GetValue<string>());
        Assert.NotEmpty(page["examples"]!.AsArray());
    }

    [Fact]
    public async Task An_unknown_operator_is_refused_with_the_near_ones()
    {
        var result = await CommandLine.RunAsync(OpsCommand.Create(), "Conw");
        Assert.Equal(ExitCode.UserError, result.ExitCode);
        Assert.Contains("Conv", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Markdown_has_as_many_cells_in_every_row()
    {
        var result = await CommandLine.RunAsync(OpsCommand.Create(), "--markdown");
        var rows = result.Output.Split('\n').Where(l => l.StartsWith('|')).ToList();
        Assert.Equal(Catalogue.Entries.Count + 2, rows.Count);
        Assert.All(rows, r => Assert.Equal(7, r.Replace("\\|", "", StringComparison.Ordinal).Count(c => c == '|')));
    }
}
