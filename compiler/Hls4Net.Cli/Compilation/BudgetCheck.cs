using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Transforms.Arithmetic;

namespace Hls4Net.Cli.Compilation;

/// <summary>Holds budgets against a compiled design, and looks for a choice that meets what is missed.</summary>
internal static class BudgetCheck
{
    private const int MostLayers = 3;
    private static readonly int[] Factors = [1, 2, 4, 8, 16, 32, 64];

    /// <summary>A choice that was tried.</summary>
    /// <param name="Excess">How far the worst budget is passed, as a factor; at most one if all are met.</param>
    private sealed record Trial(string Text, double Excess);

    /// <summary>Every budget with what the design takes.</summary>
    public static IReadOnlyList<BudgetEntry> Of(IReadOnlyList<Budget> budgets, HardwareEntry hardware) => [.. budgets.Select(b => Of(b, hardware))];

    /// <summary>The same with advice where a budget is missed: only what was really compiled.</summary>
    public static IReadOnlyList<BudgetEntry> Advise(IReadOnlyList<BudgetEntry> entries, IReadOnlyList<Budget> budgets, CompileOptions options, Action<string> progress, CancellationToken cancellation)
    {
        if (entries.All(e => e.Met))
            return entries;
        var isSlow = entries.Any(e => !e.Met && (e.Name is "latency" or "ii"));
        var trials = new List<Trial>();
        var current = options.Reuse ?? 1;
        var factors = isSlow ? Factors.Where(f => f < current).Reverse() : Factors.Where(f => f > current);
        foreach (var (text, changed) in factors.Select(f => ($"--reuse {f}", options with { Reuse = f })).Concat(Bits(options)))
        {
            cancellation.ThrowIfCancellationRequested();
            progress($"a budget is missed: trying {text}");
            if (Try(text, changed, budgets) is not { } trial)
                continue;
            trials.Add(trial);
            if (trial.Excess <= 1)
                break;
        }
        var advice = Advice(trials);
        return [.. entries.Select(e => e.Met ? e : e with { Advice = advice })];
    }

    /// <summary>Budgets that are missed as diagnostics.</summary>
    public static IEnumerable<Diagnostic> Problems(IEnumerable<BudgetEntry> entries) => entries.Where(e => !e.Met).Select(e => Messages.BudgetMissed(e.Place,
        $"{e.Name} is {Amount(e.Found, e.Unit)}, and {e.Text}{(e.Text.EndsWith('%') ? $" = {Amount(e.Limit, e.Unit)}" : "")} is allowed; {Guilty(e)}.", e.Advice));

    /// <summary>One line for a log.</summary>
    public static string Summary(IReadOnlyList<BudgetEntry> entries) => entries.All(e => e.Met)
        ? $"budgets: all {entries.Count} met ({string.Join(", ", entries.Select(e => $"{e.Name} {Amount(e.Found, e.Unit)} of {Amount(e.Limit, e.Unit)}"))})"
        : $"budgets: {entries.Count(e => !e.Met)} of {entries.Count} MISSED ({string.Join(", ", entries.Where(e => !e.Met).Select(e => $"{e.Name} {Amount(e.Found, e.Unit)} of {Amount(e.Limit, e.Unit)}"))})";

    private static IEnumerable<(string, CompileOptions)> Bits(CompileOptions options) =>
        options.WeightBits is null && options.Precision is null ? new[] { 6, 4 }.Select(b => ($"weights of {b} bits (model: {{ weight_bits: {b} }})", options with { WeightBits = b })) : [];

    private static Trial? Try(string text, CompileOptions options, IReadOnlyList<Budget> budgets)
    {
        try
        {
            var bag = new DiagnosticBag();
            var found = FirmwareWriter.Estimate(options with { Effort = new SearchEffort() }, bag);
            return new(text, Of(budgets, found).Max(e => e.Met ? Math.Min(1, e.Found / Math.Max(1, e.Limit)) : Math.Max(1.001, e.Found / Math.Max(1, e.Limit))));
        }
        catch (UserErrorException)
        {
            // A factor that does not divide a layer's products is no choice, and neither is one that asks for a clock.
            return null;
        }
    }

    private static string Advice(List<Trial> trials)
    {
        if (trials.Count == 0)
            return "No other reuse factor or number of bits could be tried.";
        var best = trials.MinBy(t => t.Excess)!;
        return best.Excess <= 1 ? $"{best.Text} was tried and meets all budgets."
            : string.Create(CultureInfo.InvariantCulture, $"None of {string.Join(", ", trials.Select(t => t.Text))} meets all budgets; the nearest is {best.Text}, which passes one by a factor of {best.Excess:0.##}.");
    }

    private static BudgetEntry Of(Budget budget, HardwareEntry hardware)
    {
        var found = budget.Name switch
        {
            "latency" => Time(budget, hardware.LatencyCycles, hardware),
            "ii" => Time(budget, hardware.InitiationInterval, hardware),
            _ => Pieces(budget.Name, hardware.Estimate!.Total),
        };
        var layers = hardware.Layers.Select(l => new BudgetShare(l.Node, budget.Name switch
        {
            "latency" => Time(budget, l.LastCycle - l.FirstCycle, hardware),
            "ii" => Time(budget, l.Reuse, hardware),
            _ => Pieces(budget.Name, l.Resources!),
        })).Where(s => s.Amount > 0).OrderByDescending(s => s.Amount).ThenBy(s => s.Layer, StringComparer.Ordinal).ToArray();
        return new(budget.Name, budget.Place, budget.Text, budget.Limit, found, budget.Unit, found <= budget.Limit * (1 + 1e-9), layers);
    }

    /// <summary>Cycles in the unit of the budget; without a clock the time that the logic takes.</summary>
    private static double Time(Budget budget, int cycles, HardwareEntry hardware) => budget.Unit == "cycles" ? cycles
        : hardware.LatencyCycles == 0 ? hardware.Timing.LongestNs : Math.Round(cycles * 1000 / hardware.ClockMHz!.Value, 3);

    private static double Pieces(string name, ResourceEntry resources) => name switch
    {
        "lut" => resources.Luts + resources.MemoryLuts,
        "ff" => resources.FlipFlops,
        "dsp" => resources.Dsps,
        "bram" => resources.Brams,
        _ => throw new InvalidOperationException($"There is no budget {name}."),
    };

    private static string Guilty(BudgetEntry entry) => entry.Layers.Length == 0 ? "no layer takes any"
        : $"most of it: {string.Join(", ", entry.Layers.Take(MostLayers).Select(l => $"{l.Layer} {Amount(l.Amount, entry.Unit)}"))}";

    private static string Amount(double amount, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{amount:#,0.###}{(unit.Length > 0 ? " " : "")}{unit}");
}
