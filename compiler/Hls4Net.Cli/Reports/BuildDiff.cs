using System.Globalization;
using Hls4Net.Cli.Compilation;

namespace Hls4Net.Cli.Reports;

/// <summary>What two compiled folders do not have in common.</summary>
/// <param name="Before">The first folder, as it was named.</param>
/// <param name="After">The second.</param>
/// <param name="AreEqual">Whether nothing differs, not even a byte of what was generated.</param>
internal sealed record BuildDiff(string Before, string After, bool AreEqual, DifferenceEntry[] Differences)
{
    /// <summary>Compares two folders.</summary>
    /// <exception cref="Core.Diagnostics.UserErrorException">One of them was not made by compile (HLS5203).</exception>
    public static BuildDiff Of(string before, string after)
    {
        var (old, now) = (Facts(before).ToList(), Facts(after).ToList());
        var (oldByKey, newByKey) = (old.ToLookup(f => (f.About, f.Name)), now.ToLookup(f => (f.About, f.Name)));
        var keys = old.Concat(now).Select(f => (f.About, f.Name)).Distinct().Select((k, i) => (Key: k, Index: i));
        var differences = keys.OrderBy(k => Array.IndexOf(Order, k.Key.About)).ThenBy(k => k.Index)
            .Select(k => (k.Key, Old: oldByKey[k.Key].FirstOrDefault(), New: newByKey[k.Key].FirstOrDefault())).Where(d => d.Old?.Text != d.New?.Text)
            .Select(d => new DifferenceEntry(d.Key.About, d.Key.Name, d.Old?.Text, d.New?.Text, d.Old?.Number is not 0 ? d.New?.Number / d.Old?.Number - 1 : null)).ToArray();
        return new(before, after, differences.Length == 0, differences);
    }

    /// <summary>The order in which an engineer wants to hear it.</summary>
    private static readonly string[] Order = ["build", "latency", "resources", "accuracy", "types", "weights", "warnings", "files"];

    private static IEnumerable<Fact> Facts(string folder)
    {
        var report = ReportFolder.Read(folder);
        var design = report.Design;
        return Build(report).Concat(design.Hardware is { } hardware ? Hardware(hardware) : []).Concat(Accuracy(report)).Concat(Types(design))
            .Concat(report.Constants.SelectMany(Constant)).Concat(design.Warnings.Select(w => new Fact("warnings", w, "there")))
            .Concat(ReportFolder.Parts.Where(p => Directory.Exists(Path.Combine(folder, p))).SelectMany(p => ReportFolder.FilesOf(folder, p)).Select(f => new Fact("files", f.Name, f.Hash)));
    }

    private static IEnumerable<Fact> Build(Report report)
    {
        var design = report.Design;
        yield return new("build", "compiler", design.Compiler);
        yield return new("build", "part", design.Target.Part);
        if (design.Target.ClockMHz is { } clock)
            yield return Number("build", "clock (MHz)", clock);
        yield return new("build", "score", design.Model.Score);
        foreach (var command in report.Reproduction.Commands.Where(c => c.StartsWith("hls4net compile ", StringComparison.Ordinal)))
            yield return new("build", "command", command);
        foreach (var file in report.Reproduction.Inputs)
            yield return new("build", $"file {file.Name}", file.Sha256);
    }

    private static IEnumerable<Fact> Hardware(HardwareEntry hardware)
    {
        yield return Number("latency", "cycles", hardware.LatencyCycles);
        if (hardware.LatencyNs is { } ns)
            yield return Number("latency", "ns", ns);
        yield return Number("latency", "interval (cycles)", hardware.InitiationInterval);
        yield return Number("latency", "clock that the logic allows (MHz)", hardware.Timing.MaximumClockMHz);
        foreach (var fact in hardware.Estimate is { Total: var total } ? Resources("all", total) : [])
            yield return fact;
        yield return Number("resources", "adders", hardware.Adders);
        yield return Number("resources", "adder bits", hardware.AdderBits);
        foreach (var layer in hardware.Layers)
        {
            yield return new("latency", $"cycles of {layer.Node}", string.Create(CultureInfo.InvariantCulture, $"{layer.FirstCycle}–{layer.LastCycle}"));
            foreach (var fact in layer.Resources is { } own ? Resources(layer.Node, own) : [])
                yield return fact;
        }
        foreach (var channel in hardware.Channels ?? [])
            yield return Number("resources", $"depth of {channel.Producer} → {channel.Consumer}", channel.Depth);
    }

    private static IEnumerable<Fact> Resources(string name, ResourceEntry r) =>
    [
        Number("resources", $"LUT of {name}", r.Luts + r.MemoryLuts), Number("resources", $"FF of {name}", r.FlipFlops), Number("resources", $"DSP of {name}", r.Dsps),
        Number("resources", $"BRAM of {name}", r.Brams), Number("resources", $"URAM of {name}", r.Urams),
    ];

    private static IEnumerable<Fact> Accuracy(Report report) =>
    [
        .. (report.Profile?.Tensors ?? []).Where(t => report.Profile!.Outputs.Contains(t.Name)).Select(t => t.SignalToNoiseDb is { } d
            ? new Fact("accuracy", $"signal to noise of {t.Name} (dB)", d.ToString("0.00", CultureInfo.InvariantCulture)) : new("accuracy", $"signal to noise of {t.Name} (dB)", "exact")),
        .. (report.Profile?.Tensors ?? []).Where(t => t.Clipped + t.Wrapped > 0).Select(t => Number("accuracy", $"numbers of {t.Name} clipped or wrapped", t.Clipped + t.Wrapped)),
        .. (report.Evaluation?.Scores ?? []).Where(s => s.Name is EvaluationSample.FixedName or EvaluationSample.FloatName)
            .SelectMany(s => s.Signals.Select(x => new Fact("accuracy", $"AUC of {x.Signal}, {s.Name} (%)", (100 * x.Auc).ToString("0.000", CultureInfo.InvariantCulture), x.Auc))),
    ];

    private static IEnumerable<Fact> Types(Manifest design) =>
        design.Inputs.Concat(design.Outputs).Select(p => new Fact("types", $"port {p.Name}", $"{p.Type}{(p.Rounding is null ? "" : $" {p.Rounding} {p.Overflow}")}"))
            .Concat(design.Values.Select(v => new Fact("types", v.Name, v.Type)));

    private static IEnumerable<Fact> Constant(ConstantEntry constant) =>
    [
        new("types", $"{constant.Role} {constant.Name}", constant.Type), Number("weights", $"zeros of {constant.Name}", constant.Zeros), Number("weights", $"elements of {constant.Name}", constant.Count),
    ];

    private static Fact Number(string about, string name, double number) => new(about, name, number.ToString("#,0.###", CultureInfo.InvariantCulture), number);

    /// <summary>One thing that is so in a build.</summary>
    private sealed record Fact(string About, string Name, string Text, double? Number = null);
}

/// <summary>A thing that differs.</summary>
/// <param name="About">build, latency, resources, accuracy, types, weights, warnings or files.</param>
/// <param name="Before">In the first build; null if it is not there.</param>
/// <param name="After">In the second build; null if it is not there.</param>
/// <param name="Change">By which part a number has grown: 0.1 for a tenth more; null for what is no number.</param>
internal sealed record DifferenceEntry(string About, string Name, string? Before, string? After, double? Change);
