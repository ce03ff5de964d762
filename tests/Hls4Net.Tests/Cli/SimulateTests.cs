using System.Text.Json;
using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Compilation;
using Hls4Net.Core.Data;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Cli;

/// <summary>The cycle model as a user runs it.</summary>
[Collection(nameof(Console))]
public sealed class SimulateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Output => _folder["out"];

    private string Events
    {
        get
        {
            Npy.Write(_folder["x.npy"], NpyArray.Of([3, 4], new[] { 1, 0.5, -2, 0.25, 0, 0, 0, 0, -1, 0.75, 3, 0.5 }));
            return _folder["x.npy"];
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData]
    [InlineData("--reuse", "2")]
    [InlineData("--clock", "none")]
    public async Task Results_are_those_of_the_network_and_the_waveform_shows_them(params string[] options)
    {
        await Compile(options);
        await Succeeds(0, "simulate", Output, "-i", Events, "--vcd", _folder["w.vcd"]);
        // y = max(0, x·w), exact in the types chosen.
        Assert.Equal([0, 0, 0, 0, 0, 0, 1.5, 6.5, 0.0625], Npy.Read(_folder["x.simulated.npy"]).ToDoubles());
        var hardware = Manifest.Read(Output).Hardware!;
        var file = new VcdFile(await File.ReadAllTextAsync(_folder["w.vcd"], TestContext.Current.CancellationToken));
        var period = hardware.ClockMHz is { } clock ? (long)(1e6 / clock) : 10_000;
        Assert.Equal((2 * hardware.InitiationInterval + hardware.LatencyCycles + 1) * period, file.End);
        var time = (2 * hardware.InitiationInterval + hardware.LatencyCycles) * period;
        var type = Manifest.Read(Output).Outputs[0].Quantizer.Type;
        Assert.Equal(1.5 * Math.Pow(2, type.Fraction), (double)file.Number("model.y", time, 0, type.Width, type.Signed));
        Assert.Contains(file.Paths, p => p.StartsWith("model.layer_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Outputs_go_where_they_are_asked_for_and_json_says_what_was_done()
    {
        await Compile("--precision", "fixed<12,6>");
        Npy.Write(_folder["raw.npy"], NpyArray.Of([2, 4], new long[] { 64, 32, -128, 16, -64, 48, 192, 32 }));
        var (code, output, errors) = await Run("simulate", Output, "-i", _folder["raw.npy"], "-o", _folder["y.npy"], "--raw", "--events", "1", "--json");
        Assert.True(code == 0, errors);
        Assert.Equal([0, 0, 0], Npy.Read(_folder["y.npy"]).ToInt64s());
        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        Assert.Equal((true, 1, 0), (root.GetProperty("passed").GetBoolean(), root.GetProperty("events").GetInt32(), root.GetProperty("different").GetInt32()));
        Assert.Equal(root.GetProperty("latencyCycles").GetInt32() + 1, root.GetProperty("cycles").GetInt32());
        Assert.Equal(_folder["y.npy"], root.GetProperty("outputs")[0].GetProperty("file").GetString());
    }

    [Fact]
    public async Task A_netlist_that_computes_something_else_is_found_out()
    {
        await Compile();
        var path = Path.Combine(Output, "ir", "netlist.txt");
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var at = text.IndexOf("cell Adder", StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, text[..at] + "cell Subtractor" + text[(at + "cell Adder".Length)..], TestContext.Current.CancellationToken);
        var (code, output, _) = await Run("simulate", Output, "-i", Events);
        Assert.Equal(3, code);
        Assert.Contains("DIFFERENT from the emulator", output, StringComparison.Ordinal);
        Assert.Contains("instead of", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_simulated_is_refused_with_advice_and_nothing_is_left()
    {
        await Compile();
        var before = _folder.Names;
        await Refuses("HLS5208", "simulate", Output, "-i", Events, "--vcd", _folder["w.vcd"], "--signals", "model.nothing");
        await Refuses("HLS5208", "simulate", Output, "-i", Events, "--vcd", _folder["w.vcd"], "--signals", "model.y,nothing");
        await Refuses("HLS5205", "simulate", Output, "-i", Events, "--signals", "*");
        await Refuses("HLS5205", "simulate", Output, "-i", Events, "--events", "0");
        await Refuses("HLS5205", "simulate", Output, "-i", Events, "--vcd", _folder["x.npy"]);
        await Refuses("HLS5205", "simulate", Output, "-i", Events, "--threshold", "NaN");
        await Refuses("HLS4016", "simulate", Output, "-i", Events, "--vcd", _folder["no/such.vcd"]);
        await Refuses("HLS4016", "simulate", Output, "-i", Events, "--vcd", _folder["w.vcd"], "-o", _folder["no/such.npy"]);
        await Refuses("HLS4", "simulate", Output, "-i", _folder["none.npy"], "--vcd", _folder["w.vcd"]);
        Assert.Equal(before.Append("x.npy").Order(StringComparer.Ordinal), _folder.Names);

        var netlist = Path.Combine(Output, "ir", "netlist.txt");
        await File.WriteAllTextAsync(netlist, (await File.ReadAllTextAsync(netlist, TestContext.Current.CancellationToken)).Replace("cell Adder(", "cell Adder(9", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await Refuses("HLS5203", "simulate", Output, "-i", Events);
        await Compile("--emit", "hls");
        await Refuses("HLS5207", "simulate", Output, "-i", Events);
    }

    [Fact]
    public async Task A_misspelt_signal_gets_advice()
    {
        await Compile();
        var (_, _, errors) = await Run("simulate", Output, "-i", Events, "--vcd", _folder["w.vcd"], "--signals", "model.x_9");
        Assert.Contains("Did you mean 'model.x_", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_leaves_nothing_behind()
    {
        await Compile();
        var folder = CompiledFolder.Open(Output);
        var inputs = EventChunks.Read(Events, folder, raw: false, 10).Single();
        var before = _folder.Names;
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        Assert.Throws<OperationCanceledException>(() => new SimulationRun(folder, _ => { }).Run(inputs, _folder["w.vcd"], [], source.Token));
        Assert.Equal(before, _folder.Names);
        var (_, _, file) = new SimulationRun(folder, _ => { }).Run(inputs, _folder["w.vcd"], [], CancellationToken.None);
        Assert.False(File.Exists(_folder["w.vcd"]));
        file!.Dispose();
        Assert.Equal(before, _folder.Names);
    }

    private Task Compile(params string[] options) => Succeeds(0, ["compile", _folder.Write("model.onnx", OnnxBytes.DenseAndRelu()), "-o", Output, .. options]);

    private static async Task Succeeds(int expected, params string[] arguments)
    {
        var (code, _, errors) = await Run(arguments);
        Assert.True(code == expected, errors);
    }

    private static async Task Refuses(string id, params string[] arguments)
    {
        var (code, _, errors) = await Run(arguments);
        Assert.True(code == 1 && errors.Contains($"error {id}", StringComparison.Ordinal), $"exit code {code}: {errors}");
    }

    private static async Task<(int Code, string Output, string Errors)> Run(params string[] arguments)
    {
        var command = arguments[0] == "compile" ? CompileCommand.Create() : SimulateCommand.Create();
        var result = await CommandLine.RunAsync(command, arguments[1..]);
        return (result.ExitCode, result.Output, result.Errors);
    }
}
