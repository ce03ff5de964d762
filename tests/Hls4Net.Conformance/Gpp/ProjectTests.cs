using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Numbers;
using Hls4Net.Emission;
using Hls4Net.Tests.Emission;
using Hls4Net.Tests.Hardware;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Conformance.Gpp;

/// <summary>The emitted project as its user has it: files, names, testbench.</summary>
public sealed class ProjectTests
{
    [Fact]
    public void Hostile_names_compile_and_compute()
    {
        using var batch = new GppBatch();
        var design = Hostile.Design();
        foreach (var prefix in new[] { "string", "bench", "ap_fixed", "a/b \"*/\n", "std", "glue-0", "from_raw", "memory" })
            batch.Add(design with { Name = prefix }, prefix);
        foreach (var prefix in new[] { "beats", "tick", "hls_stream", "processes" })
            batch.Add(Streamed.Chains["skip"]() with { Name = prefix }, prefix, new(1));
        var program = batch.Build();
        foreach (var project in batch.Designs)
            Assert.Null(GppBatch.Difference(program, project.Design, Networks.Events(project.Design, 20, 1)));
    }

    [Fact]
    public void Two_models_link_into_one_program()
    {
        using var batch = new GppBatch();
        var first = batch.Add(Networks.Dense(1, 3, 2), "first");
        var second = batch.Add(Networks.Dense(2, 3, 2), "second");
        var main = Path.Combine(first.ProjectFolder, "main.cpp");
        File.WriteAllText(main, """
            #include "firmware/first.h"
            #include "../second/firmware/second.h"
            int main() {
                first::x_t x[3];
                for (int i = 0; i < 3; i++) x[i] = i + 0.5;
                first::y_t y[2];
                second::y_t z[2];
                first_top(x, y);
                second_top(x, z);
                return y[0] != z[0] && y[1] != z[1] ? 0 : 3;
            }

            """);
        var program = Path.Combine(first.ProjectFolder, "both");
        Compile([main, Source(first), Source(second)], program);
        new ExternalTool("both", program).RunToSuccess([], cancellation: TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_testbench_of_the_project_reads_vectors_and_compares()
    {
        using var batch = new GppBatch();
        FixedType[] inputs = [new(true, 12, 4), new(false, 64, 64), new(true, 90, 40)];
        var wrap = new Quantizer(new FixedType(true, 70, 30), Rounding.Trn, Overflow.Wrap);
        var narrow = new Quantizer(new FixedType(true, 9, 3), Rounding.Rnd, Overflow.Sat);
        var design = ScalarDesigns.Of(inputs, ((_, x) => x[0] * x[2], wrap), ((_, x) => x[0] - x[1], narrow), ((_, x) => x[1], new(inputs[1], Rounding.Trn, Overflow.Wrap)));
        var project = batch.Add(design, "vae");
        var events = ScalarDesigns.WideEvents(design, 100, 3);
        var vectors = Directory.CreateDirectory(Path.Combine(project.ProjectFolder, "tb_data")).FullName;
        var layout = HlsCppLayout.Of(design, project.Options);
        File.WriteAllText(Path.Combine(vectors, "inputs.txt"), HlsCppVectors.Text(layout.Inputs, events));
        var expected = HlsCppVectors.Text(layout.Outputs, new Emulator(design).Run(events)).Split('\n')[..^1];
        File.WriteAllLines(Path.Combine(vectors, "expected.txt"), expected);
        var program = Path.Combine(project.ProjectFolder, "vae_test");
        Compile([Source(project), Path.Combine(project.ProjectFolder, "vae_test.cpp")], program);

        var testbench = new ExternalTool("the testbench", program);
        var options = new ToolOptions { WorkingDirectory = project.ProjectFolder };
        Assert.Equal("100 events, 0 mismatches\n", testbench.RunToSuccess([], options, TestContext.Current.CancellationToken).Output);
        Assert.Equal(expected, File.ReadAllLines(Path.Combine(vectors, "outputs.txt")));

        expected[17] = expected[80];
        File.WriteAllLines(Path.Combine(vectors, "expected.txt"), expected);
        var failed = testbench.Run([], options, TestContext.Current.CancellationToken);
        Assert.Equal((1, "100 events, 1 mismatches\n"), (failed.ExitCode, failed.Output));
        Assert.Contains("Event 17:", failed.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_testbench_of_a_streamed_project_packs_events_into_beats()
    {
        using var batch = new GppBatch();
        var design = Streamed.Chains["pool"]();
        var project = batch.Add(design, "pool", new(2));
        var events = Networks.Events(design, 20, 3);
        var vectors = Directory.CreateDirectory(Path.Combine(project.ProjectFolder, "tb_data")).FullName;
        var layout = HlsCppLayout.Of(design, project.Options);
        File.WriteAllText(Path.Combine(vectors, "inputs.txt"), HlsCppVectors.Text(layout.Inputs, events));
        File.WriteAllText(Path.Combine(vectors, "expected.txt"), HlsCppVectors.Text(layout.Outputs, new Emulator(design).Run(events)));
        var program = Path.Combine(project.ProjectFolder, "pool_test");
        Compile([Source(project), Path.Combine(project.ProjectFolder, "pool_test.cpp")], program);
        var result = new ExternalTool("the testbench", program).RunToSuccess([], new ToolOptions { WorkingDirectory = project.ProjectFolder }, TestContext.Current.CancellationToken);
        Assert.Equal($"{events.First().Value.Events} events, 0 mismatches\n", result.Output);
    }

    [Fact]
    public void A_project_that_does_not_compile_is_reported_with_what_the_compiler_says()
    {
        using var batch = new GppBatch();
        var project = batch.Add(Networks.Dense(1, 3, 2), "net");
        File.AppendAllText(Source(project), "#error planted\n");
        var error = Assert.Throws<UserErrorException>(batch.Build);
        Assert.Contains("planted", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(batch.BuildFolder));
    }

    private static string Source(Verification.Gpp.GppDesign design) => Path.Combine(design.ProjectFolder, $"firmware/{design.Options.Prefix}.cpp");

    private static void Compile(string[] sources, string program)
    {
        var compiler = ExternalTool.Require(KnownTool.Gpp);
        compiler.RunToSuccess(["-std=c++17", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-unknown-pragmas", "-I", ResourceFiles.FullPath("testbenches/ap_types"), .. sources,
            "-o", program]);
    }
}
