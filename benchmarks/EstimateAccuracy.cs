using System.Globalization;
using System.Text.Json;
using Hls4Net.Transforms.Estimation;

namespace Hls4Net.Benchmarks;

/// <summary>
/// Estimates of resources beside what Yosys makes of generated designs that the calibration never saw, unrolled, folded and streamed; with
/// <c>--model</c> of networks of examples/networks. The noise floor is what Yosys itself makes of the same
/// design when its modules are read in another order.
/// </summary>
internal static class EstimateAccuracy
{
    /// <summary>Of the designs; the calibration draws others, and the rules were written while looking at those of seeds 2 and 3.</summary>
    private const int Seed = 5;

    private const int DefaultDesigns = 60;
    private const int NoiseDesigns = 24;

    /// <summary>An estimate and what was found, for each resource.</summary>
    private sealed record Row(string Name, string Group, Resources Estimate, CellCounts Found)
    {
        public double LutError => Error(Estimate.Luts, Found.Luts);

        public double FlipFlopError => Error(Estimate.FlipFlops, Found.FlipFlops);

        public double MemoryError => Error(Estimate.MemoryLuts, Found.MemoryLuts);

        private static double Error(double estimate, double found) => Math.Abs(estimate - found) * 100 / Math.Max(1, found);
    }

    public static IReadOnlyList<Figure> Measure(BenchmarkOptions options)
    {
        if (options.Model is { } model and not FamilySynthesis.Ecp5Name)
            return [.. Networks.Compiled(model).SelectMany(n => Example(n.Name, n.Manifest, n.Cells))];
        var (tool, rules) = FamilySynthesis.Of(options.Model);
        var samples = SampleNetworks.Draw(options.Events ?? DefaultDesigns, options.Seed ?? Seed, "e").ToList();
        var rows = Rows(tool, rules, CalibrationConstants.Of(rules), samples, options.Cache);
        foreach (var row in rows)
        {
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture,
                $"{row.Name}: LUT {row.Estimate.Luts} of {row.Found.Luts}, as memory {row.Estimate.MemoryLuts} of {row.Found.MemoryLuts}, FF {row.Estimate.FlipFlops} of {row.Found.FlipFlops}, DSP {row.Estimate.Dsps} of {row.Found.Dsps}, BRAM {row.Estimate.HalfBrams} of {row.Found.HalfBrams}\n"));
        }
        return [.. rows.GroupBy(r => r.Group).SelectMany(g => Summary(g.Key, [.. g])), .. Summary("all", rows), .. Noise(tool, samples, options.Cache)];
    }

    /// <summary>Designs with their estimates and their cells.</summary>
    private static List<Row> Rows(FamilySynthesis tool, SynthesisRules rules, CalibrationConstants constants, IReadOnlyList<Sample> samples, string? cache)
    {
        var rows = new List<Row>();
        foreach (var sample in samples)
        {
            var counts = ResourceEstimator.Count(sample.Hardware.Netlist, rules);
            rows.Add(new(sample.Name, sample.Group, counts.Select(c => constants.Apply(c, rules)).Aggregate((a, b) => a + b), tool.Run(sample.Hardware, cache)));
        }
        return rows;
    }

    private static IEnumerable<Figure> Summary(string group, IReadOnlyList<Row> rows)
    {
        yield return new($"{group}: designs", rows.Count, "");
        foreach (var (name, error) in new (string, Func<Row, double>)[] { ("LUT", r => r.LutError), ("LUT as memory", r => r.MemoryError), ("FF", r => r.FlipFlopError) })
        {
            var errors = rows.Select(error).Order().ToList();
            yield return new($"{group}: {name}, median error", At(errors, 0.5), "%");
            yield return new($"{group}: {name}, 95th percentile", At(errors, 0.95), "%");
        }
        yield return new($"{group}: DSP exact", 100.0 * rows.Count(r => r.Estimate.Dsps == r.Found.Dsps) / rows.Count, "%");
        yield return new($"{group}: BRAM exact", 100.0 * rows.Count(r => r.Estimate.HalfBrams == r.Found.HalfBrams) / rows.Count, "%");
    }

    private static double At(List<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(share * sorted.Count) - 1)];

    /// <summary>The same designs with their modules in another order.</summary>
    private static Figure[] Noise(FamilySynthesis tool, IReadOnlyList<Sample> samples, string? cache)
    {
        var errors = samples.Take(NoiseDesigns).Select(s => (First: tool.Run(s.Hardware, cache).Luts, Second: tool.Run(s.Hardware, cache, isReversed: true).Luts))
            .Select(l => 100.0 * Math.Abs(l.First - l.Second) / Math.Max(1, l.First)).Order().ToList();
        return
        [
            new("noise floor: LUT, median", At(errors, 0.5), "%"),
            new("noise floor: LUT, 95th percentile", At(errors, 0.95), "%"),
            new("noise floor: LUT, largest", errors[^1], "%"),
        ];
    }

    private static IEnumerable<Figure> Example(string name, JsonElement manifest, CellCounts found)
    {
        var total = manifest.GetProperty("hardware").GetProperty("estimate").GetProperty("total");
        foreach (var (resource, estimate, cells) in new[]
        {
            ("LUT", total.GetProperty("luts").GetDouble(), found.Luts), ("LUT as memory", total.GetProperty("memoryLuts").GetDouble(), found.MemoryLuts),
            ("FF", total.GetProperty("flipFlops").GetDouble(), found.FlipFlops), ("DSP", total.GetProperty("dsps").GetDouble(), found.Dsps),
            ("BRAM of 18 kbit", 2 * total.GetProperty("brams").GetDouble(), found.HalfBrams),
        })
        {
            yield return new($"{name}: {resource}, estimated", estimate, "");
            yield return new($"{name}: {resource}, by Yosys", cells, "");
            yield return new($"{name}: {resource}, error", 100 * Math.Abs(estimate - cells) / Math.Max(1, cells), "%");
        }
    }
}
