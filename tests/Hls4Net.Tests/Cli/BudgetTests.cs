using System.Xml.Linq;
using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Cli;

/// <summary>Estimates and budgets as a user sees them.</summary>
[Collection(nameof(Console))]
public sealed class BudgetTests : IDisposable
{
    private static readonly byte[] Model = OnnxBytes.Model(
        [OnnxBytes.Node("MatMul", ["x", "w"], ["product"]), OnnxBytes.Node("Relu", ["product"], ["y"])],
        [OnnxBytes.Value("x", 1, "batch", 4)], [OnnxBytes.Value("y", 1, "batch", 3)],
        [OnnxBytes.Tensor("w", [4, 3], 0.5f, -1, 0.25f, 2, 1, -0.75f, -0.25f, 1.5f, 0.125f, 0.75f, 0.5f, 1)]);

    private readonly TemporaryFolder _folder = new();

    private string Output => _folder["out"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_manifest_and_the_report_hold_resources_by_layer()
    {
        Assert.Equal(0, (await Compile("--part", "xcvu13p")).ExitCode);
        var hardware = Manifest.Read(Output).Hardware!;
        var estimate = hardware.Estimate!;
        Assert.Equal(estimate.Total.Luts, estimate.Between.Luts + hardware.Layers.Sum(l => l.Resources!.Luts));
        Assert.True(estimate is { Total: { Luts: > 0, FlipFlops: > 0, Dsps: 0 }, Part.Luts: 1_728_000, Regions: 4 });
        Assert.InRange(estimate.PackedLutsLeast!.Value, 1, estimate.PackedLutsMost!.Value);
        var report = await File.ReadAllTextAsync(Path.Combine(Output, "report.txt"), TestContext.Current.CancellationToken);
        Assert.Contains("resources, estimated for Yosys", report, StringComparison.Ordinal);
        Assert.Contains("of xcvu13p", report, StringComparison.Ordinal);
        Assert.Contains("of one of 4 SLR", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Budgets_that_are_met_say_so_and_those_that_are_missed_name_layers_and_end_with_4()
    {
        var met = await Compile("--part", "xcvu13p", "--max-latency", "1us", "--max-ii", "1cycle", "--max-lut", "20%", "--max-dsp", "0", "--max-bram", "0", "--max-ff", "100000");
        Assert.Equal(ExitCode.Done, met.ExitCode);
        Assert.Contains("budgets: all 6 met", met.Output, StringComparison.Ordinal);
        var junit = _folder["budgets.xml"];
        var missed = await Compile("--max-latency", "1ns", "--max-lut", "3", "--junit", junit);
        Assert.Equal(ExitCode.OverBudget, missed.ExitCode);
        Assert.Contains("error HLS5301: --max-lut: lut is ", missed.Errors, StringComparison.Ordinal);
        Assert.Contains("most of it: ", missed.Errors, StringComparison.Ordinal);
        Assert.Contains("budgets: 2 of 2 MISSED", missed.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Output, "hls4net.json")));
        var suite = XDocument.Load(junit).Root!.Element("testsuite")!;
        Assert.Equal(("2", "2"), (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value));
    }

    [Fact]
    public async Task What_would_meet_a_budget_is_what_was_compiled()
    {
        var missed = await Compile("--reuse", "4", "--max-ii", "2cycles");
        Assert.Equal(ExitCode.OverBudget, missed.ExitCode);
        Assert.Contains("--reuse 2 was tried and meets all budgets.", missed.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_has_budgets_and_the_command_overrides_them()
    {
        var file = _folder.Write("c.yaml", "budgets: { latency: 1ns, lut: 100000 }"u8.ToArray());
        var missed = await Compile("-c", file);
        Assert.Equal(ExitCode.OverBudget, missed.ExitCode);
        Assert.Contains("c.yaml:1: latency is ", missed.Errors, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await Compile("-c", file, "--max-latency", "1us")).ExitCode);
        var unknown = await Compile("-c", _folder.Write("d.yaml", "budgets: { luts: 3 }"u8.ToArray()));
        Assert.Contains("Did you mean 'lut'?", unknown.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HLS5205", "--max-latency", "1 fortnight")]
    [InlineData("HLS5205", "--max-latency", "20")]
    [InlineData("HLS5205", "--max-lut", "many")]
    [InlineData("HLS5205", "--max-lut", "-3")]
    [InlineData("HLS5205", "--max-ff", "1.5")]
    [InlineData("HLS5302", "--max-lut", "20%")]
    [InlineData("HLS5302", "--max-lut", "20%", "--part", "xc7vh580t")]
    [InlineData("HLS5303", "--max-lut", "20", "--emit", "hls")]
    [InlineData("HLS3201", "--max-lut", "20%", "--part", "xcvu31")]
    public async Task What_is_no_budget_is_refused(string id, params string[] options)
    {
        var refused = await Compile(options);
        Assert.True(refused.ExitCode == ExitCode.UserError && refused.Errors.Contains($"error {id}", StringComparison.Ordinal), refused.Errors);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void JUnit_is_written_whatever_a_layer_is_called()
    {
        var text = JUnitFile.Text("suite", [new("a\u0001<&\"", null, 0.5), new("b", "wrong\n]]>", 0)]);
        var cases = XDocument.Parse(text).Descendants("testcase").ToList();
        Assert.Equal((2, 1), (cases.Count, cases.Count(c => c.Element("failure") is not null)));
        Assert.DoesNotContain('\r', text);
    }

    private Task<CommandResult> Compile(params string[] options) =>
        CommandLine.RunAsync(CompileCommand.Create(), [_folder.Write("model.onnx", Model), "-o", Output, .. options]);
}
