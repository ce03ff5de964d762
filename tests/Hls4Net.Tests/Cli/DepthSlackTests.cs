using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Compilation;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Cli;

/// <summary>More adder levels for fewer adders: <c>hls4net compile --depth-slack</c>.</summary>
[Collection(nameof(Console))]
public sealed class DepthSlackTests : IDisposable
{
    private const int Inputs = 16;
    private const int Outputs = 10;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_further_level_saves_adders_and_the_folder_says_that_it_was_allowed()
    {
        var (tight, errors) = await Compile();
        Assert.True(tight == 0, errors);
        var without = Manifest.Read(_folder["out"]);
        Assert.Null(without.Target.DepthSlack);
        var (deeper, more) = await Compile("--depth-slack", "1");
        Assert.True(deeper == 0, more);
        var with = Manifest.Read(_folder["out"]);
        Assert.Equal(1, with.Target.DepthSlack);
        Assert.True(with.Hardware!.Adders < without.Hardware!.Adders, $"{with.Hardware.Adders} and {without.Hardware.Adders} adders");
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("13")]
    [InlineData("one")]
    public async Task Anything_but_a_few_levels_is_refused(string levels)
    {
        var (code, errors) = await Compile($"--depth-slack={levels}");
        Assert.True(code == 1 && errors.Contains("error HLS5205", StringComparison.Ordinal) && errors.Contains("--depth-slack", StringComparison.Ordinal), errors);
    }

    /// <summary>A matrix of powers of two: rows of 15 terms fill the four levels that they need.</summary>
    private async Task<(int Code, string Errors)> Compile(params string[] options)
    {
        var random = new Random(2);
        var weights = Enumerable.Range(0, Inputs * Outputs).Select(k => k / Outputs == k % Outputs ? 0 : MathF.ScaleB(random.Next(2) * 2 - 1, random.Next(3))).ToArray();
        var model = OnnxBytes.Model([OnnxBytes.Node("MatMul", ["x", "w"], ["y"])], [OnnxBytes.Value("x", 1, "batch", Inputs)], [OnnxBytes.Value("y", 1, "batch", Outputs)],
            [OnnxBytes.Tensor("w", [Inputs, Outputs], weights)]);
        var configuration = _folder.Write("types.yaml", "inputs: { x: 'fixed<8,8>' }"u8.ToArray());
        var result = await CommandLine.RunAsync(CompileCommand.Create(),
            [_folder.Write("model.onnx", model), "-o", _folder["out"], "-c", configuration, "--emit", "verilog", "--adders", "two", .. options]);
        return (result.ExitCode, result.Errors);
    }
}
