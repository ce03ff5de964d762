using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Compilation;
using Hls4Net.Core.Data;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Cli;

/// <summary>Streams as a user chooses them.</summary>
[Collection(nameof(Console))]
public sealed class StreamTests : IDisposable
{
    private static readonly byte[] Picture = OnnxBytes.Model(
        [OnnxBytes.Node("Conv", ["x", "w"], ["c"]), OnnxBytes.Node("Relu", ["c"], ["y"])],
        [OnnxBytes.Value("x", 1, "batch", 2, 4, 4)], [OnnxBytes.Value("y", 1, "batch", 3, 3, 3)],
        [OnnxBytes.Tensor("w", [3, 2, 2, 2], [.. Enumerable.Range(1, 24).Select(k => k % 7 / 4f)])]);

    private static readonly byte[] Pointwise = OnnxBytes.Model(
        [OnnxBytes.Node("Conv", ["x", "w"], ["y"])],
        [OnnxBytes.Value("x", 1, "batch", 2, 4, 4)], [OnnxBytes.Value("y", 1, "batch", 3, 4, 4)], [OnnxBytes.Tensor("w", [3, 2, 1, 1], 1, 2, 3, 4, 5, 6)]);

    private static readonly byte[] Vector = OnnxBytes.Model(
        [OnnxBytes.Node("MatMul", ["x", "w"], ["y"])],
        [OnnxBytes.Value("x", 1, "batch", 2)], [OnnxBytes.Value("y", 1, "batch", 1)], [OnnxBytes.Tensor("w", [2, 1], 1, 2)]);

    private readonly TemporaryFolder _folder = new();

    private string Output => _folder["out"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_stream_takes_a_pixel_in_a_beat_and_says_so()
    {
        var (code, errors) = await Compile(Picture, "--io", "stream");
        Assert.True(code == 0, errors);
        var manifest = Manifest.Read(Output);
        Assert.Equal((1, 16), (manifest.Target.Pixels, manifest.Hardware!.InitiationInterval));
        var top = await Read("verilog/model.v");
        Assert.Contains($"input  wire [{2 * manifest.Inputs[0].Quantizer.Type.Width - 1}:0] x,\n", top, StringComparison.Ordinal);
        Assert.Contains("//   16 beats of 2 elements, in the cycles 0 to 15 after the first, the second in cycle 1.\n", top, StringComparison.Ordinal);
        Assert.Contains("the first beat holds the elements 0, 16 in its lanes from 0 on.\n", top, StringComparison.Ordinal);
        Assert.Contains("stream    1 pixel a beat\n", await Read("report.txt"), StringComparison.Ordinal);
        var simulated = await CommandLine.RunAsync(SimulateCommand.Create(), Output, "-i", Events());
        Assert.True(simulated.ExitCode == 0, simulated.Errors);
    }

    [Fact]
    public async Task Channels_are_listed_with_the_reason_of_their_depth_and_measured()
    {
        var (code, errors) = await Compile(Picture, "--io", "stream");
        Assert.True(code == 0, errors);
        // A window of 2 × 2 over rows of four pixels: a row and a pixel more have to be kept.
        var channel = Assert.Single(Manifest.Read(Output).Hardware!.Channels!);
        Assert.Equal(("x", 2, 5, "2 rows of 4 words are read at once"), (channel.Producer, channel.Lines, channel.Depth, channel.Why));
        foreach (var path in new[] { "report.txt", "ports.md" })
        {
            var text = await Read(path);
            Assert.Contains(channel.Why, text, StringComparison.Ordinal);
            Assert.Contains("No line can block", text, StringComparison.Ordinal);
        }
        var measured = await CommandLine.RunAsync(SimulateCommand.Create(), Output, "-i", Events(), "--channels", "--json");
        Assert.True(measured.ExitCode == 0, measured.Errors);
        Assert.Contains("\"depth\": 5,\n      \"reached\": 5,\n", measured.Output, StringComparison.Ordinal);
        var (parallel, complaint) = await Compile(Picture);
        Assert.True(parallel == 0, complaint);
        measured = await CommandLine.RunAsync(SimulateCommand.Create(), Output, "-i", Events(), "--channels");
        Assert.True(measured.ExitCode == 1 && measured.Errors.Contains("only --io stream", StringComparison.Ordinal), measured.Errors);
    }

    [Fact]
    public async Task A_stream_in_which_nothing_waits_has_no_channels_and_says_so()
    {
        var (code, errors) = await Compile(Pointwise, "--io", "stream");
        Assert.True(code == 0, errors);
        var measured = await CommandLine.RunAsync(SimulateCommand.Create(), Output, "-i", Events(), "--channels", "--json");
        Assert.True(measured.ExitCode == 0, measured.Errors);
        Assert.Contains("\"channels\": []", measured.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ model: { io_type: io_stream, pixels: 4 } }", 4)]
    [InlineData("{ model: { io_type: io_stream } }", 1)]
    [InlineData("{ model: { io_type: io_parallel } }", null)]
    public async Task The_configuration_can_say_it_as_well(string configuration, int? pixels)
    {
        var (code, errors) = await Compile(Picture, "-c", Text(configuration));
        Assert.True(code == 0, errors);
        var manifest = Manifest.Read(Output);
        Assert.Equal((pixels, 16 / (pixels ?? 16)), (manifest.Target.Pixels, manifest.Hardware!.InitiationInterval));
    }

    [Fact]
    public async Task A_streamed_project_of_hls4ml_is_streamed_where_the_network_has_pixels()
    {
        var project = Text("{ IOType: io_stream, HLSConfig: { Model: { Precision: 'fixed<16,6>', ReuseFactor: 1 } } }");
        var (code, errors) = await Compile(Picture, "-c", project);
        Assert.True(code == 0, errors);
        Assert.DoesNotContain("HLS3046", errors, StringComparison.Ordinal);
        Assert.Equal((1, 16), (Manifest.Read(Output).Target.Pixels, Manifest.Read(Output).Hardware!.InitiationInterval));
        Assert.Contains("#pragma HLS DATAFLOW", await Read("hls/firmware/model.cpp"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_streamed_project_of_hls4ml_says_why_its_hardware_is_parallel()
    {
        var (code, errors) = await Compile(Vector, "-c", Text("{ IOType: io_stream, HLSConfig: { Model: { Precision: 'fixed<16,6>', ReuseFactor: 1 } } }"));
        Assert.True(code == 0, errors);
        Assert.Contains("HLS3046", errors, StringComparison.Ordinal);
        Assert.Contains("this input has the shape [1, 2]", errors, StringComparison.Ordinal);
        Assert.Null(Manifest.Read(Output).Target.Pixels);
    }

    [Theory]
    [InlineData("HLS3220", "--io", "stream")]
    [InlineData("HLS5205", "--io", "serial")]
    [InlineData("HLS5205", "--pixels", "2")]
    [InlineData("HLS5205", "--io", "stream", "--pixels", "0")]
    public async Task What_cannot_be_is_refused(string rule, params string[] options)
    {
        var (code, errors) = await Compile(Vector, options);
        Assert.Equal(1, code);
        Assert.Contains(rule, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ model: { io_type: io_serial } }", "there are io_parallel and io_stream")]
    [InlineData("{ model: { pixels: 2 } }", "pixels need io_type: io_stream")]
    [InlineData("{ model: { io_type: io_stream, pixels: none } }", "a whole number from 1 on is needed")]
    public async Task Mistakes_of_the_configuration_are_named(string configuration, string message)
    {
        var (code, errors) = await Compile(Picture, "-c", Text(configuration));
        Assert.Equal(1, code);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_needs_a_clock()
    {
        var (code, errors) = await Compile(Picture, "--io", "stream", "--clock", "none");
        Assert.Equal(1, code);
        Assert.Contains("HLS3222", errors, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Errors)> Compile(byte[] model, params string[] options)
    {
        var result = await CommandLine.RunAsync(CompileCommand.Create(), [_folder.Write("model.onnx", model), "-o", Output, .. options]);
        return (result.ExitCode, result.Errors);
    }

    private async Task<string> Read(string path) => await File.ReadAllTextAsync(Path.Combine(Output, path), TestContext.Current.CancellationToken);

    private string Text(string text) => _folder.Write("c.yaml", System.Text.Encoding.UTF8.GetBytes(text));

    private string Events()
    {
        Npy.Write(_folder["x.npy"], NpyArray.Of([3, 2, 4, 4], Enumerable.Range(0, 96).Select(k => k % 13 / 8.0).ToArray()));
        return _folder["x.npy"];
    }
}
