using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Tuning;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Cli.Reports;

/// <summary>What could be changed, each with the figure that says so. It speaks only of what was measured, and never promises a result that nobody tried.</summary>
internal static class Advisor
{
    /// <summary>Bits at the top of a type that no event used, from which on a narrower one is named.</summary>
    private const int SpareBits = 2;

    private const int MostOfAKind = 3;
    private const double LargeShare = 0.25;
    private const double SmallNoise = 0.01;

    public static AdviceEntry[] Of(Report report)
    {
        var (design, profile, evaluation) = (report.Design, report.Profile, report.Evaluation);
        return
        [
            .. new[]
            {
                OfBudgets(report.Budgets), OfPart(design.Hardware), OfTiming(design), OfOverflows(profile), OfBaselines(evaluation), OfTuning(design, report.Tuning), OfNoise(profile), OfSpareBits(profile),
                OfLargeLayers(design, profile), OfEvidence(design, profile, evaluation),
            }.SelectMany(a => a).OrderByDescending(a => a.Urgency == Verdict.Bad ? 2 : a.Urgency == Verdict.Warning ? 1 : 0),
        ];
    }

    private static IEnumerable<AdviceEntry> OfBudgets(BudgetEntry[]? budgets) => (budgets ?? []).Where(b => !b.Met)
        .Select(b => new AdviceEntry(b.Name is "latency" or "ii" ? "latency" : "resources", Verdict.Bad, b.Name,
            b.Advice.Length > 0 ? $"Meet the {b.Name} budget: {b.Advice}" : $"Meet the {b.Name} budget.",
            Invariant($"{b.Found:#,0.###} {b.Unit} where {b.Limit:#,0.###} {b.Unit} are allowed{(b.Layers.Length > 0 ? $"; most of it in {b.Layers[0].Layer}" : "")}")));

    /// <summary>A part that is too small: a budget makes compile try what would fit.</summary>
    private static IEnumerable<AdviceEntry> OfPart(HardwareEntry? hardware)
    {
        if (hardware?.Estimate is not { } estimate || Shares.Of(estimate).MaxBy(s => s.OfPart) is not { OfPart: > 1 } worst)
            yield break;
        var largest = hardware.Layers.Where(l => l.Resources is not null).MaxBy(l => Shares.AmountOf(worst.Name, l.Resources!));
        var option = worst.Name == "URAM" ? "bram" : worst.Name.ToLowerInvariant();
        yield return new("resources", Verdict.Bad, worst.Name, $"Make it smaller or take a larger part: compile with --max-{option} 100%, which tries reuse factors and narrower weights.",
            Invariant($"{worst.Used:#,0.#} {worst.Name} are {100 * worst.OfPart:#,0} % of {hardware.Part}{(largest is null ? "" : $"; most are in {largest.Node}")}"));
    }

    /// <summary>A configuration that takes clearly less than this design.</summary>
    private static IEnumerable<AdviceEntry> OfTuning(Manifest design, TuneResult? tuning)
    {
        if (tuning is null || design.Hardware?.Estimate?.Total is not { } total || tuning.Chosen.Luts > 0.9 * (total.Luts + total.MemoryLuts))
            yield break;
        yield return new("resources", Verdict.Good, tuning.Output, $"Take the types that tune found: compile -c {tuning.Output}.",
            Invariant($"{tuning.Chosen.Luts:N0} LUTs instead of {total.Luts + total.MemoryLuts:N0}, {tuning.Metric} loses {100 * (tuning.Chosen.HeldOutLoss ?? tuning.Chosen.SearchLoss):0.00} points on events {(tuning.Chosen.HeldOutLoss is null ? "of the search" : "that the search never saw")}"));
    }

    private static IEnumerable<AdviceEntry> OfTiming(Manifest design)
    {
        if (design.Hardware is not { Timing: { PeriodNs: { } period } timing, ClockMHz: { } clock } || timing.LongestNs <= period + 1e-9)
            yield break;
        yield return new("latency", Verdict.Bad, timing.CriticalPath.Length > 0 ? timing.CriticalPath[^1].Node : "clock", Invariant($"Give it more stages or a clock of {timing.MaximumClockMHz:0.#} MHz."),
            Invariant($"{timing.LongestNs:0.##} ns of logic between two registers, {period:0.##} ns fit at {clock:0.##} MHz"));
    }

    /// <summary>The type that would hold what was seen.</summary>
    private static IEnumerable<AdviceEntry> OfOverflows(ProfileEntry? profile) => (profile?.Tensors ?? []).Where(t => t.Clipped + t.Wrapped > 0)
        .OrderByDescending(t => t.Wrapped).ThenByDescending(t => t.Clipped).Take(MostOfAKind).Select(t =>
        {
            var needed = Needed(t, TypeOf(t.Type));
            var evidence = Invariant($"{t.Clipped + t.Wrapped:N0} of {t.Count:N0} numbers {(t.Wrapped > 0 ? "wrapped around" : "were clipped")}; real values from {t.Low:G4} to {t.High:G4}, type {t.Type}");
            return new AdviceEntry("accuracy", t.Wrapped > 0 ? Verdict.Bad : Verdict.Warning, t.Name,
                needed.Integer > TypeOf(t.Type).Integer ? $"Widen {NameOf(t)} to {needed}, if what is cut off matters." : $"Look at the types inside {NameOf(t)}: a sum or a table's address is cut off.", evidence);
        });

    private static IEnumerable<AdviceEntry> OfBaselines(EvaluationEntry? evaluation)
    {
        var rounded = evaluation?.Scores.FirstOrDefault(s => s.Name == EvaluationSample.FixedName);
        if (rounded is null)
            yield break;
        foreach (var signal in rounded.Signals)
        {
            var better = evaluation!.Scores.Where(s => s.Name is not (EvaluationSample.FixedName or EvaluationSample.FloatName))
                .SelectMany(s => s.Signals.Where(x => x.Signal == signal.Signal).Select(x => (s.Name, x.Auc))).Where(s => s.Auc > signal.Auc).ToList();
            if (better.Count > 0)
                yield return new("accuracy", Verdict.Warning, signal.Signal, $"Look at the baseline: a cut on {better.MaxBy(b => b.Auc).Name} separates {signal.Signal} better.",
                    Invariant($"AUC {100 * better.Max(b => b.Auc):0.0} % against {100 * signal.Auc:0.0} %"));
        }
    }

    private static IEnumerable<AdviceEntry> OfNoise(ProfileEntry? profile)
    {
        if (profile?.Layers.MaxBy(l => l.Share) is not { Share: >= 0.5 } worst)
            yield break;
        yield return new("accuracy", Verdict.Good, worst.Node, $"For more accuracy, start with {worst.Node}: give it more bits.",
            Invariant($"{100 * worst.Share:0} % of the noise that layers cause one by one; {worst.SignalToNoiseDb:0.0} dB at the outputs by it alone"));
    }

    private static IEnumerable<AdviceEntry> OfSpareBits(ProfileEntry? profile) => (profile?.Tensors ?? [])
        .Where(t => t.Clipped + t.Wrapped == 0 && t.Magnitudes.Counts.Length > 0)
        .Select(t => (Tensor: t, Type: TypeOf(t.Type), Needed: Needed(t, TypeOf(t.Type)))).Where(t => t.Type.Integer - t.Needed.Integer >= SpareBits && t.Needed.Width >= 1)
        .OrderByDescending(t => (t.Type.Integer - t.Needed.Integer) * Size(t.Tensor)).Take(MostOfAKind)
        .Select(t => new AdviceEntry("resources", Verdict.Good, t.Tensor.Name, $"Narrow {NameOf(t.Tensor)} to {t.Needed}, with saturation.",
            Invariant($"its top {t.Type.Integer - t.Needed.Integer} bits of {t.Type} were never used by {profile!.Events:N0} events")));

    private static IEnumerable<AdviceEntry> OfLargeLayers(Manifest design, ProfileEntry? profile)
    {
        if (design.Hardware?.Estimate is not { Total: var total } || profile is null || total.Luts == 0)
            yield break;
        foreach (var layer in design.Hardware.Layers.Where(l => l.Resources is not null && l.Resources.Luts > LargeShare * total.Luts))
        {
            var nodes = layer.Node.Split(", ");
            var noise = profile.Layers.Where(l => nodes.Contains(l.Node)).Sum(l => l.Share);
            if (noise < SmallNoise)
                yield return new("resources", Verdict.Good, layer.Node, $"For fewer LUTs, narrow the weights of {layer.Node}.",
                    Invariant($"{100.0 * layer.Resources!.Luts / total.Luts:0} % of the LUTs, {100 * noise:0.##} % of the noise"));
        }
    }

    private static IEnumerable<AdviceEntry> OfEvidence(Manifest design, ProfileEntry? profile, EvaluationEntry? evaluation)
    {
        if (profile is null)
            yield return new("evidence", Verdict.Good, "events", "Measure ranges and errors: hls4net report DIR --html --input EVENTS.npy", "no events were given");
        if (evaluation is null)
            yield return new("evidence", Verdict.Good, "labels", $"Measure what it finds: {LabelledCommand(design)}", "no labelled events were given");
    }

    /// <summary>The command that brings labelled events into the report.</summary>
    public static string LabelledCommand(Manifest design) => design.Model.Score is "none" or "" ? "hls4net report DIR --html --input EVENTS.npy --labels LABELS.npy"
        : "hls4net evaluate DIR --background B.h5 --signal NAME=S.h5 --report";

    /// <summary>The type with as many integer bits as the values that were seen need.</summary>
    private static FixedType Needed(TensorEntry tensor, FixedType type)
    {
        var top = Math.Max(PowerAbove(tensor.High), PowerAbove(-tensor.Low));
        var integer = top + (type.Signed ? 1 : 0);
        return new(type.Signed, Math.Max(1, integer + type.Fraction), integer);
    }

    /// <summary>The least power of two above a number; for none above 0 a very small one.</summary>
    private static int PowerAbove(double value) => value <= 0 ? Core.Profiling.Magnitudes.Smallest : Math.ILogB(value) + 1;

    private static long Size(TensorEntry tensor) => tensor.Shape.Aggregate(1L, (size, extent) => size * extent);

    private static string NameOf(TensorEntry tensor) =>
        $"the {(tensor.Node is { } node ? $"result of {node}" : $"input {tensor.Name}")}";

    private static FixedType TypeOf(string text) =>
        Quantizer.TryParse(text, default, default, out var quantizer, out var problem) ? quantizer.Type : throw new FormatException(problem);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
