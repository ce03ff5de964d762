using Hls4Net.Cli.Commands;
using Hls4Net.Core.Data;
using Hls4Net.Tests.Cli;
using Hls4Net.Tests.Support;
using Microsoft.Playwright;

namespace Hls4Net.Conformance.Browser;

/// <summary>Reports of all kinds, made once, and Debian's Chromium.</summary>
public sealed class SampleReports : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    /// <summary>A name that would be a script, and one that is wider than a phone.</summary>
    private static readonly string Hostile = $"<script>document.title='broken'</script>{new string('w', 200)}";

    private readonly TemporaryFolder _folder = new();
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public IBrowser Browser => _browser ?? throw new InvalidOperationException("There is no browser.");

    /// <summary>The path of a report's page.</summary>
    public string PageOf(string name) => Path.Combine(_folder[name], "report.html");

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium))
            TestFiles.Missing("chromium");
        _playwright = await Playwright.CreateAsync();
        // As root, as in containers, Chromium starts without its sandbox only.
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox"] });
        await MakeExample();
        var hostile = _folder.Write("hostile.onnx", OnnxBytes.Model([OnnxBytes.Node("Neg", ["x"], [Hostile]), OnnxBytes.Node("Relu", [Hostile], ["y"])],
            [OnnxBytes.Value("x", 1, "n", 2)], [OnnxBytes.Value("y", 1, "n", 2)]));
        Npy.Write(_folder["x.npy"], NpyArray.Of([1, 2], new[] { 0.3, 1 }));
        await Run(CompileCommand.Create(), hostile, "-o", _folder["hostile"], "--emit", "verilog");
        await Run(ReportCommand.Create(), _folder["hostile"], "--html", "--input", _folder["x.npy"]);
        var pixels = _folder.Write("pixels.onnx", OnnxBytes.Model([OnnxBytes.Node("Conv", ["x", "w"], ["h"]), OnnxBytes.Node("Relu", ["h"], ["r"]), OnnxBytes.Node("Conv", ["r", "v"], ["y"])],
            [OnnxBytes.Value("x", 1, 1, 1, 9, 9)], [OnnxBytes.Value("y", 1, 1, 1, 7, 7)], [OnnxBytes.Tensor("w", [1, 1, 2, 2], 1, 2, 3, -1), OnnxBytes.Tensor("v", [1, 1, 2, 2], 1, 2, 0.3f, -1)]));
        await Run(CompileCommand.Create(), pixels, "-o", _folder["stream"], "--io", "stream", "--precision", "fixed<8,4>", "--emit", "verilog", "--html");
        await Run(CompileCommand.Create(), pixels, "-o", _folder["hls"], "--precision", "fixed<8,4>", "--emit", "hls", "--html");
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        _folder.Dispose();
    }

    /// <summary>The example with a budget, events and two signals: every section is filled.</summary>
    private async Task MakeExample()
    {
        static string Example(string name) => TestFiles.InRepository("examples", "adc2021-vae", name);
        await Run(CompileCommand.Create(), Example("encoder.onnx"), "-o", _folder["example"], "--outputs", "mu", "--score", "mu2", "-c", Example("types.yaml"), "--max-lut", "5%", "--part", "xcvu13p",
            "--emit", "verilog");
        await Run(ReportCommand.Create(), _folder["example"], "--input", Example("calibration.npy"));
        await Run(EvaluateCommand.Create(), _folder["example"], "--background", Example("background.npy"), "--signal", $"a4l={Example("signal_a4l.npy")}", "--signal", $"lq={Example("signal_lq.npy")}", "--report");
    }

    private static async Task Run(System.CommandLine.Command command, params string[] arguments)
    {
        var result = await CommandLine.RunAsync(command, arguments);
        Assert.True(result.ExitCode == 0, result.Errors);
    }
}
