namespace Hls4Net.Benchmarks;

/// <summary>How long <c>hls4net verify</c> takes for many events of the example through Verilator, once the simulation is built.</summary>
internal static class VerifyRate
{
    private const int DefaultEvents = 1_000_000;

    public static IReadOnlyList<Figure> Measure(BenchmarkOptions options)
    {
        var events = options.Events ?? DefaultEvents;
        var folder = Directory.CreateTempSubdirectory("hls4net-benchmark-");
        try
        {
            Tool.Run(Tool.CompileExample(folder.FullName));
            // Builds, or finds what is built; the difference is what the events take.
            Tool.Run(Tool.VerifyExample(folder.FullName, 1000));
            var few = Tool.Run(Tool.VerifyExample(folder.FullName, 1000));
            var many = Tool.Run(Tool.VerifyExample(folder.FullName, events));
            return
            [
                new("events", events, ""),
                new("CPU", many.Cpu, "s"),
                new("wall", many.Wall, "s"),
                new("of that for any number of events, CPU", few.Cpu, "s"),
                new("rate", events / Math.Max(1e-9, many.Cpu - few.Cpu), "events/s of CPU time"),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
