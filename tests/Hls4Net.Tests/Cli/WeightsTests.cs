using System.Text.Json;
using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Compilation;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Netlists;
using Hls4Net.Tests.Support;
using Hls4Net.Verification.Stimuli;

namespace Hls4Net.Tests.Cli;

/// <summary>Weights for firmware that takes them at run time, as a user gets them, and what is refused.</summary>
[Collection(nameof(Console))]
public sealed class WeightsTests : IDisposable
{
    private static readonly float[] First = [0.5f, -1, 0.25f, 2, 1, -0.75f, -0.25f, 1.5f, 0.125f, 0.75f, 0.5f, 1];
    private static readonly float[] Second = [1, 2, -1.5f, 0.75f, 0.5f, -3];

    private readonly TemporaryFolder _folder = new();

    private string Output => _folder["out"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_retrained_network_becomes_a_list_of_transfers_and_an_emulator()
    {
        await Compile("--reuse", "2", "--weights", "loadable");
        var manifest = Manifest.Read(Output);
        Assert.Equal(["v", "w"], manifest.Target.Weights!.Keys);
        float[] retrained = [.. First.Select(w => -w / 2)];
        var model = Model("retrained.onnx", retrained, Second, ["a", "b", "c", "d", "e"]);
        var result = await Weights(model, "list.json", "--tag", "7", "--emulator", _folder["retrained"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        using var list = JsonDocument.Parse(await File.ReadAllTextAsync(_folder["list.json"], TestContext.Current.CancellationToken));
        var load = HardwareInterface.FromJson(await File.ReadAllTextAsync(Path.Combine(Output, "verilog", "interface.json"), TestContext.Current.CancellationToken)).Loading!;
        Assert.Equal(load.Hash, list.RootElement.GetProperty("hash").GetString());
        var writes = list.RootElement.GetProperty("writes").EnumerateArray().Select(w => (w[0].GetInt32(), w[1].GetUInt32())).ToArray();
        Assert.Equal((LoadInterface.AddressOf(LoadRegister.NextTag), 7u), writes[^2]);
        Assert.Equal((LoadInterface.AddressOf(LoadRegister.Control), 1u), writes[^1]);
        // Words of a weight are its integers where the grid is that of its type.
        var design = CompiledFolder.Open(_folder["retrained"]).Design;
        var raw = design.Constant("w")!.Raw;
        var found = load.Tables.Where(t => t.Constant == "w").SelectMany(t => t.Elements.Select((e, k) => (e, Address: load.AddressOf(t.First + k)))).Where(e => e.e >= 0).ToArray();
        Assert.Equal(12, found.Length);
        var data = writes.ToDictionary();
        Assert.All(found, f => Assert.Equal(unchecked((uint)raw[f.e]), data[f.Address]));
        // The retrained network of the folder computes what it should: half the product, with the other sign, before the rectifier.
        var events = new StimulusGenerator(design).Generate(20, 1);
        var (old, other) = (new Emulator(CompiledFolder.Open(Output).Design).Run(events)["y"], new Emulator(design).Run(events)["y"]);
        Assert.Contains(Enumerable.Range(0, old.Raw.Length), k => old.Raw[k] != other.Raw[k]);
    }

    [Fact]
    public async Task The_same_network_gives_the_entries_that_are_there_and_text_for_scripts()
    {
        await Compile("--reuse", "6", "--weights", "loadable");
        var result = await Weights(_folder["model.onnx"], "list.txt");
        Assert.True(result.ExitCode == 0, result.Errors);
        var lines = await File.ReadAllLinesAsync(_folder["list.txt"], TestContext.Current.CancellationToken);
        Assert.Matches("^0x[0-9a-f]{8} 0x[0-9a-f]{8}$", lines[0]);
        Assert.Equal("0x00000014 0x00000001", lines[^1]);
    }

    [Fact]
    public async Task A_layer_can_be_loadable_alone_and_others_must_stay_as_they_are()
    {
        await Compile("-c", _folder.Write("c.yaml", "layers: { product: { reuse_factor: 2, loadable: true }, y: { reuse_factor: 2 } }"u8.ToArray()));
        Assert.Equal(["w"], Manifest.Read(Output).Target.Weights!.Keys);
        string[] configuration = ["-c", _folder["c.yaml"]];
        var result = await Weights(Model("a.onnx", [.. First.Reverse()], Second), "list.json", configuration);
        Assert.True(result.ExitCode == 0, result.Errors);
        result = await Weights(Model("a.onnx", First, [.. Second.Reverse()]), "list.json", configuration);
        Assert.True(result.ExitCode == 1 && result.Errors.Contains("error HLS5503", StringComparison.Ordinal), result.Errors);
    }

    [Fact]
    public async Task Another_shape_another_operator_and_a_weight_outside_its_type_are_refused()
    {
        await Compile("--reuse", "2", "--weights", "loadable");
        await AssertRefused("HLS5502", Model("a.onnx", [.. First.Select(w => 3 * w)], Second), "6 is outside fixed<6,3>, which holds -4 to 3.875");
        await AssertRefused("HLS5501", _folder.Write("a.onnx", OnnxBytes.DenseAndRelu()), "it has 2 operators");
        await AssertRefused("HLS5501", Model("a.onnx", First, Second, middle: "Sigmoid"), "another function");
        await AssertRefused("HLS5501", Model("a.onnx", First, [1, 2, 3], columns: 1), "[3, 1]");
        Assert.False(File.Exists(_folder["list.json"]));
        var result = await Weights(_folder["model.onnx"], "list.csv");
        Assert.True(result.ExitCode == 1 && result.Errors.Contains("HLS5205", StringComparison.Ordinal), result.Errors);
    }

    [Fact]
    public async Task Firmware_without_loadable_weights_says_so()
    {
        await Compile("--reuse", "2");
        Assert.False(File.Exists(Path.Combine(Output, "weights.md")));
        await AssertRefused("HLS5504", _folder["model.onnx"], "no weights that can be loaded");
    }

    [Theory]
    [InlineData("HLS3213", "--weights", "loadable")]
    [InlineData("HLS5205", "--weights", "some")]
    public async Task What_cannot_be_loaded_is_refused(string id, params string[] options)
    {
        var result = await CommandLine.RunAsync(CompileCommand.Create(), [Model("model.onnx", First, Second), "-o", Output, "--precision", "fixed<12,6>", .. options]);
        Assert.True(result.ExitCode == 1 && result.Errors.Contains($"error {id}", StringComparison.Ordinal), result.Errors);
    }

    [Fact]
    public async Task Types_hold_for_all_weights_and_not_only_for_those_of_now()
    {
        string[] input = ["-c", _folder.Write("c.yaml", "inputs: { x: 'fixed<8,4>' }"u8.ToArray()), "--reuse", "2"];
        await Compile(input);
        var exact = Manifest.Read(Output).Values.First(v => v.Name == "product").Type;
        await Compile([.. input, "--weights", "loadable"]);
        var any = Manifest.Read(Output).Values.First(v => v.Name == "product").Type;
        // Four products of [-8, 8) and [-4, 4): up to 128, where the weights of now stay below 32.
        Assert.Equal(("fixed<13,6>", "fixed<16,9>"), (exact, any));
    }

    private async Task AssertRefused(string id, string model, string message)
    {
        var result = await Weights(model, "list.json");
        Assert.True(result.ExitCode == 1 && result.Errors.Contains($"error {id}", StringComparison.Ordinal) && result.Errors.Contains(message, StringComparison.Ordinal), result.Errors);
    }

    private Task<CommandResult> Weights(string model, string output, params string[] options) =>
        CommandLine.RunAsync(WeightsCommand.Create(), [Output, model, "-o", _folder[output], .. options]);

    private async Task Compile(params string[] options)
    {
        var result = await CommandLine.RunAsync(CompileCommand.Create(), [Model("model.onnx", First, Second), "-o", Output, .. options]);
        Assert.True(result.ExitCode == 0, result.Errors);
    }

    /// <param name="names">Of the two weights, of both layers' results between them, and of the output.</param>
    private string Model(string file, float[] first, float[] second, string[]? names = null, string middle = "Relu", int columns = 2)
    {
        var n = names ?? ["w", "v", "product", "r", "y"];
        return _folder.Write(file, OnnxBytes.Model(
            [OnnxBytes.Node("MatMul", ["x", n[0]], [n[2]]), OnnxBytes.Node(middle, [n[2]], [n[3]]), OnnxBytes.Node("MatMul", [n[3], n[1]], [n[4]])],
            [OnnxBytes.Value("x", 1, "batch", 4)], [OnnxBytes.Value(n[4], 1, "batch", columns)],
            [OnnxBytes.Tensor(n[0], [4, 3], first), OnnxBytes.Tensor(n[1], [3, columns], second)]));
    }
}
