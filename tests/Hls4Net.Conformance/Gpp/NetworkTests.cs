using System.Diagnostics;

namespace Hls4Net.Conformance.Gpp;

public sealed class NetworkTests
{
    [Fact]
    public void Ten_thousand_events_of_an_encoder_agree()
    {
        using var batch = new GppBatch();
        var design = Networks.Dense(1, 57, 32, 16, 6);
        batch.Add(design);
        var program = batch.Build();
        var events = Networks.Events(design, 10_000, 1);
        var watch = Stopwatch.StartNew();
        program.Run(design, events, TestContext.Current.CancellationToken);
        Log($"57-32-16-6: compiled in {program.CompileTime!.Value.TotalSeconds:F2} s, 10,000 events in {watch.Elapsed.TotalSeconds:F3} s");
        Assert.Null(GppBatch.Difference(program, design, events));
    }

    [Fact]
    public void A_network_of_137_000_weights_is_printed_and_compiled_in_seconds()
    {
        using var batch = new GppBatch();
        var design = Networks.Dense(1, 256, 256, 200, 96, 10);
        var watch = Stopwatch.StartNew();
        batch.Add(design);
        var printed = watch.Elapsed;
        var program = batch.Build();
        Log($"137,000 weights: printed in {printed.TotalSeconds:F2} s, compiled in {program.CompileTime!.Value.TotalSeconds:F2} s");
        Assert.Null(GppBatch.Difference(program, design, Networks.Events(design, 50, 1)));
        // Loops keep the text short: unrolled it would be megabytes.
        Assert.InRange(new FileInfo(Path.Combine(batch.Designs[0].ProjectFolder, "firmware/d0.cpp")).Length, 1, 20_000);
        Assert.InRange(printed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    private static void Log(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);
}
