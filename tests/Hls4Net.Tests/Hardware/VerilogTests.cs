using System.Text.RegularExpressions;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Text;
using Hls4Net.Emission;
using Hls4Net.Tests.Emission;
using Hls4Net.Tests.Primitives;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Tests.Hardware;

/// <summary>What the printed Verilog looks like. That it computes the right bits is for Verilator to say.</summary>
public sealed class VerilogTests
{
    private static IReadOnlyList<EmittedFile> Emit(Design design, double? levels = null, string prefix = "top") =>
        VerilogEmitter.Emit(HardwareBuilder.Build(design, new(prefix, LevelsPerCycle: levels)));

    private static string Text(IReadOnlyList<EmittedFile> files, string path) => files.Single(f => f.Path == path).Text;

    [Fact]
    public void Each_layer_is_a_module_that_names_its_onnx_nodes_its_type_and_its_cycles()
    {
        var files = Emit(SampleDesigns.Encoder(4, 6, 4, 2), levels: 2);
        Assert.Equal(["verilog/top_fc1_sum.v", "verilog/top_fc2_sum.v", "verilog/top.v", "verilog/top.f", "verilog/interface.json", "ports.md"], files.Select(f => f.Path));
        var layer = Text(files, "verilog/top_fc1_sum.v");
        Assert.Contains("// Computes the ONNX node 'fc1_sum' (Dense).\n", layer);
        Assert.Contains("// Computes the ONNX node 'fc1_relu' (Rectify).\n", layer);
        Assert.Contains("// Writes 'fc1', shape [1, 4] of ufixed<8,5>.\n", layer);
        Assert.Matches("// Reads its inputs in cycle 0 after those of the event, has its outputs in cycle [0-9]+\\.\n", layer);
        Assert.Contains("output wire [31:0] fc1\n", layer);
        Assert.Contains("always @(posedge clk) begin\n", layer);
    }

    [Fact]
    public void The_top_is_a_port_page_and_a_list_of_layers_joined_by_buses()
    {
        var top = Text(Emit(SampleDesigns.Encoder(4, 6, 4, 2)), "verilog/top.v");
        Assert.Equal(
            """
            // The network 'encoder'.
            //
            // Combinational: there is no clock, and the outputs follow the inputs.
            //
            // x: input, new for every event.
            //   The ONNX value 'x' of shape [1, 6], row-major, each element fixed<8,6>: integer times 2^-2.
            //   Element k is x[8*k +: 8], k from 0 to 5.
            // fc2: output.
            //   The ONNX value 'fc2' of shape [1, 2], row-major, each element fixed<12,8>: integer times 2^-4.
            //   Element k is fc2[12*k +: 12], k from 0 to 1.
            module top (
                input  wire [47:0] x,
                output wire [23:0] fc2
            );

                wire [31:0] fc1;
                top_fc1_sum layer_fc1_sum (
                    .x(x),
                    .fc1(fc1)
                );
                wire [22:0] fc2_bus;
                top_fc2_sum layer_fc2_sum (
                    .fc1(fc1),
                    .fc2(fc2_bus)
                );
                wire signed [10:0] fc2_0 = fc2_bus[10:0];

                assign fc2 = {fc2_bus[22:11], {{1{fc2_0[10]}}, fc2_0}};
            endmodule

            """.ReplaceLineEndings("\n"), top);
    }

    [Fact]
    public void The_latency_is_stated_with_the_edges_that_count()
    {
        var hardware = HardwareBuilder.Build(SampleDesigns.Encoder(4, 6, 4, 2), new("top", 200, "xcvu13p-flga2577-2-e"));
        var top = Text(VerilogEmitter.Emit(hardware), "verilog/top.v");
        Assert.Contains($"// Latency {hardware.Latency}: inputs that rising edge 0 can sample give outputs that rising edge {hardware.Latency} can sample, and no other.\n", top);
        Assert.Contains("// Registers placed for 200 MHz on xcvu13p: at most ", top);
        Assert.Contains("// A new event every cycle of clk; ", top);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1.0)]
    public void Two_compilations_give_the_same_bytes(double? levels)
    {
        for (var seed = 0; seed < 20; seed++)
            Assert.Equal(Emit(RandomDesigns.Draw(seed).WithTypedOutputs(), levels), Emit(RandomDesigns.Draw(seed).WithTypedOutputs(), levels));
    }

    [Fact]
    public void Names_that_are_hostile_become_plain_identifiers_and_never_leave_a_comment()
    {
        var files = Emit(Hostile.Design(), levels: 1, prefix: "module");
        foreach (var file in files.Where(f => f.Path.EndsWith(".v", StringComparison.Ordinal)))
        {
            Assert.Matches("^verilog/[A-Za-z][A-Za-z0-9_]*\\.v$", file.Path);
            var code = string.Join('\n', file.Text.Split('\n').Select(l => l.Split("//")[0]));
            Assert.All(code, c => Assert.True(c is '\n' or (>= ' ' and <= '~'), $"The character {(int)c} is in the code of {file.Path}."));
            Assert.All(file.Text, c => Assert.True(c is '\n' or (>= ' ' and <= '~'), $"The character {(int)c} is in {file.Path}."));
            foreach (var name in Regex.Matches(code, "(?:module|wire|reg|signed)\\s+(?:\\[[0-9]+:0\\]\\s*)?([A-Za-z_][A-Za-z0-9_]*)").Select(m => m.Groups[1].Value))
                Assert.True(name is "signed" || !ReservedWords.Contains(name), $"{name} is a keyword.");
        }
        Assert.Equal(files.Count, files.Select(f => f.Path.ToLowerInvariant()).Distinct().Count());
    }

    [Fact]
    public void The_description_for_benches_reads_back_what_was_written()
    {
        var hardware = HardwareBuilder.Build(SampleDesigns.Encoder(4, 6, 4, 2), new("top", LevelsPerCycle: 2));
        var written = VerilogEmitter.InterfaceOf(hardware);
        var json = written.ToJson();
        Assert.Equal(json, HardwareInterface.FromJson(json).ToJson());
        Assert.Contains("\"role\": \"input\"", json);
        Assert.Equal("clk", written.Clock);
        Assert.Equal(hardware.Latency, written.Latency);
        var elements = written.Channels.Single(c => c.Channel == "fc1").Elements;
        Assert.All(elements, e => Assert.Matches("^fc1\\[[0-9]+:[0-9]+\\]$", e.Path));
    }
}
