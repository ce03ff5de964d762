using System.Text.Json.Nodes;
using Hls4Net.Cli.Commands;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;
using Hls4Net.Core.Data;
using Hls4Net.Tests.Support;
using Hls4Net.Trigger.Vectors;

namespace Hls4Net.Tests.Cli;

/// <summary>Every command reads events as the description in the configuration says.</summary>
[Collection(nameof(Console))]
public sealed class EventInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("features")]
    [InlineData("words")]
    public async Task Real_events_and_the_hardwares_integers_give_the_same_outputs(string ports)
    {
        await Compile($"{{ preset: cms-global-trigger, ports: {ports} }}");
        var random = new Random(3);
        var integers = new long[200 * 57];
        for (var i = 0; i < integers.Length; i++)
            integers[i] = i % 57 == 1 ? 0 : i % 3 == 0 ? random.Next(1, 500) : i % 3 == 1 ? random.Next(-100, 100) : random.Next(144);
        double[] step = [0.5, 0.0435, Math.Tau / 144];
        var reals = integers.Select((n, i) => n * (i % 57 is >= 15 and < 27 ? i % 3 == 0 ? 0.5 : step[i % 3] / 4 : step[i % 3])).ToArray();
        Npy.Write(_folder["raw.npy"], NpyArray.Of([200, 57], integers));
        Npy.Write(_folder["real.npy"], NpyArray.Of([200, 57], reals));
        var byRaw = await Emulate("raw.npy", "--raw");
        var byReal = await Emulate("real.npy");
        // The network adds up what it reads, with a weight for each number.
        for (var e = 0; e < 200; e++)
            Assert.Equal(Enumerable.Range(0, 57).Sum(k => (k % 5 - 2) * integers[e * 57 + k]), byRaw[e]);
        Assert.Equal(byRaw, byReal);
        integers[57 * 7 + 27] = 2048;
        Npy.Write(_folder["wide.npy"], NpyArray.Of([200, 57], integers));
        var refused = await CommandLine.RunAsync(EmulateCommand.Create(), _folder["net"], "-i", _folder["wide.npy"], "-o", _folder["y.npy"], "--raw");
        Assert.Contains("event 7: jet[0].pt is 2048, which ufixed<11,11,RND,SAT> does not hold", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_layout_is_in_the_report_the_manifest_and_the_page_of_ports()
    {
        await Compile("{ preset: cms-global-trigger, ports: words }", "verilog");
        var page = File.ReadAllText(Path.Combine(_folder["net"], "ports.md"));
        Assert.Contains("| mu 0 to 3 | phi | `mu` | 0, 2, … 6 | 0 and 9 above | ufixed<10,10,RND,SAT> | 2pi/576 | 576 | 0 | 0 | pt = 0 |", page, StringComparison.Ordinal);
        var report = await CommandLine.RunAsync(ReportCommand.Create(), _folder["net"]);
        Assert.Contains("2pi/576", report.Output, StringComparison.Ordinal);
        var manifest = JsonNode.Parse((await CommandLine.RunAsync(ReportCommand.Create(), _folder["net"], "--json")).Output)!;
        Assert.Equal(("jet", 9, "phi", "jet", 9, 19), (Text("object"), Number("slot"), Text("quantity"), Text("port"), Number("element"), Number("bit")));

        string Text(string name) => manifest["events"]!["features"]![56]![name]!.GetValue<string>();
        int Number(string name) => manifest["events"]!["features"]![56]![name]!.GetValue<int>();
    }

    [Fact]
    public async Task Objects_of_event_files_and_of_trigger_patterns_fill_the_slots()
    {
        await Compile("cms-global-trigger");
        await CommandLine.RunAsync(EventsCommand.Create(), "--generate", "a4l", "--events", "300", "-o", _folder["e.h5"]);
        await CommandLine.RunAsync(EventsCommand.Create(), _folder["e.h5"], "-o", _folder["e.npy"]);
        var folder = CompiledFolder.Open(_folder["net"]);
        var (objects, rows) = (VerificationRun.ReadEvents(_folder["e.h5"], folder), VerificationRun.ReadEvents(_folder["e.npy"], folder));
        foreach (var (port, batch) in objects)
            Assert.Equal(rows[port].Raw, batch.Raw);
        Assert.Contains(objects["mu_phi"].Raw, n => n > 400);

        var crossing = new GlobalTriggerCrossing(5, [.. new ulong[8].Select((_, i) => i == 2 ? 321UL | 77UL << 10 | 500UL << 23 : 0)], [.. Enumerable.Range(0, 12).Select(i => (uint)(i << 9 | 7))], [.. new uint[12]],
            [.. Enumerable.Range(0, 12).Select(i => (uint)(i + 1))], [0, 0, 901u | 143u << 12, 0], new string('0', 64), new string('0', 128), "");
        GlobalTriggerPattern.Write(_folder["gt.txt"], [crossing]);
        var found = VerificationRun.ReadEvents(_folder["gt.txt"], folder);
        Assert.Equal([901], found["met_pt"].Raw);
        Assert.Equal([143], found["met_phi"].Raw);
        Assert.Equal([0, 0, 77, 0], found["mu_pt"].Raw);
        Assert.Equal([0, 0, -12, 0], found["mu_eta"].Raw);
        Assert.Equal([0, 0, 321, 0], found["mu_phi"].Raw);
        Assert.Equal([0, 1, 2, 3], found["eg_eta"].Raw);
        Assert.Equal(Enumerable.Range(1, 10).Select(i => (long)i), found["jet_pt"].Raw);
    }

    [Fact]
    public async Task Events_without_a_place_in_the_description_are_refused()
    {
        await Compile("{ quantities: [pt, iso, phi], objects: { eg: { count: 19, pt: { type: uint<9> }, iso: { type: uint<2> }, phi: { type: uint<8> } } } }");
        await CommandLine.RunAsync(EventsCommand.Create(), "--generate", "a4l", "--events", "3", "-o", _folder["e.h5"]);
        var result = await CommandLine.RunAsync(VerifyCommand.Create(), _folder["net"], "-i", _folder["e.h5"], "--with", "g++");
        Assert.Contains("files of events have no eg[0].iso", result.Errors, StringComparison.Ordinal);
    }

    /// <summary>A network of one number: the sum of its inputs with weights from −2 to 2.</summary>
    private async Task Compile(string events, string emit = "hls")
    {
        var model = OnnxBytes.Model([OnnxBytes.Node("MatMul", ["x", "w"], ["y"])], [OnnxBytes.Value("x", 1, "batch", 57)], [OnnxBytes.Value("y", 1, "batch", 1)],
            [OnnxBytes.Tensor("w", [57, 1], [.. Enumerable.Range(0, 57).Select(k => (float)(k % 5 - 2))])]);
        File.WriteAllText(_folder["c.yaml"], $"events: {events}\n");
        var result = await CommandLine.RunAsync(CompileCommand.Create(), _folder.Write("net.onnx", model), "-o", _folder["net"], "-c", _folder["c.yaml"], "--emit", emit);
        Assert.True(result.ExitCode == ExitCode.Done, result.Errors);
    }

    private async Task<long[]> Emulate(string file, params string[] options)
    {
        var result = await CommandLine.RunAsync(EmulateCommand.Create(), [_folder["net"], "-i", _folder[file], "-o", _folder["y.npy"], .. options]);
        Assert.True(result.ExitCode == ExitCode.Done, result.Errors);
        var outputs = Npy.Read(_folder["y.npy"]);
        return options.Length > 0 ? outputs.ToInt64s() : [.. outputs.ToDoubles().Select(d => (long)d)];
    }
}
