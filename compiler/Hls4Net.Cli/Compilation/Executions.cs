using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Emission;
using Hls4Net.Verification.Comparison;
using Hls4Net.Verification.Ghdl;
using Hls4Net.Verification.Gpp;
using Hls4Net.Verification.Verilator;

namespace Hls4Net.Cli.Compilation;

/// <summary>The firmware of a compiled folder, built by each tool.</summary>
internal static class Executions
{
    /// <summary>The HLS C++ compiled by g++ with our own ap_fixed headers.</summary>
    public static IExecution Gpp(CompiledFolder folder, CancellationToken cancellation)
    {
        var options = FirmwareWriter.HlsOptionsOf(folder.Manifest);
        var program = GppRunner.Build(new GppDesign(folder.Design, options, Path.Combine(folder.Path, "hls")), Path.Combine(folder.Path, "build", "gpp"), cancellation);
        return new GppExecution(program, folder.Design);
    }

    /// <summary>The C++ library, loaded into this process.</summary>
    public static IExecution Library(CompiledFolder folder, CancellationToken cancellation) => LibraryExecution.Build(
        Path.Combine(folder.Path, LibraryExecution.Folder), LibraryEmitter.LayoutOf(folder.Design, FirmwareWriter.HlsOptionsOf(folder.Manifest)),
        folder.Design, Path.Combine(folder.Path, "build", "library"), cancellation);

    /// <summary>The Verilog simulated by Verilator, as it is in the folder.</summary>
    public static IExecution Verilator(CompiledFolder folder)
    {
        var design = VerilatorDesign.Open(Path.Combine(folder.Path, VerilogEmitter.Folder));
        return new VerilatorExecution(design, Path.Combine(folder.Path, "build", "verilator"));
    }

    /// <summary>The VHDL wrapper for a board as GHDL translates it, with the Verilog inside, simulated by Verilator.</summary>
    /// <exception cref="Core.Diagnostics.UserErrorException">GHDL is missing, or refuses the VHDL.</exception>
    public static IExecution Ghdl(CompiledFolder folder, CancellationToken cancellation)
    {
        var design = VerilatorDesign.Open(Path.Combine(folder.Path, VerilogEmitter.Folder));
        var wrapped = BoardWrapper.Translate(design, Path.Combine(folder.Path, BoardEmitter.Folder), Path.Combine(folder.Path, "build", "ghdl"), cancellation);
        return new VerilatorExecution(wrapped, Path.Combine(folder.Path, "build", "verilator"));
    }

    private sealed class VerilatorExecution(VerilatorDesign design, string buildFolder) : IExecution
    {
        /// <summary>From here on a faster simulation is worth its longer build.</summary>
        private const long ManyCycles = 100_000;

        public string Tool => "verilator";

        public void Dispose()
        {
            // Each run is a process of its own.
        }

        public IReadOnlyDictionary<string, RawBatch> Run(IReadOnlyDictionary<string, RawBatch> inputs, CancellationToken cancellation)
        {
            var kind = inputs.Values.Max(i => (long)i.Events) * design.Interface.InitiationInterval >= ManyCycles ? SimulationKind.ManyEvents : SimulationKind.FewEvents;
            return VerilatorRunner.Build(design, buildFolder, kind, cancellation).Run(Complete(inputs), cancellation).Outputs();
        }

        /// <summary>Zeros for what is kept from event to event, where nobody asks for it.</summary>
        private Dictionary<string, RawBatch> Complete(IReadOnlyDictionary<string, RawBatch> inputs)
        {
            var all = new Dictionary<string, RawBatch>(inputs, StringComparer.Ordinal);
            var events = inputs.Values.Max(i => i.Events);
            foreach (var port in design.Interface.Ports.Where(p => p.Role != PortRole.Output && p.Channel is DecisionOptions.Restart or DecisionOptions.Prescale))
                all.TryAdd(port.Channel, RawBatch.Of(port.Elements, new long[port.Elements * (port.Role == PortRole.Setting ? 1 : events)]));
            return all;
        }

        public IReadOnlyDictionary<string, RawBatch> Trace(IReadOnlyDictionary<string, RawBatch> inputs, CancellationToken cancellation) =>
            VerilatorRunner.Build(design, buildFolder, SimulationKind.Traces, cancellation).Run(Complete(inputs), cancellation).Traces()
                .ToDictionary(t => t.Channel, t => t.Values, StringComparer.Ordinal);
    }

    private sealed class GppExecution(GppProgram program, Design design) : IExecution
    {
        public string Tool => "g++";

        public void Dispose()
        {
            // Each run is a process of its own.
        }

        public IReadOnlyDictionary<string, RawBatch> Run(IReadOnlyDictionary<string, RawBatch> inputs, CancellationToken cancellation) =>
            program.Run(design, inputs, cancellation);

        public IReadOnlyDictionary<string, RawBatch> Trace(IReadOnlyDictionary<string, RawBatch> inputs, CancellationToken cancellation) =>
            program.Trace(design, inputs, cancellation);
    }
}
