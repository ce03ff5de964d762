using System.Text.Json.Nodes;
using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Reporting;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Tests.Cli;

[Collection(nameof(Console))]
public sealed class DoctorTests
{
    private static readonly string[] Needed = ["verilator", "g++", "make", "onnxruntime"];

    [Fact]
    public async Task It_lists_every_known_tool_and_its_exit_code_says_whether_verify_can_run()
    {
        var result = await CommandLine.RunAsync(DoctorCommand.Create(), "--json");
        var document = JsonNode.Parse(result.Output)!;
        var tools = document["tools"]!.AsArray();
        Assert.Equal([.. KnownTool.All.Select(t => t.Name), "onnxruntime", "hdf5"], tools.Select(t => t!["name"]!.GetValue<string>()));
        var here = tools.Where(t => t!["path"] is not null).Select(t => t!["name"]!.GetValue<string>()).ToList();
        var canVerify = Needed.All(here.Contains);
        Assert.Equal(canVerify, document["canVerify"]!.GetValue<bool>());
        Assert.Equal(canVerify ? ExitCode.Done : ExitCode.UserError, result.ExitCode);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData("verilator", 1)]
    [InlineData("g++", 1)]
    [InlineData("make", 1)]
    [InlineData("onnxruntime", 1)]
    [InlineData("yosys", 0)]
    public async Task What_is_missing_is_named_with_the_command_that_installs_it(string? missing, int exitCode)
    {
        string[] names = [.. Needed, "yosys"];
        ToolReport[] tools = [.. names.Select(n => new ToolReport(n, "does something", n == missing ? null : $"/usr/bin/{n}", n == missing ? null : "1.2", $"install {n}"))];
        var result = await CommandLine.CaptureAsync(() => Task.FromResult(DoctorCommand.Run(tools, new Reporter(json: false))));
        Assert.Equal(exitCode, result.ExitCode);
        Assert.All(names, n => Assert.Contains(n == missing ? $"  install {n}\n" : $"/usr/bin/{n}", result.Output, StringComparison.Ordinal));
        Assert.Equal(exitCode == 0, result.Output.Contains("All that verify needs is here.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Packages_of_the_same_package_manager_are_installed_with_one_command()
    {
        ToolReport[] tools = [.. Needed.Select(n => new ToolReport(n, "does something", null, null, n == "onnxruntime" ? "npm install it" : $"apt-get install {n}"))];
        var result = await CommandLine.CaptureAsync(() => Task.FromResult(DoctorCommand.Run(tools, new Reporter(json: false))));
        Assert.EndsWith("To install what is missing:\n  apt-get install verilator g++ make\n  npm install it\n", result.Output, StringComparison.Ordinal);
    }
}
