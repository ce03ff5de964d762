using System.CommandLine;
using System.Globalization;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;
using Hls4Net.Cli.Reports;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Cli.Commands;

/// <summary><c>hls4net compile</c>: from an ONNX file to a folder with firmware.</summary>
internal static class CompileCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("MODEL.onnx") { Description = "The trained network; or boosted trees in JSON, as XGBoost (save_model) and LightGBM (dump_model) write them." };
        var output = new Option<string>("--output", "-o") { Description = "Folder to write; replaced as a whole if hls4net made it.", Required = true };
        var configuration = new Option<string?>("--config", "-c") { Description = "Types of inputs and layers (YAML)." };
        var part = new Option<string>("--part") { Description = "Device, for example xcvu13p.", DefaultValueFactory = _ => CompileOptions.DefaultPart };
        var clock = new Option<string?>("--clock") { Description = "Target clock, for example 200MHz or 5ns; none for combinational hardware. [default: 200MHz; none with --stages]" };
        var stages = new Option<string?>("--stages")
        {
            Description = "Clock cycles from inputs to outputs. Without --clock they share the logic evenly, and the report says which clock that allows. [default: as few as the clock asks for]",
        };
        var registerInputs = new Option<bool>("--register-inputs") { Description = "Put the inputs into registers first, which takes a cycle." };
        var outputs = new Option<string?>("--outputs") { Description = "Values to compute, separated by commas; everything else is cut away." };
        var score = new Option<string?>("--score") { Description = "Append an anomaly score and a run-time threshold: mu2, kl, rz, mse, mae, residual or capsule. The section `score` of the configuration has more: a distance to a point, several scores combined, several thresholds." };
        var precision = new Option<string?>("--precision") { Description = "Type of everything that the configuration does not name, for example 'fixed<16,6>'." };
        var calibrate = new Option<string?>("--calibrate") { Description = "Events (X.npy or X.npz) from which types are chosen." };
        var emit = new Option<string?>("--emit")
        {
            Description = "What to write, separated by commas: verilog, hls, library (the emulator as C++17 without dependencies), board (the Verilog with a VHDL wrapper, scripts for Vivado and Quartus, constraints, and registers with hashes). Large networks that only run in the emulator or go through HLS compile much faster without Verilog. [default: verilog,hls]",
        };
        var effort = new Option<string?>("--effort")
        {
            Description = "How long to look for fewer adders: quick, normal (seconds for each layer), high (minutes), or about so many seconds for each layer, such as 30s; they are counted in operations, so that the result does not depend on the machine. [default: quick]",
        };
        var depthSlack = new Option<string?>("--depth-slack")
        {
            Description = "Adder levels that the sums of each layer may take beyond the fewest: where weights are dense, the first one saves 1 to 5 % of the adders, and it may cost a cycle. [default: 0]",
        };
        var reuse = new Option<string?>("--reuse")
        {
            Description = "Products that one multiplier computes for an event, in every layer that multiplies by a matrix: so many times fewer multipliers, and an event only every so many cycles. [default: 1]",
        };
        var targetInterval = new Option<string?>("--target-ii")
        {
            Description = "The most clock cycles from one event to the next: the compiler chooses the largest reuse factor of each layer that keeps to it. auto for the fewest cycles that the network can have, so that only layers are folded which would wait otherwise, as those behind strides do.",
        };
        var targetMultipliers = new Option<string?>("--target-multipliers") { Description = "The most multipliers of layers that multiply by a matrix: the compiler chooses the reuse factors with the fewest cycles from one event to the next." };
        var prune = new Option<string?>("--prune")
        {
            Description = "Make weights zero, in every layer: a share such as 50%, the smallest first; 50%,cost: first those that save most adder bits for the error that they cause on the --calibrate events; 50%,outputs or inputs or multipliers: neurons and filters, features and channels, multipliers of folded layers as a whole. This changes what the network computes, and the report says so.",
        };
        var roundWeights = new Option<string?>("--round-weights") { Description = "Take weights of fewer signed digits, in every layer, as long as the layer's output is off by no more than this share (root mean square), such as 1%." };
        var adders = new Option<string?>("--adders")
        {
            Description = "What constant sums are built from: two, for adders of two operands and nothing else; three, for AMD devices from 7 series to UltraScale+, where tools make adders of three operands fit into about as many look-up tables. [default: adders of two, and tables of inputs of few bits where they are smaller]",
        };
        var memory = new Option<string?>("--memory")
        {
            Description = "Where weights of folded layers, tables and long delay lines go: distributed, in look-up tables; block, in blocks of memory, which takes a cycle more; auto, by size. A layer of the configuration can say otherwise. [default: auto]",
        };
        var multipliers = new Option<string?>("--multipliers")
        {
            Description = "What multipliers of two variables are made of: dsp, for all that fit into one DSP block of the device; logic; or auto, which leaves it to synthesis. [default: auto]",
        };
        var weights = new Option<string?>("--weights")
        {
            Description = "constant, or loadable: folded layers take new weights at run time through an AXI4-Lite port, for which `hls4net weights` writes the transfers. Sums then have room for any weights of their types. [default: constant]",
        };
        var clockEnable = new Option<bool>("--clock-enable") { Description = "Give the top a port ce: cycles of the clock in which it is 0 do not count, and everything is held." };
        var io = new Option<string?>("--io")
        {
            Description = "How events come: parallel, all of an event in one cycle, or stream, pixel by pixel through line buffers, so that a convolution is built once and not at every position. [default: parallel]",
        };
        var pixels = new Option<string?>("--pixels") { Description = "Pixels that a streamed network takes in one beat. [default: 1]" };
        var top = new Option<string?>("--top")
        {
            Description = "parallel: all elements at once, with a fixed latency; axi-stream: a module around it that takes and gives packets, with back-pressure. [default: parallel]",
        };
        var busWidth = new Option<int?>("--bus-width") { Description = $"Bits of TDATA of --top axi-stream. [default: {CompileOptions.DefaultBusWidth}]" };
        var userWidth = new Option<int?>("--user-width") { Description = $"Bits of TUSER, the event's number, of --top axi-stream. [default: {CompileOptions.DefaultUserWidth}]" };
        var prefix = new Option<string?>("--prefix") { Description = "Starts every name in the firmware. [default: the model's file name]" };
        var budgets = Budget.Names.ToDictionary(n => n, n => new Option<string?>($"--max-{n}") { Description = BudgetOf(n) }, StringComparer.Ordinal);
        var junit = new Option<string?>("--junit") { Description = "Write the budgets as JUnit XML to this file." };
        var page = new Option<bool>("--html") { Description = "Write report.html too: one page with graph, timeline, resources, distributions and advice. `hls4net report DIR --html` does it later." };
        var release = new Option<string?>("--release") { Description = "A version, such as v3: follows the prefix in every name, so that two versions fit into one device, one simulation and one program." };
        var command = new Command("compile",
            """
            Compiles a network into Verilog, HLS C++, testbench and emulator.

              hls4net compile model.onnx -o out/model --calibrate events.npy
              hls4net compile encoder.onnx -o out/encoder --outputs mu --score mu2 --clock 360MHz --effort normal
              hls4net compile model.onnx -o out/model -c types.yaml --precision 'fixed<16,6>'
              hls4net compile model.onnx -o out/model --clock 40MHz --register-inputs
              hls4net compile model.onnx -o out/model --clock 100MHz --effort 30s --depth-slack 1
              hls4net compile large.onnx -o out/large --emit hls
              hls4net compile model.onnx -o out/model --reuse 8
              hls4net compile model.onnx -o out/model --reuse 512 --memory block --multipliers dsp
              hls4net compile model.onnx -o out/model --reuse 8 --weights loadable
              hls4net compile pictures.onnx -o out/pictures --io stream --reuse 9
              hls4net compile pictures.onnx -o out/pictures --io stream --target-ii 1600
              hls4net compile model.onnx -o out/model --calibrate events.npy --prune 50%,cost --round-weights 1%
              hls4net compile model.onnx -o out/model --top axi-stream --bus-width 128
              hls4net compile model.onnx -o out/model --prefix trigger --release v3 --emit board,library
              hls4net compile model.onnx -o out/model --part xcvu13p --max-latency 1us --max-ii 25ns --max-lut 20% --max-dsp 0

            Exit code 4 means that a budget is missed; the folder is written all the same.
            """)
        {
            model, output, configuration, part, clock, stages, registerInputs, outputs, score, precision, calibrate, prefix, release, emit, effort, depthSlack, reuse, targetInterval, targetMultipliers, prune, roundWeights, memory, multipliers, weights, adders, clockEnable, io, pixels, top, busWidth, userWidth, junit, page,
        };
        foreach (var budget in budgets.Values)
            command.Options.Add(budget);
        return command.WithAction((parsed, reporter, cancellation) => Task.FromResult(Run(
            new CompileOptions(parsed.GetValue(model)!, parsed.GetValue(output)!, parsed.GetValue(configuration), parsed.GetValue(part)!,
                ClockOf(parsed.GetValue(clock), parsed.GetValue(stages), parsed.GetValue(registerInputs)), SplitNames(parsed.GetValue(outputs)), CompileOptions.ParseScore(parsed.GetValue(score)),
                parsed.GetValue(precision), parsed.GetValue(calibrate), parsed.GetValue(prefix), CompileOptions.ParseEmit(parsed.GetValue(emit)),
                CompileOptions.ParseEffort(parsed.GetValue(effort)), CompileOptions.ParseStages(parsed.GetValue(stages)), parsed.GetValue(registerInputs),
                CompileOptions.ParseReuse(parsed.GetValue(reuse)), CompileOptions.ParseAdders(parsed.GetValue(adders)).Operands,
                CompileOptions.ParseStream(parsed.GetValue(io), parsed.GetValue(pixels)))
            {
                DepthSlack = CompileOptions.ParseDepthSlack(parsed.GetValue(depthSlack)),
                InputTables = CompileOptions.ParseAdders(parsed.GetValue(adders)).HasTables,
                Prune = CompileOptions.ParsePrune(parsed.GetValue(prune)),
                RoundWeights = CompileOptions.ParseRoundWeights(parsed.GetValue(roundWeights)),
                Memory = CompileOptions.ParseChoice<MemoryChoice>("--memory", parsed.GetValue(memory)),
                Multipliers = CompileOptions.ParseChoice<MultiplierKind>("--multipliers", parsed.GetValue(multipliers)),
                LoadsWeights = CompileOptions.ParseWeights(parsed.GetValue(weights)),
                ClockEnable = RequireClock(parsed.GetValue(clockEnable), "--clock-enable", parsed.GetValue(clock)),
                Release = parsed.GetValue(release) is { } version ? RequireRelease(version) : null,
                ReuseBudget = CompileOptions.ParseBudget(parsed.GetValue(targetInterval), parsed.GetValue(targetMultipliers), parsed.GetValue(reuse)),
                Command = CommandText.Of(parsed, output, [model, configuration, calibrate], junit, page),
                WantsPage = parsed.GetValue(page),
                AxiStream = CompileOptions.ParseTop(parsed.GetValue(top), parsed.GetValue(busWidth), parsed.GetValue(userWidth)),
            },
            new(budgets.Where(b => parsed.GetValue(b.Value) is not null).ToDictionary(b => b.Key, b => parsed.GetValue(b.Value)!, StringComparer.Ordinal),
                parsed.GetResult(part) is { Implicit: false } ? parsed.GetValue(part) : null, parsed.GetValue(junit)),
            reporter, cancellation)));
    }

    private static string BudgetOf(string name) => name switch
    {
        "latency" => "Longest latency, for example 1us or 12cycles.",
        "ii" => "Longest interval between two events, for example 25ns or 4cycles.",
        "lut" => "Most look-up tables, as a number or a share of the part, for example 20%.",
        "ff" => "Most flip-flops, likewise.",
        "dsp" => "Most multiplier blocks, likewise.",
        _ => "Most block memories of 36 kbit, likewise.",
    };

    /// <summary>What the user said of budgets.</summary>
    /// <param name="Limits">By name, as typed.</param>
    /// <param name="Part">The part that he named; null if he named none.</param>
    /// <param name="JUnit">Where to write results.</param>
    private sealed record BudgetOptions(IReadOnlyDictionary<string, string> Limits, string? Part, string? JUnit);

    /// <summary>The budgets of the command, and those of the configuration that it does not name.</summary>
    private static List<Budget> BudgetsOf(CompileOptions options, BudgetOptions given)
    {
        var file = options.Configuration is { } path ? ConfigurationReader.ReadFile(path, new()) : Configuration.Default;
        var budgets = new List<Budget>();
        foreach (var name in Budget.Names)
        {
            if (given.Limits.TryGetValue(name, out var text))
                budgets.Add(Budget.Parse(name, $"--max-{name}", text, given.Part));
            else if (file.Budgets.TryGetValue(name, out var written))
                budgets.Add(Budget.Parse(name, $"{file.File}:{written.Line}", written.Limit, given.Part));
        }
        return budgets.Count > 0 && !options.WantsVerilog ? throw new UserErrorException(Messages.BudgetWithoutHardware(budgets[0].Place)) : budgets;
    }

    /// <summary>The clock; without one the stages decide, and without either there are no registers.</summary>
    private static double? ClockOf(string? clock, string? stages, bool registerInputs)
    {
        var megahertz = clock is null && stages is not null ? null : CompileOptions.ParseClock(clock);
        return megahertz is not null || stages is not null || !registerInputs ? megahertz
            : throw new UserErrorException(Messages.BadOptionValue("--clock", "none", "a clock; --register-inputs needs one, or --stages"));
    }

    /// <summary>A version that stays what it is in a name: another one would otherwise become the same.</summary>
    private static string RequireRelease(string version) => version.Length is > 0 and <= 20 && version.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? version
        : throw new UserErrorException(Messages.BadOptionValue("--release", version, "letters, digits and underscores, 20 of them at most"));

    /// <summary>What only hardware with a clock can have.</summary>
    private static bool RequireClock(bool isWanted, string option, string? clock) => !isWanted || clock is null || CompileOptions.ParseClock(clock) is not null ? isWanted
        : throw new UserErrorException(Messages.BadOptionValue("--clock", clock, $"a clock; {option} needs one"));

    private static IReadOnlyList<string> SplitNames(string? names) =>
        names is null ? [] : CompileOptions.ParseNames("--outputs", names, "names of values");

    private static int Run(CompileOptions options, BudgetOptions given, Reporter reporter, CancellationToken cancellation)
    {
        var budgets = BudgetsOf(options, given);
        var diagnostics = new DiagnosticBag();
        var manifest = FirmwareWriter.Write(options, diagnostics, cancellation);
        reporter.Diagnostics(diagnostics.Items);
        if (budgets.Count == 0)
        {
            reporter.Result(manifest, () => new Spectre.Console.Text(Summary(manifest, options.Output)));
            return ExitCode.Done;
        }
        var entries = BudgetCheck.Advise(BudgetCheck.Of(budgets, manifest.Hardware!), budgets, options, reporter.Progress, cancellation);
        ReportFolder.Write(options.Output, ReportFolder.Read(options.Output) with { Budgets = [.. entries] });
        if (given.JUnit is { } file)
            JUnitFile.Write(file, "hls4net budgets", [.. entries.Select(e => new JUnitCase($"{e.Name} at most {e.Text}", BudgetCheck.Problems([e]).FirstOrDefault()?.ToString(), 0))]);
        reporter.Result(new { Manifest = manifest, Budgets = entries }, () => new Spectre.Console.Text($"{Summary(manifest, options.Output)}{BudgetCheck.Summary(entries)}\n"));
        reporter.Diagnostics(BudgetCheck.Problems(entries));
        return entries.All(e => e.Met) ? ExitCode.Done : ExitCode.OverBudget;
    }

    private static string Summary(Manifest manifest, string folder)
    {
        if (manifest.Hardware is not { } hardware)
            return $"{folder}: {(manifest.Target.Emit.Contains(CompileOptions.Hls) ? "HLS C++" : "C++ library")} and emulator\nnext: hls4net verify {folder}        hls4net report {folder}\n";
        var time = hardware.LatencyCycles > 0
            ? string.Create(CultureInfo.InvariantCulture, $"latency {ReportView.Latency(hardware)}, II {hardware.InitiationInterval}")
            : string.Create(CultureInfo.InvariantCulture, $"combinational, {hardware.Timing.LongestNs:0.##} ns");
        return string.Create(CultureInfo.InvariantCulture,
            $"""
            {folder}: {time}; {hardware.Adders} adders ({hardware.AdderBits} bits), {hardware.RegisterBits} register bits{Resources(hardware)}
            next: hls4net verify {folder}        hls4net report {folder}

            """);
    }

    private static string Resources(HardwareEntry hardware) => hardware.Estimate?.Total is not { } total ? ""
        : string.Create(CultureInfo.InvariantCulture, $"; estimated {total.Luts + total.MemoryLuts} LUTs, {total.FlipFlops} FFs, {total.Dsps} DSPs, {total.Brams} BRAMs");
}
