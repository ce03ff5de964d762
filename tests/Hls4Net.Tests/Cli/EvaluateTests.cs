using System.Text.Json.Nodes;
using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Data;
using Hls4Net.Tests.Support;
using Hls4Net.Trigger.Results;
using Hls4Net.Trigger.Vectors;

namespace Hls4Net.Tests.Cli;

/// <summary>Evaluation of a network whose score is known: the MET above 10 GeV, or features that add up.</summary>
[Collection(nameof(Console))]
public sealed class EvaluateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_score_of_events_from_HDF5_gives_the_areas_and_rates_that_its_values_have()
    {
        await Compile(57, column: 0);
        await Draw("background", 4000, "b.h5");
        await Draw("a4l", 500, "s.h5");
        var result = await Run("--background", _folder["b.h5"], "--signal", $"a4l={_folder["s.h5"]}", "--csv", _folder["c.csv"], "--dark-machines", _folder["d.csv"], "--bunches", "100", "--orbit", "10kHz", "--json");
        Assert.True(result.ExitCode == ExitCode.Done, result.Errors);
        var document = JsonNode.Parse(result.Output)!;
        // Every event is in one bin of each histogram of its sample.
        Assert.All(document["histograms"]!.AsArray(), h => Assert.All(h!["samples"]!.AsArray(), s => Assert.Equal(Number(s!, "events"), s!["counts"]!.AsArray().Sum(c => c!.GetValue<int>()))));
        Assert.NotEmpty(document["histograms"]!.AsArray());
        var scores = document["scores"]!.AsArray();
        Assert.Equal(["fixed", "float", "HT + MET", "leptons"], scores.Select(s => s!["name"]!.GetValue<string>()));
        Assert.Equal(4000, document["background"]!.GetValue<int>());
        // The score is the square of the MET: it rises with it without exception.
        Assert.Equal(1, Number(scores[1]!["correlations"]![0]!, "ranks"), 4);
        Assert.Equal(1000, Number(document["bunches"]!, "collisionKHz"));
        Assert.All(scores[0]!["rates"]!.AsArray(), r => Assert.Equal(Number(r!, "accepted") / 4, Number(r!, "rateKHz"), 6));
        var results = DarkMachinesResults.Read(_folder["d.csv"]);
        Assert.Equal(["net", "net float", "net HT + MET", "net leptons"], results.Select(r => r.Model));
        Assert.Equal(Number(scores[0]!["signals"]![0]!, "auc"), results[0].Auc);
        Assert.StartsWith("score,signal,threshold,", File.ReadAllText(_folder["c.csv"]), StringComparison.Ordinal);
        var table = await Run("--background", _folder["b.h5"], "--signal", $"a4l={_folder["s.h5"]}", "--no-float", "--threshold", "2500");
        Assert.Contains("TPR % at 1e-5", table.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("float", table.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_submission_has_the_numbers_of_the_most_anomalous_events()
    {
        await Compile(3, column: 1);
        var values = Enumerable.Range(0, 1500).Select(i => new[] { 0.0, i * 7 % 1500 / 8.0, 0 }).SelectMany(v => v).ToArray();
        Npy.Write(_folder["x.npy"], NpyArray.Of([1500, 3], values));
        Assert.Equal(ExitCode.Done, (await Run("--black-box", _folder["x.npy"], "--submission", _folder["s.h5"])).ExitCode);
        var submission = Adc2021Submission.Read(_folder["s.h5"]);
        Assert.Equal(Enumerable.Range(0, 1500).OrderByDescending(i => i * 7 % 1500).Take(1000).Select(i => (long)i), submission.Result);
        Assert.Equal("xcvu13p", submission.Device);
        Assert.Null(submission.Lut);
    }

    [Fact]
    public async Task Features_of_a_table_are_chosen_by_name()
    {
        await Compile(2, column: 1);
        File.WriteAllText(_folder["b.csv"], "label,q,p\n" + string.Concat(Enumerable.Range(0, 100).Select(i => FormattableString.Invariant($"0,{i % 10},1\n"))));
        File.WriteAllText(_folder["s.csv"], "label,q,p\n1,9,1\n1,0,1\n");
        var result = await Run("--background", _folder["b.csv"], "--signal", $"x={_folder["s.csv"]}", "--features", "p,q", "--json");
        Assert.True(result.ExitCode == ExitCode.Done, result.Errors);
        Assert.Equal((0.95 + 0.05) / 2, Number(JsonNode.Parse(result.Output)!["scores"]![0]!["signals"]![0]!, "auc"), 9);
        Assert.Contains("'r' is not one of label, q, p", (await Run("--background", _folder["b.csv"], "--features", "p,r")).Errors, StringComparison.Ordinal);
        Assert.Contains("the network takes 2 features, and the file has 3", (await Run("--background", _folder["b.csv"])).Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing to evaluate", "--no-float")]
    [InlineData("NAME=FILE", "--background", "b.npy", "--signal", "x")]
    [InlineData("such as 11.245kHz", "--background", "b.npy", "--orbit", "11")]
    [InlineData("from 1 to 3564", "--background", "b.npy", "--bunches", "0")]
    [InlineData("together with --black-box", "--background", "b.npy", "--submission", "x.h5")]
    [InlineData("Did you mean 'score'?", "--background", "b.npy", "--score-output", "scare")]
    public async Task What_cannot_be_evaluated_is_said(string says, params string[] arguments)
    {
        await Compile(3, column: 1);
        var result = await Run(arguments);
        Assert.Equal(ExitCode.UserError, result.ExitCode);
        Assert.Contains(says, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_design_without_a_single_number_cannot_be_evaluated()
    {
        await Compile(3, column: 1, score: false);
        Assert.Contains("HLS4107", (await Run("--background", "b.npy")).Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("emp1")]
    [InlineData("emp2")]
    [InlineData("apx")]
    [InlineData("ctp7")]
    public async Task Vectors_of_a_design_are_the_events_that_they_were_made_of(string format)
    {
        await Compile(3, column: 1);
        Npy.Write(_folder["x.npy"], NpyArray.Of([20, 3], Enumerable.Range(0, 60).Select(i => (i * 37 % 100 - 50) / 4.0).ToArray()));
        var result = await CommandLine.RunAsync(VectorsCommand.Create(), _folder["net"], "-i", _folder["x.npy"], "-o", _folder["in.txt"], "--results", _folder["out.txt"], "--format", format, "--links", "2");
        Assert.True(result.ExitCode == ExitCode.Done, result.Errors);
        // The same events again from their vectors give the same file, and the same results as numbers.
        await CommandLine.RunAsync(VectorsCommand.Create(), _folder["net"], "-i", _folder["in.txt"], "-o", _folder["in.dat"], "--results", _folder["out2.txt"], "--format", format, "--links", "2");
        Assert.Equal(File.ReadAllText(_folder["out.txt"]), File.ReadAllText(_folder["out2.txt"]));
        Assert.Equal(Npy.Read(_folder["x.npy"]).ToDoubles(), DatVectors.Read(_folder["in.dat"]).SelectMany(r => r));
        result = await CommandLine.RunAsync(VectorsCommand.Create(), _folder["in.txt"], "-o", _folder["other.txt"], "--format", "apx");
        Assert.Contains($"{format}, 2 links, 20 frames", result.Output, StringComparison.Ordinal);
        var refused = await CommandLine.RunAsync(VerifyCommand.Create(), _folder["net"], "--vectors", "many");
        Assert.Contains("or a file X.txt", refused.Errors, StringComparison.Ordinal);
    }

    private static double Number(JsonNode node, string name) => node[name]!.GetValue<double>();

    private async Task Draw(string process, int events, string file) =>
        Assert.Equal(ExitCode.Done, (await CommandLine.RunAsync(EventsCommand.Create(), "--generate", process, "--events", $"{events}", "-o", _folder[file])).ExitCode);

    /// <summary>A network that picks one of its features, and the square of it as the score.</summary>
    private async Task Compile(int width, int column, bool score = true)
    {
        var weights = new float[width * 2];
        weights[2 * column] = 1;
        var model = OnnxBytes.Model([OnnxBytes.Node("MatMul", ["x", "w"], ["y"])], [OnnxBytes.Value("x", 1, "batch", width)], [OnnxBytes.Value("y", 1, "batch", 2)],
            [OnnxBytes.Tensor("w", [width, 2], weights)]);
        File.WriteAllText(_folder["c.yaml"], "inputs: { x: 'fixed<16,12,RND,SAT>' }");
        string[] arguments = [_folder.Write("net.onnx", model), "-o", _folder["net"], "-c", _folder["c.yaml"], "--emit", "hls", .. score ? (string[])["--score", "mu2"] : []];
        var result = await CommandLine.RunAsync(CompileCommand.Create(), arguments);
        Assert.True(result.ExitCode == ExitCode.Done, result.Errors);
    }

    private Task<CommandResult> Run(params string[] arguments) => CommandLine.RunAsync(EvaluateCommand.Create(), [_folder["net"], .. arguments]);
}
