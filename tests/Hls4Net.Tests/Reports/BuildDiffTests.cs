using System.Text.Json.Nodes;
using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Reporting;
using Hls4Net.Cli.Reports;
using Hls4Net.Core.Data;
using Hls4Net.Tests.Cli;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Reports;

/// <summary>What <c>diff</c> says of two builds.</summary>
[Collection(nameof(Console))]
public sealed class BuildDiffTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BuildDiffTests()
    {
        _folder.Write("model.onnx", OnnxBytes.Model([OnnxBytes.Node("MatMul", ["x", "w"], ["h"]), OnnxBytes.Node("Relu", ["h"], ["y"])],
            [OnnxBytes.Value("x", 1, "n", 2)], [OnnxBytes.Value("y", 1, "n", 2)], [OnnxBytes.Tensor("w", [2, 2], 0.3f, 2, -1, 0.4f)]));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_builds_of_the_same_do_not_differ()
    {
        await Compile("a");
        await Compile("b");
        var result = await CommandLine.RunAsync(DiffCommand.Create(), _folder["a"], _folder["b"]);
        Assert.Equal((ExitCode.Done, "nothing differs\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task Latency_resources_types_accuracy_warnings_and_files_that_differ_are_named_with_both_values()
    {
        await Compile("a", "--precision", "fixed<12,6>");
        await Compile("b", "--precision", "fixed<6,3>", "--clock", "500MHz");
        Npy.Write(_folder["x.npy"], NpyArray.Of([4, 2], new[] { 1, 0.5, -2, 0.25, 3, 0, 0.1, 0.7 }));
        foreach (var build in new[] { "a", "b" })
            Assert.Equal(0, (await CommandLine.RunAsync(ReportCommand.Create(), _folder[build], "--input", _folder["x.npy"])).ExitCode);
        var diff = BuildDiff.Of(_folder["a"], _folder["b"]);
        var (a, b) = (ReportFolder.Read(_folder["a"]), ReportFolder.Read(_folder["b"]));
        Assert.False(diff.AreEqual);
        Assert.Equal(("fixed<12,6> RND SAT", "fixed<6,3> RND SAT"), Both(diff, "types", "port x"));
        Assert.Equal(("200", "500"), Both(diff, "build", "clock (MHz)"));
        var luts = diff.Differences.Single(d => d is { About: "resources", Name: "LUT of all" });
        Assert.Equal((double)b.Design.Hardware!.Estimate!.Total.Luts / a.Design.Hardware!.Estimate!.Total.Luts - 1, luts.Change!.Value, 12);
        Assert.Contains(diff.Differences, d => d.About == "accuracy" && d.Name == "signal to noise of y (dB)");
        Assert.Contains(diff.Differences, d => d.About == "files" && d.Name.StartsWith("verilog/", StringComparison.Ordinal) && d.Before != d.After);
        Assert.DoesNotContain(diff.Differences, d => d.Name == "file model.onnx");
        Assert.Equal(a.Design.Warnings.Except(b.Design.Warnings).Count(), diff.Differences.Count(d => d is { About: "warnings", After: null }));
        var json = JsonNode.Parse((await CommandLine.RunAsync(DiffCommand.Create(), _folder["a"], _folder["b"], "--json")).Output)!;
        Assert.Equal(diff.Differences.Length, json["differences"]!.AsArray().Count);
        var table = await CommandLine.RunAsync(DiffCommand.Create(), _folder["a"], _folder["b"]);
        Assert.Contains("LUT of all", table.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_compile_did_not_make_is_refused()
    {
        await Compile("a");
        var result = await CommandLine.RunAsync(DiffCommand.Create(), _folder["a"], _folder["nowhere"]);
        Assert.Equal(ExitCode.UserError, result.ExitCode);
        Assert.Contains("HLS5203", result.Errors, StringComparison.Ordinal);
    }

    private static (string?, string?) Both(BuildDiff diff, string about, string name) =>
        diff.Differences.Where(d => d.About == about && d.Name == name).Select(d => (d.Before, d.After)).Single();

    private async Task Compile(string output, params string[] arguments)
    {
        var result = await CommandLine.RunAsync(CompileCommand.Create(), [_folder["model.onnx"], "-o", _folder[output], .. arguments]);
        Assert.True(result.ExitCode == 0, result.Errors);
    }
}
