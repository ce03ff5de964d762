using System.Text;
using System.Text.RegularExpressions;
using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Compilation;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Emission;
using Hls4Net.Tests.Cli;
using Hls4Net.Tests.Support;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Conformance;

/// <summary>The VHDL around a design, judged by GHDL: it analyses, elaborates, shows the registers, and the network behind it keeps its bits and its latency.</summary>
[Collection(nameof(Console))]
public sealed partial class BoardTests : IDisposable
{
    private const int Events = 300;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData]
    [InlineData("--clock", "none")]
    [InlineData("--clock-enable")]
    [InlineData("--reuse", "2")]
    [InlineData("--top", "axi-stream")]
    public async Task The_wrapper_is_VHDL_that_shows_what_is_in_the_device(params string[] options)
    {
        var folder = await Compile(options);
        var info = await File.ReadAllLinesAsync(Path.Combine(folder.Path, BoardEmitter.Folder, "model_info.vhd"), TestContext.Current.CancellationToken);
        var words = info.Where(l => l.Contains("=> x\"", StringComparison.Ordinal)).Select(l => l.Split('"')[1]).ToList();
        Assert.Equal(32, words.Count);
        var wrapper = await File.ReadAllTextAsync(Path.Combine(folder.Path, BoardEmitter.Folder, "model_board.vhd"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder["work"], "bench.vhd"), Bench(words, wrapper), Encoding.ASCII, TestContext.Current.CancellationToken);
        var said = Ghdl("-a", "--std=93", "bench.vhd") + Ghdl("--elab-run", "--std=93", "bench", "--ieee-asserts=disable");
        Assert.Contains("all registers were read", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--clock", "none")]
    [InlineData("--reuse", "2")]
    [InlineData("--clock-enable")]
    public async Task The_network_inside_of_the_wrapper_gives_its_bits_after_its_latency(params string[] options)
    {
        var run = new VerificationRun(await Compile(options), _ => { });
        var check = Assert.Single(run.Check(run.Events(null, Events, 3), run.ParseTools("ghdl"), null, TestContext.Current.CancellationToken).Checks);
        Assert.True(check is { Passed: true, Events: >= Events }, string.Join('\n', check.Details.Prepend(check.Result)));
    }

    [Fact]
    public async Task A_decision_with_prescales_and_rates_keeps_its_ports_behind_the_wrapper()
    {
        var configuration = _folder.Write("score.yaml", "score: { head: mu2, thresholds: 2, prescale: 4, rates: 8 }"u8.ToArray());
        var run = new VerificationRun(await Compile(["-c", configuration]), _ => { });
        Assert.All(run.Check(run.Events(null, Events, 3), run.ParseTools("ghdl,decision"), null, TestContext.Current.CancellationToken).Checks, c => Assert.True(c.Passed, c.Result));
    }

    [Fact]
    public async Task Around_packets_the_wrapper_is_not_looked_into()
    {
        var run = new VerificationRun(await Compile(["--top", "axi-stream"]), _ => { });
        Assert.Contains("packets", Assert.Throws<UserErrorException>(() => run.ParseTools("ghdl")).Message, StringComparison.Ordinal);
    }

    /// <summary>Reads every register of the wrapper and compares it.</summary>
    /// <param name="wrapper">The text of the wrapper, for its other ports, which stay at 0.</param>
    private static string Bench(IReadOnlyList<string> words, string wrapper)
    {
        var ports = Port().Matches(wrapper[..wrapper.IndexOf("end entity", StringComparison.Ordinal)]).Select(m => (Name: m.Groups[1].Value, Mode: m.Groups[2].Value, Type: m.Groups[3].Value)).ToList();
        var others = ports.Where(p => p.Mode == "in" && p.Name != "info_address").ToList();
        return $"""
            library ieee;
            use ieee.std_logic_1164.all;
            use ieee.numeric_std.all;

            entity bench is
            end entity;

            architecture test of bench is
              type words is array (0 to 31) of std_logic_vector(31 downto 0);
              constant expected : words := ({string.Join(", ", words.Select(w => $"x\"{w}\""))});
              signal address : std_logic_vector(4 downto 0) := (others => '0');
              signal data : std_logic_vector(31 downto 0);
              {string.Concat(others.Select(p => $"signal at_{p.Name} : {p.Type} := {(p.Type == "std_logic" ? "'0'" : "(others => '0')")};\n"))}
            begin
              board : entity work.model_board port map ({string.Concat(others.Select(p => $"{p.Name} => at_{p.Name}, "))}info_address => address, info_data => data);

              process
              begin
                for k in expected'range loop
                  address <= std_logic_vector(to_unsigned(k, 5));
                  wait for 1 ns;
                  assert data = expected(k) report "register " & integer'image(k) severity failure;
                end loop;
                report "all registers were read";
                wait;
              end process;
            end architecture;

            """;
    }

    [GeneratedRegex(@"^    (\w+) : (in|out) (std_logic(?:_vector\(\d+ downto 0\))?);? -- ", RegexOptions.Multiline)]
    private static partial Regex Port();

    private string Ghdl(params string[] arguments)
    {
        var result = Run(arguments);
        return result.Output + result.Errors;
    }

    private ToolResult Run(string[] arguments) =>
        ExternalTool.Require(KnownTool.Ghdl).RunToSuccess(arguments, new ToolOptions { WorkingDirectory = _folder["work"] }, TestContext.Current.CancellationToken);

    private async Task<CompiledFolder> Compile(string[] options)
    {
        var result = await CommandLine.RunAsync(CompileCommand.Create(), [_folder.Write("model.onnx", OnnxBytes.DenseAndRelu()), "-o", _folder["out"], "--precision", "fixed<10,5>", "--emit", "board", .. options]);
        Assert.True(result.ExitCode == 0, result.Errors);
        Directory.CreateDirectory(_folder["work"]);
        var board = Path.Combine(_folder["out"], BoardEmitter.Folder);
        var said = Ghdl("-a", "--std=93", Path.Combine(board, "model_info.vhd"), Path.Combine(board, "model_board.vhd")) + Ghdl("-e", "--std=93", "model_board");
        Assert.DoesNotContain("error", said, StringComparison.Ordinal);
        return CompiledFolder.Open(_folder["out"]);
    }
}
