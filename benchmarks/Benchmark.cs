namespace Hls4Net.Benchmarks;

/// <summary>One measured claim: a name to type, what it measures, and the measurement.</summary>
internal sealed record Benchmark(string Name, string Description, Func<IReadOnlyList<Figure>> Measure);

/// <summary>One number of a result.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The number, in <paramref name="Unit"/>.</param>
/// <param name="Unit">Unit as printed, such as <c>ms</c> or <c>events/s</c>.</param>
internal sealed record Figure(string Name, double Value, string Unit);

/// <summary>A benchmark that could not be measured; it has no figures rather than wrong ones.</summary>
internal sealed class BenchmarkFailedException(string message) : Exception(message);
