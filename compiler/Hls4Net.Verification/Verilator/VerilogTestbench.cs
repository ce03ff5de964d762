using System.Runtime.InteropServices;
using System.Text;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Primitives;
using Hls4Net.Emission;
using Hls4Net.Verification.Stimuli;

namespace Hls4Net.Verification.Verilator;

/// <summary>
/// A testbench that needs neither this tool nor .NET: the sources of the bench, a few hundred events as words of the ports, what the
/// emulator says to them, and a script that builds, runs and compares.
/// </summary>
public static class VerilogTestbench
{
    private const int RandomEvents = 256;
    private const int MostCycles = 500_000;
    private const int MostWords = 16 << 20;
    private const int FewestEvents = 8;

    /// <summary>The files, with paths relative to the testbench folder.</summary>
    /// <param name="hardware">Ports and latency.</param>
    /// <param name="design">The typed design.</param>
    public static IReadOnlyList<(string Path, byte[] Content)> Files(HardwareDesign hardware, Design design)
    {
        var generator = new StimulusGenerator(design);
        // Fewer where an event takes so many cycles that the files and the simulation would have no end.
        var wordsOfCycle = 2 + (hardware.Ports.Sum(p => p.Width) / 32);
        var most = Math.Max(FewestEvents, Math.Min(MostCycles, MostWords / wordsOfCycle) / hardware.InitiationInterval);
        var inputs = new Dictionary<string, RawBatch>(generator.Generate(Math.Min(generator.CornerCount + RandomEvents, most), seed: 1), StringComparer.Ordinal);
        foreach (var setting in design.Settings)
            inputs[setting] = RawBatch.Of(Shapes.Count(design.ShapeOf(setting)), new long[Shapes.Count(design.ShapeOf(setting))]);
        var outputs = new Emulator(design).Run(inputs);
        if (!hardware.Decision.IsNone)
            outputs = Decided(hardware.Decision, outputs, outputs[design.Outputs[^1]], inputs);
        var events = outputs.Values.First().Events;
        var layout = new VerilatorLayout(VerilogEmitter.InterfaceOf(hardware), 0, traces: false);
        using var stream = new MemoryStream();
        var times = layout.Times(events);
        layout.WriteInputs(stream, inputs, times);
        var blocks = layout.Interface.Blocks ?? [];
        return
        [
            .. blocks.Count > 0 ? [(VerilatorRunner.BlocksFile, Encoding.UTF8.GetBytes(VerilatorRunner.BlocksText(blocks)))] : Array.Empty<(string, byte[])>(),
            ("bench.cpp", Resource("testbenches/verilator/bench.cpp")),
            ("lanes.h", Resource("testbenches/verilator/lanes.h")),
            ("design.h", Resource("testbenches/verilator/design.h")),
            ("ports.h", Encoding.UTF8.GetBytes(VerilatorLayout.HeaderText([layout]))),
            ($"{VerilatorLayout.TopName}.v", Encoding.UTF8.GetBytes(VerilatorLayout.TopText([layout]))),
            ("inputs.bin", stream.ToArray()),
            ("expected.bin", MemoryMarshal.AsBytes<uint>(ExpectedRows(layout, outputs, times)).ToArray()),
            ("run.sh", Encoding.UTF8.GetBytes(Script(layout, times))),
        ];
    }

    /// <summary>The outputs with what is kept from event to event, started over twice, and its inputs.</summary>
    private static Dictionary<string, RawBatch> Decided(DecisionOptions decision, IReadOnlyDictionary<string, RawBatch> outputs, RawBatch trigger, Dictionary<string, RawBatch> inputs)
    {
        bool[] restarts = [.. Enumerable.Range(0, trigger.Events).Select(e => e == 0 || e == trigger.Events / 2)];
        long[] factors = [.. Enumerable.Range(0, trigger.Elements).Select(k => k % 2 + 1L)];
        foreach (var (name, batch) in decision.Inputs(restarts, factors))
            inputs[name] = batch;
        return outputs.Concat(new DecisionModel(decision, trigger.Elements).Run(trigger, restarts, factors)).ToDictionary(StringComparer.Ordinal);
    }

    private static byte[] Resource(string path) => Encoding.UTF8.GetBytes(ResourceFiles.Read(path));

    private static string Script(VerilatorLayout layout, EventTimes times) =>
        $"""
        #!/bin/sh
        # Simulates ../verilog with Verilator on {times.Events} events and compares every output bit, in the cycle in which it is due,
        # with what the emulator computed. Exit code 0 means that they are equal.
        set -e
        cd "$(dirname "$0")"
        verilator --cc --exe --build -Wall -O3 --top-module {VerilatorLayout.TopName} --Mdir build -CFLAGS "-O1 -std=c++17 -I.." \
            {Blocks(layout)}{string.Join(' ', layout.Interface.Files.Select(f => $"../verilog/{f}"))} {VerilatorLayout.TopName}.v bench.cpp -o bench
        build/bench inputs.bin build/outputs.bin
        # One row of outputs for every cycle; the results of event 0 are in that of cycle {layout.Interface.Latency}.
        {Comparison(layout, times)}
        echo "{times.Events} events: equal in every bit"

        """;

    private static string Blocks(VerilatorLayout layout) => layout.Interface.Blocks is null ? "" : $"--hierarchical {VerilatorRunner.BlocksFile} ";

    /// <summary>With a clock enable the expected rows are those of all cycles from the first result on to the last cycle that counts.</summary>
    private static uint[] ExpectedRows(VerilatorLayout layout, IReadOnlyDictionary<string, RawBatch> outputs, EventTimes times)
    {
        var rows = layout.ExpectedRows(outputs, times);
        if (layout.Enables(times) is not { } enables)
            return rows;
        var words = VerilatorLayout.WordsOf(layout.Sampled);
        var before = layout.ValidOutput is null ? layout.Interface.Latency * words : 0;
        var held = enables.Hold([.. new uint[before], .. rows, .. new uint[words]], words);
        return held[(FirstResult(layout, enables) * words)..(LastResult(enables) * words)];
    }

    private static int FirstResult(VerilatorLayout layout, ClockEnables enables) =>
        layout.ValidOutput is null ? Enumerable.Range(0, enables.Count).Where(c => enables[c]).ElementAtOrDefault(layout.Interface.Latency - 1) + 1 : 0;

    /// <summary>The cycle behind the last one in which results are known: after the last event anything may come.</summary>
    private static int LastResult(ClockEnables enables) => Enumerable.Range(0, enables.Count).Where(c => enables[c]).Reverse().ElementAt(1) + 1;

    /// <summary>With a valid bit every cycle counts: rows without results are zeros.</summary>
    private static string Comparison(VerilatorLayout layout, EventTimes times) =>
        layout.Enables(times) is { } enables
        ? $"cmp -i {FirstResult(layout, enables) * RowBytes(layout)}:0 -n {(LastResult(enables) - FirstResult(layout, enables)) * RowBytes(layout)} build/outputs.bin expected.bin"
        : layout.ValidOutput is not null ? "cmp build/outputs.bin expected.bin"
        : $"cmp -i {layout.Interface.Latency * RowBytes(layout)}:0 -n {times.Events * RowBytes(layout)} build/outputs.bin expected.bin";

    private static int RowBytes(VerilatorLayout layout) => VerilatorLayout.WordsOf(layout.Sampled) * sizeof(uint);
}
