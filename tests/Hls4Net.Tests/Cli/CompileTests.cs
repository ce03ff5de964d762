using Hls4Net.Cli.Commands;
using Hls4Net.Core.Data;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Cli;

/// <summary>The commands as a user types them: results on good input, clear refusals on bad input, nothing half-written.</summary>
[Collection(nameof(Console))]
public sealed class CompileTests : IDisposable
{
    private static readonly byte[] Model = OnnxBytes.Model(
        [OnnxBytes.Node("MatMul", ["x", "w"], ["product"]), OnnxBytes.Node("Add", ["product", "b"], ["sum"]), OnnxBytes.Node("Relu", ["sum"], ["y"])],
        [OnnxBytes.Value("x", 1, "batch", 4)], [OnnxBytes.Value("y", 1, "batch", 3)],
        [OnnxBytes.Tensor("w", [4, 3], 0.5f, -1, 0.25f, 2, 1, -0.75f, 0, 1.5f, 0.125f, -2, 0.5f, 1), OnnxBytes.Tensor("b", [3], 0.5f, -0.25f, 1)]);

    private readonly TemporaryFolder _folder = new();

    private string ModelPath => _folder.Write("model.onnx", Model);

    private string Output => _folder["out"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_model_becomes_firmware_that_emulates_to_what_the_network_computes()
    {
        await Compile(ModelPath);
        foreach (var file in new[] { "hls4net.json", "report.txt", "ir/design.txt", "ir/imported.txt", "ir/typed.txt", "hls/build_vitis.tcl" })
            Assert.True(File.Exists(Path.Combine(Output, file)), file);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(Output, "verilog"), "*.v"));

        Npy.Write(_folder["x.npy"], NpyArray.Of([2, 4], new[] { 1, 0.5, -2, 0.25, 0, 0, 0, 0 }));
        await Succeeds("emulate", Output, "--input", _folder["x.npy"], "--output", _folder["y.npy"], "--trace", _folder["t.npz"]);
        // y = max(0, x·w + b), all of it exact in the types chosen: x [1, .5, -2, .25], and zeros.
        Assert.Equal([1.5, 0, 0.875, 0.5, 0, 1], Npy.Read(_folder["y.npy"]).ToDoubles());
        Assert.Equal(NpyArray.Of([2, 3], new[] { 1.5, -3.625, 0.875, 0.5, -0.25, 1 }).ToDoubles(), Npz.Read(_folder["t.npz"])["sum"].ToDoubles());
    }

    [Fact]
    public async Task Raw_integers_go_in_and_come_out()
    {
        await Compile(ModelPath, "--precision", "fixed<8,4>");
        Npy.Write(_folder["x.npy"], NpyArray.Of([1, 4], new long[] { 16, 8, -32, 4 }));
        await Refuses("HLS5205", "emulate", Output, "--input", _folder["x.npy"], "--output", _folder["y.npy"], "--raw", "--threads", "0");
        await Succeeds("emulate", Output, "--input", _folder["x.npy"], "--output", _folder["y.npy"], "--raw", "--threads", "1");
        Assert.Equal([24, 0, 14], Npy.Read(_folder["y.npy"]).ToInt64s());
        Npy.Write(_folder["x.npy"], NpyArray.Of([1, 4], new long[] { 128, 0, 0, 0 }));
        await Refuses("HLS5204", "emulate", Output, "--input", _folder["x.npy"], "--output", _folder["y.npy"], "--raw");
    }

    [Theory]
    [InlineData("hls", true, false)]
    [InlineData("verilog", false, true)]
    [InlineData("verilog, hls", true, true)]
    public async Task Only_what_is_asked_for_is_written_and_the_emulator_works_with_any(string emit, bool hls, bool verilog)
    {
        await Compile(ModelPath, "--emit", emit);
        Assert.Equal((hls, verilog, verilog), (Directory.Exists(Path.Combine(Output, "hls")), Directory.Exists(Path.Combine(Output, "verilog")), Directory.Exists(Path.Combine(Output, "testbench"))));
        var manifest = Hls4Net.Cli.Compilation.Manifest.Read(Output);
        Assert.Equal(verilog, manifest.Hardware is not null);
        Assert.Equal(emit.Contains("hls", StringComparison.Ordinal), manifest.Target.Emit.Contains("hls"));
        Npy.Write(_folder["x.npy"], NpyArray.Of([1, 4], new[] { 1, 0.5, -2, 0.25 }));
        await Succeeds("emulate", Output, "--input", _folder["x.npy"], "--output", _folder["y.npy"]);
        Assert.Equal([1.5, 0, 0.875], Npy.Read(_folder["y.npy"]).ToDoubles());
        await Succeeds("report", Output);
        if (!verilog)
            await Refuses("HLS5205", "verify", Output, "--with", "verilator");
        if (!hls)
            await Refuses("HLS5205", "verify", Output, "--with", "g++");
    }

    [Fact]
    public async Task What_is_too_wide_for_cpp_is_left_out_with_a_warning_unless_cpp_was_asked_for()
    {
        var model = Chain("Mul", 6);
        var (code, _, errors) = await Run("compile", model, "-o", Output, "--precision", "fixed<40,20>", "-c", WideTypes());
        Assert.True(code == 0 && errors.Contains("warning HLS5103", StringComparison.Ordinal), errors);
        Assert.Equal(["verilog"], Hls4Net.Cli.Compilation.Manifest.Read(Output).Target.Emit);
        Assert.True(Directory.Exists(Path.Combine(Output, "verilog")) && !Directory.Exists(Path.Combine(Output, "hls")));
        await Compile(model, "--emit", "verilog", "-c", WideTypes());
        await Refuses("HLS5101", "compile", model, "-o", Output, "-c", WideTypes(), "--emit", "verilog,hls");
        await Refuses("HLS5101", "compile", model, "-o", Output, "-c", WideTypes(), "--emit", "hls");
    }

    /// <summary>An input so wide that its square does not fit the C++ types.</summary>
    private string WideTypes() => _folder.Write("wide.yaml", "inputs:\n  x: fixed<600,300>\n"u8.ToArray());

    [Theory]
    [InlineData(3, "--stages", "3")]
    [InlineData(2, "--clock", "40MHz", "--register-inputs")]
    [InlineData(5, "--clock", "40MHz", "--stages", "5")]
    public async Task Stages_and_registers_at_the_inputs_decide_the_latency(int cycles, params string[] options)
    {
        await Compile(ModelPath, ["--emit", "verilog", .. options]);
        var manifest = Hls4Net.Cli.Compilation.Manifest.Read(Output);
        Assert.Equal(cycles, manifest.Hardware!.LatencyCycles);
        Assert.InRange(manifest.Hardware.ClockMHz!.Value, 1, manifest.Hardware.Timing.MaximumClockMHz);
        Assert.Equal(cycles, Hls4Net.Transforms.Lowering.HardwareBuilder.Build(Hls4Net.Cli.Compilation.CompiledFolder.Open(Output).Design,
            Hls4Net.Cli.Compilation.FirmwareWriter.HardwareOptionsOf(manifest)).Latency);
    }

    [Fact]
    public async Task Stages_that_are_no_number_or_too_few_are_refused()
    {
        await Refuses("HLS5205", "compile", ModelPath, "-o", Output, "--stages", "0");
        await Refuses("HLS5205", "compile", ModelPath, "-o", Output, "--clock", "none", "--register-inputs");
        await Refuses("HLS3203", "compile", ModelPath, "-o", Output, "--clock", "700MHz", "--stages", "1");
        await Refuses("HLS3203", "compile", ModelPath, "-o", Output, "--stages", "1", "--register-inputs");
    }

    [Fact]
    public async Task A_clock_enable_is_a_port_and_needs_a_clock()
    {
        await Compile(ModelPath, "--emit", "verilog", "--clock-enable");
        Assert.True(Hls4Net.Cli.Compilation.FirmwareWriter.HardwareOptionsOf(Hls4Net.Cli.Compilation.Manifest.Read(Output)).ClockEnable);
        Assert.Contains("input  wire ce,", await File.ReadAllTextAsync(Path.Combine(Output, "verilog", "model.v"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await Compile(ModelPath, "--emit", "verilog");
        Assert.False(Hls4Net.Cli.Compilation.FirmwareWriter.HardwareOptionsOf(Hls4Net.Cli.Compilation.Manifest.Read(Output)).ClockEnable);
        await Refuses("HLS5205", "compile", ModelPath, "-o", Output, "--clock-enable", "--clock", "none");
    }

    [Fact]
    public async Task Adders_of_three_operands_are_fewer_and_only_for_devices_that_have_them()
    {
        await Compile(ModelPath, "--emit", "verilog");
        var two = Hls4Net.Cli.Compilation.Manifest.Read(Output).Hardware!.Adders;
        await Compile(ModelPath, "--emit", "verilog", "--adders", "three");
        var manifest = Hls4Net.Cli.Compilation.Manifest.Read(Output);
        Assert.InRange(manifest.Hardware!.Adders, 1, two - 1);
        Assert.Equal(3, Hls4Net.Cli.Compilation.FirmwareWriter.HardwareOptionsOf(manifest).AdderOperands);
        Assert.True(Hls4Net.Cli.Compilation.FirmwareWriter.HardwareOptionsOf(manifest).InputTables);
        await Compile(ModelPath, "--emit", "verilog", "--adders", "two");
        Assert.False(Hls4Net.Cli.Compilation.FirmwareWriter.HardwareOptionsOf(Hls4Net.Cli.Compilation.Manifest.Read(Output)).InputTables);
        await Refuses("HLS5205", "compile", ModelPath, "-o", Output, "--adders", "four");
        await Refuses("HLS5205", "compile", ModelPath, "-o", Output, "--adders", "three", "--part", "lfe5u-85");
    }

    [Fact]
    public async Task Two_compilations_give_the_same_bytes()
    {
        await Compile(ModelPath);
        var first = Snapshot();
        await Compile(ModelPath);
        Assert.Equal(first, Snapshot());
    }

    [Fact]
    public async Task A_folder_that_is_not_ours_is_never_touched()
    {
        Directory.CreateDirectory(Output);
        File.WriteAllText(Path.Combine(Output, "thesis.tex"), "x");
        await Refuses("HLS5201", "compile", ModelPath, "-o", Output);
        Assert.Equal("x", File.ReadAllText(Path.Combine(Output, "thesis.tex")));
    }

    [Fact]
    public async Task A_failed_compilation_leaves_nothing_behind()
    {
        var model = _folder.Write("broken.onnx", Model[..^20]);
        await Refuses("HLS1", "compile", model, "-o", Output);
        Assert.False(Directory.Exists(Output));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_folder.Path), e => Path.GetFileName(e).StartsWith(".out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_problem_of_the_command_line_has_a_diagnostic()
    {
        var model = ModelPath;
        await Refuses("HLS1", "compile", _folder["missing.onnx"], "-o", Output);
        await Refuses("HLS1", "compile", _folder.Write("text.onnx", "hello"u8.ToArray()), "-o", Output);
        await Refuses("HLS5202", "compile", model, "-o", Path.Combine(model, "below"));
        await Refuses("HLS5205", "compile", model, "-o", Output, "--clock", "fast");
        await Refuses("HLS5205", "compile", model, "-o", Output, "--score", "mu3");
        await Refuses("HLS5205", "compile", model, "-o", Output, "--emit", "vhdl");
        await Refuses("HLS5205", "compile", model, "-o", Output, "--emit", ",");
        await Refuses("HLS5205", "compile", model, "-o", Output, "--outputs", ",");
        await Refuses("HLS3009", "compile", model, "-o", Output, "--score", "kl");
        await Refuses("HLS3004", "compile", model, "-o", Output, "--precision", "fixed<8>");
        await Refuses("HLS3001", "compile", model, "-o", Output, "-c", _folder["missing.yaml"]);
        await Refuses("HLS3002", "compile", model, "-o", Output, "-c", _folder.Write("c.yaml", "layer: {}"u8.ToArray()));
        await Refuses("HLS5203", "emulate", _folder.Path, "-i", "x.npy", "-o", "y.npy");
        await Refuses("HLS5203", "report", Path.Combine(_folder.Path, "nowhere"));
    }

    [Fact]
    public async Task Data_that_do_not_fit_are_refused_with_what_is_needed()
    {
        await Compile(ModelPath);
        var (x, y) = (_folder["x.npy"], _folder["y.npy"]);
        Npy.Write(x, NpyArray.Of([2, 5], new double[10]));
        await Refuses("HLS4010", "emulate", Output, "-i", x, "-o", y);
        Npy.Write(x, NpyArray.Of([1, 4], new[] { 0, double.NaN, 0, 0 }));
        await Refuses("HLS4", "emulate", Output, "-i", x, "-o", y);
        Npy.Write(x, NpyArray.Of([1, 4], new double[4]));
        await Refuses("HLS4011", "emulate", Output, "-i", x, "-o", y, "--raw");
        await Refuses("HLS4", "emulate", Output, "-i", _folder["none.npy"], "-o", y);
        await Refuses("HLS4016", "emulate", Output, "-i", x, "-o", Path.Combine(_folder.Path, "no", "such", "y.npy"));
        Assert.False(File.Exists(y));
    }

    [Fact]
    public async Task Json_is_one_document_and_nothing_else()
    {
        var (code, output, _) = await Run("compile", ModelPath, "-o", Output, "--json");
        Assert.Equal(0, code);
        using var document = System.Text.Json.JsonDocument.Parse(output);
        Assert.Equal("model", document.RootElement.GetProperty("prefix").GetString());
        var (failed, problems, _) = await Run("compile", _folder["missing.onnx"], "-o", Output, "--json");
        Assert.Equal(1, failed);
        using var diagnostics = System.Text.Json.JsonDocument.Parse(problems);
        Assert.Equal("error", diagnostics.RootElement.GetProperty("diagnostics")[0].GetProperty("severity").GetString());
    }

    [Fact]
    public async Task An_empty_argument_or_option_is_a_usage_error()
    {
        Assert.Equal(1, (await Run("compile", ModelPath, "-o", "")).ExitCode);
        Assert.Equal(1, (await Run("compile", "", "-o", Output)).ExitCode);
        Assert.Equal(1, (await Run("report", "")).ExitCode);
    }

    [Fact]
    public async Task Folders_made_for_the_output_go_again_when_the_command_fails()
    {
        await Refuses("HLS1", "compile", _folder["missing.onnx"], "-o", _folder["a/b/c"]);
        Assert.False(Directory.Exists(_folder["a"]));
        await Compile(ModelPath);
        await Refuses("HLS4", "emulate", Output, "-i", _folder["none.npy"], "-o", _folder["a/b"]);
        Assert.False(Directory.Exists(_folder["a"]));
    }

    [Fact]
    public async Task The_current_folder_is_not_replaced_under_the_users_feet() =>
        await Refuses("HLS52", "compile", ModelPath, "-o", Path.GetDirectoryName(Environment.CurrentDirectory)!);

    [Fact]
    public async Task An_input_that_is_an_output_is_refused()
    {
        await Refuses("HLS1030", "compile", ModelPath, "-o", Output, "--outputs", "x,y");
        await Refuses("HLS1030", "compile", ModelPath, "-o", Output, "--outputs", "x");
    }

    [Fact]
    public async Task A_threshold_is_a_number_that_the_type_can_hold()
    {
        await Compile(ModelPath);
        await Refuses("HLS5205", "emulate", Output, "-i", "x.npy", "-o", "y.npy", "--threshold", "NaN");
        await Refuses("HLS5205", "emulate", Output, "-i", "x.npy", "-o", "y.npy", "--threshold", "0.5", "--raw");
    }

    [Fact]
    public async Task Values_that_grow_without_bound_are_refused_and_sums_of_sums_take_no_longer_than_their_number()
    {
        await Refuses("HLS3012", "compile", Chain("Mul", 20), "-o", Output);
        await Compile(Chain("Add", 60));
    }

    [Fact]
    public async Task A_network_larger_than_any_device_is_refused_at_once()
    {
        var wide = OnnxBytes.Model([OnnxBytes.Node("Relu", ["x"], ["y"])], [OnnxBytes.Value("x", 1, 1, 16_000_000)], [OnnxBytes.Value("y", 1, 1, 16_000_000)], []);
        await Refuses("HLS3013", "compile", _folder.Write("wide.onnx", wide), "-o", Output);
    }

    /// <summary>v0 = x op x, v1 = v0 op v0, and so on.</summary>
    private string Chain(string operation, int length)
    {
        var nodes = Enumerable.Range(0, length).Select(k => OnnxBytes.Node(operation, [k == 0 ? "x" : $"v{k - 1}", k == 0 ? "x" : $"v{k - 1}"], [$"v{k}"])).ToArray();
        return _folder.Write("chain.onnx", OnnxBytes.Model(nodes, [OnnxBytes.Value("x", 1, 1, 2)], [OnnxBytes.Value($"v{length - 1}", 1, 1, 2)], []));
    }

    private Task Compile(string model, params IEnumerable<string> options) => Succeeds(["compile", model, "-o", Output, .. options]);

    private static async Task<(int ExitCode, string Output, string Errors)> Run(params IEnumerable<string> arguments)
    {
        var all = arguments.ToArray();
        var command = all[0] switch
        {
            "compile" => CompileCommand.Create(),
            "emulate" => EmulateCommand.Create(),
            "verify" => VerifyCommand.Create(),
            _ => ReportCommand.Create(),
        };
        var result = await CommandLine.RunAsync(command, all[1..]);
        return (result.ExitCode, result.Output, result.Errors);
    }

    private static async Task Succeeds(params IEnumerable<string> arguments)
    {
        var (code, output, errors) = await Run(arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}\n{output}\n{errors}");
    }

    private static async Task Refuses(string id, params IEnumerable<string> arguments)
    {
        var (code, _, errors) = await Run(arguments);
        Assert.True(code == 1 && errors.Contains($"error {id}", StringComparison.Ordinal), $"{string.Join(' ', arguments)}: exit code {code}\n{errors}");
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private SortedDictionary<string, string> Snapshot() => new(Directory.EnumerateFiles(Output, "*", SearchOption.AllDirectories)
        .ToDictionary(f => Path.GetRelativePath(Output, f), f => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f)))), StringComparer.Ordinal);
}
