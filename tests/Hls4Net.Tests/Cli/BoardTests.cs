using System.Security.Cryptography;
using Hls4Net.Cli;
using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Compilation;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Cli;

/// <summary>The files for a board's project: complete, with the prefix in every name and the hashes of model and compiler.</summary>
[Collection(nameof(Console))]
public sealed class BoardTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Output => _folder["out"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_files_name_all_sources_carry_the_version_and_tell_model_compiler_and_design()
    {
        await Compile(OnnxBytes.DenseAndRelu(), "--precision", "fixed<12,6>", "--emit", "board", "--release", "v3", "--clock", "320MHz");
        var manifest = Manifest.Read(Output);
        Assert.Equal(["verilog", "board"], manifest.Target.Emit);
        Assert.Equal(["README.md", "files.txt", "model_v3.sdc", "model_v3.xdc", "model_v3_board.vhd", "model_v3_info.vhd", "quartus.tcl", "vivado.tcl"],
            Directory.GetFiles(Path.Combine(Output, "board")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var sources = (await Text("files.txt")).Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split(' ')[1]).ToList();
        Assert.All(sources, f => Assert.True(File.Exists(Path.Combine(Output, "board", f)), f));
        Assert.Equal(Directory.GetFiles(Path.Combine(Output, "verilog"), "*.v").Length + 4, sources.Count);
        foreach (var script in new[] { "vivado.tcl", "quartus.tcl" })
        {
            var text = await Text(script);
            Assert.All(sources.Where(f => f.EndsWith(".v", StringComparison.Ordinal) || f.EndsWith(".vhd", StringComparison.Ordinal)), f => Assert.Contains($"[file join $here {f}]", text, StringComparison.Ordinal));
            Assert.Equal(text.Count(c => c == '{'), text.Count(c => c == '}'));
        }
        Assert.Contains("create_clock -name clk -period 3.125 [get_ports clk]", await Text("model_v3.xdc"), StringComparison.Ordinal);
        var info = await Text("model_v3_info.vhd");
        var hash = Convert.ToHexStringLower(SHA256.HashData(OnnxBytes.DenseAndRelu()));
        Assert.Contains($"constant model_sha256 : std_logic_vector(255 downto 0) := x\"{hash}\";", info, StringComparison.Ordinal);
        Assert.Contains($"8 => x\"{hash[..8]}\", -- SHA-256 of the model's file, digits 0 to 7\n", info, StringComparison.Ordinal);
        Assert.Contains($"compiler_sha256 : std_logic_vector(255 downto 0) := x\"{Versions.Hash}\";", info, StringComparison.Ordinal);
        Assert.Contains($"constant latency : natural := {manifest.Hardware!.LatencyCycles};", info, StringComparison.Ordinal);
        Assert.Equal(64, Versions.Hash.Length);
    }

    [Fact]
    public async Task The_design_has_a_hash_of_its_own_that_types_change_and_the_clock_does_not()
    {
        var hashes = new List<string>();
        foreach (var options in new[] { new[] { "--precision", "fixed<12,6>" }, ["--precision", "fixed<12,6>", "--clock", "100MHz"], ["--precision", "fixed<12,5>"] })
        {
            await Compile(OnnxBytes.DenseAndRelu(), ["--emit", "board", .. options]);
            hashes.Add((await Text("model_info.vhd")).Split('\n').Single(l => l.Contains("design_sha256 :", StringComparison.Ordinal)));
        }
        Assert.Equal(hashes[0], hashes[1]);
        Assert.NotEqual(hashes[0], hashes[2]);
    }

    [Fact]
    public async Task Ports_that_VHDL_would_take_for_something_else_get_other_names_around_the_same_core()
    {
        var model = OnnxBytes.Model([OnnxBytes.Node("Relu", ["Info_Data"], ["core"])], [OnnxBytes.Value("Info_Data", 1, 1, 4)], [OnnxBytes.Value("core", 1, 1, 4)], []);
        await Compile(model, "--precision", "fixed<12,6>", "--emit", "board", "--prefix", "structure", "--clock", "none");
        var wrapper = await Text("structure_board.vhd");
        Assert.Contains("    info_data_2 : out std_logic_vector(31 downto 0)", wrapper, StringComparison.Ordinal);
        Assert.Contains("  core_2 : structure\n", wrapper, StringComparison.Ordinal);
        Assert.Contains("architecture structure_2 of structure_board is", wrapper, StringComparison.Ordinal);
        Assert.Contains("      Info_Data => Info_Data,\n", wrapper, StringComparison.Ordinal);
        Assert.Contains("set_max_delay ", await Text("structure.xdc"), StringComparison.Ordinal);
        Assert.DoesNotContain("create_clock", await Text("structure.sdc"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Packets_have_a_wrapper_too()
    {
        await Compile(OnnxBytes.DenseAndRelu(), "--precision", "fixed<12,6>", "--emit", "board,hls", "--top", "axi-stream", "--bus-width", "8");
        var wrapper = await Text("model_board.vhd");
        Assert.Contains("  core : model_axis\n", wrapper, StringComparison.Ordinal);
        Assert.Contains("    s_axis_tkeep : in std_logic; -- packets of inputs\n", wrapper, StringComparison.Ordinal);
        Assert.Contains("create_clock -name aclk -period 5 [get_ports aclk]", await Text("model.xdc"), StringComparison.Ordinal);
        Assert.Contains("verilog ../verilog/model_axis.v\n", await Text("files.txt"), StringComparison.Ordinal);
        Assert.Equal(["verilog", "hls", "board"], Manifest.Read(Output).Target.Emit);
    }

    private Task<string> Text(string file) => File.ReadAllTextAsync(Path.Combine(Output, "board", file), TestContext.Current.CancellationToken);

    private async Task Compile(byte[] model, params string[] options)
    {
        var result = await CommandLine.RunAsync(CompileCommand.Create(), [_folder.Write("model.onnx", model), "-o", Output, .. options]);
        Assert.True(result.ExitCode == 0, result.Errors);
    }
}
