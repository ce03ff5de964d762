using System.Text.Json;
using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;
using Hls4Net.Cli.Tuning;
using Hls4Net.Core.Data;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Cli;

/// <summary>The search for cheaper types as a user sees it.</summary>
[Collection(nameof(Console))]
public sealed class TuneTests : IDisposable
{
    private const int Events = 600;
    private static readonly byte[] Model = OnnxBytes.Model(
        [
            OnnxBytes.Node("MatMul", ["x", "w"], ["product"]), OnnxBytes.Node("Relu", ["product"], ["r"]),
            OnnxBytes.Node("MatMul", ["r", "v"], ["y"]),
        ],
        [OnnxBytes.Value("x", 1, "batch", 4)], [OnnxBytes.Value("y", 1, "batch", 1)],
        [
            OnnxBytes.Tensor("w", [4, 3], 0.513f, -1.07f, 0.251f, 2.02f, 1.11f, -0.753f, -0.257f, 1.531f, 0.127f, 0.751f, 0.507f, 1.003f),
            OnnxBytes.Tensor("v", [3, 1], 1.013f, 0.77f, 0.531f),
        ]);

    private readonly TemporaryFolder _folder = new();

    private string Output => _folder["tuned.yaml"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_configuration_that_takes_less_compiles_to_what_was_judged()
    {
        var result = Result(await Tune("--labels", Labels(), "--metric", "auc", "--budget", "2%", "--candidates", "300", "--plot", _folder["plot.html"], "--pareto", _folder["pareto.json"]));
        var (chosen, first) = (result.GetProperty("chosen"), result.GetProperty("default"));
        Assert.True(chosen.GetProperty("luts").GetInt64() < first.GetProperty("luts").GetInt64() / 2);
        Assert.InRange(chosen.GetProperty("sureLoss").GetDouble(), -1, 0.02);
        Assert.Equal((360, 240), (result.GetProperty("searchEvents").GetInt32(), result.GetProperty("heldOutEvents").GetInt32()));
        Assert.Contains("<polyline class=\"path\"", await Read(_folder["plot.html"]), StringComparison.Ordinal);
        Assert.Equal(result.ToString(), JsonDocument.Parse(await Read(_folder["pareto.json"])).RootElement.ToString());
        var compiled = await CommandLine.RunAsync(CompileCommand.Create(), [_folder["model.onnx"], "-c", Output, "-o", _folder["out"]]);
        Assert.True(compiled.ExitCode == 0, compiled.Errors);
        var hardware = Manifest.Read(_folder["out"]).Hardware!;
        Assert.Equal((chosen.GetProperty("luts").GetInt64(), chosen.GetProperty("latencyCycles").GetInt32()), (hardware.Estimate!.Total.Luts + hardware.Estimate.Total.MemoryLuts, hardware.LatencyCycles));
        var front = result.GetProperty("front").EnumerateArray().Select(p => (p.GetProperty("luts").GetInt64(), p.GetProperty("sureLoss").GetDouble())).ToList();
        Assert.Equal(front.OrderBy(p => p.Item1).ThenByDescending(p => p.Item2), front);
    }

    [Fact]
    public async Task Convolutions_without_a_bias_keep_their_pruned_weights_in_the_file()
    {
        var model = OnnxBytes.Model(
            [OnnxBytes.Node("Conv", ["x", "w"], ["c"]), OnnxBytes.Node("Relu", ["c"], ["r"]), OnnxBytes.Node("Conv", ["r", "v"], ["y"])],
            [OnnxBytes.Value("x", 1, "batch", 1, 4)], [OnnxBytes.Value("y", 1, "batch", 1, 2)],
            [OnnxBytes.Tensor("w", [2, 1, 2], 0.513f, -1.07f, 0.251f, 2.02f), OnnxBytes.Tensor("v", [1, 2, 2], 1.013f, 0.77f, 0.531f, 0.013f)]);
        var result = await CommandLine.RunAsync(TuneCommand.Create(), [_folder.Write("conv.onnx", model), "--calibrate", EventsFile(1, 4), "-o", Output, "--metric", "mse", "--budget", "20%", "--candidates", "300", "--json"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("weight_integers", await Read(Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Factors_are_narrowed_until_they_need_fewer_multiplier_blocks()
    {
        var result = Result(await Tune("--objective", "dsp", "--score", "mu2", "--metric", "mse", "--budget", "20%", "--candidates", "200"));
        Assert.InRange(result.GetProperty("chosen").GetProperty("dsps").GetInt32(), 0, result.GetProperty("default").GetProperty("dsps").GetInt32() - 1);
    }

    [Fact]
    public async Task A_search_that_is_resumed_ends_where_one_without_a_stop_does()
    {
        string[] options = ["--budget", "1%", "--seed", "7"];
        var whole = await Tune([.. options, "--candidates", "400"]);
        var (text, table) = (await Read(Output), whole.Output);
        Assert.Equal(0, (await Tune([.. options, "--candidates", "200"])).ExitCode);
        Assert.Equal(table, (await Tune([.. options, "--candidates", "400", "--resume"])).Output);
        Assert.Equal(text, await Read(Output));
        var other = await Tune(["--budget", "2%", "--seed", "7", "--candidates", "400", "--resume"]);
        Assert.Contains("error HLS5402", other.Errors, StringComparison.Ordinal);
        var moved = await Tune([.. options, "--resume", "-o", _folder["nothing.yaml"]]);
        Assert.Contains("error HLS5402", moved.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_labels_it_is_the_error_against_real_numbers_and_the_own_configuration_stays()
    {
        var own = _folder.Write("own.yaml", "inputs: { x: 'fixed<12,4>' }\nbudgets: { lut: 5000 }\nlayers: { r: { result: 'ufixed<11,5>' } }"u8.ToArray());
        var result = Result(await Tune("-c", own, "--budget", "0.5%", "--candidates", "150"));
        Assert.Equal("mse", result.GetProperty("metric").GetString());
        Assert.InRange(result.GetProperty("chosen").GetProperty("heldOutLoss").GetDouble(), 0, 0.01);
        Assert.Contains("lut: 5000", await Read(Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reuse_factors_are_chosen_within_the_interval()
    {
        var result = Result(await Tune("--objective", "dsp", "--max-ii", "20ns", "--budget", "5%", "--candidates", "150"));
        Assert.InRange(result.GetProperty("chosen").GetProperty("interval").GetInt32(), 1, 4);
        Assert.Equal(0, result.GetProperty("chosen").GetProperty("dsps").GetInt32());
    }

    [Fact]
    public async Task Where_nothing_keeps_to_the_budget_it_is_said()
    {
        var result = await Tune("--budget", "0.0000001%", "--candidates", "40");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("warning HLS5404", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HLS5205", "--metric", "auc")]
    [InlineData("HLS5205", "--metric", "tpr@1e-5")]
    [InlineData("HLS5205", "--metric", "accuracy")]
    [InlineData("HLS5205", "--metric", "tpr@2")]
    [InlineData("HLS5205", "--metric", "aucc")]
    [InlineData("HLS5205", "--objective", "area")]
    [InlineData("HLS5205", "--budget", "0.5dB")]
    [InlineData("HLS5205", "--budget", "-1%")]
    [InlineData("HLS5205", "--time", "5 minutes")]
    [InlineData("HLS5205", "--max-ii", "8 apples")]
    [InlineData("HLS5205", "--held-out", "0%")]
    [InlineData("HLS5205", "--candidates", "0")]
    [InlineData("HLS5205", "--score-output", "yy", "--metric", "mse")]
    [InlineData("HLS5401", "--labels", "short")]
    [InlineData("HLS5401", "--labels", "fractions")]
    [InlineData("HLS5401", "--labels", "background")]
    [InlineData("HLS5401", "--labels", "good", "--metric", "tpr@1e-5")]
    [InlineData("HLS4107", "--labels", "good", "--metric", "accuracy")]
    public async Task What_makes_no_sense_is_refused(string id, params string[] options)
    {
        var files = new Dictionary<string, Func<int, double>> { ["good"] = e => e % 2, ["short"] = e => e % 2, ["fractions"] = e => e / 2.0, ["background"] = _ => 0 };
        var refused = await Tune([.. options.Select(o => files.TryGetValue(o, out var label) ? File(o, o == "short" ? Events - 1 : Events, label) : o)]);
        Assert.True(refused.ExitCode == ExitCode.UserError && refused.Errors.Contains($"error {id}", StringComparison.Ordinal), refused.Errors);
        Assert.False(System.IO.File.Exists(Output));
    }

    [Fact]
    public async Task What_is_chosen_already_is_not_tuned()
    {
        var refused = await Tune("-c", _folder.Write("hls.yaml", "model: { dialect: hls }"u8.ToArray()));
        Assert.Contains("error HLS5403", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_are_those_of_their_definitions()
    {
        var sample = new TuneSample(6, new Dictionary<string, double[]>(), [0, 0, 0, 0, 1, 2], [1, 2]);
        Assert.Equal([0.75, 1], TuneMetric.Parse("auc").Of([1, 2, 3, 5, 4, 6], sample).Values);
        Assert.Equal([0, 1], TuneMetric.Parse("tpr@0.25").Of([1, 2, 3, 5, 3, 6], sample).Values);
        var (all, none) = (TuneMetric.Parse("auc").Of([1, 2, 3, 5, 6, 6], sample), TuneMetric.Parse("auc").Of([1, 2, 3, 5, 6, 0], sample));
        Assert.Equal((1, 0), (none.LossAgainst(all).Loss, all.SureLossAgainst(all)));
        Assert.Equal([0.5], TuneMetric.Parse("accuracy").Of([3, 1, 2, 5], sample with { Events = 2, Labels = [0, 0] }).Values);
        Assert.Equal([2], TuneMetric.Parse("mse").Of([1, 5], (sample with { Events = 2 }).With([1, 3])).Values);
    }

    [Fact]
    public async Task Pruning_by_the_command_is_in_manifest_and_report_and_names_inputs_that_nothing_reads()
    {
        var compiled = await CommandLine.RunAsync(CompileCommand.Create(), [_folder.Write("model.onnx", Model), "-o", _folder["out"], "--prune", "25%,inputs", "--round-weights", "1%"]);
        Assert.True(compiled.ExitCode == 0, compiled.Errors);
        Assert.Contains("note HLS3074: input 'x': 1 of 4 elements are read by nothing, 16 bits of an event: ", compiled.Errors, StringComparison.Ordinal);
        var weights = Manifest.Read(_folder["out"]).Weights!;
        Assert.Equal([(12, 1), (3, 1)], weights.Select(w => (w.Weights, w.UnusedInputs)));
        var report = await Read(Path.Combine(_folder["out"], "report.txt"));
        Assert.Contains("The firmware computes something else than the model here", report, StringComparison.Ordinal);
        Assert.All(report.Split('\n'), l => Assert.True(l.Length <= ReportText.Width, l));
        foreach (var option in (string[][])[["--prune", "half"], ["--prune", "50%,columns"], ["--round-weights", "1"]])
            Assert.Contains("error HLS5205", (await CommandLine.RunAsync(CompileCommand.Create(), [_folder["model.onnx"], "-o", _folder["out"], .. option])).Errors, StringComparison.Ordinal);
    }

    private static JsonElement Result(CommandResult result)
    {
        Assert.True(result.ExitCode == 0, result.Errors);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private static Task<string> Read(string path) => System.IO.File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);

    private string Labels() => File("labels", Events, e => e % 2);

    private string File(string name, int events, Func<int, double> label)
    {
        var path = _folder[$"{name}.npy"];
        Npy.Write(path, NpyArray.Of([events], Enumerable.Range(0, events).Select(label).ToArray()));
        return path;
    }

    /// <summary>Odd events are larger, so that the network's output tells them apart.</summary>
    /// <summary>Events of four numbers, in the shape of the model's input.</summary>
    private string EventsFile(params int[] shape)
    {
        var random = new Random(5);
        var events = Enumerable.Range(0, Events * 4).Select(i => (random.NextDouble() * 4) + (i / 4 % 2)).ToArray();
        Npy.Write(_folder["events.npy"], NpyArray.Of([Events, .. shape], events));
        return _folder["events.npy"];
    }

    private Task<CommandResult> Tune(params string[] options) =>
        CommandLine.RunAsync(TuneCommand.Create(), [_folder.Write("model.onnx", Model), "--calibrate", EventsFile(4), .. options.Contains("-o") ? [] : (string[])["-o", Output], "--json", .. options]);
}
