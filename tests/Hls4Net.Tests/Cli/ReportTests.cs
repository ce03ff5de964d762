using System.Globalization;
using System.Text.Json.Nodes;
using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Tests.Support;
using Spectre.Console.Rendering;

namespace Hls4Net.Tests.Cli;

[Collection(nameof(Console))]
public sealed class ReportTests
{
    public static TheoryData<string> HostileNames =>
    [
        "line\nbreak\r\nand\ttab", "\u001b[31mred\u001b[2J\u001b]0;title\u0007", "\0\b\u007f\u0085", new string('n', 5000), "a\u2028b\u2029c", "\u202egnp.exe",
        string.Concat(Enumerable.Repeat("/very/long/path", 40)), "[red]markup[/] [[ ]", "\ud800 half", string.Concat(Enumerable.Repeat("層", 200)),
        "e" + new string('\u0301', 3000), "", "   ", "😀", "{{braces}} {0}", "|─│",
    ];

    [Fact]
    public void It_names_ports_types_layers_totals_latency_and_warnings()
    {
        var report = ReportText.Of(Manifests.Small);
        string[] lines = report.Split('\n');
        Assert.Contains(lines, l => l.Contains("latency") && l.Contains("7 cycles = 35 ns = 2 bunch crossings of 25 ns"));
        Assert.Contains(lines, l => l.Contains("II = 1"));
        Assert.Contains(lines, l => l.Contains("3.61 ns of logic between registers (4.55 ns allowed): about 246.3 MHz"));
        Assert.Contains(lines, l => Matches(l, "/encoder/relu/Relu", "Multiplexer", "relu_3", "0.5", "3.61"));
        Assert.Contains(lines, l => Matches(l, "input", "x", "[1, 57]", "fixed<12,5,RND,SAT>", "x"));
        Assert.Contains(lines, l => Matches(l, "setting", "threshold", "[1, 1]", "ufixed<20,8,RND,SAT>", "threshold"));
        Assert.Contains(lines, l => Matches(l, "output", "mean", "[1, 3]", "fixed<16,6>", "mean"));
        Assert.Contains(lines, l => Matches(l, "/encoder/fc1/Gemm", "Gemm", "fixed<20,9>", "5,000", "60,000", "2,000", "0-3"));
        Assert.Contains(lines, l => Matches(l, "/encoder/relu/Relu", "Relu", "ufixed<10,4>", "123", "1,234", "48", "4"));
        Assert.Contains(lines, l => Matches(l, "total", "5,123", "61,234", "2,048", "7"));
        Assert.Contains(lines, l => Matches(l, "/encoder/act/Sigmoid", "sigmoid", "ufixed<11,1>", "1,024", "20,480", "0.5", "0.0004883"));
        Assert.Contains(lines, l => Matches(l, "/encoder/Softmax", "exp", "ufixed<13,1>", "300", "6,000", "1", "0.0002441", "1 ± 0.007812"));
        Assert.Contains(lines, l => l.Contains("the result can overflow."));
    }

    [Fact]
    public void Without_a_clock_it_says_so_and_how_long_the_logic_takes()
    {
        var report = ReportText.Of(Manifests.Small with
        {
            Target = Manifests.Small.Target with { ClockMHz = null },
            Hardware = Manifests.Small.Hardware! with { ClockMHz = null, LatencyCycles = 0, LatencyNs = null, LatencyBunchCrossings = null, Timing = new(null, 9.25, 103, []) },
        });
        Assert.Contains("none: combinational", report, StringComparison.Ordinal);
        Assert.Contains("0 cycles\n", report, StringComparison.Ordinal);
        Assert.DoesNotContain("0 ns", report, StringComparison.Ordinal);
        Assert.Contains("9.25 ns from inputs to outputs", report, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rows_of_the_layers_and_what_lies_between_them_add_up_to_the_total()
    {
        Assert.DoesNotContain("between layers", ReportText.Of(Manifests.Small), StringComparison.Ordinal);
        var report = ReportText.Of(Manifests.Small with { Hardware = Manifests.Small.Hardware! with { RegisterBits = 3000 } });
        Assert.Contains(report.Split('\n'), l => Matches(l, "between layers", "0", "0", "952"));
        Assert.Contains(report.Split('\n'), l => Matches(l, "total", "5,123", "61,234", "3,000", "7"));
    }

    [Theory]
    [MemberData(nameof(HostileNames))]
    public void A_hostile_name_breaks_neither_lines_nor_columns(string name)
    {
        var report = ReportText.Of(Manifests.Named(name));
        Assert.All(report.Replace("\n", "", StringComparison.Ordinal).EnumerateRunes(), r => Assert.True(
            System.Text.Rune.GetUnicodeCategory(r) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate), $"U+{r.Value:x4} is in the report."));
        var lines = report.Split('\n');
        Assert.All(lines, l => Assert.InRange(new Segment(l).CellCount(), 0, ReportText.Width));
        // The table's other rows stand in the same columns as the one with the hostile name.
        Assert.Contains(lines, l => Matches(l, "/encoder/relu/Relu", "Relu", "ufixed<10,4>", "123", "1,234", "48", "4"));
        Assert.Contains(lines, l => Matches(l, "total", "5,123", "61,234", "2,048", "7"));
    }

    [Fact]
    public void The_same_design_gives_the_same_text_whatever_the_culture()
    {
        var expected = ReportText.Of(Manifests.Small);
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberGroupSeparator = ".", NumberDecimalSeparator = "," } };
            Assert.Equal(expected, ReportText.Of(Manifests.Small));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
        Assert.DoesNotContain('\r', expected);
        Assert.All(expected.Split('\n'), l => Assert.Equal(l.TrimEnd(), l));
    }

    [Fact]
    public async Task The_command_prints_what_the_text_file_holds_and_with_json_the_manifest()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder[OutputDirectory.ManifestName], Manifests.Small.ToJson());
        var text = await CommandLine.RunAsync(ReportCommand.Create(), folder.Path);
        Assert.Equal(ExitCode.Done, text.ExitCode);
        Assert.Equal(Words(ReportText.Of(Manifests.Small)), Words(text.Output));
        var json = await CommandLine.RunAsync(ReportCommand.Create(), folder.Path, "--json");
        Assert.Equal(Manifests.Small.ToJson(), json.Output);
    }

    [Fact]
    public async Task A_folder_that_compile_did_not_make_is_refused()
    {
        using var folder = new TemporaryFolder();
        var missing = await CommandLine.RunAsync(ReportCommand.Create(), folder["nowhere"], "--json");
        Assert.Equal(ExitCode.UserError, missing.ExitCode);
        Assert.Equal("HLS5203", JsonNode.Parse(missing.Output)!["diagnostics"]![0]!["id"]!.GetValue<string>());
        folder.Write(OutputDirectory.ManifestName, "{ \"format\": 1"u8.ToArray());
        Assert.Equal(ExitCode.UserError, (await CommandLine.RunAsync(ReportCommand.Create(), folder.Path)).ExitCode);
    }

    [Fact]
    public void A_manifest_in_which_any_field_is_missing_or_null_is_refused_or_complete()
    {
        using var folder = new TemporaryFolder();
        var whole = JsonNode.Parse(Manifests.Small.ToJson())!;
        foreach (var path in Paths(whole, "").ToList())
        {
            var damaged = whole.DeepClone();
            Remove(damaged, path);
            File.WriteAllText(folder[OutputDirectory.ManifestName], damaged.ToJsonString());
            try
            {
                // What can be missing (a clock, a setting's mark) can be shown.
                ReportText.Of(Manifest.Read(folder.Path));
            }
            catch (UserErrorException e)
            {
                Assert.Equal(Messages.NotCompiledRule, Assert.Single(e.Diagnostics).Rule);
            }
        }
    }

    private static IEnumerable<string> Paths(JsonNode? node, string path)
    {
        IEnumerable<KeyValuePair<string, JsonNode?>> children = node switch
        {
            JsonObject o => o,
            JsonArray a => a.Select((c, i) => new KeyValuePair<string, JsonNode?>(i.ToString(CultureInfo.InvariantCulture), c)),
            _ => [],
        };
        return children.SelectMany(c => Paths(c.Value, $"{path}/{c.Key}").Prepend($"{path}/{c.Key}"));
    }

    /// <summary>An object's field goes, an array's element becomes null.</summary>
    private static void Remove(JsonNode node, string path)
    {
        var steps = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        foreach (var step in steps[..^1])
            node = node is JsonArray array ? array[int.Parse(step, CultureInfo.InvariantCulture)]! : node[step]!;
        if (node is JsonArray parent)
            parent[int.Parse(steps[^1], CultureInfo.InvariantCulture)] = null;
        else
            node.AsObject().Remove(steps[^1]);
    }

    private static bool Matches(string line, params string[] cells) =>
        Words(line).SequenceEqual(cells.SelectMany(Words));

    private static string[] Words(string text) => text.Split([' ', '\n', '─', '│'], StringSplitOptions.RemoveEmptyEntries);
}
