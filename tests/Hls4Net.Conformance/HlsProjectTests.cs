using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Compilation;
using Hls4Net.Core.Data;
using Hls4Net.Tests.Cli;
using Hls4Net.Tests.Support;

namespace Hls4Net.Conformance;

/// <summary>hls4ml configurations from the command line: compiled, emulated to hls4ml's own outputs, and verified against Verilator and g++.</summary>
[Collection(nameof(Console))]
public sealed class HlsProjectTests
{
    [Theory]
    [InlineData("act_softmax", "sm_legacy", "model.onnx")]
    [InlineData("act_elu", "t256_12_3", "model_prep.onnx")]
    [InlineData("bn_first", "q8_3_rnd_sat", "model.onnx")]
    [InlineData("conv1d_small", "model16_6", "model_prep.onnx")]
    [InlineData("conv1d_small", "model16_6__stream", "model_prep.onnx")]
    [InlineData("conv2d_small", "q8_3_rnd_sat__stream", "model_prep.onnx")]
    [InlineData("dwconv2d", "q8_3_rnd_sat__stream", "model_prep.onnx")]
    public async Task A_configuration_of_hls4ml_is_compiled_emulated_and_verified(string model, string variant, string file)
    {
        if (TestFiles.SharedOrNull("data/hls4ml") is not { } shared)
        {
            TestFiles.Missing("../shared/data/hls4ml");
            return;
        }
        var folder = Path.Combine(shared, model);
        using var work = new TemporaryFolder();
        var (output, values) = (Path.Combine(work.Path, "out"), Path.Combine(work.Path, "y.npy"));
        var (configuration, isStreamed) = (Path.Combine(folder, variant, "hls_config.json"), variant.EndsWith("__stream", StringComparison.Ordinal));
        if (isStreamed)
        {
            var project = $"{{ \"IOType\": \"io_stream\", \"Backend\": \"Vitis\", \"HLSConfig\": {await File.ReadAllTextAsync(configuration, TestContext.Current.CancellationToken)} }}";
            await File.WriteAllTextAsync(configuration = Path.Combine(work.Path, "project.json"), project, TestContext.Current.CancellationToken);
        }
        await Done(CompileCommand.Create(), "compile", Path.Combine(folder, file), "-c", configuration, "-o", output);
        Assert.Equal(isStreamed ? 1 : null, Manifest.Read(output).Target.Pixels);
        await Done(EmulateCommand.Create(), "emulate", output, "--input", Path.Combine(folder, "input.npy"), "--output", values);
        Assert.Equal(Npy.Read(Path.Combine(folder, variant, "output.npy")).ToDoubles(), Npy.Read(values).ToDoubles());
        await Done(VerifyCommand.Create(), "verify", output, "--vectors", "500");
    }

    private static async Task Done(System.CommandLine.Command command, string name, params string[] arguments)
    {
        var result = await CommandLine.RunAsync(command, arguments);
        Assert.True(result.ExitCode == 0, $"{name}: {result.Errors}{result.Output}");
    }
}
