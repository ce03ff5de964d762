using Hls4Net.Transforms.Arithmetic;

namespace Hls4Net.Benchmarks;

/// <summary>One measured claim: a name to type, what it measures, and the measurement.</summary>
internal sealed record Benchmark(string Name, string Description, Func<BenchmarkOptions, IReadOnlyList<Figure>> Measure);

/// <summary>What can be asked of a benchmark; each takes what concerns it.</summary>
/// <param name="Matrices">Folder of matrices, or null for those that the benchmark makes.</param>
/// <param name="Effort">How long to look for fewer adders.</param>
/// <param name="Stages">Clock cycles from inputs to outputs.</param>
/// <param name="DepthSlack">Adder levels beyond a balanced tree without sharing; −1 for no limit.</param>
/// <param name="Peers">File of what other compilers need for the matrices, or null.</param>
/// <param name="Model">A model file, or null for those that the benchmark knows.</param>
/// <param name="Events">Number of events, or null for as many as are enough to measure with.</param>
/// <param name="Patterns">Number of patterns of gaps and back-pressure, or null for the benchmark's own.</param>
/// <param name="Threads">Cores that may be used at a time.</param>
internal sealed record BenchmarkOptions(string? Matrices, Effort Effort, int DepthSlack, int Stages, string? Peers, string? Model, int? Events, int? Patterns, int Threads)
{
    /// <summary>Of generated designs; null for the benchmark's own.</summary>
    public int? Seed { get; init; }

    /// <summary>Folder of what Yosys said of the same text before; null for none.</summary>
    public string? Cache { get; init; }
}

/// <summary>One number of a result.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The number, in <paramref name="Unit"/>.</param>
/// <param name="Unit">Unit as printed, such as <c>ms</c> or <c>events/s</c>.</param>
internal sealed record Figure(string Name, double Value, string Unit);

/// <summary>A benchmark that could not be measured; it has no figures rather than wrong ones.</summary>
internal sealed class BenchmarkFailedException(string message) : Exception(message);
