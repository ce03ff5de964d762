using System.Text.Json.Nodes;
using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;
using Hls4Net.Cli.Reports;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Tests.Cli;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Reports;

/// <summary>What <c>compile</c> and <c>report</c> write beside the firmware.</summary>
[Collection(nameof(Console))]
public sealed class ReportFolderTests : IDisposable
{
    private const string Hostile = "</title><script>alert(1)</script>\"'&{{x}}";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Output => _folder["out"];

    [Fact]
    public async Task Compile_writes_a_report_whose_network_has_the_types_and_constants_of_the_model()
    {
        await Compile(Two("h"), "--precision", "fixed<8,4>", "--clock", "200MHz");
        var report = ReportFolder.Read(Output);
        Assert.Equal([("x", "input"), ("make_h", "node"), ("make_y", "node"), ("y", "output")], report.Network.Nodes.Select(n => (n.Name, n.Kind)));
        Assert.Equal([(0, 1, "x"), (1, 2, "h"), (2, 3, "y")], report.Network.Edges.Select(e => (e.From, e.To, e.Value)));
        var types = report.Design.Values.ToDictionary(v => v.Name, v => v.Type, StringComparer.Ordinal);
        Assert.Equal("fixed<8,4>", types["x"]);
        Assert.All(report.Network.Edges, e => Assert.Equal(types[e.Value], e.Type));
        var constant = Assert.Single(report.Constants);
        // 0.3 rounds to 0.3125 and 0.01 to 0 in steps of 1/16; 2 and -1 are exact.
        Assert.Equal(("w", "weight", 4L, 1L), (constant.Name, constant.Role, constant.Count, constant.Zeros));
        Assert.Equal(0.0125, constant.LargestError, 6);
        Assert.Equal((-7, 0L), (constant.Magnitudes.LowestPower, constant.Magnitudes.Zeros));
        Assert.Equal([1, 0, 0, 0, 0, 1, 0, 1, 1], constant.Magnitudes.Counts);
        Assert.Equal(["hls4net compile model.onnx -o DIR --clock 200MHz --precision 'fixed<8,4>'"], report.Reproduction.Commands);
        Assert.Equal(ModelCompiler.Hash(_folder["model.onnx"]), Assert.Single(report.Reproduction.Inputs).Sha256);
        Assert.Equal(["verilog", "hls", "testbench", "ir"], report.Reproduction.Outputs.Select(o => o.Name));
        Assert.False(File.Exists(Path.Combine(Output, ReportFolder.PageName)));
    }

    [Fact]
    public async Task The_same_input_and_command_give_the_same_bytes_wherever_they_lie()
    {
        await Compile(Two("h"), "--html");
        var first = Texts(Output);
        using var elsewhere = new TemporaryFolder();
        File.Copy(_folder["model.onnx"], elsewhere["model.onnx"]);
        Assert.Equal(0, (await CommandLine.RunAsync(CompileCommand.Create(), elsewhere["model.onnx"], "-o", elsewhere["b"], "--html")).ExitCode);
        Assert.Equal(first, Texts(elsewhere["b"]));

        static (string, string) Texts(string folder) => (File.ReadAllText(Path.Combine(folder, "report.json")), File.ReadAllText(Path.Combine(folder, "report.html")));
    }

    [Fact]
    public async Task Events_fill_the_report_and_stay_there()
    {
        await Compile(Two("h"), "--precision", "fixed<8,4>");
        Npy.Write(_folder["x.npy"], NpyArray.Of([3, 2], new[] { 1, 0.5, -2, 0.25, 9, 0 }));
        Assert.Equal(0, (await CommandLine.RunAsync(ReportCommand.Create(), Output, "--html", "--input", _folder["x.npy"])).ExitCode);
        var report = ReportFolder.Read(Output);
        Assert.Equal(3, report.Profile!.Events);
        Assert.Equal("hls4net report DIR --input x.npy", report.Reproduction.Commands[1]);
        // 9 does not fit fixed<8,4>, which ends below 8.
        Assert.Contains(report.Advice, a => a is { Where: "x", Urgency: Verdict.Warning, Text: "Widen the input x to fixed<9,5>, if what is cut off matters." });
        Assert.Equal(0, (await CommandLine.RunAsync(ReportCommand.Create(), Output, "--html")).ExitCode);
        Assert.Equal(ReportFolder.ToJson(report), File.ReadAllText(Path.Combine(Output, "report.json")));
    }

    [Fact]
    public async Task A_folder_without_a_report_gets_one_from_what_it_holds()
    {
        await Compile(Two("h"));
        var whole = ReportFolder.Read(Output);
        File.Delete(Path.Combine(Output, "report.json"));
        var made = ReportFolder.Read(Output);
        Assert.Equal(ReportFolder.ToJson(whole with { Reproduction = made.Reproduction }), ReportFolder.ToJson(made));
        Assert.Equal(whole.Reproduction.Outputs, made.Reproduction.Outputs);
        Assert.Empty(made.Reproduction.Commands);
    }

    [Fact]
    public async Task A_damaged_report_is_refused()
    {
        await Compile(Two("h"));
        var whole = JsonNode.Parse(File.ReadAllText(Path.Combine(Output, "report.json")))!.AsObject();
        foreach (var field in new[] { "format", "network", "constants", "reproduction", "answers" })
        {
            var damaged = whole.DeepClone().AsObject();
            damaged.Remove(field);
            File.WriteAllText(Path.Combine(Output, "report.json"), damaged.ToJsonString());
            var problem = Assert.Single(Assert.Throws<UserErrorException>(() => ReportFolder.Read(Output)).Diagnostics);
            Assert.Equal(Messages.NotCompiledRule, problem.Rule);
        }
        File.WriteAllText(Path.Combine(Output, "report.json"), "{");
        Assert.Throws<UserErrorException>(() => ReportFolder.Read(Output));
    }

    [Fact]
    public async Task A_missed_budget_is_in_the_report_with_its_advice()
    {
        _folder.Write("model.onnx", Two("h"));
        var result = await CommandLine.RunAsync(CompileCommand.Create(), _folder["model.onnx"], "-o", Output, "--max-lut", "1", "--html");
        Assert.Equal(ExitCode.OverBudget, result.ExitCode);
        var report = ReportFolder.Read(Output);
        Assert.Equal("lut", Assert.Single(report.Budgets!).Name);
        Assert.Equal(Verdict.Bad, report.Answers.Fits.Verdict);
        Assert.Equal((Verdict.Bad, "lut"), (report.Advice[0].Urgency, report.Advice[0].Where));
        Assert.Contains("lut budget 1: missed", File.ReadAllText(Path.Combine(Output, "report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hostile_name_stays_text_in_the_page()
    {
        await Compile(Two(Hostile), "--html", "--prefix", "net");
        Npy.Write(_folder["x.npy"], NpyArray.Of([1, 2], new[] { 1, 0.5 }));
        Assert.Equal(0, (await CommandLine.RunAsync(ReportCommand.Create(), Output, "--html", "--input", _folder["x.npy"])).ExitCode);
        var page = File.ReadAllText(Path.Combine(Output, "report.html"));
        Assert.Contains("&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;{{x}}", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http:", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
    }

    private async Task Compile(byte[] model, params string[] arguments)
    {
        _folder.Write("model.onnx", model);
        var result = await CommandLine.RunAsync(CompileCommand.Create(), [_folder["model.onnx"], "-o", Output, .. arguments]);
        Assert.True(result.ExitCode == 0, result.Errors);
    }

    /// <summary>A matrix and a rectifier, with a value of the given name between them.</summary>
    private static byte[] Two(string name) => OnnxBytes.Model([OnnxBytes.Node("MatMul", ["x", "w"], [name]), OnnxBytes.Node("Relu", [name], ["y"])],
        [OnnxBytes.Value("x", 1, "n", 2)], [OnnxBytes.Value("y", 1, "n", 2)], [OnnxBytes.Tensor("w", [2, 2], 0.3f, 2, -1, 0.01f)]);
}
