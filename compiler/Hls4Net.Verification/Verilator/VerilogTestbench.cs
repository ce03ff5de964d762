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

    /// <summary>The files, with paths relative to the testbench folder.</summary>
    /// <param name="hardware">Ports and latency.</param>
    /// <param name="design">The typed design.</param>
    public static IReadOnlyList<(string Path, byte[] Content)> Files(HardwareDesign hardware, Design design)
    {
        var generator = new StimulusGenerator(design);
        var inputs = new Dictionary<string, RawBatch>(generator.Generate(generator.CornerCount + RandomEvents, seed: 1), StringComparer.Ordinal);
        foreach (var setting in design.Settings)
            inputs[setting] = RawBatch.Of(Shapes.Count(design.ShapeOf(setting)), new long[Shapes.Count(design.ShapeOf(setting))]);
        var outputs = new Emulator(design).Run(inputs);
        var events = outputs.Values.First().Events;
        return
        [
            ("bench.cpp", Resource("testbenches/verilator/bench.cpp")),
            ("words.h", Resource("testbenches/verilator/words.h")),
            ("ports.h", Encoding.UTF8.GetBytes(PortHeader.Text(hardware))),
            ("inputs.bin", Words(PortHeader.Driven(hardware), inputs, events)),
            ("expected.bin", Words(PortHeader.Recorded(hardware), outputs, events)),
            ("run.sh", Encoding.UTF8.GetBytes(Script(hardware.Netlist.Top.Name, events))),
        ];
    }

    private static byte[] Resource(string path) => Encoding.UTF8.GetBytes(ResourceFiles.Read(path));

    private static byte[] Words(IReadOnlyList<HardwarePort> ports, IReadOnlyDictionary<string, RawBatch> batches, int events)
    {
        var perEvent = ports.Sum(PortWords.Count);
        var words = new uint[perEvent * events];
        for (var e = 0; e < events; e++)
        {
            var at = e * perEvent;
            foreach (var port in ports)
            {
                PortWords.Pack(port, batches[port.Channel], port.Role == PortRole.Setting ? 0 : e, words.AsSpan(at, PortWords.Count(port)));
                at += PortWords.Count(port);
            }
        }
        return MemoryMarshal.AsBytes<uint>(words).ToArray();
    }

    private static string Script(string top, int events) =>
        $"""
        #!/bin/sh
        # Simulates ../verilog with Verilator on {events} events and compares every output bit, in the cycle in which it is due,
        # with what the emulator computed. Exit code 0 means that they are equal.
        set -e
        cd "$(dirname "$0")"
        verilator --cc --exe --build -Wall -O3 --top-module {top} --prefix Vtop --Mdir build \
            -CFLAGS "-O2 -std=c++17 -I.." ../verilog/*.v bench.cpp -o bench
        build/bench inputs.bin build/outputs.bin {events}
        cmp expected.bin build/outputs.bin
        echo "{events} events: equal in every bit"

        """;
}
