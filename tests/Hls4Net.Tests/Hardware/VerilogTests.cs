using Hls4Net.Emission;
using Hls4Net.Transforms.Lowering;

namespace Hls4Net.Tests.Hardware;

public sealed class VerilogTests
{
    [Fact]
    public void Dump()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var design = SampleDesigns.Encoder(1, 57, 32, 16, 6);
        foreach (var (name, levels) in new (string, double?)[] { ("comb", null), ("pipe", 3) })
        {
            clock.Restart();
            var hardware = HardwareBuilder.Build(design, new("enc", LevelsPerCycle: levels));
            TestContext.Current.SendDiagnosticMessage($"{name} build {clock.ElapsedMilliseconds} ms {hardware.Total} latency {hardware.Latency}");
            foreach (var l in hardware.Layers)
                TestContext.Current.SendDiagnosticMessage($"  {l.Name} {l.Figures} {l.FirstCycle}-{l.LastCycle}");
            clock.Restart();
            foreach (var file in VerilogEmitter.Emit(hardware))
            {
                var path = $"/tmp/vt/{name}/{file.Path}";
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, file.Text);
            }
            TestContext.Current.SendDiagnosticMessage($"{name} emit {clock.ElapsedMilliseconds} ms");
        }
    }
}
