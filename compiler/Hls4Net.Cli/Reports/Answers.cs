using System.Globalization;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;

namespace Hls4Net.Cli.Reports;

/// <summary>The four questions that an engineer asks before synthesis, answered from what is known, each with what the answer rests on.</summary>
internal static class Answers
{
    private const double BunchCrossingNs = 25;

    /// <summary>Signal to noise below which an output is called poor: an error of a tenth.</summary>
    private const double PoorDecibels = 20;

    /// <summary>A loss of area under the curve, in parts of one, that is called small.</summary>
    private const double SmallLoss = 0.005;

    /// <summary>Above this share of a resource, placing and routing gets hard on any device.</summary>
    private const double FullShare = 0.75;

    public static AnswersEntry Of(Manifest design, BudgetEntry[]? budgets, ProfileEntry? profile, EvaluationEntry? evaluation, AdviceEntry[] advice) =>
        new(Fits(design.Hardware, Named(budgets, isTime: false)), Fast(design, Named(budgets, isTime: true)), Accuracy(design, profile, evaluation), Change(advice));

    private static BudgetEntry[] Named(BudgetEntry[]? budgets, bool isTime) => [.. (budgets ?? []).Where(b => (b.Name is "latency" or "ii") == isTime)];

    private static AnswerEntry Fits(HardwareEntry? hardware, BudgetEntry[] budgets)
    {
        const string question = "Does it fit?";
        if (hardware?.Estimate is not { } estimate)
            return new(question, Verdict.Unknown, "Not known", ["Without Verilog, resources are the HLS tool's to say."], "Compile with --emit verilog,hls for an estimate.");
        var total = estimate.Total;
        string[] facts = [Invariant($"{total.Luts + total.MemoryLuts:N0} LUT, {total.FlipFlops:N0} FF, {total.Dsps:N0} DSP, {total.Brams:0.#} BRAM"), .. budgets.Select(BudgetText)];
        var basis = $"Estimates of {estimate.Tool}; no synthesis was run.";
        var missed = budgets.Count(b => !b.Met);
        if (Shares.Of(estimate) is not { Count: > 0 } shares)
            return new(question, Of(budgets, Verdict.Unknown), budgets.Length == 0 ? "The part's size is not known" : Budgets(budgets), facts, basis);
        var worst = shares.MaxBy(s => s.OfPart)!;
        var most = Invariant($"{100 * worst.OfPart:#,0.##} % of the {worst.Name}s of {hardware.Part}");
        if (worst.OfPart > 1)
            return new(question, Verdict.Bad, $"No: {most}", facts, basis);
        if (missed > 0)
            return new(question, Verdict.Bad, $"Over budget; it takes {most}", facts, basis);
        var isSplit = estimate.Regions is > 1 && shares.Max(s => s.OfRegion) > 1;
        if (estimate.Regions is > 1 and var n)
            facts = [facts[0], Invariant($"{100 * shares.Max(s => s.OfRegion):0.##} % of one of {n} logic regions (SLR){(isSplit ? ": it takes more than one" : "")}"), .. facts[1..]];
        return new(question, worst.OfPart > FullShare || isSplit ? Verdict.Warning : Verdict.Good, $"Yes: {most}", facts, basis);
    }

    private static AnswerEntry Fast(Manifest design, BudgetEntry[] budgets)
    {
        const string question = "Is it fast enough?";
        if (design.Hardware is not { } hardware)
            return new(question, Verdict.Unknown, "Not known", ["Without Verilog, cycles are the HLS tool's to say."], "Compile with --emit verilog,hls to fix the latency.");
        var timing = hardware.Timing;
        var isMet = timing.PeriodNs is not { } period || timing.LongestNs <= period + 1e-9;
        if (hardware.ClockMHz is not { } clock || hardware.LatencyCycles == 0)
        {
            return new(question, Of(budgets, Verdict.Good), Invariant($"{timing.LongestNs:0.##} ns, combinational"), [.. budgets.Select(BudgetText)],
                "By the delay table of the part's family, before placing and routing.");
        }
        var interval = hardware.InitiationInterval * 1000 / clock;
        var pace = interval <= BunchCrossingNs + 1e-9 ? "takes every bunch crossing" : Invariant($"takes one of {Math.Ceiling(interval / BunchCrossingNs - 1e-9):0} bunch crossings");
        string[] facts =
        [
            Invariant($"{hardware.LatencyCycles:N0} cycles at {clock:0.##} MHz = {hardware.LatencyBunchCrossings:N0} bunch crossings"),
            Invariant($"an event every {(hardware.InitiationInterval == 1 ? "cycle" : $"{hardware.InitiationInterval:N0} cycles")} = {interval:#,0.##} ns: {pace}"),
            Invariant($"logic allows {timing.MaximumClockMHz:0.#} MHz"),
            .. budgets.Select(BudgetText),
        ];
        var headline = Invariant($"{hardware.LatencyNs:#,0.###} ns");
        var (verdict, text) = budgets.Any(b => !b.Met) ? (Verdict.Bad, $"{headline}: over budget")
            : !isMet ? (Verdict.Bad, $"{headline}, but the clock is missed")
            : budgets.Length > 0 ? (Verdict.Good, $"Yes: {headline}")
            : interval <= BunchCrossingNs + 1e-9 ? (Verdict.Good, $"{headline}, fixed")
            // Slower than collisions come: whether that is enough, only the user knows.
            : (Verdict.Unknown, $"{headline}, fixed; no limit is known");
        if (verdict == Verdict.Unknown)
            facts = [facts[0], facts[1], "Give limits: hls4net compile … --max-latency 5us --max-ii 5us", .. facts[2..]];
        return new(question, verdict, text, facts, "Cycles and interval are exact, for every event; the clock is by the family's delay table.");
    }

    private static AnswerEntry Accuracy(Manifest design, ProfileEntry? profile, EvaluationEntry? evaluation)
    {
        const string question = "What did it cost in accuracy?";
        if (evaluation?.Classes is { } classes)
        {
            var error = Math.Sqrt(classes.Float * (1 - classes.Float) / evaluation.Background);
            return new(question, classes.Float - classes.Fixed <= Math.Max(SmallLoss, error) ? Verdict.Good : Verdict.Warning,
                Invariant($"Accuracy {Signed(100 * (classes.Fixed - classes.Float))} points: {100 * classes.Fixed:0.0} %"),
                [Invariant($"{100 * classes.Float:0.00} % in float, {100 * classes.Fixed:0.00} % in fixed point"), Invariant($"same class in {100 * classes.Agreement:0.00} % of the events"), .. Decibels(profile)],
                Invariant($"{evaluation.Background:N0} labelled events; the accuracy's statistical error is {100 * error:0.00} points."));
        }
        if (evaluation is not null && AucLosses.Of(evaluation) is { Count: > 0 } losses)
        {
            var worst = losses.MaxBy(l => l.Loss)!;
            var small = worst.Loss <= Math.Max(SmallLoss, worst.Error);
            string[] facts = [.. losses.Select(l => Invariant($"{l.Signal}: AUC {100 * l.Float:0.00} % in float, {100 * l.Fixed:0.00} % in fixed point")), .. Decibels(profile)];
            return new(question, small ? Verdict.Good : Verdict.Warning, Invariant($"AUC {Signed(-100 * worst.Loss)} points at worst"), facts,
                Invariant($"{evaluation.Background:N0} background events; the AUC's statistical error is {100 * worst.Error:0.00} points."));
        }
        if (profile is null)
        {
            return new(question, Verdict.Unknown, "Not measured", ["Give events: hls4net report DIR --html --input EVENTS.npy", $"Give labels: {Advisor.LabelledCommand(design)}"],
                "Nothing is said of accuracy without events.");
        }
        var outputs = profile.Tensors.Where(t => profile.Outputs.Contains(t.Name)).ToList();
        var least = outputs.Min(t => t.SignalToNoiseDb ?? double.PositiveInfinity);
        var lost = profile.Tensors.Sum(t => t.Clipped + t.Wrapped);
        var headline = double.IsPositiveInfinity(least) ? "Nothing: outputs are exact" : Invariant($"{least:0.0} dB of signal to noise, {Math.Max(0, (least - 1.76) / 6.02):0.0} bits");
        var verdict = profile.Tensors.Any(t => t.Wrapped > 0) ? Verdict.Bad : least < PoorDecibels || lost > 0 ? Verdict.Warning : Verdict.Good;
        return new(question, verdict, headline, [.. Decibels(profile), lost == 0 ? "nothing clipped, nothing wrapped" : Invariant($"{lost:N0} numbers clipped or wrapped")],
            Invariant($"{profile.Events:N0} events, fixed point against real numbers; below {PoorDecibels} dB is called poor. Labels would tell what it means."));
    }

    private static IEnumerable<string> Decibels(ProfileEntry? profile) => profile is null ? []
        : profile.Tensors.Where(t => profile.Outputs.Contains(t.Name)).Select(t => $"{CellText.Shorten(t.Name, 24)}: {(t.SignalToNoiseDb is { } d ? Invariant($"{d:0.0} dB, error at most {t.LargestError:G3}") : "exact")}");

    private static AnswerEntry Change(AdviceEntry[] advice)
    {
        const string question = "What should I change?";
        var verdict = advice.Any(a => a.Urgency == Verdict.Bad) ? Verdict.Bad : advice.Any(a => a.Urgency == Verdict.Warning) ? Verdict.Warning : Verdict.Good;
        var pressing = advice.Count(a => a.Urgency != Verdict.Good);
        var headline = pressing > 0 ? Invariant($"{pressing} {(pressing == 1 ? "thing" : "things")}") : advice.Length > 0 ? "Nothing has to change" : "Nothing that is known";
        return new(question, verdict, headline, [.. advice.Select(a => a.Text)], "From what was measured; every choice is yours to verify.");
    }

    private static string Budgets(BudgetEntry[] budgets) => budgets.All(b => b.Met) ? "Within its budgets" : "Over budget";

    private static Verdict Of(BudgetEntry[] budgets, Verdict otherwise) => budgets.Length == 0 ? otherwise : budgets.All(b => b.Met) ? Verdict.Good : Verdict.Bad;

    private static string BudgetText(BudgetEntry b) => Invariant($"{b.Name} budget {b.Text}: {(b.Met ? "met" : "missed")}, {b.Found:#,0.###}{(b.Unit.Length > 0 ? " " : "")}{b.Unit} of {b.Limit:#,0.###}");

    private static string Signed(double points) => points.ToString("+0.00;−0.00;±0.00", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

/// <summary>What a design takes of one kind of resource, in parts of one.</summary>
internal sealed record ResourceShare(string Name, double Used, double OfPart, double OfRegion);

/// <summary>Shares of a part.</summary>
internal static class Shares
{
    /// <summary>By kind; a kind that the part has none of is full if any is used. Empty where the part is not known.</summary>
    public static IReadOnlyList<ResourceShare> Of(EstimateEntry estimate)
    {
        if (estimate.Part is not { } part)
            return [];
        var (used, regions) = (estimate.Total, estimate.Regions ?? 1);
        return
        [
            .. new[] { "LUT", "FF", "DSP", "BRAM", "URAM" }.Select(name => (Name: name, Used: AmountOf(name, used), All: AmountOf(name, part))).Where(r => r.All > 0 || r.Used > 0).Select(r => new ResourceShare(r.Name, r.Used, Share(r.Used, r.All), regions * Share(r.Used, r.All))),
        ];
    }

    /// <summary>What is taken of a kind.</summary>
    public static double AmountOf(string name, ResourceEntry r) => name switch
    {
        "LUT" => r.Luts + r.MemoryLuts,
        "FF" => r.FlipFlops,
        "DSP" => r.Dsps,
        "BRAM" => r.Brams,
        _ => r.Urams,
    };

    private static double Share(double used, double all) => used == 0 ? 0 : used / Math.Max(all, 1e-9);
}

/// <summary>What fixed point does to the area under the curve of one signal.</summary>
/// <param name="Error">Statistical error of the area.</param>
internal sealed record AucLoss(string Signal, double Float, double Fixed, double Error)
{
    public double Loss => Float - Fixed;
}

/// <summary>Areas of the design's score in real numbers beside those in fixed point.</summary>
internal static class AucLosses
{
    public static IReadOnlyList<AucLoss> Of(EvaluationEntry evaluation)
    {
        var real = Array.Find(evaluation.Scores, s => s.Name == EvaluationSample.FloatName);
        var rounded = Array.Find(evaluation.Scores, s => s.Name == EvaluationSample.FixedName);
        return rounded is null || real is null ? []
            : [.. rounded.Signals.Join(real.Signals, s => s.Signal, s => s.Signal, (f, r) => new AucLoss(f.Signal, r.Auc, f.Auc, f.AucError))];
    }
}
