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
    public async Task Markdown_has_as_many_cells_in_every_row()
    {
        var result = await CommandLine.RunAsync(OpsCommand.Create(), "--markdown");
        var rows = result.Output.Split('\n').Where(l => l.StartsWith('|')).ToList();
        Assert.Equal(Catalogue.Entries.Count + 2, rows.Count);
        Assert.All(rows, r => Assert.Equal(6, r.Replace("\\|", "", StringComparison.Ordinal).Count(c => c == '|')));
    }
}
