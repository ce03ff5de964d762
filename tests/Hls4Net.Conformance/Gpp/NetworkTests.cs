using System.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Emission;

namespace Hls4Net.Conformance.Gpp;

public sealed class NetworkTests
{
    [Fact]
    public void Ten_thousand_events_of_an_encoder_agree()
    {
        using var batch = new GppBatch();
        var design = Networks.Dense(1, 57, 32, 16, 6);
        var watch = Stopwatch.StartNew();
        batch.Add(design);
        Log($"emit {watch.Elapsed}");
        var program = batch.Build();
        Log($"compile {program.CompileTime}");
        var events = Networks.Events(design, 10_000, 1);
        watch.Restart();
        program.Run(design, events, TestContext.Current.CancellationToken);
        Log($"run {watch.Elapsed}");
        watch.Restart();
        new Emulator(design).Run(events);
        Log($"emulate {watch.Elapsed}");
        Assert.Null(GppBatch.Difference(program, design, events));
    }

    [Fact]
    public void A_large_network_is_printed_in_seconds()
    {
        var design = Networks.Dense(1, 256, 256, 200, 96, 10);
        var watch = Stopwatch.StartNew();
        HlsCppEmitter.Emit(design, new HlsOptions());
        Log($"emit {watch.Elapsed}, {design.Constants.Sum(c => c.Tensor.Raw.Count)}");
        watch.Restart();
        Core.Kernels.RangeAnalysis.Run(design);
        Log($"ranges {watch.Elapsed}");
    }

    private static void Log(string text) => TestContext.Current.SendDiagnosticMessage(text);
}
