using System.Text.Json;
using Hls4Net.Cli.Commands;
using Hls4Net.Core.Data;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Cli;

/// <summary>What quantisation costs, against figures that can be worked out by hand.</summary>
[Collection(nameof(Console))]
public sealed class ProfileTests : IDisposable
{
    /// <summary>y = relu(x · w), z = y · v: the first layer exact in four fraction bits, the second not.</summary>
    private static readonly byte[] Model = OnnxBytes.Model(
        [OnnxBytes.Node("MatMul", ["x", "w"], ["h"]), OnnxBytes.Node("Relu", ["h"], ["r"]), OnnxBytes.Node("MatMul", ["r", "v"], ["y"])],
        [OnnxBytes.Value("x", 1, "batch", 2)], [OnnxBytes.Value("y", 1, "batch", 1)],
        [OnnxBytes.Tensor("w", [2, 2], 1, -1, 0.5f, 2), OnnxBytes.Tensor("v", [2, 1], 0.3f, 0.25f)]);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string ModelPath => _folder.Write("model.onnx", Model);

    [Fact]
    public async Task Range_type_clipped_values_and_errors_of_every_tensor_are_those_worked_out_by_hand()
    {
        Npy.Write(_folder["x.npy"], NpyArray.Of([3, 2], new[] { 1, 0.5, -2, 0.25, 9, 0 }));
        using var document = await Json(ModelPath, "-i", _folder["x.npy"], "-c", Types("x: 'fixed<8,4,TRN,SAT>'"));
        var x = Tensor(document, "x");
        Assert.Equal(("fixed<8,4>", -2, 9, 6, 1, 0), Range(x));
        // 9 is clipped to 7.9375.
        Assert.Equal((1.0625, 1.0625 / 6), (Number(x, "largestError"), Number(x, "meanError")));
        Assert.Equal(10 * Math.Log10((1 + 0.25 + 4 + 0.0625 + 81) / (1.0625 * 1.0625)), Number(x, "signalToNoiseDb"), 9);
        var h = Tensor(document, "h");
        // x·w is 1.25, 0; −1.875, 2.5; 9, −9 in real numbers, and 7.9375, −7.9375 for the last event in fixed point.
        Assert.Equal((-9.0, 9.0, 1.0625), (Number(h, "low"), Number(h, "high"), Number(h, "largestError")));
        Assert.Equal("MatMul", h.GetProperty("operator").GetString());
    }

    [Fact]
    public async Task The_layer_with_the_rounded_weights_is_the_one_that_costs_accuracy()
    {
        Npy.Write(_folder["x.npy"], NpyArray.Of([2, 2], new[] { 1, 0.5, 2, 0.25 }));
        using var document = await Json(ModelPath, "-i", _folder["x.npy"], "-c", Types("x: 'fixed<8,4,TRN,SAT>'", "make_y: {weight: 'fixed<6,2,RND,SAT>'}"));
        var layers = document.RootElement.GetProperty("layers").EnumerateArray().ToDictionary(l => l.GetProperty("node").GetString()!);
        Assert.Equal(0, Number(layers["x"], "share"));
        Assert.Equal(JsonValueKind.Undefined, layers["x"].TryGetProperty("signalToNoiseDb", out var ratio) ? ratio.ValueKind : JsonValueKind.Undefined);
        Assert.Equal(0, Number(layers["make_h"], "share"));
        Assert.Equal(1, Number(layers["make_y"], "share"));
        // 0.3 becomes 0.3125 in four fraction bits; the inputs of the layer are at most 2.125.
        Assert.Equal(2.125 * (0.3125 - (double)0.3f), Number(layers["make_y"], "largestError"), 12);
    }

    [Fact]
    public async Task Values_that_wrap_around_are_counted_apart_from_those_that_are_clipped()
    {
        Npy.Write(_folder["x.npy"], NpyArray.Of([3, 2], new double[] { 7, 0, 3, 0, -7, 0 }));
        using var document = await Json(ModelPath, "-i", _folder["x.npy"], "-c", Types("x: 'fixed<8,4,TRN,SAT>'", "make_h: {result: 'fixed<6,3,TRN,WRAP>'}"));
        // ±7 do not fit −4 … 3.875: two in h = (x, −x) for each of the events with 7.
        Assert.Equal((0, 4), (Tensor(document, "h").GetProperty("clipped").GetInt64(), Tensor(document, "h").GetProperty("wrapped").GetInt64()));
        Assert.Equal((0, 0), (Tensor(document, "x").GetProperty("clipped").GetInt64(), Tensor(document, "x").GetProperty("wrapped").GetInt64()));
    }

    [Fact]
    public async Task A_file_in_blocks_a_compiled_folder_and_the_model_say_the_same()
    {
        var random = new Random(3);
        Npy.Write(_folder["x.npy"], NpyArray.Of([9000, 2], Enumerable.Range(0, 18000).Select(_ => 20 * random.NextDouble() - 10).ToArray()));
        using var fromModel = await Json(ModelPath, "-i", _folder["x.npy"], "--precision", "fixed<8,4>");
        Assert.Equal(0, (await CommandLine.RunAsync(CompileCommand.Create(), ModelPath, "-o", _folder["out"], "--precision", "fixed<8,4>", "--emit", "hls")).ExitCode);
        using var fromFolder = await Json(_folder["out"], "-i", _folder["x.npy"]);
        Assert.Equal(JsonSerializer.Serialize(fromModel.RootElement), JsonSerializer.Serialize(fromFolder.RootElement));
        Assert.Equal((9000, 1000), (fromModel.RootElement.GetProperty("events").GetInt64(), fromModel.RootElement.GetProperty("sample").GetInt32()));
        Assert.Equal(18000, Tensor(fromModel, "x").GetProperty("count").GetInt64());
        Npz.Write(_folder["x.npz"], [new("x", Npy.Read(_folder["x.npy"]))]);
        using var fromArchive = await Json(ModelPath, "-i", _folder["x.npz"], "--precision", "fixed<8,4>");
        Assert.Equal(JsonSerializer.Serialize(fromModel.RootElement), JsonSerializer.Serialize(fromArchive.RootElement));
    }

    [Fact]
    public async Task Several_inputs_come_from_an_archive_and_a_file_alone_is_refused()
    {
        var model = _folder.Write("two.onnx", OnnxBytes.Model([OnnxBytes.Node("Add", ["a", "b"], ["y"])],
            [OnnxBytes.Value("a", 1, "n", 2), OnnxBytes.Value("b", 1, "n", 2)], [OnnxBytes.Value("y", 1, "n", 2)]));
        Npz.Write(_folder["ab.npz"], [new("a", NpyArray.Of([1, 2], new[] { 0.5, 1 })), new("b", NpyArray.Of([1, 2], new[] { 2.0, 3 }))]);
        using var document = await Json(model, "-i", _folder["ab.npz"]);
        Assert.Equal((2.5, 4.0), (Number(Tensor(document, "y"), "low"), Number(Tensor(document, "y"), "high")));
        Npy.Write(_folder["a.npy"], NpyArray.Of([1, 2], new[] { 0.5, 1 }));
        await Refuses("HLS5204", model, "-i", _folder["a.npy"]);
    }

    [Fact]
    public async Task The_page_stands_alone_and_names_cannot_break_it()
    {
        var name = "<script>alert(1)</script>";
        var model = _folder.Write("hostile.onnx", OnnxBytes.Model([OnnxBytes.Node("Relu", ["x"], [name]), OnnxBytes.Node("Neg", [name], ["y"])],
            [OnnxBytes.Value("x", 1, "n", 2)], [OnnxBytes.Value("y", 1, "n", 2)]));
        Npy.Write(_folder["x.npy"], NpyArray.Of([1, 2], new[] { 0.3, 1 }));
        var (code, output, errors) = await CommandLine.RunAsync(ProfileCommand.Create(), model, "-i", _folder["x.npy"], "--report", _folder["p.html"]);
        Assert.True(code == 0, errors);
        Assert.Contains("SQNR dB", output, StringComparison.Ordinal);
        var page = File.ReadAllText(_folder["p.html"]);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http:", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", page, StringComparison.Ordinal);
        Assert.Equal(3, page.Split("<svg").Length - 1);
    }

    [Fact]
    public async Task What_cannot_be_profiled_is_refused_and_leaves_no_page()
    {
        Npy.Write(_folder["none.npy"], NpyArray.Of([0, 2], Array.Empty<double>()));
        await Refuses("HLS5204", ModelPath, "-i", _folder["none.npy"], "--report", _folder["p.html"]);
        await Refuses("HLS4", ModelPath, "-i", _folder["missing.npy"], "--report", _folder["p.html"]);
        Npy.Write(_folder["nan.npy"], NpyArray.Of([1, 2], new[] { 0, double.NaN }));
        await Refuses("HLS4", ModelPath, "-i", _folder["nan.npy"], "--report", _folder["p.html"]);
        await Refuses("HLS5203", _folder.Path, "-i", _folder["nan.npy"]);
        await Refuses("HLS5205", _folder.Path, "-i", _folder["nan.npy"], "--precision", "fixed<8,4>");
        Assert.False(File.Exists(_folder["p.html"]));
    }

    private string Types(string input, string? layer = null) => _folder.Write("types.yaml", System.Text.Encoding.UTF8.GetBytes(
        $"inputs:\n  {input}\n" + (layer is null ? "" : $"layers:\n  {layer}\n")));

    private static JsonElement Tensor(JsonDocument document, string name) =>
        document.RootElement.GetProperty("tensors").EnumerateArray().Single(t => t.GetProperty("name").GetString() == name);

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    private static (string, double, double, long, long, long) Range(JsonElement t) => (t.GetProperty("type").GetString()!, Number(t, "low"), Number(t, "high"),
        t.GetProperty("count").GetInt64(), t.GetProperty("clipped").GetInt64(), t.GetProperty("wrapped").GetInt64());

    private static async Task<JsonDocument> Json(params string[] arguments)
    {
        var (code, output, errors) = await CommandLine.RunAsync(ProfileCommand.Create(), [.. arguments, "--json"]);
        Assert.True(code == 0, errors);
        return JsonDocument.Parse(output);
    }

    private static async Task Refuses(string id, params string[] arguments)
    {
        var (code, _, errors) = await CommandLine.RunAsync(ProfileCommand.Create(), arguments);
        Assert.True(code == 1 && errors.Contains($"error {id}", StringComparison.Ordinal), $"{code}: {errors}");
    }
}
