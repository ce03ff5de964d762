using System.CommandLine;
using System.Globalization;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;
using Hls4Net.Cli.Reports;
using Hls4Net.Cli.Tuning;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Cli.Commands;

/// <summary><c>hls4net tune</c>: cheaper types, weights and schedules that lose no more than allowed.</summary>
internal static class TuneCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("MODEL.onnx") { Description = "The trained network." };
        var calibrate = new Option<string>("--calibrate") { Description = "Events: X.npy of shape [events, …], or X.npz with one array for each input.", Required = true };
        var labels = new Option<string?>("--labels") { Description = "Y.npy with a whole number for each event: 0 for background, others for kinds of signal; or its class; for mse what the output should be." };
        var signal = new Option<string[]>("--signal", "-s") { Description = "NAME=FILE of signal events, in place of labels; may be repeated. The events of --calibrate are background then.", DefaultValueFactory = _ => [] };
        var objective = new Option<string>("--objective") { Description = "What becomes small: lut, latency or dsp.", DefaultValueFactory = _ => "lut" };
        var metric = new Option<string?>("--metric") { Description = "What must stay large: auc, accuracy, tpr@1e-5; or what must stay small: mse. [default: auc with labels or signals, else mse]" };
        var budget = new Option<string>("--budget") { Description = "What may be lost of the metric against real numbers, in points; of each kind of signal. For mse its largest value, as a share of the variance.", DefaultValueFactory = _ => "0.5%" };
        var output = new Option<string>("--output", "-o") { Description = "The configuration to write.", DefaultValueFactory = _ => "tuned.yaml" };
        var configuration = new Option<string?>("--config", "-c") { Description = "A configuration to begin with." };
        var outputs = new Option<string?>("--outputs") { Description = "Values to compute, separated by commas; everything else is cut away." };
        var score = new Option<string?>("--score") { Description = "Append an anomaly score, as compile does." };
        var scoreOutput = new Option<string?>("--score-output") { Description = "The output that is judged. [default: score, or the only one that fits the metric]" };
        var part = new Option<string>("--part") { Description = "Device, for example xcvu13p.", DefaultValueFactory = _ => CompileOptions.DefaultPart };
        var clock = new Option<string?>("--clock") { Description = "Target clock, for example 200MHz or 5ns. [default: 200MHz]" };
        var interval = new Option<string?>("--max-ii") { Description = "Most cycles between two events, such as 8 or 40ns: reuse factors up to it are tried. [default: as the configuration says]" };
        var seed = new Option<int>("--seed") { Description = "Where random choices come from.", DefaultValueFactory = _ => 1 };
        var candidates = new Option<int>("--candidates") { Description = "Candidates to judge.", DefaultValueFactory = _ => TuneOptions.DefaultCandidates };
        var time = new Option<string?>("--time") { Description = "End after this time, such as 90s or 5m, with what was found by then; the outcome depends on the machine then. [default: none]" };
        var heldOut = new Option<string>("--held-out") { Description = "Share of the events that is not searched with; reported figures are of these.", DefaultValueFactory = _ => "40%" };
        var resume = new Option<bool>("--resume") { Description = "Go on where a search with the same output ended." };
        var pareto = new Option<string?>("--pareto") { Description = "X.json that receives the result, as --json prints it." };
        var plot = new Option<string?>("--plot") { Description = "PAGE.html that receives a plot of what candidates take and lose." };
        return new Command("tune",
            """
            Looks for a cheaper configuration: widths of inputs, weights and results, pruning, weights of fewer digits, and reuse factors, chosen
            together. Candidates run bit for bit in the emulator; what they take is estimated as for compile. Writes what `compile -c` takes.

              hls4net tune model.onnx --calibrate events.npy --labels labels.npy --metric auc --budget 0.5% -o tuned.yaml
              hls4net tune encoder.onnx --outputs mu --score mu2 --calibrate background.npy --signal a4l=a4l.npy --time 5m -o tuned.yaml --plot tuned.html
              hls4net tune classifier.onnx --calibrate events.npy --labels classes.npy --metric accuracy --objective dsp --max-ii 8
              hls4net tune model.onnx --calibrate events.npy --metric mse --budget 0.1% --candidates 20000 --resume

            The search is stopped with Ctrl-C and goes on with --resume. The outcome follows from --seed and --candidates.
            """)
        {
            model, calibrate, labels, signal, objective, metric, budget, output, configuration, outputs, score, scoreOutput, part, clock, interval, seed, candidates, time, heldOut, resume, pareto, plot,
        }.WithAction((parsed, reporter, cancellation) =>
        {
            var compile = new CompileOptions(parsed.GetValue(model)!, "", parsed.GetValue(configuration), parsed.GetValue(part)!, CompileOptions.ParseClock(parsed.GetValue(clock)),
                parsed.GetValue(outputs) is { } names ? CompileOptions.ParseNames("--outputs", names, "names of values") : [], CompileOptions.ParseScore(parsed.GetValue(score)),
                null, parsed.GetValue(calibrate), null, [CompileOptions.Verilog]);
            (string, string)[] signals = [.. parsed.GetValue(signal)!.Select(EvaluateCommand.ParseSignal)];
            var hasLabels = parsed.GetValue(labels) is not null || signals.Length > 0;
            return Task.FromResult(Run(new TuneOptions(compile, parsed.GetValue(output)!, parsed.GetValue(labels), signals, CompileOptions.ParseChoice<Objective>("--objective", parsed.GetValue(objective)),
                TuneMetric.Parse(parsed.GetValue(metric) ?? (hasLabels ? "auc" : "mse")), TuneOptions.ParseBudget(parsed.GetValue(budget)!))
            {
                Seed = parsed.GetValue(seed),
                Candidates = parsed.GetValue(candidates),
                Time = TuneOptions.ParseTime(parsed.GetValue(time)),
                HeldOut = ParseHeldOut(parsed.GetValue(heldOut)!),
                Resume = parsed.GetValue(resume),
                Interval = ParseInterval(parsed.GetValue(interval), compile.ClockMHz),
                OutputName = parsed.GetValue(scoreOutput),
            }, parsed.GetValue(pareto), parsed.GetValue(plot), reporter, cancellation));
        });
    }

    private static int Run(TuneOptions options, string? pareto, string? plot, Reporter reporter, CancellationToken cancellation)
    {
        if (options.Metric.NeedsLabels && options.Labels is null && options.Signals.Count == 0)
            throw new UserErrorException(Messages.BadOptionValue("--metric", options.Metric.Text, "given together with --labels, or with --signal: it needs to know what the events are"));
        if (options.Labels is not null && options.Signals.Count > 0)
            throw new UserErrorException(Messages.BadOptionValue("--labels", options.Labels, "of use beside --signal: each says what the events are"));
        if (options.Signals.Count > 0 && !options.Metric.IsOfOneOutput)
            throw new UserErrorException(Messages.BadOptionValue("--metric", options.Metric.Text, "of use with --signal: auc or tpr@1e-5 is needed"));
        if (options.Candidates < 1)
            throw new UserErrorException(Messages.BadOptionValue("--candidates", options.Candidates.ToString(CultureInfo.InvariantCulture), "a whole number from 1 on"));
        var diagnostics = new DiagnosticBag();
        var result = new TuneRun(options, reporter.Progress).Run(diagnostics, cancellation);
        reporter.Diagnostics(diagnostics.Items);
        if (pareto is not null)
            AtomicFile.WriteAllText(pareto, System.Text.Json.JsonSerializer.Serialize(result, Reporter.JsonOptions) + "\n");
        if (plot is not null)
            AtomicFile.WriteAllText(plot, TunePage.Of(result));
        reporter.Result(result, () => TuneView.Of(result));
        return ExitCode.Done;
    }

    private static double ParseHeldOut(string text) => Transforms.Pruning.PruneChoice.ParseShare(text) is { } share and >= 0.05 and <= 0.95 ? share
        : throw new UserErrorException(Messages.BadOptionValue("--held-out", text, "a share of the events from 5% to 95%"));

    /// <summary>Cycles, or a time that becomes whole cycles of the clock.</summary>
    private static int ParseInterval(string? text, double? clockMHz)
    {
        if (text is null)
            return 1;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 4096)
            return number;
        var budget = Budget.Parse("ii", "--max-ii", text, null);
        var cycles = budget.Unit == "cycles" ? budget.Limit : budget.Limit * (clockMHz ?? 0) / 1000;
        return Math.Floor(cycles + 1e-9) is >= 1 and <= 4096 and var whole ? (int)whole
            : throw new UserErrorException(Messages.BadOptionValue("--max-ii", text, "from 1 to 4096 cycles of the clock"));
    }
}
