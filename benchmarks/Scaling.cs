using System.Globalization;

namespace Hls4Net.Benchmarks;

/// <summary>
/// What <c>hls4net compile</c> takes for fully connected networks of growing size, and to which power of the number of weights it grows: 1 is linear.
/// A network of a few weights, which is all start-up, is taken away before the power is fitted.
/// </summary>
internal static class Scaling
{
    /// <summary>Widths of the two inner layers; those around them are 64 wide.</summary>
    private static readonly int[] Inner = [64, 128, 256, 512];

    private const int Outer = 64;

    private static readonly (string Name, string[] Options)[] Schedules =
    [
        ("HLS C++", ["--emit", "hls"]),
        ("Verilog, R = 64", ["--emit", "verilog", "--reuse", "64"]),
        ("Verilog, R = 1024", ["--emit", "verilog", "--reuse", "1024"]),
    ];

    public static IReadOnlyList<Figure> Measure(BenchmarkOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("hls4net-benchmark-");
        try
        {
            // The first run may build, and reads everything into the page cache.
            CompileTime.Run(folder.FullName, [4, 4], "--emit", "hls");
            return [.. Schedules.Where(s => options.Model is null || s.Name.Contains(options.Model, StringComparison.Ordinal)).SelectMany(s => Rows(folder.FullName, s.Name, s.Options))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<Figure> Rows(string folder, string name, string[] options)
    {
        // Factors of the real networks do not divide those of the small one.
        var (startCpu, _, startMemory) = CompileTime.Run(folder, [4, 4], [.. options.Take(2)]);
        var (weights, cpus, memories) = (new List<double>(), new List<double>(), new List<double>());
        foreach (var inner in Inner)
        {
            int[] widths = [Outer, inner, inner, Outer];
            var (cpu, _, memory) = CompileTime.Run(folder, widths, options);
            var count = CompileTime.Weights(widths);
            yield return new(string.Create(CultureInfo.InvariantCulture, $"{name}, {count} weights: CPU"), cpu, "s");
            yield return new(string.Create(CultureInfo.InvariantCulture, $"{name}, {count} weights: peak memory"), memory, "MB");
            weights.Add(count);
            cpus.Add(cpu - startCpu);
            memories.Add(memory - startMemory);
        }
        yield return new($"{name}: CPU grows with the power", Power(weights, cpus), "of weights");
        yield return new($"{name}: memory grows with the power", Power(weights, memories), "of weights");
    }

    /// <summary>The slope of a line through the logarithms, by least squares.</summary>
    private static double Power(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        var points = x.Zip(y).Where(p => p.Second > 0).Select(p => (X: Math.Log(p.First), Y: Math.Log(p.Second))).ToArray();
        var (meanX, meanY) = (points.Average(p => p.X), points.Average(p => p.Y));
        return points.Sum(p => (p.X - meanX) * (p.Y - meanY)) / points.Sum(p => (p.X - meanX) * (p.X - meanX));
    }
}
