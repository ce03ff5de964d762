using System.CommandLine;
using System.Globalization;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Trigger.Vectors;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hls4Net.Cli.Commands;

/// <summary><c>hls4net verify</c>: the same events through every execution, compared bit for bit.</summary>
internal static class VerifyCommand
{
    private const int DefaultVectors = 10_000;

    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "A folder that `hls4net compile` made." };
        var input = new Option<string?>("--input", "-i") { Description = "Events to run after the corner cases: X.npy, X.npz, or any file of `hls4net events`." };
        var vectors = new Option<string?>("--vectors")
        {
            Description = $"Number of generated events, corner cases first; or a file of vectors to run after the corner cases: a pattern (EMP, APx, CTP7, Global Trigger) or hls4ml's tb_input_features.dat. [default: {DefaultVectors}]",
        };
        var objects = new Option<string?>("--objects") { Description = "Units of the objects of a Global Trigger file: axol1tl (momenta in whole GeV) or hardware (its integers). [default: axol1tl]" };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the generated events.", DefaultValueFactory = _ => 1 };
        var with = new Option<string?>("--with")
        {
            Description = $"What to hold against the emulator, separated by commas. There is also ghdl, the VHDL wrapper of --emit board. [default: {string.Join(',', VerificationRun.UsualTools)}, as far as compile wrote it]",
        };
        var junit = new Option<string?>("--junit") { Description = "Write the checks as JUnit XML to this file." };
        var patterns = new Option<int?>("--patterns")
        {
            Description = "Patterns of pauses for an AXI4-Stream top, a fifth each without pauses, with gaps, with back-pressure, with both, and with malformed packets and resets. [default: 50 to 2000, fewer where an event takes many cycles]",
        };
        return new Command("verify",
            """
            Proves that emulator, Verilog and C++ agree: the same events through Verilator, the g++ build and ONNX Runtime.
            Exit code 3 means a difference was found; a tool that is missing is an error, never a pass.

              hls4net verify out/model
              hls4net verify out/model --input events.npy
              hls4net verify out/model --vectors 1000000 --seed 7 --with verilator
              hls4net verify out/model --vectors pattern_emp.txt
              hls4net verify out/model --junit verify.xml
              hls4net verify out/model --with axi-stream --patterns 10000
              hls4net verify out/model --with ghdl
            """) { folder, input, vectors, objects, seed, with, patterns, junit }.WithAction((parsed, reporter, cancellation) => Task.FromResult(Run(
            new(parsed.GetValue(folder)!, parsed.GetValue(input), parsed.GetValue(vectors), EventsCommand.OneOf<GlobalTriggerUnits>("--objects", parsed.GetValue(objects)),
                parsed.GetValue(seed), parsed.GetValue(with), parsed.GetValue(patterns), parsed.GetValue(junit)), reporter, cancellation)));
    }

    private static int Run(VerifyOptions options, Reporter reporter, CancellationToken cancellation)
    {
        var (input, vectors) = (options.Input, options.Vectors);
        var isNumber = int.TryParse(vectors ?? DefaultVectors.ToString(CultureInfo.InvariantCulture), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count);
        if (isNumber ? count is < 1 or > 100_000_000 : !VectorFile.Recognises(vectors!))
            throw new UserErrorException(Messages.BadOptionValue("--vectors", vectors!, "a number from 1 to 100000000, or a file X.txt (a pattern) or X.dat (hls4ml's)"));
        if (!isNumber && input is not null)
            throw new UserErrorException(Messages.BadOptionValue("--input", input, "of use beside a file of vectors"));
        if (options.Patterns is < 1 or > 1_000_000)
            throw new UserErrorException(Messages.BadOptionValue("--patterns", options.Patterns.Value.ToString(CultureInfo.InvariantCulture), "a number from 1 to 1000000"));
        var folder = CompiledFolder.Open(options.Folder);
        var run = new VerificationRun(folder, reporter.Progress);
        var tools = run.ParseTools(options.With);
        var events = run.Events(isNumber ? input : vectors, count, options.Seed, options.Objects);
        var summary = run.Check(events, tools, options.Patterns, cancellation);
        if (options.JUnit is { } junit)
            JUnitFile.Write(junit, "hls4net verify", [.. summary.Checks.Select(c => new JUnitCase(c.Name, c.Passed ? null : string.Join(' ', c.Details.Prepend(c.Result)), c.Seconds))]);
        reporter.Result(summary, () => View(summary));
        return summary.Passed ? ExitCode.Done : ExitCode.Different;
    }

    private sealed record VerifyOptions(string Folder, string? Input, string? Vectors, GlobalTriggerUnits Objects, ulong Seed, string? With, int? Patterns, string? JUnit);

    /// <summary>The table, and below it where to look if something differs.</summary>
    public static IRenderable View(VerificationSummary summary)
    {
        var table = Reporter.Table("check", ">events", ">different", "result", ">seconds");
        foreach (var check in summary.Checks)
        {
            Reporter.Row(table, check.Name, check.Events.ToString(CultureInfo.InvariantCulture), check.Different.ToString(CultureInfo.InvariantCulture),
                check.Result, check.Seconds.ToString("0.0", CultureInfo.InvariantCulture));
        }
        var details = summary.Checks.SelectMany(c => c.Details.Select(d => (IRenderable)new Text($"{c.Name}: {CellText.OneLine(d)}\n")));
        var verdict = new Text(summary.Passed ? "verified: no difference in any bit\n" : "NOT verified\n");
        return new Rows([table, .. details, verdict]);
    }
}
