using Hls4Net.Core.Data;
using Hls4Net.Core.Emulation;
using Hls4Net.Operators.Hls;
using Hls4Net.Tests.Hls;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Golden;

/// <summary>
/// Networks that run in a real trigger, from their ONNX files and a configuration that a user could write: every layer and every output is
/// that of the firmware, on all recorded events.
/// </summary>
public sealed class DeployedNetworkTests
{
    [Theory]
    [InlineData("axol1tl_v3", "core.onnx")]
    [InlineData("axol1tl_v3", "core.onnx", true)]
    [InlineData("axol1tl_v3", "model.onnx")]
    [InlineData("cicada_v2p1p2", "model.onnx")]
    [InlineData("toollip_v1", "model.onnx")]
    public void A_deployed_network_gives_the_bits_of_its_firmware_in_every_layer(string name, string file, bool isDescribed = false)
    {
        var folder = TestFiles.Shared("data/cms", name);
        var network = new DeployedNetwork(folder);
        var isCore = file == "core.onnx";
        var design = network.Compile(file, isDescribed).Design;
        var results = new Emulator(design).Run(network.EventsOf(design), [.. design.Channels.Select(c => c.Name)]);
        var trace = Npz.Read(Path.Combine(folder, "trace.npz"));
        foreach (var layer in network.Layers)
        {
            var layerName = layer.GetProperty("name").GetString()!;
            var channel = DeployedNetwork.OperationOf(layer) switch
            {
                "axo_scale" when isCore && !isDescribed => $"{layerName}.scaled",
                "conv2d" => $"{layerName}_conv",
                _ => layerName,
            };
            Assert.Equal(DeployedNetwork.TypeOf(layer.GetProperty("out_type")).Split(',')[0], design.Channel(channel).Type!.Value.ToString().Split(',')[0]);
            // The firmware's convolution writes channels last, as the network's next value is arranged.
            var found = DeployedNetwork.OperationOf(layer) == "conv2d" ? results[layerName] : results[channel];
            Assert.Equal(trace[layerName].ToInt64s(), found.Raw);
        }
        foreach (var output in network.Outputs)
            Assert.Equal(network.Expected(output), results[output].Raw);
    }

    [Fact]
    public void The_table_of_a_deployed_sigmoid_has_the_firmwares_entries()
    {
        var layer = new DeployedNetwork(TestFiles.Shared("data/cms", "toollip_v1")).Layers.Single(l => DeployedNetwork.OperationOf(l) == "lut");
        var table = layer.GetProperty("table");
        var size = layer.GetProperty("table_size").GetInt32();
        var made = HlsCurve.Sigmoid.TableOf(size, OperatorRun.Type(DeployedNetwork.TypeOf(table.GetProperty("type"))));
        Assert.Equal(table.GetProperty("raw").EnumerateArray().Select(r => r.GetInt64()), Enumerable.Range(0, size).Select(i => made.Data!.At(i - size / 2)));
    }
}
