using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Compilation;
using Hls4Net.Core.Netlists;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Cli;

/// <summary>The tops as a user chooses them, and the page that says how to connect them.</summary>
[Collection(nameof(Console))]
public sealed class TopTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Output => _folder["out"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_stream_top_wraps_the_parallel_one_and_its_page_says_where_each_element_lies()
    {
        await Compile("--precision", "fixed<12,6>", "--top", "axi-stream", "--bus-width", "48", "--user-width", "20", "--reuse", "2");
        var manifest = Manifest.Read(Output);
        Assert.Equal(new AxiStreamOptions(48, 20), manifest.Target.AxiStream);
        Assert.Equal(new AxiStreamOptions(48, 20), FirmwareWriter.HardwareOptionsOf(manifest).AxiStream);
        var stream = HardwareInterface.FromJson(await Text("verilog/interface.json")).Stream!;
        Assert.Equal(("model_axis", "model_axis.v"), (stream.Module, stream.File));
        // Four elements of 12 bits in two bytes each: eight bytes in two beats of six.
        Assert.Equal((8, 2, 2), (stream.Inputs.Bytes, stream.BeatsOf(stream.Inputs), stream.LastBytesOf(stream.Inputs)));
        Assert.Equal([new StreamField("y", "y", 3, 3, 12, true, 2, 0)], stream.Outputs.Fields);
        var top = await Text("verilog/model_axis.v");
        Assert.Contains("    input  wire [47:0] s_axis_tdata,\n    input  wire [5:0] s_axis_tkeep,\n    input  wire s_axis_tlast,\n    input  wire [19:0] s_axis_tuser,\n", top, StringComparison.Ordinal);
        Assert.Contains(".x({in_data[59:48], in_data[43:32], in_data[27:16], in_data[11:0]})", top, StringComparison.Ordinal);
        Assert.Contains("    input  wire ce,\n", await Text("verilog/model.v"), StringComparison.Ordinal);
        var page = await Text("ports.md");
        Assert.Contains("`s_axis`: 8 bytes in 2 beats; TKEEP of the last beat marks its lowest 2, of the others all.\n", page, StringComparison.Ordinal);
        Assert.Contains("| 0 | y | 3 | 2 | 12, two's complement |\n", page, StringComparison.Ordinal);
        Assert.Contains("`in_valid` is 1 in the cycle of the inputs", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parallel_ports_are_the_default_and_have_a_page_too()
    {
        await Compile("--precision", "fixed<12,6>");
        Assert.Null(Manifest.Read(Output).Target.AxiStream);
        Assert.False(File.Exists(Path.Combine(Output, "verilog", "model_axis.v")));
        var page = await Text("ports.md");
        Assert.Contains("| `x` | in | x | [1, 4] | 48 | `x[12*k +: 12]`, two's complement | n · 2^-6 (fixed<12,6>) |\n", page, StringComparison.Ordinal);
        Assert.DoesNotContain("s_axis", page, StringComparison.Ordinal);
        await Compile("--top", "parallel");
    }

    [Fact]
    public async Task A_version_is_in_every_name()
    {
        await Compile("--precision", "fixed<12,6>", "--top", "axi-stream", "--release", "v3");
        var manifest = Manifest.Read(Output);
        Assert.Equal(("model_v3", "v3"), (manifest.Prefix, manifest.Target.Release));
        var description = HardwareInterface.FromJson(await Text("verilog/interface.json"));
        Assert.All([.. description.Files, description.Stream!.File], f => Assert.StartsWith("model_v3", f, StringComparison.Ordinal));
        Assert.Contains("namespace model_v3 {", await Text("hls/firmware/model_v3.cpp"), StringComparison.Ordinal);
        var result = await CommandLine.RunAsync(CompileCommand.Create(), [_folder.Write("model.onnx", OnnxBytes.DenseAndRelu()), "-o", Output, "--release", "3.1"]);
        Assert.True(result.ExitCode == 1 && result.Errors.Contains("error HLS5205", StringComparison.Ordinal), result.Errors);
    }

    [Theory]
    [InlineData("HLS5205", "--top", "axi")]
    [InlineData("HLS5205", "--top", "axi-stream", "--bus-width", "12")]
    [InlineData("HLS5205", "--top", "axi-stream", "--bus-width", "0")]
    [InlineData("HLS5205", "--top", "axi-stream", "--user-width", "0")]
    [InlineData("HLS5205", "--bus-width", "64")]
    [InlineData("HLS5205", "--top", "parallel", "--user-width", "8")]
    [InlineData("HLS3204", "--top", "axi-stream", "--clock", "none")]
    public async Task What_is_no_top_is_refused(string id, params string[] options)
    {
        var result = await CommandLine.RunAsync(CompileCommand.Create(), [_folder.Write("model.onnx", OnnxBytes.DenseAndRelu()), "-o", Output, .. options]);
        Assert.True(result.ExitCode == 1 && result.Errors.Contains($"error {id}", StringComparison.Ordinal), result.Errors);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public async Task A_network_of_wires_has_a_stream_and_one_of_constants_has_none()
    {
        var wires = OnnxBytes.Model([OnnxBytes.Node("Flatten", ["x"], ["y"])], [OnnxBytes.Value("x", 1, 1, 4)], [OnnxBytes.Value("y", 1, 1, 4)], []);
        var result = await CommandLine.RunAsync(CompileCommand.Create(), _folder.Write("wires.onnx", wires), "-o", Output, "--top", "axi-stream");
        Assert.True(result.ExitCode == 0, result.Errors);
        var zeros = OnnxBytes.Model([OnnxBytes.Node("MatMul", ["x", "w"], ["y"])], [OnnxBytes.Value("x", 1, 1, 2)], [OnnxBytes.Value("y", 1, 1, 2)], [OnnxBytes.Tensor("w", [2, 2], 0, 0, 0, 0)]);
        result = await CommandLine.RunAsync(CompileCommand.Create(), _folder.Write("zeros.onnx", zeros), "-o", Output, "--top", "axi-stream");
        Assert.True(result.ExitCode == 1 && result.Errors.Contains("HLS3204", StringComparison.Ordinal) && result.Errors.Contains("depend on no input", StringComparison.Ordinal), result.Errors);
    }

    private Task<string> Text(string path) => File.ReadAllTextAsync(Path.Combine(Output, path), TestContext.Current.CancellationToken);

    private async Task Compile(params string[] options)
    {
        var result = await CommandLine.RunAsync(CompileCommand.Create(), [_folder.Write("model.onnx", OnnxBytes.DenseAndRelu()), "-o", Output, .. options]);
        Assert.True(result.ExitCode == 0, result.Errors);
    }
}
