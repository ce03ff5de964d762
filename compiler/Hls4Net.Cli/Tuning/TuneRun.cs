using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hls4Net.Cli.Compilation;
using Hls4Net.Core.Data;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Text;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Settings;
using Hls4Net.Transforms.Tuning;
using Hls4Net.Transforms.Typing;

namespace Hls4Net.Cli.Tuning;

/// <summary>A candidate with what it takes and what it loses.</summary>
/// <param name="SearchLoss">On the events of the search.</param>
/// <param name="SureLoss">The same with two standard deviations on top: what is held against the budget.</param>
/// <param name="HeldOutLoss">On those that it never saw; null where that was not looked at.</param>
/// <param name="HeldOut">The metric on these, for each kind of signal.</param>
internal sealed record TunePoint(long Luts, long FlipFlops, int Dsps, double Brams, int LatencyCycles, double? LatencyNs, int Interval, double SearchLoss, double SureLoss, double? HeldOutLoss, double[]? HeldOut)
{
    /// <summary>The standard deviation of the loss on the held-out events.</summary>
    public double? HeldOutError { get; init; }
}

/// <summary>A choice that differs from what the compiler takes by itself.</summary>
internal sealed record TuneChoice(string Target, string Kind, string Default, string Chosen);

/// <summary>What <c>tune</c> found.</summary>
/// <param name="Signals">Names of the kinds of signal, in the order of the figures.</param>
/// <param name="Float">The metric of real numbers on the held-out events.</param>
/// <param name="Default">What the compiler takes by itself.</param>
/// <param name="Front">Candidates than which no other takes and loses less, cheapest first.</param>
/// <param name="Measured">Every candidate with an estimate.</param>
/// <param name="Command">Compiles the chosen one.</param>
internal sealed record TuneResult(
    string Model, string Objective, string Metric, double Budget, int Candidates, int Estimates, int SearchEvents, int HeldOutEvents, IReadOnlyList<string> Signals, double[] Float,
    TunePoint Default, TunePoint Chosen, IReadOnlyList<TuneChoice> Choices, IReadOnlyList<TunePoint> Front, IReadOnlyList<TunePoint> Measured, string Output, string Command);

/// <summary>Finds a configuration, and writes it.</summary>
internal sealed class TuneRun(TuneOptions options, Action<string> progress)
{
    private const double SecondsBetweenReports = 5;
    private const int MostPoints = 24;

    /// <exception cref="UserErrorException">The input cannot be used.</exception>
    public TuneResult Run(DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        var (graph, configuration) = ModelCompiler.Import(options.Compile, diagnostics);
        if (configuration.Project is not null || configuration.Dialect == Dialect.Hls)
            throw new UserErrorException(Messages.NothingToTune(options.Compile.Model, "the configuration is of hls4ml's arithmetic, which chooses all types"));
        var data = TuneData.Read(options, graph);
        var space = TuningSpace.Of(graph, options.Compile.Score, configuration, (data.Calibration.Inputs, data.Calibration.Events), options.Interval, diagnostics);
        diagnostics.ThrowIfErrors();
        if (space!.Knobs.Count == 0)
            throw new UserErrorException(Messages.NothingToTune(options.Compile.Model, "the model's own quantisers choose all types"));
        var judge = new TuneJudge(space, data, options);
        var fingerprint = Fingerprint();
        var state = options.Resume ? TuneState.Read(options.StatePath, fingerprint) : new TuneState(fingerprint);
        var search = new TuneSearch(space, judge, options, state);
        var clock = Stopwatch.StartNew();
        var (reported, known) = (0.0, state.Judged.Count);
        progress(string.Create(CultureInfo.InvariantCulture, $"{space.Knobs.Count} knobs, {data.Search.Events} events to search with, {data.HeldOut.Events} held out"));
        using var time = new CancellationTokenSource(options.Time ?? Timeout.InfiniteTimeSpan);
        search.Run(s =>
        {
            s.Write(options.StatePath);
            if (clock.Elapsed.TotalSeconds - reported < SecondsBetweenReports)
                return;
            reported = clock.Elapsed.TotalSeconds;
            progress(string.Create(CultureInfo.InvariantCulture,
                $"{s.Judged.Count} of {options.Candidates} candidates ({(s.Judged.Count - known) / clock.Elapsed.TotalMinutes:N0} a minute), {s.Measured.Count} estimates; {BestOf(search)}"));
        }, time.Token, cancellation);
        return Finish(graph, space, judge, search, data, diagnostics);
    }

    private string BestOf(TuneSearch search)
    {
        var allowed = search.State.Measured.Where(m => m.Sure <= options.Budget).ToList();
        if (allowed.Count == 0)
            return "none keeps to the budget yet";
        var (best, first) = (search.State.Estimates[TuneSearch.KeyOf(allowed.MinBy(search.CostOf)!.Levels)], search.State.Estimates[TuneSearch.KeyOf(search.State.Judged[0].Levels)]);
        return string.Create(CultureInfo.InvariantCulture, $"best {best.Luts} LUTs, {best.Dsps} DSPs, {best.LatencyCycles} cycles (from {first.Luts}, {first.Dsps}, {first.LatencyCycles})");
    }

    private TuneResult Finish(Graph graph, TuningSpace space, TuneJudge judge, TuneSearch search, TuneData data, DiagnosticBag diagnostics)
    {
        var state = search.State;
        var allowed = state.Measured.Where(m => m.Sure <= options.Budget).ToList();
        var chosen = allowed.Count > 0 ? allowed.MinBy(search.CostOf)! : state.Measured.MinBy(m => m.Sure)!;
        if (allowed.Count == 0)
            diagnostics.Add(Messages.NoCandidate(Points(chosen.Sure), Points(options.Budget)));
        var command = CommandOf();
        var point = Point(chosen);
        WriteConfiguration(graph, space, chosen, point, command);
        var front = new List<Judged>();
        foreach (var candidate in state.Measured.OrderBy(search.CostOf).ThenBy(m => m.Sure))
        {
            if (front.Count == 0 || candidate.Sure < front[^1].Sure)
                front.Add(candidate);
        }
        var shown = front.Where(f => f.Sure <= 4 * options.Budget).ToList();
        var step = Math.Max(1, (shown.Count + MostPoints - 1) / MostPoints);
        return new(Path.GetFileName(options.Compile.Model), options.Objective.ToString().ToLowerInvariant(), options.Metric.Text, options.Budget, state.Judged.Count, state.Measured.Count,
            data.Search.Events, data.HeldOut.Events, data.Names, judge.HeldOutReference.Values, Point(state.Judged[0]), point, ChoicesOf(space, chosen.Levels),
            [.. shown.Where((f, i) => i % step == 0 || f == chosen).Select(Point)], [.. state.Measured.Select(Measured)], options.Output, command);

        TunePoint Point(Judged candidate)
        {
            var figures = judge.HeldOutFigures(candidate.Levels);
            var (loss, error) = figures.LossAgainst(judge.HeldOutReference);
            return Measured(candidate) with { HeldOutLoss = loss, HeldOutError = error, HeldOut = figures.Values };
        }

        TunePoint Measured(Judged candidate)
        {
            var e = state.Estimates[TuneSearch.KeyOf(candidate.Levels)];
            return new(e.Luts, e.FlipFlops, e.Dsps, e.Brams, e.LatencyCycles, e.LatencyNs, e.Interval, candidate.Loss, candidate.Sure, null, null);
        }
    }

    private static IReadOnlyList<TuneChoice> ChoicesOf(TuningSpace space, int[] levels) => [.. space.Knobs.Zip(levels).Where(k => k.Second > 0)
        .Select(k => new TuneChoice(k.First.Target, k.First.Kind.ToString(), k.First.Levels[0], k.First.Levels[k.Second]))];

    /// <summary>Writes the configuration, after it was read again and gave the very design that was judged.</summary>
    private void WriteConfiguration(Graph graph, TuningSpace space, Judged chosen, TunePoint point, string command)
    {
        string[] header =
        [
            string.Create(CultureInfo.InvariantCulture, $"hls4net tune: {options.Objective.ToString().ToLowerInvariant()} within {Points(options.Budget)} of {options.Metric.Text}, seed {options.Seed}"),
            string.Create(CultureInfo.InvariantCulture, $"estimated {point.Luts} LUTs, {point.FlipFlops} FFs, {point.Dsps} DSPs; loses {Points(point.HeldOutLoss!.Value)} ± {point.HeldOutError!.Value * 100:0.##} on events that the search never saw"),
            command,
        ];
        var text = space.ToYaml(chosen.Levels, options.Compile.Configuration is { } path ? File.ReadAllText(path) : "", header);
        var bag = new DiagnosticBag();
        var read = ConfigurationReader.Read(text, Path.GetFileName(options.Output), bag);
        var model = bag.HasErrors ? null : Pipelines.ToDesign(graph, options.Compile.Score, ModelCompiler.WithOptions(read, options.Compile), null, bag,
            read.Stream is null ? Unrolling.MaximumOperations : Unrolling.MaximumOperationsOfStreams);
        if (model is null || DesignText.ToText(model.Design) != DesignText.ToText(space.Build(chosen.Levels)!.Design))
            throw new InvalidOperationException($"The configuration does not say what was judged. {string.Join(" ", bag.Items.Where(d => d.Rule.Severity == Severity.Error))}");
        AtomicFile.WriteAllText(options.Output, text);
    }

    private string CommandOf()
    {
        var compile = options.Compile;
        var text = new StringBuilder($"hls4net compile {compile.Model} -c {options.Output} -o out/tuned");
        if (compile.Outputs.Count > 0)
            text.Append(CultureInfo.InvariantCulture, $" --outputs {string.Join(',', compile.Outputs)}");
        if (compile.Score != Transforms.Passes.Score.None)
            text.Append(CultureInfo.InvariantCulture, $" --score {compile.Score.ToString().ToLowerInvariant()}");
        if (compile.Precision is { } precision)
            text.Append(CultureInfo.InvariantCulture, $" --precision '{precision}'");
        if (compile.Part != CompileOptions.DefaultPart)
            text.Append(CultureInfo.InvariantCulture, $" --part {compile.Part}");
        if (compile.ClockMHz != CompileOptions.DefaultClockMHz)
            text.Append(CultureInfo.InvariantCulture, $" --clock {(compile.ClockMHz is { } clock ? $"{clock}MHz" : "none")}");
        return text.ToString();
    }

    private static string Points(double loss) => string.Create(CultureInfo.InvariantCulture, $"{loss * 100:0.###} points");

    /// <summary>What decides the course of a search.</summary>
    private string Fingerprint()
    {
        string?[] files = [options.Compile.Model, options.Compile.Configuration, options.Compile.Calibration, options.Labels, .. options.Signals.Select(s => s.Path)];
        var text = string.Join('\n', files.Select(f => f is null ? "" : ModelCompiler.Hash(f)).Append(Versions.Compiler)
            .Append((options with { Compile = options.Compile with { Model = "", Output = "" }, Output = "", Labels = null, Signals = [], Candidates = 0, Time = null, Resume = false }).ToString())
            .Append(string.Join(',', options.Compile.Outputs)).Append(options.Compile.Calibration));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
