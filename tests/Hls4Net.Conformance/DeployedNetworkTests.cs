using Hls4Net.Conformance.Gpp;
using Hls4Net.Conformance.Verilator;
using Hls4Net.Core.Emulation;
using Hls4Net.Tests.Golden;
using Hls4Net.Tests.Support;

namespace Hls4Net.Conformance;

/// <summary>Networks that run in a real trigger: the Verilog and the C++ give the integers of their firmware on all recorded events.</summary>
public sealed class DeployedNetworkTests
{
    private static readonly (string Name, string File)[] Networks = [("axol1tl_v3", "core.onnx"), ("cicada_v2p1p2", "model.onnx"), ("toollip_v1", "model.onnx")];

    [Fact]
    public void The_verilog_of_deployed_networks_gives_the_integers_of_their_firmware()
    {
        var networks = Networks.Select(n => new DeployedNetwork(TestFiles.Shared("data/cms", n.Name))).ToList();
        using var batch = new VerilatorBatch();
        foreach (var (network, (_, file)) in networks.Zip(Networks))
            batch.Add(network.Compile(file).Design, 4.0);
        var program = batch.Build();
        var runs = program.Run([.. networks.Zip(batch.Designs, (n, d) => n.EventsOf(d.Design))], TestContext.Current.CancellationToken);
        foreach (var (network, run) in networks.Zip(runs))
            Compare(network, run.Outputs());
    }

    [Fact]
    public void The_cpp_of_deployed_networks_gives_the_integers_of_their_firmware()
    {
        var networks = Networks.Select(n => new DeployedNetwork(TestFiles.Shared("data/cms", n.Name))).ToList();
        using var batch = new GppBatch();
        foreach (var (network, (_, file)) in networks.Zip(Networks))
            batch.Add(network.Compile(file).Design);
        var program = batch.Build();
        foreach (var (network, design) in networks.Zip(batch.Designs))
            Compare(network, program.Run(design.Design, network.EventsOf(design.Design), TestContext.Current.CancellationToken));
    }

    private static void Compare(DeployedNetwork network, IReadOnlyDictionary<string, RawBatch> found)
    {
        foreach (var output in network.Outputs)
            Assert.Equal(network.Expected(output), found[output].Raw);
    }
}
