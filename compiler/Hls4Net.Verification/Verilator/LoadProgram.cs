using System.Globalization;
using System.Runtime.InteropServices;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Verification.Verilator;

/// <summary>What a transfer through a port for weights does.</summary>
public enum TransferKind
{
    /// <summary>Writes a word.</summary>
    Write,

    /// <summary>Reads a word.</summary>
    Read,

    /// <summary>Reads a word until its lowest bit is 0.</summary>
    Wait,
}

/// <summary>A transfer through a port for weights.</summary>
/// <param name="Pause">Cycles before it, beside random ones.</param>
public sealed record Transfer(TransferKind Kind, int Address, uint Data = 0, int Strobe = 15, int Pause = 0);

/// <summary>The answer to a transfer.</summary>
/// <param name="Cycle">The first cycle of the simulation in which it was there.</param>
/// <param name="Data">What a read gave.</param>
/// <param name="Response">RRESP or BRESP: 0 for OKAY, 2 for SLVERR.</param>
public sealed record TransferAnswer(long Cycle, uint Data, int Response);

/// <summary>What a design with a port for weights did.</summary>
/// <param name="Starts">For each event the cycle of the simulation in which its first inputs were on the ports.</param>
/// <param name="Answers">One for each transfer.</param>
public sealed record LoadRun(VerilatorRun Run, IReadOnlyList<int> Starts, IReadOnlyList<TransferAnswer> Answers);

/// <summary>A simulation in which weights are loaded while events flow, with random gaps on all channels of the port.</summary>
public sealed class LoadProgram
{
    private readonly ExternalTool _program;
    private readonly IReadOnlyList<VerilatorLayout> _layouts;

    internal LoadProgram(string path, IReadOnlyList<VerilatorLayout> layouts) => (_program, _layouts) = (new("the Verilator simulation", path), layouts);

    /// <summary>Runs events and transfers beside each other.</summary>
    /// <param name="inputs">For each design raw integers by channel name.</param>
    /// <param name="starts">For each design the cycle in which each event starts, counted in those that are enabled; null for as close together as it takes them.</param>
    /// <param name="transfers">For each design, in their order; none for one without such a port.</param>
    /// <exception cref="UserErrorException">A slave breaks the protocol, or the events end before the transfers.</exception>
    public IReadOnlyList<LoadRun> Run(IReadOnlyList<IReadOnlyDictionary<string, RawBatch>> inputs, IReadOnlyList<IReadOnlyList<int>?>? starts,
        IReadOnlyList<IReadOnlyList<Transfer>> transfers, int seed, CancellationToken cancellation = default)
    {
        var times = _layouts.Select((l, d) => l.Times(VerilatorProgram.CountEvents(l, inputs[d]), starts?[d])).ToArray();
        var folder = Directory.CreateTempSubdirectory("hls4net-verilator-").FullName;
        try
        {
            string[] files = [.. new[] { "inputs.bin", "outputs.bin", "transfers.bin", "log.bin" }.Select(f => Path.Combine(folder, f))];
            VerilatorProgram.WriteInputs(files[0], _layouts, inputs, times);
            WriteTransfers(files[2], transfers);
            _program.RunToSuccess([.. files, seed.ToString(CultureInfo.InvariantCulture)], new ToolOptions { WorkingDirectory = folder, Timeout = TimeSpan.FromHours(1) }, cancellation);
            using var results = File.OpenRead(files[1]);
            using var log = new BinaryReader(File.OpenRead(files[3]));
            return [.. _layouts.Select((layout, d) => new LoadRun(VerilatorProgram.Read(results, layout, times[d]), CyclesOf(layout, times[d]),
                [.. transfers[d].Select(_ => new TransferAnswer(log.ReadInt64(), log.ReadUInt32(), (int)log.ReadUInt32()))]))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int[] CyclesOf(VerilatorLayout layout, EventTimes times)
    {
        var enables = layout.Enables(times);
        return [.. Enumerable.Range(0, times.Events).Select(e => enables?.CycleOf(times.StartOf(e)) ?? times.StartOf(e))];
    }

    private static void WriteTransfers(string path, IReadOnlyList<IReadOnlyList<Transfer>> transfers)
    {
        using var stream = File.Create(path);
        foreach (var list in transfers)
        {
            stream.Write(BitConverter.GetBytes((long)list.Count));
            uint[] words = [.. list.SelectMany(t => new[] { (uint)t.Kind, (uint)t.Address, t.Data, (uint)t.Strobe, (uint)t.Pause })];
            stream.Write(MemoryMarshal.AsBytes<uint>(words));
        }
    }
}
