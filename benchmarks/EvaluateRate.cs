using System.Globalization;

namespace Hls4Net.Benchmarks;

/// <summary>How long <c>hls4net evaluate</c> takes for many toy events of the ADC2021 format, read from HDF5 and scored by the example's design.</summary>
internal static class EvaluateRate
{
    private const int DefaultEvents = 1_000_000;
    private const int SignalEvents = 20_000;

    public static IReadOnlyList<Figure> Measure(BenchmarkOptions options)
    {
        var events = options.Events ?? DefaultEvents;
        var folder = Directory.CreateTempSubdirectory("hls4net-benchmark-");
        try
        {
            var (background, signal) = (Path.Combine(folder.FullName, "background.h5"), Path.Combine(folder.FullName, "signal.h5"));
            Tool.Run(Tool.CompileExample(folder.FullName));
            var drawn = Tool.Run(["events", "--generate", "background", "--events", events.ToString(CultureInfo.InvariantCulture), "-o", background]);
            Tool.Run(["events", "--generate", "a4l", "--events", SignalEvents.ToString(CultureInfo.InvariantCulture), "-o", signal]);
            var fixedPoint = Tool.Run(Tool.EvaluateExample(folder.FullName, background, signal, "--no-float"));
            var both = Tool.Run(Tool.EvaluateExample(folder.FullName, background, signal));
            return
            [
                new("background events", events, ""),
                new("read, scored in fixed point and evaluated, CPU", fixedPoint.Cpu, "s"),
                new("the same by the clock", fixedPoint.Wall, "s"),
                new("with the score in real numbers too, CPU", both.Cpu, "s"),
                new("the same by the clock", both.Wall, "s"),
                new("drawing and writing the events, CPU", drawn.Cpu, "s"),
                new("size of the file", new FileInfo(background).Length / 1e6, "MB"),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
