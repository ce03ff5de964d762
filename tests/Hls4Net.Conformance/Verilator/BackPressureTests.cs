using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Compilation;
using Hls4Net.Tests.Cli;
using Hls4Net.Tests.Support;

namespace Hls4Net.Conformance.Verilator;

/// <summary>A slice of the benchmark back-pressure: example networks behind AXI4-Stream, as a user compiles and verifies them.</summary>
[Collection(nameof(Console))]
public sealed class BackPressureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("deep-set", "deep-set", "--io", "stream", "--target-ii", "64", "--bus-width", "40")]
    [InlineData("adc2021-cnn-encoder", "adc2021-cnn", "--io", "stream", "--reuse", "8", "--bus-width", "24")]
    public async Task No_event_of_an_example_is_lost(string model, string events, params string[] options)
    {
        string Example(string file) => TestFiles.InRepository($"examples/networks/{file}");
        var result = await CommandLine.RunAsync(CompileCommand.Create(), [Example($"{model}.onnx"), "-o", _folder["out"], "--calibrate", Example($"{events}.npy"), "--emit", "verilog", "--top", "axi-stream", .. options]);
        Assert.True(result.ExitCode == 0, result.Errors);
        var run = new VerificationRun(CompiledFolder.Open(_folder["out"]), _ => { });
        Assert.Contains("axi-stream", run.ParseTools(null));
        var check = Assert.Single(run.Check(run.Events(null, 100, 1), ["axi-stream"], patterns: 250, TestContext.Current.CancellationToken).Checks);
        Assert.True(check.Passed, string.Join(' ', check.Details));
        Assert.True(check is { Events: > 400, Packets: { Patterns: 250, Malformed: > 20 } }, check.ToString());
    }
}
