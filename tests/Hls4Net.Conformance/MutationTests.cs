using System.Text.RegularExpressions;
using Hls4Net.Cli.Compilation;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Passes;

namespace Hls4Net.Conformance;

/// <summary>
/// Bugs planted in each of the executions of the example network: <c>verify</c> finds every one, names the output, the event and the
/// first value that differs. Without these a check that cannot fail would look like one that passes.
/// </summary>
public sealed class MutationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hls4net-mutation-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_a_bug_all_executions_agree()
    {
        Compile();
        var summary = Verify("verilator", "g++");
        Assert.True(summary.Passed, string.Join('\n', summary.Checks.SelectMany(c => c.Details)));
        Assert.All(summary.Checks, c => Assert.Equal(500, c.Events));
    }

    [Theory]
    [InlineData(@"(?m)^(\s*wire [^/\n]* = [^/\n]*) \+ ", "$1 - ")]
    [InlineData(@"(?m)^(\s*wire [^/\n]* = [^/\n]*) - ", "$1 + ")]
    public void A_wrong_sign_in_the_Verilog_is_found(string pattern, string replacement)
    {
        Compile();
        Mutate("verilog", "*.v", pattern, replacement);
        Finds(Verify("verilator"));
    }

    [Fact]
    public void A_register_too_few_in_the_Verilog_is_found()
    {
        Compile();
        // A clocked assignment that copies its source at once: the value comes a cycle early.
        Mutate("verilog", "*.v", @"always @\(posedge clk\)", "always @(negedge clk)");
        Assert.False(Verify("verilator").Passed);
    }

    [Theory]
    [InlineData("weights/*.h", @"(?<=[{, ])([1-9])(?=[,}])", "5$1")]
    [InlineData("*.cpp", "AP_RND,", "AP_TRN,")]
    public void A_wrong_number_or_rounding_in_the_HLS_code_is_found(string files, string pattern, string replacement)
    {
        Compile();
        Mutate(Path.Combine("hls", "firmware"), files, pattern, replacement);
        Finds(Verify("g++"));
    }

    [Fact]
    public void Firmware_that_a_tool_refuses_is_a_finding_and_no_pass()
    {
        Compile();
        Mutate(Path.Combine("hls", "firmware"), "*.cpp", "AP_RND,", "AP_RND");
        var check = Assert.Single(Verify("g++").Checks);
        Assert.False(check.Passed);
        Assert.Equal("REFUSED", check.Result);
    }

    [Fact]
    public void A_wrong_rounding_in_the_emulator_is_found_by_both_back_ends()
    {
        Compile();
        // The emulator reads the design; the firmware was written before.
        var path = Path.Combine(_folder, "out", CompiledFolder.DesignPath);
        var design = DesignText.Parse(File.ReadAllText(path));
        File.WriteAllText(path, WithOtherRounding(design).ToText());
        var summary = Verify("verilator", "g++");
        Assert.All(summary.Checks, c => Assert.False(c.Passed, c.Name));
    }

    [Fact]
    public void A_wrong_rounding_in_the_lowering_is_found()
    {
        // Verilog lowered from a design whose casts round otherwise is Verilog from a lowering that mistakes the rounding.
        Compile();
        var folder = CompiledFolder.Open(Path.Combine(_folder, "out"));
        var wrong = Transforms.Lowering.HardwareBuilder.Build(WithOtherRounding(folder.Design), FirmwareWriter.HardwareOptionsOf(folder.Manifest));
        foreach (var (path, text) in Emission.VerilogEmitter.Emit(wrong))
            File.WriteAllText(Path.Combine(_folder, "out", path), text);
        Finds(Verify("verilator"));
    }

    private static Design WithOtherRounding(Design design) => design with
    {
        Stages = design.Stages.Select(s => s with { Computation = WithOtherRounding(s.Computation) }).ToSeq(),
    };

    private static Computation WithOtherRounding(Computation computation) => computation is Kernel kernel
        ? kernel with
        {
            Body = new Block(kernel.Body.Instructions.Select(i => i is Cast cast
                ? cast with { Quantizer = cast.Quantizer with { Rounding = cast.Quantizer.Rounding == Rounding.Trn ? Rounding.Rnd : Rounding.Trn } }
                : i).ToSeq()),
        }
        : computation;

    /// <summary>A difference was found and placed.</summary>
    private static void Finds(VerificationSummary summary)
    {
        var check = Assert.Single(summary.Checks);
        Assert.False(check.Passed);
        Assert.InRange(check.Different, 1, check.Events);
        Assert.Contains(check.Details, d => d.Contains("the first difference is in output", StringComparison.Ordinal) && d.Contains("instead of", StringComparison.Ordinal));
        Assert.Contains(check.Details, d => d.Contains("the first value that differs inside is", StringComparison.Ordinal));
    }

    private VerificationSummary Verify(params IReadOnlyList<string> tools)
    {
        var run = new VerificationRun(CompiledFolder.Open(Path.Combine(_folder, "out")), _ => { });
        return run.Check(run.Events(null, 500, 3), tools, patterns: null, TestContext.Current.CancellationToken);
    }

    private void Compile()
    {
        var example = Emission.ResourceFiles.FullPath("examples/adc2021-vae");
        FirmwareWriter.Write(new CompileOptions(Path.Combine(example, "encoder.onnx"), Path.Combine(_folder, "out"), null, CompileOptions.DefaultPart,
            CompileOptions.DefaultClockMHz, ["mu"], Score.Mu2, null, Path.Combine(example, "calibration.npy"), "encoder"), new DiagnosticBag(), default);
    }

    /// <summary>Replaces the first match below a folder.</summary>
    private void Mutate(string folder, string files, string pattern, string replacement)
    {
        var expression = new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(10));
        var root = Path.Combine(_folder, "out", folder);
        var below = Path.Combine(root, Path.GetDirectoryName(files)!);
        foreach (var path in Directory.EnumerateFiles(below, Path.GetFileName(files)).Order(StringComparer.Ordinal))
        {
            var text = File.ReadAllText(path);
            var mutated = expression.Replace(text, replacement, 1);
            if (mutated == text)
                continue;
            File.WriteAllText(path, mutated);
            return;
        }
        Assert.Fail($"Nothing in {folder}/{files} matches {pattern}: the mutation must be adapted to the text that is printed now.");
    }
}
