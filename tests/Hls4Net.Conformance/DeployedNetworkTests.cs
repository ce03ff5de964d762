using Hls4Net.Conformance.Gpp;
using Hls4Net.Conformance.Verilator;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Numbers;
using Hls4Net.Emission;
using Hls4Net.Tests.Golden;
using Hls4Net.Tests.Support;
using Hls4Net.Verification.Gpp;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Conformance;

/// <summary>Networks that run in a real trigger: the Verilog and the C++ give the integers of their firmware on all recorded events.</summary>
public sealed class DeployedNetworkTests
{
    private static readonly (string Name, string File, bool IsDescribed)[] Networks =
        [("axol1tl_v3", "core.onnx", false), ("axol1tl_v3", "core.onnx", true), ("cicada_v2p1p2", "model.onnx", false), ("toollip_v1", "model.onnx", false)];

    [Fact]
    public void The_verilog_of_deployed_networks_gives_the_integers_of_their_firmware()
    {
        var networks = Networks.Select(n => new DeployedNetwork(TestFiles.Shared("data/cms", n.Name))).ToList();
        using var batch = new VerilatorBatch();
        foreach (var (network, (_, file, isDescribed)) in networks.Zip(Networks))
            batch.Add(network.Compile(file, isDescribed).Design, 4.0);
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
        foreach (var (network, (_, file, isDescribed)) in networks.Zip(Networks))
            batch.Add(network.Compile(file, isDescribed).Design);
        var program = batch.Build();
        foreach (var (network, design) in networks.Zip(batch.Designs))
            Compare(network, program.Run(design.Design, network.EventsOf(design.Design), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_library_of_a_deployed_network_gives_the_integers_of_its_firmware_from_described_events()
    {
        if (ExternalTool.Find(KnownTool.Gpp) is null)
            TestFiles.Missing("g++");
        var network = new DeployedNetwork(TestFiles.Shared("data/cms", "axol1tl_v3"));
        var design = network.Compile("core.onnx", isDescribed: true).Design;
        using var folder = new TemporaryFolder();
        var options = new HlsOptions { Prefix = "trigger_v3" };
        var inputs = design.Inputs.ToDictionary(i => i, i => new Quantizer(design.Channel(i).Type!.Value, Rounding.Trn, Overflow.Wrap), StringComparer.Ordinal);
        foreach (var (path, text) in LibraryEmitter.Emit(design, options, new("a test", "No model.", inputs)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[$"library/{path}"])!);
            File.WriteAllText(folder[$"library/{path}"], text);
        }
        using var library = LibraryExecution.Build(folder["library"], LibraryEmitter.LayoutOf(design, options), design, folder["build"], TestContext.Current.CancellationToken);
        Compare(network, library.Run(network.EventsOf(design), TestContext.Current.CancellationToken));
    }

    private static void Compare(DeployedNetwork network, IReadOnlyDictionary<string, RawBatch> found)
    {
        foreach (var output in network.Outputs)
            Assert.Equal(network.Expected(output), found[output].Raw);
    }
}
