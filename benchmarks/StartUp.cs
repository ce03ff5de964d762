using System.Diagnostics;

namespace Hls4Net.Benchmarks;

/// <summary>What a user waits for before a command that does nothing: the script's checks and the start of the tool.</summary>
internal static class StartUp
{
    private const int Runs = 10;

    public static IReadOnlyList<Figure> Measure()
    {
        // The first run may build, and reads everything into the page cache.
        _ = MillisecondsOfOneRun();
        var times = Enumerable.Range(0, Runs).Select(_ => MillisecondsOfOneRun()).Order().ToArray();
        return
        [
            new("fastest", times[0], "ms"),
            new("median", (times[(Runs / 2) - 1] + times[Runs / 2]) / 2, "ms"),
            new("slowest", times[^1], "ms"),
        ];
    }

    private static double MillisecondsOfOneRun()
    {
        var start = new ProcessStartInfo(Path.Combine(Checkout.Root, "hls4net"), ["--version"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start) ?? throw new BenchmarkFailedException("./hls4net does not start.");
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 && output.Length > 0
            ? watch.Elapsed.TotalMilliseconds
            : throw new BenchmarkFailedException($"./hls4net --version ended with exit code {process.ExitCode}.");
    }
}
