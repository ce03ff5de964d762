using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Compilation;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Cli;

/// <summary>Reuse factors as a user chooses them: for all layers, for one, or as an hls4ml configuration does.</summary>
[Collection(nameof(Console))]
public sealed class ReuseTests : IDisposable
{
    private static readonly byte[] Model = OnnxBytes.Model(
        [
            OnnxBytes.Node("MatMul", ["x", "w"], ["product"]), OnnxBytes.Node("Relu", ["product"], ["r"]),
            OnnxBytes.Node("MatMul", ["r", "v"], ["y"]),
        ],
        [OnnxBytes.Value("x", 1, "batch", 4)], [OnnxBytes.Value("y", 1, "batch", 2)],
        [
            OnnxBytes.Tensor("w", [4, 3], 0.5f, -1, 0.25f, 2, 1, -0.75f, -0.25f, 1.5f, 0.125f, 0.75f, 0.5f, 1),
            OnnxBytes.Tensor("v", [3, 2], 1, 2, -1.5f, 0.75f, 0.5f, -3),
        ]);

    private readonly TemporaryFolder _folder = new();

    private string Output => _folder["out"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_factor_folds_every_layer_that_multiplies_by_a_matrix()
    {
        var (code, errors) = await Compile("--reuse", "2");
        Assert.True(code == 0, errors);
        var hardware = Manifest.Read(Output).Hardware!;
        Assert.Equal((2, 9), (hardware.InitiationInterval, hardware.Multipliers));
        Assert.Equal([(2, 6), (2, 3)], hardware.Layers.Select(l => (l.Reuse, l.Multipliers)));
        Assert.All(hardware.Layers, l => Assert.True(l.RomBits > 0));
        var report = await File.ReadAllTextAsync(Path.Combine(Output, "report.txt"), TestContext.Current.CancellationToken);
        Assert.Contains("a new event every 2 cycles (II = 2)", report, StringComparison.Ordinal);
        Assert.Contains("2 layers on 9 multipliers, ", report, StringComparison.Ordinal);
        Assert.Matches(" MatMul, Relu +[^ ]+ +2 +6 +[0-9,]+ ", report);
        Assert.All(report.Split('\n'), l => Assert.True(l.Length <= ReportText.Width, l));
        var top = await File.ReadAllTextAsync(Path.Combine(Output, "verilog", "model.v"), TestContext.Current.CancellationToken);
        Assert.Contains("input  wire in_valid,\n", top, StringComparison.Ordinal);
        Assert.Contains("output wire out_valid\n", top, StringComparison.Ordinal);
        Assert.Contains("// A new event every 2 cycles of clk, or rarer: in_valid is 1", top, StringComparison.Ordinal);
        var cpp = await File.ReadAllTextAsync(Path.Combine(Output, "hls", "firmware", "model.cpp"), TestContext.Current.CancellationToken);
        Assert.Contains("#pragma HLS ALLOCATION operation instances=mul limit=6\n", cpp, StringComparison.Ordinal);
        Assert.Matches("for \\(int step = 0; step < 2; step\\+\\+\\) \\{\n *#pragma HLS PIPELINE II=1 rewind", cpp);
    }

    /// <summary>Layers of 4 × 3 and 3 × 2 products: the largest divisors that the budget allows, or the smallest that are enough for it.</summary>
    [Theory]
    [InlineData(4, 4, 3, "--target-ii", "5")]
    [InlineData(12, 12, 6, "--target-ii", "12")]
    [InlineData(12, 12, 6, "--target-ii", "1000")]
    [InlineData(1, 1, 1, "--target-ii", "auto")]
    [InlineData(6, 6, 6, "--target-multipliers", "3")]
    [InlineData(2, 2, 2, "--target-multipliers", "9")]
    [InlineData(1, 1, 1, "--target-multipliers", "18")]
    public async Task A_budget_lets_the_compiler_choose(int interval, int first, int second, params string[] options)
    {
        var (code, errors) = await Compile(options);
        Assert.True(code == 0, errors);
        var hardware = Manifest.Read(Output).Hardware!;
        Assert.Equal(interval, hardware.InitiationInterval);
        Assert.Equal([first, second], hardware.Layers.Select(l => l.Reuse));
    }

    [Fact]
    public async Task A_factor_of_the_configuration_stays_beside_a_budget()
    {
        var (code, errors) = await Compile("--target-ii", "4", "-c", Text("c.yaml", "layers: { y: { reuse_factor: 2 } }"));
        Assert.True(code == 0, errors);
        Assert.Equal([4, 2], Manifest.Read(Output).Hardware!.Layers.Select(l => l.Reuse));
        (code, errors) = await Compile("--target-ii", "4", "-c", Text("c.yaml", "layers: { y: { reuse_factor: 6 } }"));
        Assert.True(code == 1 && errors.Contains("at least 6", StringComparison.Ordinal), errors);
    }

    [Theory]
    [InlineData("--target-ii", "0")]
    [InlineData("--target-ii", "few")]
    [InlineData("--target-multipliers", "1")]
    [InlineData("--target-ii", "4", "--reuse", "2")]
    [InlineData("--target-ii", "4", "--target-multipliers", "3")]
    public async Task A_budget_that_makes_no_sense_is_refused(params string[] options)
    {
        var (code, errors) = await Compile(options);
        Assert.True(code == 1 && errors.Contains("error HLS5205", StringComparison.Ordinal), errors);
    }

    [Theory]
    [InlineData("layers: { product: { reuse_factor: 4 } }", 4, 4, 1)]
    [InlineData("{ model: { reuse_factor: 2 }, layers: { y: { reuse_factor: 6 } } }", 6, 2, 6)]
    [InlineData("{ model: { reuse_factor: 3 }, layers: { product: { reuse_factor: 1 } } }", 3, 1, 3)]
    public async Task Each_layer_can_have_a_factor_of_its_own(string configuration, int interval, int first, int second)
    {
        var (code, errors) = await Compile("-c", Text("c.yaml", configuration));
        Assert.True(code == 0, errors);
        var hardware = Manifest.Read(Output).Hardware!;
        Assert.Equal(interval, hardware.InitiationInterval);
        Assert.Equal([first, second], hardware.Layers.Select(l => l.Reuse));
    }

    [Fact]
    public async Task An_hls4ml_configuration_folds_by_its_reuse_factors_and_says_where_hls4ml_takes_another()
    {
        var configuration = Text("hls.yaml",
            "{ Model: { Precision: 'fixed<16,6>', ReuseFactor: 2, Strategy: Resource }, LayerName: { MatMul_1: { ReuseFactor: 4 } } }");
        var (code, errors) = await Compile("-c", configuration);
        Assert.True(code == 0, errors);
        Assert.Equal((3, 6), (Manifest.Read(Output).Hardware!.InitiationInterval, Manifest.Read(Output).Hardware!.Layers[0].Multipliers));
        Assert.Contains("HLS3044", errors, StringComparison.Ordinal);
        Assert.Contains("3 for 4", errors, StringComparison.Ordinal);
        var (refused, reason) = await Compile("-c", configuration, "--reuse", "2");
        Assert.True(refused == 1 && reason.Contains("error HLS3047: --reuse", StringComparison.Ordinal), reason);
    }

    [Theory]
    [InlineData("5", null, "HLS3210", "the reuse factor 5 does not divide the 4 × 3 products of this layer. The next valid ones are 4 and 6.")]
    [InlineData("24", null, "HLS3210", "The largest valid one is 12.")]
    [InlineData("2", "layers: { r: { reuse_factor: 2 } }", "HLS3211", "c.yaml:1: ")]
    [InlineData("0", null, "HLS5205", "--reuse")]
    [InlineData(null, "layers: { y: { reuse_factor: none } }", "HLS3001", "'none' is not a reuse factor")]
    [InlineData("2", null, "HLS3212", "without a clock", "--clock", "none")]
    public async Task What_cannot_be_folded_is_refused_by_name(string? factor, string? configuration, string id, string message, params string[] more)
    {
        string[] options = [.. factor is null ? [] : (string[])["--reuse", factor], .. configuration is null ? [] : (string[])["-c", Text("c.yaml", configuration)], .. more];
        var (code, errors) = await Compile(options);
        Assert.True(code == 1 && errors.Contains($"error {id}", StringComparison.Ordinal) && errors.Contains(message, StringComparison.Ordinal), errors);
        Assert.False(Directory.Exists(Output));
    }

    private string Text(string name, string text) => _folder.Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    private async Task<(int Code, string Errors)> Compile(params string[] options)
    {
        var result = await CommandLine.RunAsync(CompileCommand.Create(), [_folder.Write("model.onnx", Model), "-o", Output, .. options]);
        return (result.ExitCode, result.Errors);
    }
}
