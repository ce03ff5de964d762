using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Compilation;
using Hls4Net.Core.Emulation;
using Hls4Net.Emission;
using Hls4Net.Tests.Cli;
using Hls4Net.Tests.Support;
using Hls4Net.Verification.Comparison;
using Hls4Net.Verification.Gpp;
using Hls4Net.Verification.Verilator;

namespace Hls4Net.Conformance;

/// <summary>Several compiled networks in one simulation and one program: two versions with other weights, and another network with layers of the same names.</summary>
[Collection(nameof(Console))]
public sealed class TwoDesignsTests : IDisposable
{
    private const int Events = 300;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Versions_of_a_network_and_other_networks_do_not_clash()
    {
        CompiledFolder[] folders =
        [
            await Compile("a", "--release", "v1", 1, -2, 3),
            await Compile("b", "--release", "v2", 2, 5, -1),
            await Compile("c", "--prefix", "another", 4, 1, 1, -3),
            await Compile("d", "--release", "v3", 2, 5, -1, 7, 0.5f),
        ];
        var inputs = folders.Select(f => new Verification.Stimuli.StimulusGenerator(f.Design).Generate(Events, 3)).ToArray();
        var expected = folders.Zip(inputs, (f, i) => new Emulator(f.Design).Run(i)).ToArray();
        var token = TestContext.Current.CancellationToken;
        var simulation = VerilatorRunner.Build([.. folders.Select(f => VerilatorDesign.Open(Path.Combine(f.Path, VerilogEmitter.Folder)))], _folder["build"], SimulationKind.FewEvents, token);
        var program = GppRunner.Build([.. folders.Select(f => new GppDesign(f.Design, FirmwareWriter.HlsOptionsOf(f.Manifest), Path.Combine(f.Path, "hls")))], _folder["build"], token);
        var simulated = simulation.Run(inputs, null, token);
        for (var n = 0; n < folders.Length; n++)
        {
            var outputs = folders[n].Design.Outputs;
            Assert.Equal(0, BatchComparison.Compare(expected[n], simulated[n].Outputs(), outputs).Events);
            Assert.Equal(0, BatchComparison.Compare(expected[n], program.Run(folders[n].Design, inputs[n], token), outputs).Events);
        }
        Assert.NotEqual(0, BatchComparison.Compare(expected[0], expected[1], folders[0].Design.Outputs).Events);
    }

    /// <summary>A dense layer and a rectifier in a file that is always called model.onnx.</summary>
    private async Task<CompiledFolder> Compile(string folder, string option, string value, params float[] weights)
    {
        var model = OnnxBytes.Model(
            [OnnxBytes.Node("MatMul", ["x", "w"], ["p"]), OnnxBytes.Node("Relu", ["p"], ["y"])],
            [OnnxBytes.Value("x", 1, "batch", weights.Length)], [OnnxBytes.Value("y", 1, "batch", 1)], [OnnxBytes.Tensor("w", [weights.Length, 1], weights)]);
        var path = Path.Combine(_folder[folder], "out");
        Directory.CreateDirectory(_folder[folder]);
        var file = Path.Combine(_folder[folder], "model.onnx");
        await File.WriteAllBytesAsync(file, model, TestContext.Current.CancellationToken);
        var result = await CommandLine.RunAsync(CompileCommand.Create(), file, "-o", path, "--precision", "fixed<10,5>", option, value);
        Assert.True(result.ExitCode == 0, result.Errors);
        return CompiledFolder.Open(path);
    }
}
