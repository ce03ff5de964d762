using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Netlists;
using Hls4Net.Emission;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Verification.Verilator;

/// <summary>Simulated Verilog that runs batches of events, one a clock cycle, and reads each result in exactly the cycle in which it is due.</summary>
public sealed class VerilatedProgram
{
    private readonly HardwareDesign _hardware;
    private readonly Func<bool, string> _build;
    private readonly string _program;

    /// <param name="hardware">Ports and latency.</param>
    /// <param name="build">Builds the simulator, with or without traces, and returns its path.</param>
    internal VerilatedProgram(HardwareDesign hardware, Func<bool, string> build)
    {
        (_hardware, _build) = (hardware, build);
        _program = build(false);
    }

    /// <summary>Runs events given as raw integers.</summary>
    /// <param name="inputs">One batch for each input, by channel name; a setting has one event, held for all.</param>
    /// <param name="cancellation">Stops the simulator.</param>
    /// <returns>The outputs by channel name.</returns>
    public IReadOnlyDictionary<string, RawBatch> Run(IReadOnlyDictionary<string, RawBatch> inputs, CancellationToken cancellation = default) =>
        WithFiles((input, output, folder) =>
        {
            var events = WriteInputs(inputs, input);
            Simulate(_program, folder, cancellation, input, output, Text(events));
            return ReadOutputs(output, events);
        });

    /// <summary>Every value of the design that is a signal of the top, for one event.</summary>
    /// <inheritdoc cref="Run"/>
    public IReadOnlyDictionary<string, RawBatch> Trace(IReadOnlyDictionary<string, RawBatch> inputs, CancellationToken cancellation = default) =>
        WithFiles((input, output, folder) =>
        {
            var events = WriteInputs(inputs, input);
            var vcd = Path.Combine(folder, "trace.vcd");
            Simulate(_build(true), folder, cancellation, input, output, Text(events), vcd);
            var waves = ValueChanges.Read(vcd);
            return VerilogEmitter.InterfaceOf(_hardware).Channels.Select(c => (c.Channel, Values: Values(c, waves))).Where(c => c.Values is not null)
                .ToDictionary(c => c.Channel, c => c.Values!, StringComparer.Ordinal);
        });

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Simulate(string program, string folder, CancellationToken cancellation, params IReadOnlyList<string> arguments) =>
        new ExternalTool("the simulation of the Verilog", program)
            .RunToSuccess(arguments, new ToolOptions { WorkingDirectory = folder, Timeout = TimeSpan.FromHours(4) }, cancellation);

    private static T WithFiles<T>(Func<string, string, string, T> run)
    {
        var folder = Directory.CreateTempSubdirectory("hls4net-verilator-").FullName;
        try
        {
            return run(Path.Combine(folder, "inputs.bin"), Path.Combine(folder, "outputs.bin"), folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private int WriteInputs(IReadOnlyDictionary<string, RawBatch> inputs, string path)
    {
        var ports = PortHeader.Driven(_hardware);
        var events = ports.Where(p => p.Role == PortRole.Input).Select(p => inputs[p.Channel].Events).Distinct().ToList();
        if (events.Count != 1)
            throw new ArgumentException("The inputs need the same number of events.", nameof(inputs));
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20);
        var words = new uint[ports.Sum(PortWords.Count)];
        for (var e = 0; e < events[0]; e++)
        {
            var at = 0;
            foreach (var port in ports)
            {
                PortWords.Pack(port, inputs[port.Channel], port.Role == PortRole.Setting ? 0 : e, words.AsSpan(at, PortWords.Count(port)));
                at += PortWords.Count(port);
            }
            stream.Write(MemoryMarshal.AsBytes<uint>(words));
        }
        return events[0];
    }

    private Dictionary<string, RawBatch> ReadOutputs(string path, int events)
    {
        var ports = PortHeader.Recorded(_hardware);
        var narrow = ports.Select(p => IsWide(p) ? [] : new long[events * p.Elements]).ToList();
        var wide = ports.Select(p => IsWide(p) ? new BigInteger[events * p.Elements] : []).ToList();
        using var stream = File.OpenRead(path);
        var words = new uint[ports.Sum(PortWords.Count)];
        for (var e = 0; e < events; e++)
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(words.AsSpan()));
            var at = 0;
            for (var p = 0; p < ports.Count; p++)
            {
                var (port, count) = (ports[p], PortWords.Count(ports[p]));
                PortWords.Unpack(port, words.AsSpan(at, count), narrow[p].Length == 0 ? [] : narrow[p].AsSpan(e * port.Elements, port.Elements),
                    wide[p].Length == 0 ? [] : wide[p].AsSpan(e * port.Elements, port.Elements));
                at += count;
            }
        }
        return ports.Select((p, i) => (p, i)).ToDictionary(x => x.p.Channel, x => IsWide(x.p)
            ? new RawBatch(events, x.p.Elements, wide[x.i], [])
            : new RawBatch(events, x.p.Elements, null, narrow[x.i]), StringComparer.Ordinal);
    }

    private static bool IsWide(HardwarePort port) => port.Type.Width > (port.Type.Signed ? 64 : 63);

    /// <summary>The elements of a channel for the only event, or null if the hardware has no signal for one of them.</summary>
    private static RawBatch? Values(InterfaceChannel channel, ValueChanges waves)
    {
        var raw = new BigInteger[channel.Elements.Count];
        for (var k = 0; k < raw.Length; k++)
        {
            var element = channel.Elements[k];
            if (element.Constant is { } constant)
            {
                raw[k] = BigInteger.Parse(constant, CultureInfo.InvariantCulture);
                continue;
            }
            // Cycle n is sampled just before rising edge n, which the bench dumps at time 2n.
            if (element.Path is null || waves.At(element.Path, 2L * element.Cycle) is not { } bits)
                return null;
            var isNegative = element.Signed && !((bits >> (element.Width - 1)) & 1).IsZero;
            raw[k] = (isNegative ? bits - (BigInteger.One << element.Width) : bits) << element.Shift;
        }
        return new RawBatch(1, raw.Length, raw, []);
    }
}
