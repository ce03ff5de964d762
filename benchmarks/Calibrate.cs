using System.Globalization;
using Hls4Net.Transforms.Estimation;

namespace Hls4Net.Benchmarks;

/// <summary>
/// Fits the factors of the estimator to what Yosys makes of generated designs, and writes them into the compiler's data files: the least
/// squares of relative errors, with factors drawn towards one where few designs have a kind of logic.
/// </summary>
internal static class Calibrate
{
    /// <summary>Of the designs; the benchmark of accuracy draws others.</summary>
    private const int Seed = 1;

    private const int DefaultDesigns = 60;
    private const double PullToOne = 0.02;

    private static readonly LogicKind[] Kinds = Enum.GetValues<LogicKind>();

    public static IReadOnlyList<Figure> Measure(BenchmarkOptions options)
    {
        var samples = SampleNetworks.Draw(options.Events ?? DefaultDesigns, Seed, "c").ToList();
        var (tool, rules) = FamilySynthesis.Of(options.Model);
        var rows = new List<(double[] Counts, double Found)>();
        foreach (var sample in samples)
        {
            var (counts, cells) = (ResourceEstimator.Count(sample.Hardware.Netlist, rules), tool.Run(sample.Hardware, options.Cache));
            var chains = rules.HasSumsInLuts ? 0 : 2 * counts.Sum(c => c.Pairs);
            if (cells.Luts > chains)
                rows.Add(([.. Kinds.Select(k => counts.Sum(c => c.Luts[(int)k]))], cells.Luts - chains));
        }
        var factors = Fit(rows);
        var constants = new CalibrationConstants($"{tool.Version().Split(" (")[0]}, {rules.Name}", DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), rows.Count,
            Kinds.Zip(factors).ToDictionary(f => f.First, f => Math.Round(f.Second, 3)));
        var path = Path.Combine(Checkout.Root, "compiler", "Hls4Net.Transforms", "calibration", $"{rules.Calibration}.json");
        File.WriteAllText(path, constants.ToJson());
        return [new("designs", rows.Count, ""), .. constants.Luts.Select(f => new Figure($"look-up tables for each that is counted, {f.Key}", f.Value, ""))];
    }

    /// <summary>Minimises Σ ((Σ factor · count − found) / found)² + pull · Σ (factor − 1)² by the normal equations.</summary>
    private static double[] Fit(List<(double[] Counts, double Found)> rows)
    {
        var n = Kinds.Length;
        var matrix = new double[n, n + 1];
        for (var i = 0; i < n; i++)
        {
            var pull = PullToOne * rows.Count;
            matrix[i, i] += pull;
            matrix[i, n] += pull;
            foreach (var (counts, found) in rows)
            {
                for (var j = 0; j < n; j++)
                    matrix[i, j] += counts[i] * counts[j] / (found * found);
                matrix[i, n] += counts[i] / found;
            }
        }
        // The matrix is positive definite: no pivot is needed.
        for (var i = 0; i < n; i++)
        {
            for (var row = 0; row < n; row++)
            {
                if (row == i)
                    continue;
                var factor = matrix[row, i] / matrix[i, i];
                for (var j = i; j <= n; j++)
                    matrix[row, j] -= factor * matrix[i, j];
            }
        }
        return [.. Enumerable.Range(0, n).Select(i => matrix[i, n] / matrix[i, i])];
    }
}
