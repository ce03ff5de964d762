using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Primitives;
using Hls4Net.Operators.Onnx;
using Hls4Net.Tests.Support;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Tests.Golden;

/// <summary>Networks in which every value is quantised come out as the integers that their quantisers define, without configuration.</summary>
public sealed class QuantisedModelTests
{
    [Fact]
    public void A_deployed_trigger_network_gives_its_integers_on_every_vector()
    {
        var folder = TestFiles.Shared("data/cms/axol1tl_v3");
        var compiled = Compile(Path.Combine(folder, "core.qonnx.onnx"));
        var trace = Npz.Read(Path.Combine(folder, "trace.npz"));
        var input = compiled.Design.Inputs[0];
        Assert.Equal("fixed<8,6>", compiled.Design.Channel(input).Type!.Value.ToString());
        string[] layers = ["layer2_out", "layer3_out", "layer4_out", "layer5_out", "layer6_out", "layer7_out"];
        var results = new Emulator(compiled.Design).Run(
            new Dictionary<string, RawBatch> { [input] = RawBatch.Of(57, trace["input_3"].ToInt64s()) }, layers);
        foreach (var layer in layers)
            Assert.Equal(trace[layer].ToInt64s(), results[layer].Raw);
        Assert.Equal(Npy.Read(Path.Combine(folder, "out_layer7_out.npy")).ToInt64s(), results["layer7_out"].Raw);
    }

    [Theory]
    [InlineData("a57")]
    [InlineData("b16")]
    public void The_benchmark_networks_give_their_integers(string name)
    {
        var folder = TestFiles.Shared("data/networks");
        var compiled = Compile(Path.Combine(folder, $"{name}.qonnx.onnx"));
        var (input, output) = (compiled.Design.Inputs[0], compiled.Design.Outputs[0]);
        var values = Npy.Read(Path.Combine(folder, $"{name}_x.npy")).ToDoubles();
        var raw = InputConversion.Quantize(values, Shapes.Count(compiled.Design.ShapeOf(input)), compiled.Typed.InputQuantizers[input]);
        var result = new Emulator(compiled.Design).Run(new Dictionary<string, RawBatch> { [input] = raw })[output];
        // The reference holds value · 256 whatever the type.
        var scale = 8 - compiled.Design.Channel(output).Type!.Value.Fraction;
        Assert.Equal(Npy.Read(Path.Combine(folder, $"{name}_y_raw.npy")).ToInt64s(), result.Raw.Select(r => scale >= 0 ? r << scale : r >> -scale));
    }

    private static CompiledModel Compile(string path)
    {
        var diagnostics = new DiagnosticBag();
        var graph = OnnxImporter.Import(path, new ImportOptions(), diagnostics);
        return Pipelines.ToDesign(graph, Score.None, Configuration.Default, null, diagnostics) ?? throw new UserErrorException([.. diagnostics.Items]);
    }
}
