using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Emission;
using Hls4Net.Tests.Support;
using Hls4Net.Transforms.Lowering;
using Hls4Net.Transforms.Streams;
using Hls4Net.Verification.Comparison;
using Hls4Net.Verification.Tools;
using Hls4Net.Verification.Verilator;

namespace Hls4Net.Conformance.Verilator;

/// <summary>Many designs in one Verilator simulation, compared with the emulator.</summary>
internal sealed class VerilatorBatch : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<(Design Design, HardwareDesign Hardware, VerilatorDesign Files)> _designs = [];

    private readonly List<HardwareOptions> _options = [];

    public VerilatorBatch()
    {
        foreach (var tool in new[] { KnownTool.Verilator, KnownTool.Gpp })
        {
            if (ExternalTool.Find(tool) is null)
                TestFiles.Missing(tool.Name);
        }
    }

    public string BuildFolder => _folder["build"];

    public IReadOnlyList<(Design Design, HardwareDesign Hardware, VerilatorDesign Files)> Designs => _designs;

    /// <summary>Builds the hardware of a design under a prefix of its own and writes its Verilog.</summary>
    /// <param name="levels">Adder levels between registers; null for none.</param>
    /// <param name="stages">Cycles of latency; 0 for as few as can be.</param>
    /// <param name="stream">How events come piece by piece; null for all of an event at once.</param>
    /// <param name="clockEnable">Whether cycles count only where a clock enable says so, which is random.</param>
    /// <param name="packets">The AXI4-Stream top around it, or null.</param>
    /// <param name="memory">Where tables and delay lines go.</param>
    /// <param name="spoil">Changes the text of files, to plant a bug.</param>
    public VerilatorDesign Add(Design design, double? levels, Func<EmittedFile, string>? spoil = null, int stages = 0, bool clockEnable = false, StreamOptions? stream = null, AxiStreamOptions? packets = null,
        MemoryChoice memory = MemoryChoice.Auto)
    {
        var options = new HardwareOptions($"d{_designs.Count}", LevelsPerCycle: levels) { Stages = stages, ClockEnable = clockEnable, Stream = stream, AxiStream = packets, AdderOperands = 2 + _designs.Count % 2, Memory = memory };
        var hardware = HardwareBuilder.Build(design, options);
        _options.Add(options);
        var root = _folder[$"d{_designs.Count}"];
        foreach (var file in VerilogEmitter.Emit(hardware))
        {
            var path = Path.Combine(root, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, spoil?.Invoke(file) ?? file.Text);
        }
        var files = VerilatorDesign.Open(Path.Combine(root, VerilogEmitter.Folder));
        _designs.Add((design, hardware, files));
        return files;
    }

    /// <summary>The hardware of another design with the options of one that was added.</summary>
    public HardwareDesign Rebuild(int index, Design design) => HardwareBuilder.Build(design, _options[index]);

    public VerilatorProgram Build(SimulationKind kind = SimulationKind.FewEvents) =>
        VerilatorRunner.Build([.. _designs.Select(d => d.Files)], BuildFolder, kind, TestContext.Current.CancellationToken);

    /// <summary>The first difference of each design's outputs from the emulator, or null; and whether another latency would do.</summary>
    /// <param name="starts">For each design the cycles in which its events start, or null for as close together as it takes them.</param>
    public IReadOnlyList<(string? Difference, bool IsLatencyProved)> Compare(VerilatorProgram program, IReadOnlyList<IReadOnlyDictionary<string, RawBatch>> inputs,
        IReadOnlyList<IReadOnlyList<int>?>? starts = null)
    {
        var results = new List<(string?, bool)>();
        foreach (var ((design, run), events) in _designs.Select(d => d.Design).Zip(program.Run(inputs, starts, TestContext.Current.CancellationToken)).Zip(inputs))
        {
            var expected = new Emulator(design).Run(events);
            var (count, first) = BatchComparison.Compare(expected, run.Outputs(), design.Outputs);
            var (earlier, later) = run.CouldBe(expected);
            results.Add((count == 0 ? null : $"{count} events, first {first}", !earlier && !later));
        }
        return results;
    }

    public void Dispose() => _folder.Dispose();
}
