using System.Text.Json;
using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Reporting;
using Hls4Net.Cli.Reports;
using Hls4Net.Cli.Tuning;
using Hls4Net.Core.Data;
using Hls4Net.Tests.Cli;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Reports;

/// <summary>Labels and searches in the report, with figures that can be worked out by hand.</summary>
[Collection(nameof(Console))]
public sealed class LabelledReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_classifier_is_judged_by_its_largest_element_and_each_class_against_the_others()
    {
        // The element of the class is the input itself; fixed<4,3> has steps of a half, so that 1.1 and 1.2 become the same 1.
        await Compile(classes: 2, "fixed<4,3>");
        Npy.Write(_folder["x.npy"], NpyArray.Of([4, 2], new[] { 1.1, 1.2, 2, 0, 0, 2, 3, 1 }));
        Npy.Write(_folder["y.npy"], NpyArray.Of([4], new long[] { 1, 0, 1, 1 }));
        var report = await Report("--input", _folder["x.npy"], "--labels", _folder["y.npy"], "--html");
        var classes = report.Evaluation!.Classes!;
        // In real numbers the first three are right; in fixed point the first is a tie, which goes to class 0.
        Assert.Equal((2, 0.5, 0.75, 0.75), (classes.Classes, classes.Fixed, classes.Float, classes.Agreement));
        var real = report.Evaluation.Scores.Single(s => s.Name == "float").Signals;
        Assert.Equal(["label 0", "label 1"], real.Select(s => s.Signal));
        // Class 0's element is 2 for its event; the others have 1.1, 0 and 3: two of three pairs are in order.
        Assert.Equal(2.0 / 3, real[0].Auc, 12);
        Assert.Equal(2, report.Evaluation.Histograms.Length);
        Assert.Equal([4, 4], report.Evaluation.Histograms[0].Samples.Select(s => s.Counts.Sum()));
        Assert.Contains("Accuracy −25.00 points: 50.0 %", report.Answers.Accuracy.Headline, StringComparison.Ordinal);
        Assert.Contains("Accuracy 50.00 % in fixed point, 75.00 % in float", File.ReadAllText(_folder["out/report.html"]), StringComparison.Ordinal);
        Assert.DoesNotContain("rate against threshold", File.ReadAllText(_folder["out/report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_score_is_judged_by_its_area_for_each_kind_of_signal()
    {
        await Compile(classes: 1, "fixed<8,4>");
        Npy.Write(_folder["x.npy"], NpyArray.Of([6, 1], new[] { 0, 0.5, 1, 1, 3, 2 }));
        Npy.Write(_folder["y.npy"], NpyArray.Of([6], new long[] { 0, 0, 0, 1, 1, 2 }));
        var report = await Report("--input", _folder["x.npy"], "--labels", _folder["y.npy"]);
        var signals = report.Evaluation!.Scores.Single(s => s.Name == "fixed").Signals;
        // Of six pairs with label 1 five are in order and one is a tie, which counts half.
        Assert.Equal([("label 1", 5.5 / 6), ("label 2", 1.0)], signals.Select(s => (s.Signal, s.Auc)));
        Assert.Equal("AUC ±0.00 points at worst", report.Answers.Accuracy.Headline);
    }

    [Fact]
    public async Task Labels_that_do_not_fit_are_refused()
    {
        await Compile(classes: 2, "fixed<8,4>");
        Npy.Write(_folder["x.npy"], NpyArray.Of([2, 2], new double[] { 1, 2, 3, 4 }));
        Npy.Write(_folder["short.npy"], NpyArray.Of([1], new long[] { 1 }));
        Npy.Write(_folder["high.npy"], NpyArray.Of([2], new long[] { 0, 2 }));
        Npy.Write(_folder["half.npy"], NpyArray.Of([2], new[] { 0, 0.5 }));
        foreach (var labels in new[] { "short", "high", "half" })
            await Refuses("HLS5401", "--input", _folder["x.npy"], "--labels", _folder[$"{labels}.npy"]);
        await Refuses("HLS5401", "--labels", _folder["high.npy"]);
        await Refuses("HLS5205", "--tuned", _folder["x.npy"]);
        Assert.Null(ReportFolder.Read(_folder["out"]).Evaluation);
    }

    [Fact]
    public async Task What_tune_found_is_shown_and_recommended_if_it_takes_less()
    {
        await Compile(classes: 2, "fixed<24,12>", multiplies: true);
        var before = ReportFolder.Read(_folder["out"]).Design.Hardware!.Estimate!.Total.Luts;
        var (large, small) = (new TunePoint(before, 1, 0, 0, 2, 10, 1, 0, 0, 0, [0.9]), new TunePoint(1, 1, 0, 0, 2, 10, 1, 0.01, 0.02, 0.0123, [0.88]));
        var result = new TuneResult("model.onnx", "lut", "auc", 0.02, 10, 10, 50, 50, ["s"], [0.9], large, small, [new("make_y", "weight", "fixed<24,12>", "fixed<4,2>")], [small, large], [small, large], "tuned.yaml", "hls4net compile");
        File.WriteAllText(_folder["front.json"], JsonSerializer.Serialize(result, Reporter.JsonOptions));
        var report = await Report("--tuned", _folder["front.json"], "--html");
        Assert.Contains(report.Advice, a => a.Text == "Take the types that tune found: compile -c tuned.yaml." && a.Evidence.Contains("loses 1.23 points", StringComparison.Ordinal));
        Assert.Contains("id=\"tuning\"", File.ReadAllText(_folder["out/report.html"]), StringComparison.Ordinal);
    }

    private async Task<Report> Report(params string[] arguments)
    {
        var result = await CommandLine.RunAsync(ReportCommand.Create(), [_folder["out"], .. arguments]);
        Assert.True(result.ExitCode == 0, result.Errors);
        return ReportFolder.Read(_folder["out"]);
    }

    private async Task Refuses(string id, params string[] arguments)
    {
        var result = await CommandLine.RunAsync(ReportCommand.Create(), [_folder["out"], .. arguments]);
        Assert.True(result.ExitCode == 1 && result.Errors.Contains($"error {id}", StringComparison.Ordinal), result.Errors);
    }

    /// <summary>A network that gives its inputs, or three times their sum.</summary>
    private async Task Compile(int classes, string precision, bool multiplies = false)
    {
        var node = multiplies ? OnnxBytes.Node("MatMul", ["x", "w"], ["y"]) : OnnxBytes.Node("Relu", ["x"], ["y"]);
        var weights = multiplies ? new[] { OnnxBytes.Tensor("w", [classes, classes], [.. Enumerable.Repeat(0.37f, classes * classes)]) } : [];
        _folder.Write("model.onnx", OnnxBytes.Model([node], [OnnxBytes.Value("x", 1, "n", classes)], [OnnxBytes.Value("y", 1, "n", classes)], weights));
        var result = await CommandLine.RunAsync(CompileCommand.Create(), _folder["model.onnx"], "-o", _folder["out"], "--precision", precision);
        Assert.True(result.ExitCode == 0, result.Errors);
    }
}
