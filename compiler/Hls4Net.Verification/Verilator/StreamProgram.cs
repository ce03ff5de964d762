using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Verification.Tools;

namespace Hls4Net.Verification.Verilator;

/// <summary>How the two sides of a top behave in a pattern.</summary>
public enum StreamSetting
{
    /// <summary>Every beat is offered at once, and every result taken at once.</summary>
    NoGaps,

    /// <summary>The sender pauses, in single cycles or in bursts.</summary>
    Gaps,

    /// <summary>The receiver pauses, in single cycles or in bursts.</summary>
    BackPressure,

    /// <summary>Both pause.</summary>
    Both,

    /// <summary>Both pause, packets are too short, too long or lack a byte, and resets come at any time.</summary>
    Malformed,
}

/// <summary>What came out of an AXI4-Stream top.</summary>
/// <param name="Events">Packets that had to give results.</param>
/// <param name="Malformed">Packets that had to give none.</param>
/// <param name="Patterns">Patterns of gaps and back-pressure, some of them ended by a reset.</param>
/// <param name="Beats">Beats that went in and came out.</param>
/// <param name="Cycles">Cycles that were simulated.</param>
/// <param name="Waiting">The most records of results that waited in the queue at once; 0 where events leave in one piece.</param>
/// <param name="Different">Patterns in which anything differs.</param>
/// <param name="First">The first difference in words, or null.</param>
public sealed record StreamCheck(int Events, int Malformed, int Patterns, long Beats, long Cycles, int Waiting, int Different, string? First);

/// <summary>A simulation of AXI4-Stream tops under random gaps, random back-pressure, resets and malformed packets.</summary>
public sealed class StreamProgram
{
    private readonly ExternalTool _program;
    private readonly IReadOnlyList<StreamLayout> _layouts;

    internal StreamProgram(string path, IReadOnlyList<StreamLayout> layouts)
    {
        _program = new ExternalTool("the Verilator simulation", path);
        _layouts = layouts;
    }

    /// <summary>Sends events as packets, a few in each pattern, with malformed packets between them, and compares every beat that comes back.</summary>
    /// <param name="events">For each top raw integers by channel name, inputs and settings, and the outputs that have to come.</param>
    /// <param name="patterns">How many patterns, as many of each <see cref="StreamSetting"/>; together they may send events more than once.</param>
    /// <exception cref="UserErrorException">A top hangs, or offers something and takes it back.</exception>
    public IReadOnlyList<StreamCheck> Run(IReadOnlyList<(IReadOnlyDictionary<string, RawBatch> Inputs, IReadOnlyDictionary<string, RawBatch> Outputs)> events,
        int patterns, int seed, CancellationToken cancellation = default)
    {
        var folder = Directory.CreateTempSubdirectory("hls4net-verilator-").FullName;
        try
        {
            var (input, output) = (Path.Combine(folder, "inputs.bin"), Path.Combine(folder, "outputs.bin"));
            var plans = _layouts.Select((layout, n) => StreamPlan.Draw(layout, events[n].Inputs, events[n].Outputs, patterns, seed + n)).ToList();
            using (var stream = File.Create(input))
            {
                for (var n = 0; n < _layouts.Count; n++)
                    plans[n].Write(stream, _layouts[n].SettingRow(events[n].Inputs));
            }
            _program.RunToSuccess([input, output], new ToolOptions { WorkingDirectory = folder, Timeout = TimeSpan.FromHours(1) }, cancellation);
            using var results = File.OpenRead(output);
            return [.. plans.Select(p => p.Compare(results))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
